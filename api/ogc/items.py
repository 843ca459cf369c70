"""/ogc/collections/{id}/items: features as GeoJSON, JSON-FG, a page, or a file; and one of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from api.deps import Reader, ReaderDep, engine_of, etag, known_parameters
from api.ogc import cursor, files
from api.ogc.crs import CRS84, Offered, crs_of
from api.ogc.described import ITEM, ITEMS
from api.ogc.filtering import refusal_of
from api.ogc.links import VARY, link, pick
from api.ogc.media import CSV, FLATGEOBUF, GEOJSON, GEOPACKAGE, HTML, JSON, JSONFG, Format, negotiate
from api.ogc.parameters import OF_A_MOMENT, Asked, items_query, kept, moment_of
from geo.clock import today
from geo.db import acting
from geo.landuse.explaining.queries import findings_explained
from geo.registry import feature_pages
from geo.registry.collections import collection
from geo.registry.feature_cache import FeatureCache
from geo.registry.features import FeatureQuery, Key, Moment, Page
from geo.registry.moments import known_until, settle
from geo.registry.queries import item as registry_item
from geo.registry.successors import absent
from geo.registry.whole_place import without_needless_box

router = APIRouter(prefix="/ogc/collections/{collection_id}/items", tags=["OGC API"])
BUFFERED_MAX = 1_000
"""Pages up to here are made whole before the first byte; longer ones stream."""

FORMATS = {
    f.name: f
    for f in (
        Format("json", GEOJSON, (JSON,)), Format("jsonfg", JSONFG), Format("fgb", FLATGEOBUF), Format("gpkg", GEOPACKAGE), Format("csv", CSV),
    )
}  # fmt: skip
FILES = ("fgb", "gpkg", "csv")
FG_CLASSES = ("http://www.opengis.net/spec/json-fg-1/0.2/conf/core",)


def formats(request: Request) -> dict[str, Format]:
    """What items can be had as; a page where the service has pages."""
    has_pages = getattr(request.app.state, "ogc_face", None) is not None
    return FORMATS | ({"html": Format("html", HTML)} if has_pages else {})


@router.get("", response_class=Response, openapi_extra=ITEMS)
async def items(collection_id: str, request: Request, reader: ReaderDep) -> Response:
    """Features in order of code, or of `sortby`."""
    c = collection(collection_id, reader.actor.audience)
    chosen = negotiate(request, formats(request))
    asked = items_query(request, reader, c)
    if chosen.name in FILES:
        return await files.answer(request, reader, asked, chosen)
    if chosen.name == "jsonfg":
        asked = replace(asked, query=replace(asked.query, is_json_fg=True))
    stack = AsyncExitStack()
    try:
        timeout_ms = request.app.state.api.item_timeout_ms
        connection = await stack.enter_async_context(acting(engine_of(request), reader.actor, timeout_ms))
        asked = await _settled(connection, reader, asked)
        (query,) = await without_needless_box(connection, reader.actor, reader.county.bounds, [asked.query])
        asked = replace(asked, query=query)
        if asked.limit > BUFFERED_MAX:
            return await _streamed(request, reader, asked, chosen, connection, stack)
        asked, page = await _page(connection, reader, asked, request.app.state.features)
        number = await _number(connection, reader, asked, page)
    except DBAPIError as error:
        await stack.aclose()
        raise refusal_of(error, asked.query) or error from None
    except BaseException:
        await stack.aclose()
        raise
    await stack.aclose()
    return await _whole(request, reader, asked, chosen, page, number)


async def _settled(connection: AsyncConnection, reader: Reader, asked: Asked) -> Asked:
    """The query at the moment it is to be read: the one asked for, or the one its cursor began with."""
    if asked.place is not None:
        return replace(asked, query=replace(asked.query, moment=asked.place.moment))
    if asked.query.moment is not None and asked.query.moment.known_at is not None:
        await settle(connection, reader.actor, asked.query.moment.known_at)
    return asked


async def _pinned(connection: AsyncConnection, reader: Reader, asked: Asked) -> Asked:
    """The query pinned to what is recorded by now, so that rows that move while others write are neither lost nor repeated."""
    moment = Moment(today(reader.county.time_zone), await known_until(connection))
    return replace(asked, query=replace(asked.query, moment=moment))


def _moves(query: FeatureQuery) -> bool:
    return bool(query.sort) and query.moment is None and query.collection.is_recorded


async def _page(connection: AsyncConnection, reader: Reader, asked: Asked, kept: FeatureCache) -> tuple[Asked, Page]:
    after = asked.place.after if asked.place else None
    page = await feature_pages.page(connection, reader.actor, asked.query, asked.limit, after, kept)
    if page.next_after is not None and _moves(asked.query):
        asked = await _pinned(connection, reader, asked)
        page = await feature_pages.page(connection, reader.actor, asked.query, asked.limit, after)
    return asked, page


async def _number(connection: AsyncConnection, reader: Reader, asked: Asked, page: Page | None) -> int | None:
    """How many match in all; counted once, then carried by the cursor."""
    if asked.place is not None:
        return asked.place.number_matched
    if page is not None and page.next_after is None:
        return page.number_returned
    if page is not None and page.number_matched is not None:
        return page.number_matched
    return await feature_pages.count(connection, reader.actor, asked.query)


def _head(asked: Asked, chosen: Format, number: int | None) -> bytes:
    head: dict[str, Any] = {"type": "FeatureCollection"}
    if chosen.name == "jsonfg":
        head |= {"conformsTo": FG_CLASSES, "featureType": asked.query.collection.id}
        if asked.crs.uri != CRS84:
            head["coordRefSys"] = asked.crs.uri
    if number is not None:
        head["numberMatched"] = number
    head["timeStamp"] = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return orjson.dumps(head)[:-1] + b',"features":['


def _links(request: Request, reader: Reader, asked: Asked, chosen: Format, next_after: Key | None, number: int | None) -> list[dict[str, str]]:  # fmt: skip
    at, values = f"/ogc/collections/{asked.query.collection.id}/items", kept(request)
    links = [link(reader, at, "self", chosen.media, **values)]
    links += [
        link(reader, at, "alternate", other.media, **(values | {"f": name}))
        for name, other in formats(request).items()
        if name != chosen.name
    ]
    links.append(link(reader, f"/ogc/collections/{asked.query.collection.id}", "collection"))
    if next_after is not None:
        place = cursor.Place(next_after, asked.query.moment, number)
        links.append(link(reader, at, "next", chosen.media, **values, cursor=cursor.write(place, asked.signature)))
    return links


def _tail(links: list[dict[str, str]], number_returned: int) -> bytes:
    return b"]," + orjson.dumps({"numberReturned": number_returned, "links": links})[1:]


def _headers(crs: Offered) -> dict[str, str]:
    return {"Content-Crs": f"<{crs.uri}>", "Vary": VARY}


async def _whole(
    request: Request, reader: Reader, asked: Asked, chosen: Format, page: Page, number: int | None
) -> Response:
    links = _links(request, reader, asked, chosen, page.next_after, number)
    if chosen.name == "html":
        document = {
            "features": orjson.loads(b"[%b]" % page.text),
            "numberMatched": number,
            "numberReturned": page.number_returned,
            "links": links,
            "collection": asked.query.collection,
        }
        made: Response = await request.app.state.ogc_face(request, reader, "items", document)
        made.headers["Vary"] = VARY
        return made
    body = b"".join((_head(asked, chosen, number), page.text, _tail(links, page.number_returned)))
    return Response(body, 200, _headers(asked.crs), chosen.media)


async def _streamed(
    request: Request, reader: Reader, asked: Asked, chosen: Format, connection: AsyncConnection, stack: AsyncExitStack
) -> Response:
    """A long page, a part at a time; what fails before the first part is still a problem, later the answer is cut off."""
    if _moves(asked.query):
        asked = await _pinned(connection, reader, asked)
    number = await _number(connection, reader, asked, None)
    after = asked.place.after if asked.place else None
    parts = feature_pages.stream(connection, reader.actor, asked.query, asked.limit, after)
    first = await anext(parts)
    if chosen.name == "html":
        await stack.aclose()
        return await _whole(request, reader, replace(asked, limit=first.number_returned), chosen, first, number)

    async def body() -> AsyncIterator[bytes]:
        async with stack:
            yield _head(asked, chosen, number)
            part, sent = first, 0
            while True:
                if part.number_returned:
                    yield (b"," if sent else b"") + part.text
                    sent += part.number_returned
                    part = await anext(parts)
                else:
                    break
            yield _tail(_links(request, reader, asked, chosen, part.next_after, number), sent)

    return StreamingResponse(body(), 200, _headers(asked.crs), chosen.media)


@router.get("/{code}", response_class=Response, openapi_extra=ITEM)
async def one_item(collection_id: str, code: str, request: Request, reader: ReaderDep) -> Response:
    """One feature, with a strong ETag; at a moment with `as_of`, `known_at`. 410 names what took the place of one that was succeeded."""
    c = collection(collection_id, reader.actor.audience)
    moments = OF_A_MOMENT if c.is_recorded else ()
    known_parameters(request, "crs", *moments)
    offered = {name: f for name, f in formats(request).items() if name not in FILES}
    chosen = negotiate(request, offered)
    crs = crs_of("crs", request.query_params.get("crs"), reader.county.survey_srid)
    query = FeatureQuery(
        c, reader.county.code, equal={"code": code}, crs=crs.output, is_json_fg=chosen.name == "jsonfg",
        moment=moment_of(request, reader) if moments else None,
    )  # fmt: skip
    async with acting(engine_of(request), reader.actor, request.app.state.api.item_timeout_ms) as connection:
        if query.moment is not None and query.moment.known_at is not None:
            await settle(connection, reader.actor, query.moment.known_at)
        page = await feature_pages.page(connection, reader.actor, query, 1)
        if not page.number_returned:
            raise await absent(connection, reader.actor, c, reader.county.code, code)
        feature = orjson.loads(page.text)
        if c.id == "findings":
            feature["explanation"] = await _explanation(connection, reader, feature["properties"])
    headers = _headers(crs)
    tag = etag(code, feature["properties"]["version"])
    if query.moment is None:
        headers["ETag"] = tag
        if chosen.name == "json" and tag in request.headers.get("if-none-match", ""):
            return Response(None, 304, headers)
    at = f"/ogc/collections/{c.id}"
    values = {k: v for k, v in kept(request).items() if k != "f"}
    feature["links"] = [
        link(reader, f"{at}/items/{quote(code)}", "self" if name == chosen.name else "alternate", f.media, **values, f=name)
        for name, f in offered.items()
    ] + [link(reader, at, "collection", title=pick(reader, c.zh, c.en))]  # fmt: skip
    if chosen.name == "html":
        made: Response = await request.app.state.ogc_face(
            request, reader, "item", {"feature": feature, "collection": c}
        )
        return made
    if chosen.name == "jsonfg":
        feature["conformsTo"] = FG_CLASSES
        if crs.uri != CRS84:
            feature["coordRefSys"] = crs.uri
    return Response(orjson.dumps(feature), 200, headers, chosen.media)


async def _explanation(connection: AsyncConnection, reader: Reader, finding: dict[str, Any]) -> dict[str, Any] | None:
    """What a finding says of itself, as /v1/parcels/{code}/findings tells it: a member beside the properties."""
    parcel = await registry_item(connection, reader.actor, "parcels", reader.county.code, finding["subject_code"])
    found = await findings_explained(connection, reader.actor, reader.county.code, parcel.id)
    return next((told.as_json() for row, told in found if row["rule_id"] == finding["rule_id"]), None)
