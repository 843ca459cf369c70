"""What the pages of things read beyond `geo`'s own queries: the county's shape, totals of a town, floors."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.db import Actor


@lru_cache(maxsize=64)
def _sql(name: str, schema: str) -> TextClause:
    source = (Path(__file__).parent / "sql" / f"{name}.sql").read_text(encoding="utf-8")
    return text(source.replace("open_data.", f"{schema}."))


@dataclass(frozen=True, slots=True)
class Part:
    """A town's shape as SVG path data; its box (west, south, east, north) in metres of EPSG:3857."""

    code: str
    path: str
    box: tuple[float, float, float, float]


async def county_shape(connection: AsyncConnection, actor: Actor, county_code: str) -> list[Part]:
    """The county's towns, or its outline."""
    rows = await connection.execute(_sql("county_shape", actor.read_schema), {"county": county_code})
    return [Part(r.code, r.path, (r.west, r.south, r.east, r.north)) for r in rows]


async def town_figures(
    connection: AsyncConnection, actor: Actor, county_code: str, code: str
) -> dict[str, list[tuple[str | None, int]]]:
    """Collection -> (status, stage, kind or chain, how many), the most first."""
    rows = await connection.execute(_sql("town_figures", actor.read_schema), {"county": county_code, "code": code})
    figures: dict[str, list[tuple[str | None, int]]] = {}
    for row in rows:
        figures.setdefault(row.collection, []).append((row.key, row.n))
    return figures


async def spaces_of(
    connection: AsyncConnection, actor: Actor, county_code: str, building_code: str
) -> list[dict[str, Any]]:
    """Floors and parts of a building, from the ground up."""
    rows = await connection.execute(
        _sql("spaces_of_building", actor.read_schema), {"county": county_code, "building": building_code}
    )
    return [dict(row) for row in rows.mappings()]
