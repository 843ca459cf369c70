"""Whether what is stored for the public is as coarse as it must be (design.md 4 and 5, PUB-08)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.registry.collections import COLLECTIONS

ROWS_LOOKED_AT = 200
"""Rows per collection whose coordinates are looked at; `county.public_decimals` speaks for the rest."""

PUBLIC_DECIMALS = "pub.coord_decimals"
_FINER = (Path(__file__).parent / "sql" / "finer_than_grid.sql").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class TooFine:
    """A county of which the public would see more decimals than allowed."""

    county_code: str
    collection: str | None
    """Where a coordinate was found; None = the county's own setting says so."""


async def lawful_decimals(connection: AsyncConnection) -> int | None:
    """The decimals a public map may have (parameter pub.coord_decimals), or None when nobody set it."""
    found = await connection.execute(
        text("select register.parameter_value(:key, null, current_date)"), {"key": PUBLIC_DECIMALS}
    )
    value = found.scalar_one_or_none()
    return None if value is None else int(value)


async def finer_than(connection: AsyncConnection, decimals: int) -> TooFine | None:
    """The first county whose public geometry is finer than a grid of `decimals` (EPSG:4490 degrees)."""
    row = (
        await connection.execute(
            text("select code from open_data.counties where public_decimals > :n order by code limit 1"),
            {"n": decimals},
        )
    ).one_or_none()
    if row is not None:
        return TooFine(row.code, None)
    for collection in COLLECTIONS.values():
        if collection.staff_only:
            continue
        statement = _FINER.replace("open_data.collection", f"open_data.{collection.id}")
        found = (
            await connection.execute(text(statement), {"decimals": decimals, "rows": ROWS_LOOKED_AT})
        ).one_or_none()
        if found is not None:
            return TooFine(found.county_code, collection.id)
    return None
