"""Items as a file: whole, as the reader may see them, named and typed; refused where a map offers no downloads."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import geopandas as gpd
import httpx
import psycopg
import pytest

from api.settings import MapSettings
from tests.plugins.service import COUNTY, World, serving

pytestmark = pytest.mark.anyio
AT = "/ogc/collections/parcels/items"


@pytest.fixture(scope="module")
def many(world: World) -> World:
    with psycopg.connect(world.owner_url, autocommit=True) as c:
        c.execute(
            "insert into register.enterprise (county_code, code, name, publication_state, geom) select %s, 'S' || n, "
            "'=企业' || n, 'published', case when n > 2 then st_setsrid(st_makepoint(121.8, 29.5), 4490) end from generate_series(1, 1203) n",
            [COUNTY],
        )
    return world


@pytest.mark.parametrize(
    ("kind", "media"), [("fgb", "application/flatgeobuf"), ("gpkg", "application/geopackage+sqlite3")]
)
async def test_a_gis_file_holds_what_the_reader_may_see(
    service: httpx.AsyncClient, bearer: dict[str, dict[str, str]], tmp_path: Path, kind: str, media: str
) -> None:
    for headers, codes in (({}, ["PUB", "TWO"]), (bearer["leader"], ["INT", "PUB", "TWO"])):
        response = await service.get(f"{AT}?f={kind}", headers=headers)
        assert response.headers["content-type"] == media
        assert response.headers["content-disposition"] == f'attachment; filename="parcels-{COUNTY}.{kind}"'
        path = tmp_path / f"a.{kind}"
        path.write_bytes(response.content)
        frame = gpd.read_file(path)
        assert sorted(frame["code"]) == codes
        assert frame.crs.to_epsg() == 4490
        assert ("contract_on" in frame.columns) == bool(headers)
        assert frame.total_bounds[0] == pytest.approx(121.88)


async def test_a_csv_holds_everything_that_matches_unless_limited(service: httpx.AsyncClient, many: World) -> None:
    at = "/ogc/collections/enterprises/items?f=csv"
    whole = (await service.get(at)).content
    assert whole.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(whole.decode("utf-8-sig"))))
    assert len(rows) == 1203
    assert all(row["name"].startswith("'=企业") for row in rows)
    assert len((await service.get(f"{at}&limit=7")).content.decode("utf-8-sig").splitlines()) == 8
    few = list(
        csv.DictReader(
            io.StringIO(
                (await service.get(f"{at}&filter=code LIKE 'S12__'&properties=code")).content.decode("utf-8-sig")
            )
        )
    )
    assert sorted(row["code"] for row in few) == ["S1200", "S1201", "S1202", "S1203"]
    assert "name" not in few[0]


@pytest.mark.parametrize(
    ("query", "parameter"), [("crs=EPSG:4529", "crs"), ("filter=nothing=1", "filter"), ("cursor=abc", "cursor")]
)
async def test_what_a_file_cannot_be_is_named(service: httpx.AsyncClient, query: str, parameter: str) -> None:
    response = await service.get(f"{AT}?f=csv&{query}")
    assert response.status_code == 400
    assert response.json()["errors"][0]["parameter"] == parameter


async def test_a_public_map_gives_files_only_where_it_offers_downloads(world: World, bearer: dict[str, dict[str, str]]) -> None:  # fmt: skip
    with psycopg.connect(world.owner_url, autocommit=True) as c:
        c.execute("update register.county set public_decimals = 4")
        c.execute("select register.republish(%s)", [COUNTY])
    for downloads, status in ((False, 403), (True, 200)):
        settings = MapSettings(public=True, review_number="浙S(2026)1号", downloads=downloads)
        async with serving(world, settings) as client:
            assert (await client.get(f"{AT}?f=csv")).status_code == status
            assert (await client.get(f"{AT}?f=csv", headers=bearer["leader"])).status_code == 200
            assert (await client.get(AT)).status_code == 200


async def test_nothing_is_left_behind(service: httpx.AsyncClient, many: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:  # fmt: skip
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert (await service.get("/ogc/collections/enterprises/items?f=gpkg")).status_code == 200
    assert list(tmp_path.iterdir()) == []
