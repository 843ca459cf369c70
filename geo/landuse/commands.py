"""Bringing the leads of a county up to date: one statement for all four first rules (design.md 7)."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path

from sqlalchemy import Connection, TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection


@lru_cache(maxsize=1)
def _statement() -> TextClause:
    return text((Path(__file__).parent / "sql" / "findings_for_county.sql").read_text(encoding="utf-8"))


def recompute_sync(
    connection: Connection, county_code: str, as_of: date, parcel_ids: list[int] | None = None
) -> tuple[int, int]:
    """Leads of a county (or of some parcels) as of a civil date; returns how many stand and how many went."""
    kept, gone = connection.execute(_statement(), {"county": county_code, "as_of": as_of, "ids": parcel_ids}).one()
    return kept, gone


async def recompute(
    connection: AsyncConnection, county_code: str, as_of: date, parcel_ids: list[int] | None = None
) -> tuple[int, int]:
    """The same within a request, after a fact was recorded."""
    kept, gone = (
        await connection.execute(_statement(), {"county": county_code, "as_of": as_of, "ids": parcel_ids})
    ).one()
    return kept, gone
