"""What surrounds a thing, read for one transaction's actor. Always through the views."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import RowMapping, TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.db import Actor
from geo.errors import NotFound, Problem
from geo.overlays.surroundings import (
    COLLECTIONS,
    ChainCount,
    Clause,
    Contact,
    Destination,
    Firm,
    Firms,
    Place,
    Policies,
    Related,
    Source,
    Surroundings,
    Transport,
    Work,
    scope,
)
from geo.registry.queries import CountyRow, Item

Told = TypeVar("Told")
PARKS = ("parks", "featured_towns")


@lru_cache(maxsize=64)
def statement(name: str, schema: str, collection_id: str) -> TextClause:
    """The SQL of sql/<name>.sql for one audience's schema; `things` in it is the thing's own collection."""
    source = (Path(__file__).parent / "sql" / f"{name}.sql").read_text(encoding="utf-8")
    return text(source.replace("open_data.things", f"open_data.{collection_id}").replace("open_data.", f"{schema}."))


def _made(kind: type[Told], row: Mapping[str, Any] | RowMapping) -> Told:
    """A row as a dataclass that has columns of these names."""
    return kind(**{field.name: row[field.name] for field in fields(kind)})  # type: ignore[arg-type]


class _Reading:
    """The statements about one thing, in one transaction."""

    def __init__(self, connection: AsyncConnection, actor: Actor, county: CountyRow, c: str, found: Item) -> None:
        self.connection, self.actor, self.county, self.collection, self.item = connection, actor, county, c, found
        self.dates: dict[int, date | None] = {}

    async def rows(self, name: str, **values: Any) -> Sequence[RowMapping]:
        """All rows of sql/<name>.sql."""
        sql = statement(name, self.actor.read_schema, self.collection)
        wanted = sql.compile().params
        known = {"county": self.county.code, "code": self.item.code, "collection": self.collection,
                 "srid": self.county.survey_srid} | values  # fmt: skip
        return (await self.connection.execute(sql, {k: v for k, v in known.items() if k in wanted})).mappings().all()

    async def sources(self, rows: Iterable[tuple[int | None, date | None]]) -> tuple[Source, ...]:
        """Birth certificates of (data source, date of a row), the oldest date of each."""
        oldest: dict[int, date | None] = {}
        for source_id, day in rows:
            if source_id is not None:
                known = [d for d in (oldest.get(source_id), day) if d is not None]
                oldest[source_id] = min(known, default=None)
        if not oldest:
            return ()
        found = await self.connection.execute(
            text("select id, name, name_en, data_date, is_sample from open_data.data_sources where id = any(:ids) order by id"),
            {"ids": list(oldest)},
        )  # fmt: skip
        return tuple(Source(r.name, r.name_en, oldest[r.id] or r.data_date, r.is_sample) for r in found)

    async def transport(self) -> Transport:
        """The nearest of each destination."""
        rows = await self.rows(
            "nearest_transport",
            kinds=[kind for kind, _ in scope().destinations],
            road_classes=[road_class for _, road_class in scope().destinations],
        )
        return Transport(
            "straight_line", self.county.survey_srid, tuple(_made(Destination, row) for row in rows),
            await self.sources((row["data_source_id"], row["data_date"]) for row in rows),
        )  # fmt: skip

    async def policies(self, chains: Sequence[str], today: date) -> Policies:
        """The clauses that hold here."""
        rows = await self.rows("policies_here", chains=list(chains), today=today)
        return Policies(
            tuple(_made(Clause, row) for row in rows),
            await self.sources((row["data_source_id"], row["data_date"]) for row in rows),
        )

    async def firms(self) -> Firms:
        """The firms around."""
        radius_m = scope().firms_within_m[self.collection]
        (row,) = await self.rows("firms_around", radius_m=radius_m, named=scope().firms_named)
        return Firms(
            radius_m, row["firm_count"], tuple(_made(ChainCount, r) for r in row["by_chain"]),
            tuple(_made(Firm, r) for r in row["nearest"]),
            await self.sources((source_id, row["data_date"]) for source_id in row["data_source_ids"]),
        )  # fmt: skip


async def surroundings(
    connection: AsyncConnection, actor: Actor, county: CountyRow, collection_id: str, found: Item, today: date
) -> Surroundings:
    """The surroundings of an item this actor has read; raises NotFound for a collection that has none."""
    if collection_id not in COLLECTIONS:
        raise NotFound.at("collection", Problem(zh="这个集合没有周边信息", en="this collection has no surroundings"))
    reading = _Reading(connection, actor, county, collection_id, found)
    is_park = collection_id in PARKS
    park = found.code if is_park else found.properties.get("park_code")
    chains = tuple(row["chain_code"] for row in await reading.rows("chains_of"))
    places = await reading.rows("lies_in", park=park)
    parks = [row["code"] for row in places if row["collection"] == "parks"]
    related = await reading.rows(
        "related_parks" if is_park else f"related_{collection_id}", most=scope().related_named, today=today
    )
    contacts = await reading.rows(
        "contact", park=park or next(iter(parks), None), unit=found.properties.get("unit_code")
    )
    return Surroundings(
        collection=collection_id,
        code=found.code,
        county_code=county.code,
        as_of=today,
        is_located=found.properties["west"] is not None,
        chain_codes=chains,
        transport=await reading.transport(),
        policies=await reading.policies(chains, today),
        enterprises=await reading.firms(),
        lies_in=tuple(_made(Place, row) for row in places),
        related=tuple(_made(Related, row) for row in related),
        works=tuple(_made(Work, row) for row in await reading.rows("park_works")) if is_park else (),
        contacts=tuple(_made(Contact, row) for row in contacts),
    )
