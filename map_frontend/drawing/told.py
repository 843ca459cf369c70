"""One thing read for a drawing, a page to take away or a comparison: its row, its words, its source, who answers for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from fastapi import Request
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from api.deps import Reader
from geo.db import PUBLIC
from geo.registry.collections import Collection, collection
from geo.registry.queries import Item, data_source, item
from map_frontend import reading
from map_frontend.drawing.scenes import data_day
from map_frontend.site import Page, page_for
from map_frontend.things.writing import Writer
from map_frontend.words import Words


@dataclass(frozen=True, slots=True)
class Told:
    """A thing this reader may see, and what it takes to tell of it."""

    page: Page
    reader: Reader
    c: Collection
    item: Item
    source: dict[str, Any] | None
    unit: dict[str, Any] | None

    @property
    def words(self) -> Words:
        """The reader's words."""
        return self.page.words

    @property
    def name(self) -> str:
        """The thing's name in the reader's language."""
        return self.words.name(self.item.properties)

    @property
    def writer(self) -> Writer:
        """Writes its properties."""
        return Writer(self.page, self.reader, self.c)

    @property
    def day(self) -> str:
        """When its data were true."""
        return data_day(self.words, self.item.properties, self.source)


def as_public(reader: Reader) -> Reader:
    """The same reader without rights: a picture travels, so it shows what the public sees, whoever asks."""
    return replace(reader, person=None, actor=PUBLIC)


def review_number(request: Request) -> str:
    """MAP_REVIEW_NUMBER."""
    number: str = request.app.state.map.review_number
    return number


async def page_of(request: Request, reader: Reader, connection: AsyncConnection, title_key: str | None = None) -> Page:
    """A page with all the names of the county."""
    codes = await reading.codes_of(connection, reader)
    title = Words(reader.lang, codes, reader.county.time_zone)(title_key) if title_key else ""
    return page_for(request, reader, codes, room="map", title=title)


async def tell(connection: AsyncConnection, page: Page, reader: Reader, collection_id: str, code: str) -> Told:
    """Read one thing. Raises NotFound, the same for hidden and for absent."""
    c = collection(collection_id, reader.actor.audience)
    found = await item(connection, reader.actor, collection_id, reader.county.code, code)
    source = await data_source(connection, found.properties.get("data_source_id"))
    row = await connection.execute(
        text(f"select name, name_en, phone from {reader.actor.read_schema}.units where county_code = :county and code = :unit"),
        {"county": reader.county.code, "unit": found.properties.get("unit_code")},
    )  # fmt: skip
    unit = row.mappings().first()
    return Told(page, reader, c, found, source, dict(unit) if unit else None)
