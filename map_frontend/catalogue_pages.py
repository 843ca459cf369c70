"""/catalogue: what data there is, and one page per collection with the meaning of its properties."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.deps import ReaderDep, Transaction
from geo.registry.catalogue import entry
from geo.registry.collections import collection, visible
from geo.registry.queries import code_words
from map_frontend.site import page_for
from map_frontend.words import Words

router = APIRouter(include_in_schema=False)
TYPE_WORDS = {"timestamp": "date-time", "date_range": "date_range", "string_array": "array"}


@router.get("/catalogue")
async def catalogue_page(reader: ReaderDep, request: Request, connection: Transaction) -> Response:
    """Every collection the reader may see, in one table."""
    codes = await code_words(connection)
    title = Words(reader.lang, codes, reader.county.time_zone)("catalogue.title")
    entries = [await entry(connection, reader.actor, c, reader.county.code) for c in visible(reader.actor.audience)]
    page = page_for(request, reader, codes, room="catalogue", title=title)
    return page.answer("catalogue.html", entries=entries)


@router.get("/catalogue/{collection_id}")
async def entry_page(collection_id: str, reader: ReaderDep, request: Request, connection: Transaction) -> Response:
    """One collection: owners, sources, licence, freshness, and what its properties mean."""
    c = collection(collection_id, reader.actor.audience)
    codes = await code_words(connection)
    words = Words(reader.lang, codes, reader.county.time_zone)
    page = page_for(request, reader, codes, room="catalogue", title=words.pick(c.zh, c.en))
    found = await entry(connection, reader.actor, c, reader.county.code)
    properties = [(name, c.word(name)) for name in c.properties(reader.actor.audience)]
    return page.answer(
        "catalogue_entry.html", entry=found, c=c, properties=properties, age_days=found.age_days(reader.county.time_zone), type_words=TYPE_WORDS
    )  # fmt: skip
