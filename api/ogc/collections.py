"""/ogc/collections: what there is, one of it, what it can be asked (queryables) and sorted by."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from api.deps import Reader, ReaderDep, Transaction, known_parameters
from api.ogc.crs import CRS84, EPSG, offered
from api.ogc.described import DOCUMENT
from api.ogc.described import SCHEMA as SCHEMA_DESCRIBED
from api.ogc.landing import REL
from api.ogc.links import answer, link, pick
from api.ogc.media import GEOJSON, SCHEMA
from api.ogc.parameters import sortable
from api.ogc.schemas import schema_of
from geo.crs import STORAGE_SRID
from geo.registry.collections import Collection, collection, visible
from geo.registry.queries import code_words

router = APIRouter(prefix="/ogc/collections", tags=["OGC API"])


def describe(c: Collection, reader: Reader) -> dict[str, Any]:
    """A collection's metadata in the reader's language; its own `self` link is added by the answer."""
    at = f"/ogc/collections/{c.id}"
    return {
        "id": c.id,
        "title": pick(reader, c.zh, c.en),
        "extent": {"spatial": {"bbox": [list(reader.county.bounds)], "crs": CRS84}},
        "itemType": "feature",
        "crs": [crs.uri for crs in offered(reader.county.survey_srid)],
        "storageCrs": EPSG.format(STORAGE_SRID),
        "links": [
            link(reader, f"{at}/items", "items", GEOJSON, pick(reader, "要素", "Features")),
            link(reader, f"{at}/queryables", f"{REL}queryables", SCHEMA, pick(reader, "可查询的属性", "Queryables")),
            link(reader, f"{at}/sortables", f"{REL}sortables", SCHEMA, pick(reader, "可排序的属性", "Sortables")),
            link(reader, f"{at}/tiles", f"{REL}tilesets-vector", title=pick(reader, "矢量瓦片", "Vector tiles")),
            link(reader, f"/catalogue/{c.id}", "describedby", "text/html", pick(reader, "数据说明", "About the data")),
        ],
    }


@router.get("", response_class=Response, openapi_extra=DOCUMENT)
async def collections(request: Request, reader: ReaderDep) -> Response:
    """Collections the reader may see."""
    known_parameters(request)
    shown = []
    for c in visible(reader.actor.audience):
        one = describe(c, reader)
        one["links"].insert(0, link(reader, f"/ogc/collections/{c.id}", "self"))
        shown.append(one)
    document = {
        "collections": shown,
        "crs": [crs.uri for crs in offered(reader.county.survey_srid)],
        "numberMatched": len(shown),
        "numberReturned": len(shown),
        "links": [],
    }
    return await answer(request, reader, "collections", document)


@router.get("/{collection_id}", response_class=Response, openapi_extra=DOCUMENT)
async def one_collection(collection_id: str, request: Request, reader: ReaderDep) -> Response:
    """One collection."""
    known_parameters(request)
    return await answer(
        request, reader, "collection", describe(collection(collection_id, reader.actor.audience), reader)
    )


@router.get("/{collection_id}/queryables", response_class=Response, openapi_extra=SCHEMA_DESCRIBED)
async def queryables(collection_id: str, request: Request, reader: ReaderDep, connection: Transaction) -> Response:
    """What a filter may name: a JSON Schema (Features Part 3), titles in the reader's language and in both."""
    known_parameters(request)
    c = collection(collection_id, reader.actor.audience)
    words = await code_words(connection)
    document = schema_of(c, reader, c.askable(reader.actor.audience), words, request.url.path, geometry=True)
    return await answer(request, reader, "queryables", document, media=SCHEMA)


@router.get("/{collection_id}/sortables", response_class=Response, openapi_extra=SCHEMA_DESCRIBED)
async def sortables(collection_id: str, request: Request, reader: ReaderDep, connection: Transaction) -> Response:
    """What `sortby` may name: a JSON Schema."""
    known_parameters(request)
    c = collection(collection_id, reader.actor.audience)
    words = await code_words(connection)
    document = schema_of(c, reader, sortable(c, reader), words, request.url.path)
    return await answer(request, reader, "queryables", document, media=SCHEMA)
