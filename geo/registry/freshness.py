"""How fresh the register's data is: the newest day of each collection, and which are older than data/freshness.yaml allows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import yaml
from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.clock import Now, civil_date, now, today
from geo.db import Actor

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest day of a collection: its newest data date, else the day of its last change, in the county's zone."""

    collection: str
    on: date
    age_days: int
    allowed_days: int

    @property
    def is_stale(self) -> bool:
        """Whether a reader should be told that it is old."""
        return self.age_days > self.allowed_days


@lru_cache(maxsize=1)
def allowed_days() -> dict[str, int]:
    """Collection -> days (data/freshness.yaml)."""
    found: dict[str, int] = yaml.safe_load((HERE / "data" / "freshness.yaml").read_text(encoding="utf-8"))
    return found


@lru_cache(maxsize=4)
def _statement(schema: str) -> TextClause:
    one, parcels = ((HERE / "sql" / f"{name}.sql").read_text("utf-8") for name in ("freshness", "freshness_of_parcels"))
    every = [
        parcels.replace("open_data.", f"{schema}.")
        if name == "parcels"
        else one.replace("open_data.collection", f"{schema}.{name}").replace("'collection'", f"'{name}'")
        for name in allowed_days()
    ]
    return text("\nunion all\n".join(every))


async def freshness(
    connection: AsyncConnection, actor: Actor, county_code: str, time_zone: str, at: Now = now
) -> list[Newest]:
    """Each collection that has rows the reader may see, in the order of data/freshness.yaml."""
    rows = await connection.execute(_statement(actor.read_schema), {"county": county_code})
    newest = {
        row.collection: row.data_date or civil_date(row.changed_at, time_zone) for row in rows if row.data_date or row.changed_at
    }  # fmt: skip
    day = today(time_zone, at)
    return [
        Newest(name, newest[name], (day - newest[name]).days, days)
        for name, days in allowed_days().items()
        if name in newest
    ]
