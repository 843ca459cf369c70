"""What pages read beyond `geo.registry.queries`: names beside codes, credits, totals per town. Always through the views."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from api.deps import Reader
from geo.db import Actor
from geo.registry.queries import code_words

Codes = Mapping[tuple[str, str], tuple[str, str]]
"""(code list, code) -> (zh, en)."""

Condition = tuple[str, Mapping[str, Any]]
"""SQL over alias `x` and its bound values, as geo.filters compiles it."""


@lru_cache(maxsize=16)
def _sql(name: str, schema: str) -> TextClause:
    source = (Path(__file__).parent / "sql" / f"{name}.sql").read_text(encoding="utf-8")
    return text(source.replace("open_data.", f"{schema}."))


async def codes_of(connection: AsyncConnection, reader: Reader) -> Codes:
    """Words of all code lists; beside them the county's towns, units, chains, parks and fact kinds, as if each were a list."""
    names = _sql("county_names", reader.actor.read_schema)
    rows = await connection.execute(names, {"county": reader.county.code})
    return dict(await code_words(connection)) | {(r.list_code, r.code): (r.name, r.name_en) for r in rows}


async def credits_of(connection: AsyncConnection, actor: Actor, county_code: str) -> list[str]:
    """Attribution lines of the sources the county's map is made of."""
    rows = await connection.execute(_sql("credits", actor.read_schema), {"county": county_code})
    return [row.attribution for row in rows]


@dataclass(frozen=True, slots=True)
class TownTotal:
    """How many parcels of each status a town has; the place of its ring in degrees (EPSG:4490). No name: what lies in no town."""

    code: str
    name: str | None
    name_en: str | None
    lon: float
    lat: float
    by: dict[str, int]


async def town_totals(
    connection: AsyncConnection, actor: Actor, county_code: str, condition: Condition | None = None
) -> list[TownTotal]:
    """Totals of the towns that have such parcels, the largest first; a parcel without status counts under ''."""
    sql, values = _sql("town_totals", actor.read_schema), {"county": county_code, "is_all": condition is None}
    if condition is not None:
        sql, values = text(sql.text.replace("and true", f"and ({condition[0]})")), values | dict(condition[1])
    rows = await connection.execute(sql, values)
    totals = [TownTotal(r.code, r.name, r.name_en, r.lon, r.lat, dict(r.by_status)) for r in rows]
    return sorted(totals, key=lambda total: -sum(total.by.values()))


@dataclass(frozen=True, slots=True)
class Diagram:
    """Firms of one town, park or featured town by chain, most first: (chain code or None, firms).

    `lon`, `lat`: a point inside it; `box`: west, south, east, north of a park, None for a town; degrees, EPSG:4490. `code` '' and no
    name: firms that lie in no town.
    """

    collection: str
    code: str
    name: str | None
    name_en: str | None
    n: int
    by_chain: tuple[tuple[str | None, int], ...]
    lon: float
    lat: float
    box: tuple[float, float, float, float] | None


async def diagrams(connection: AsyncConnection, reader: Reader, condition: Condition | None = None) -> list[Diagram]:
    """The industry structure of every place that has firms this reader may see, the largest first; `condition` narrows the firms."""
    sql = _sql("structure", reader.actor.read_schema)
    values: dict[str, Any] = {"county": reader.county.code, "srid": reader.county.survey_srid}
    if condition is not None:
        sql, values = text(sql.text.replace("and true", f"and ({condition[0]})")), values | dict(condition[1])
    rows = await connection.execute(sql, values)
    return [
        Diagram(r.collection, r.code, r.name, r.name_en, int(r.n), tuple((c, n) for c, n in r.by_chain), r.lon, r.lat,
                tuple(r.box) if r.box else None)
        for r in rows
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ground:
    """Whether the county has towns, and the extent of its land: (west, south, east, north) in degrees."""

    has_towns: bool
    home: tuple[float, float, float, float] | None
    has_surroundings: bool


async def ground(connection: AsyncConnection, actor: Actor, county_code: str) -> Ground:
    """What the map shows first: the land of the towns, not the sea belt of the outline."""
    row = (await connection.execute(_sql("ground", actor.read_schema), {"county": county_code})).one()
    has_home = row.west is not None
    home = (row.west, row.south, row.east, row.north) if has_home else None
    return Ground(row.towns > 0, home, row.has_surroundings)


async def outline_of(connection: AsyncConnection, actor: Actor, county_code: str) -> str:
    """The county's outline as GeoJSON text (EPSG:4490), generalised: the ground of a map without towns."""
    return str((await connection.execute(_sql("outline", actor.read_schema), {"county": county_code})).scalar_one())


async def options(connection: AsyncConnection, actor: Actor, county_code: str) -> dict[str, dict[str, tuple[str, str]]]:
    """Code list -> code -> (zh, en): what each filter offers, in order."""
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for row in await connection.execute(_sql("options", actor.read_schema), {"county": county_code}):
        found.setdefault(row.list_code, {})[row.code] = (row.name, row.name_en)
    return found


async def surroundings_of(connection: AsyncConnection, actor: Actor, county_code: str) -> str:
    """The land and waters around a county as GeoJSON text (EPSG:4490)."""
    return str(
        (await connection.execute(_sql("surroundings", actor.read_schema), {"county": county_code})).scalar_one()
    )


async def import_batches(connection: AsyncConnection, county_code: str, limit: int = 20) -> list[dict[str, Any]]:
    """The latest import batches of a county, newest first; staff only (the database says so)."""
    rows = await connection.execute(_sql("import_batches", "staff_data"), {"county": county_code, "limit": limit})
    return [dict(row) for row in rows.mappings()]


async def import_batch(connection: AsyncConnection, county_code: str, batch_id: int) -> dict[str, Any] | None:
    """One batch, or None."""
    rows = await connection.execute(_sql("import_batch", "staff_data"), {"county": county_code, "batch": batch_id})
    row = rows.mappings().one_or_none()
    return dict(row) if row else None


async def rejected_rows(connection: AsyncConnection, batch_id: int, limit: int) -> list[dict[str, Any]]:
    """Rows of a batch that were not taken, with their reasons, in the order of the file."""
    rows = await connection.execute(_sql("rejected_rows", "staff_data"), {"batch": batch_id, "limit": limit})
    return [dict(row) for row in rows.mappings()]


async def plots_beside(
    connection: AsyncConnection,
    actor: Actor,
    county_code: str,
    town_code: str,
    codes: list[str],
    area_m2: Any,
    most: int,
) -> list[dict[str, Any]]:
    """Plots on offer in a town, the nearest in size to `area_m2` first, without `codes`."""
    values = {"county": county_code, "town": town_code, "codes": codes, "area_m2": area_m2, "most": most}
    rows = await connection.execute(_sql("beside", actor.read_schema), values)
    return [dict(row) for row in rows.mappings()]
