"""The standard's own data and counts (OGC 21-065, annex A), through the door and the description every collection has."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import httpx
import psycopg
import pyogrio
import pytest
from sqlalchemy import create_engine

from geo.db import driver_url
from geo.registry.collections import COLLECTIONS, Collection, Word
from tests.plugins.service import COUNTY, World

pytestmark = pytest.mark.anyio
KINDS = {
    "int32": "integer", "int64": "integer", "float64": "number", "bool": "boolean", "object": "string",
    "datetime64[D]": "date", "datetime64[ms]": "timestamp",
}  # fmt: skip


@pytest.fixture
def standard_collections(service: httpx.AsyncClient, world: World, shared_data: Path) -> Iterator[list[str]]:
    """The standard's own data, mounted by the same description as every collection of ours.

    After the service has started: it would refuse to, for these shapes are finer than the public grid.
    """
    path = shared_data / "cql2" / "ne110m4cql2.gpkg"
    names = [str(name) for name, _ in pyogrio.list_layers(path)]
    engine = create_engine(driver_url(world.owner_url))
    for name in names:
        frame = gpd.read_file(path, layer=name)
        info = pyogrio.read_info(path, layer=name)
        kinds = {str(field): KINDS[str(kind)] for field, kind in zip(info["fields"], info["dtypes"], strict=True)}
        for column, kind in kinds.items():
            if kind == "date":
                frame[column] = frame[column].dt.date
            elif kind == "boolean":
                frame[column] = frame[column].astype("boolean")
        frame.set_crs(4326, allow_override=True).to_crs(4490).rename_geometry("geom").to_postgis(name, engine)
        columns = ", ".join(f'"{column}"' for column in kinds)
        with psycopg.connect(world.owner_url, autocommit=True) as c:
            c.execute(
                f"alter table public.{name} alter column geom type geometry(geometry, 4490) using st_setsrid(geom, 4490)"
            )
            c.execute(
                f"create view open_data.{name} as select row_number() over () as id, '{COUNTY}'::text as county_code, "
                f"row_number() over ()::text as code, geom, 1::bigint as version, now() as updated_at, {columns} from public.{name}"
            )
            c.execute(f"grant select on open_data.{name} to yzt_public, yzt_app")
        COLLECTIONS[name] = Mounted(
            name, name, name, name, tuple(kinds), is_recorded=False, own_words={k: Word(k, k, type=v) for k, v in kinds.items()}
        )  # fmt: skip
    yield names
    for name in names:
        del COLLECTIONS[name]


class Mounted(Collection):
    """A collection that has only its own properties."""

    def properties(self, audience: object) -> tuple[str, ...]:
        return self.own


@pytest.mark.shared_data
async def test_the_standards_own_counts(service: httpx.AsyncClient, standard_collections: list[str], shared_data: Path) -> None:  # fmt: skip
    with (shared_data / "cql2" / "expected_counts.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 87
    wrong = []
    for row in rows:
        response = await service.get(
            f"/ogc/collections/{row['collection']}/items", params={"filter": row["filter"], "limit": 1}
        )
        if response.status_code != 200 or response.json()["numberMatched"] != int(row["expected_number_of_items"]):
            wrong.append((row["filter"], row["expected_number_of_items"], response.text[:300]))
    assert wrong == []
