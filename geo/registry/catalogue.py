"""What there is, said of each collection: whose, under which licence, how much, how fresh, and what its properties mean."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.clock import Now, civil_date, now, today
from geo.db import Actor
from geo.registry.collections import Collection


@dataclass(frozen=True, slots=True)
class Entry:
    """One collection as this reader may see it. `owners`: units with their row counts; `sources`: birth certificates with theirs."""

    collection: Collection
    row_count: int
    changed_at: datetime | None
    data_date_from: date | None
    data_date_to: date | None
    owners: list[dict[str, Any]]
    sources: list[dict[str, Any]]
    imported_at: datetime | None
    import_batch_id: int | None

    @property
    def licences(self) -> list[str]:
        """Licences of its sources, each once; empty where nobody said."""
        return list(dict.fromkeys(s["licence"] for s in self.sources if s["licence"]))

    def age_days(self, time_zone: str, at: Now = now) -> int | None:
        """Days, of the county's zone, since its newest data date, else since the last change; None where neither is known."""
        newest = self.data_date_to or (self.changed_at and civil_date(self.changed_at, time_zone))
        return (today(time_zone, at) - newest).days if newest else None


@lru_cache(maxsize=64)
def _statement(schema: str, collection_id: str) -> TextClause:
    source = (Path(__file__).parent / "sql" / "catalogue.sql").read_text(encoding="utf-8")
    return text(
        source.replace("open_data.collection", f"open_data.{collection_id}").replace("open_data.", f"{schema}.")
    )


async def entry(connection: AsyncConnection, actor: Actor, c: Collection, county_code: str) -> Entry:
    """What the catalogue says of one collection."""
    found = await connection.execute(_statement(actor.read_schema, c.id), {"county": county_code, "collection": c.id})
    return Entry(c, *found.one())
