"""What the map's page fetches of ours: numbers and words of its state, rows of the list, filtered tiles, the outline."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from sqlalchemy.exc import DBAPIError

from api.deps import Reader, ReaderDep, Transaction, engine_of
from api.ogc.filtering import refusal_of
from geo.db import acting, with_helpers
from geo.registry.collections import COLLECTIONS, collection
from geo.registry.features import FeatureQuery
from geo.tiles.queries import check_address, tile
from geo.tiles.store import versions
from map_frontend import reading
from map_frontend.screen import asking, saying
from map_frontend.screen.address import Screen, read
from map_frontend.screen.conditions import compiled, cql_of_collection, cql_of_kind
from map_frontend.screen.kinds import KINDS
from map_frontend.words import Words

router = APIRouter(prefix="/map", include_in_schema=False)
MVT = "application/vnd.mapbox-vector-tile"
OF_THE_DOOR = ("bbox", "classes", "cursor", "f", "rings")
"""Parameters of these addresses that are no part of the screen's state."""


def area_unit(reader: Reader) -> str:
    """The unit a county counts land in: mu where Chinese land rules apply, else hectares."""
    return "mu" if (reader.county.rule_set or "").startswith("cn") else "ha"


def screen_of(request: Request) -> Screen:
    """The screen's state in the address of a request."""
    return read(request.query_params.multi_items(), OF_THE_DOOR)


async def words_of(connection: Any, reader: Reader) -> Words:
    """Words with the names of the county's towns, parks and chains."""
    return Words(reader.lang, await reading.codes_of(connection, reader), reader.county.time_zone)


def _refused(error: DBAPIError, reader: Reader, screen: Screen) -> Exception:
    """A database error of the reader's filters as the one answer it has; any other as it is."""
    query = FeatureQuery(COLLECTIONS["parcels"], reader.county.code, condition=("", {}) if screen.values else None)
    return refusal_of(error, query) or error


@router.get("/summary")
async def summary(request: Request, reader: ReaderDep, connection: Transaction) -> dict[str, Any]:
    """Numbers per kind (inside `bbox` where one is given), totals per town (not with `rings=0`), the filters as chips and as CQL2; for
    staff with `classes=1` numbers of land that waits, by class."""
    screen, unit = screen_of(request), area_unit(reader)
    words = await words_of(connection, reader)
    await with_helpers(connection)
    try:
        totals = []
        if request.query_params.get("rings") != "0":
            of_land = compiled(cql_of_kind(screen, KINDS[0], unit), "parcels", reader)
            totals = await reading.town_totals(connection, reader.actor, reader.county.code, of_land)
        numbers = await asking.counts(connection, reader, screen, unit, request.query_params.get("bbox"))
        if reader.is_staff and request.query_params.get("classes") == "1":
            numbers |= await asking.class_counts(connection, reader, request.query_params.get("bbox"))
    except DBAPIError as error:
        raise _refused(error, reader, screen) from None
    return {
        "counts": numbers,
        "towns": [
            {"code": t.code, "name": words.pick(t.name, t.name_en) if t.code else words("map.no_town"), "lon": t.lon, "lat": t.lat, "n": sum(t.by.values()), "by": t.by}
            for t in totals
        ],
        "chips": [
            {"text": chip.text, "change": chip.change, "applies": chip.applies}
            for chip in saying.chips(screen, words, unit, {})
        ],
        "not_understood": saying.not_understood(screen, words),
        "filter": cql_of_kind(screen, screen.kind, unit),
    }  # fmt: skip


@router.get("/structure")
async def structure(request: Request, reader: ReaderDep, connection: Transaction) -> dict[str, Any]:
    """Firms by chain of every town and park that has any, as the filters take them: `by` is [chain or "", firms], most first. Places in
    degrees (EPSG:4490); a park has its `box`, firms in no town have the code ""."""
    screen, unit = screen_of(request), area_unit(reader)
    words = await words_of(connection, reader)
    of_firms = compiled(cql_of_collection(screen, "enterprises", unit), "enterprises", reader)
    try:
        found = await reading.diagrams(connection, reader, of_firms)
    except DBAPIError as error:
        raise _refused(error, reader, screen) from None
    return {
        "places": [
            {"collection": d.collection, "code": d.code, "name": words.pick(d.name, d.name_en) if d.code else words("map.no_town"),
             "n": d.n, "by": [[chain or "", n] for chain, n in d.by_chain], "lon": d.lon, "lat": d.lat, "box": d.box}
            for d in found
        ],
    }  # fmt: skip


@router.get("/list")
async def rows(request: Request, reader: ReaderDep, connection: Transaction) -> Response:
    """Rows of the list: GeoJSON features with `matched` and the `next` cursor; none in view says how many there are in all."""
    screen, unit, asked = screen_of(request), area_unit(reader), request.query_params
    await with_helpers(connection)
    try:
        found = await asking.rows(
            connection, reader, screen, unit, bbox=asked.get("bbox"), after=asked.get("cursor"), limit=asking.ROWS
        )
        whole = found.matched
        if not found.matched and asked.get("bbox"):
            whole = await asking.count(connection, reader, screen, unit)
    except DBAPIError as error:
        raise _refused(error, reader, screen) from None
    body = b'{"type":"FeatureCollection","features":[%b],' % found.text
    body += orjson.dumps({"matched": found.matched, "matched_all": whole, "next": found.next})[1:]
    return Response(body, media_type="application/geo+json", headers={"Cache-Control": "private, no-cache"})


@router.get("/tiles/{collection_id}/{z}/{row}/{col}")
async def filtered_tile(
    collection_id: str, z: int, row: int, col: int, request: Request, reader: ReaderDep
) -> Response:
    """A vector tile of what the filters take of a collection; the same form as the tiles under /ogc, made for this reader alone."""
    c = collection(collection_id, reader.actor.audience)
    check_address(z, row, col)
    screen = screen_of(request)
    condition = compiled(cql_of_collection(screen, c.id, area_unit(reader)), c.id, reader)
    try:
        async with acting(engine_of(request), reader.actor, request.app.state.api.tile_timeout_ms) as connection:
            body = await tile(connection, reader.actor, c, reader.county.code, z, row, col, condition)
    except DBAPIError as error:
        raise _refused(error, reader, screen) from None
    return Response(body or None, 200 if body else 204, {"Cache-Control": "private, max-age=30"}, MVT)


@router.get("/versions")
async def tile_versions(reader: ReaderDep, connection: Transaction) -> Response:
    """The present version of every collection's tiles, for `v` in their addresses; none for staff, whose tiles no cache may keep."""
    found = None if reader.is_staff else await versions(connection, reader.actor, reader.county.code)
    return Response(
        orjson.dumps({"versions": found}), media_type="application/json", headers={"Cache-Control": "no-store"}
    )


@router.get("/outline")
async def outline(reader: ReaderDep, connection: Transaction) -> Response:
    """The county's outline as GeoJSON, for a map that has no towns to draw as land."""
    made = await reading.outline_of(connection, reader.actor, reader.county.code)
    return Response(made, media_type="application/geo+json", headers={"Cache-Control": "public, no-cache"})


@router.get("/surroundings")
async def surroundings(reader: ReaderDep, connection: Transaction) -> Response:
    """The land and the waters around the county as GeoJSON (EPSG:4490): ground of the offline map."""
    around = await reading.surroundings_of(connection, reader.actor, reader.county.code)
    return Response(around, media_type="application/geo+json", headers={"Cache-Control": "public, max-age=3600"})
