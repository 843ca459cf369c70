"""/v1/catalogue: what data there is, whose, under which licence, how fresh, and what each property means."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from api.deps import Reader, ReaderDep, Transaction
from geo.registry.catalogue import Entry, entry
from geo.registry.collections import collection, visible

router = APIRouter(prefix="/v1/catalogue", tags=["catalogue"])


def shown(found: Entry, reader: Reader, *, with_properties: bool) -> dict[str, Any]:
    """An entry as JSON, both languages."""
    c = found.collection
    made: dict[str, Any] = {
        "id": c.id,
        "title": {"zh": c.zh, "en": c.en},
        "row_count": found.row_count,
        "changed_at": found.changed_at,
        "data_date_from": found.data_date_from,
        "data_date_to": found.data_date_to,
        "age_days": found.age_days(reader.county.time_zone),
        "last_import_at": found.imported_at,
        "licences": found.licences,
        "owners": found.owners,
        "sources": found.sources,
    }
    if found.import_batch_id is not None:
        made["last_import"] = f"/v1/imports/{found.import_batch_id}?county={reader.county.code}"
    if with_properties:
        words = [(name, c.word(name)) for name in c.properties(reader.actor.audience)]
        made["properties"] = [
            {"name": name, "title": {"zh": word.zh, "en": word.en}, "type": word.type, "unit": word.unit, "code_list": word.list,
             "source": word.source}
            for name, word in words
        ]  # fmt: skip
    return made


@router.get("")
async def catalogue(reader: ReaderDep, connection: Transaction) -> list[dict[str, Any]]:
    """Every collection the reader may see."""
    found = [await entry(connection, reader.actor, c, reader.county.code) for c in visible(reader.actor.audience)]
    return [shown(one, reader, with_properties=False) for one in found]


@router.get("/{collection_id}")
async def one_entry(collection_id: str, reader: ReaderDep, connection: Transaction) -> dict[str, Any]:
    """One collection with the definition of each property."""
    c = collection(collection_id, reader.actor.audience)
    return shown(await entry(connection, reader.actor, c, reader.county.code), reader, with_properties=True)
