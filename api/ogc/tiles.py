"""/ogc/collections/{id}/tiles and /ogc/tileMatrixSets: vector tiles, what they are called and how they lie."""

from __future__ import annotations

import re
from typing import Any

from fastapi import APIRouter, Request, Response

from api.deps import Reader, ReaderDep, engine_of, known_parameters
from api.live.tile_answers import FOR_EVER, PRIVATE, PUBLIC
from api.live.tile_answers import answer as tile_answer
from api.live.tile_cache import Entry, Key, TileCache, scope_of
from api.live.tile_store import TileStore
from api.ogc.crs import CRS84, EPSG
from api.ogc.described import DOCUMENT, TILE, TILESET
from api.ogc.landing import REL
from api.ogc.links import answer, link, pick
from api.ogc.media import MVT, TILEJSON, Format
from api.ogc.schemas import TYPES
from api.ogc.tile_matrix_set import ID, TITLE, URI, document
from geo.clock import today
from geo.crs import TILE_SRID
from geo.errors import BadInput, NotFound, Problem
from geo.registry.collections import Collection, collection
from geo.tiles.queries import DATED, MAX_ZOOM, check_address, tile
from geo.tiles.store import Address, is_kept

router = APIRouter(prefix="/ogc", tags=["OGC API"])
VERSION = re.compile(r"[0-9a-f]{16}", re.ASCII)
CELL_FIELDS = {"n": ("数量", "Count", "integer"), "area_m2": ("面积", "Area", "number")}


@router.get("/tileMatrixSets", response_class=Response, openapi_extra=DOCUMENT)
async def tile_matrix_sets(request: Request, reader: ReaderDep) -> Response:
    """The tile matrix sets tiles are cut in."""
    known_parameters(request)
    one: dict[str, Any] = {"id": ID, "title": TITLE, "uri": URI, "crs": EPSG.format(TILE_SRID)}
    one["links"] = [link(reader, f"/ogc/tileMatrixSets/{ID}", f"{REL}tiling-scheme")]
    return await answer(request, reader, "tile_matrix_sets", {"tileMatrixSets": [one], "links": []})


@router.get("/tileMatrixSets/{set_id}", response_class=Response, openapi_extra=DOCUMENT)
async def tile_matrix_set(set_id: str, request: Request, reader: ReaderDep) -> Response:
    """One tile matrix set (OGC 17-083r4)."""
    known_parameters(request)
    _known_set(set_id)
    return await answer(request, reader, "tile_matrix_set", document(MAX_ZOOM))


def _known_set(set_id: str) -> None:
    if set_id != ID:
        raise NotFound.at(
            "tileMatrixSetId",
            Problem(zh=f"没有瓦片矩阵集“{set_id[:64]}”", en=f"there is no tile matrix set '{set_id[:64]}'"),
            Problem(zh=f"应为 {ID}", en=f"it is {ID}"),
        )


def _tileset(c: Collection, reader: Reader) -> dict[str, Any]:
    at = f"/ogc/collections/{c.id}/tiles/{ID}"
    west, south, east, north = reader.county.bounds
    return {
        "title": pick(reader, c.zh, c.en),
        "dataType": "vector",
        "crs": EPSG.format(TILE_SRID),
        "tileMatrixSetURI": URI,
        "tileMatrixSetId": ID,
        "boundingBox": {"lowerLeft": [west, south], "upperRight": [east, north], "crs": CRS84},
        "links": [
            {**link(reader, f"{at}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}", "item", MVT), "templated": True},
            link(reader, f"/ogc/tileMatrixSets/{ID}", f"{REL}tiling-scheme"),
        ],
    }


@router.get("/collections/{collection_id}/tiles", response_class=Response, openapi_extra=DOCUMENT)
async def tilesets(collection_id: str, request: Request, reader: ReaderDep) -> Response:
    """The tilesets of a collection."""
    known_parameters(request)
    c = collection(collection_id, reader.actor.audience)
    one = _tileset(c, reader)
    one["links"].insert(0, link(reader, f"/ogc/collections/{c.id}/tiles/{ID}", "self"))
    return await answer(request, reader, "tilesets", {"tilesets": [one], "links": []})


@router.get("/collections/{collection_id}/tiles/{set_id}", response_class=Response, openapi_extra=TILESET)
async def tileset(collection_id: str, set_id: str, request: Request, reader: ReaderDep) -> Response:
    """One tileset: OGC metadata, or TileJSON with `f=tilejson`."""
    known_parameters(request)
    c = collection(collection_id, reader.actor.audience)
    _known_set(set_id)
    made = _tileset(c, reader) | {"layers": _layers(c, reader)}
    if request.query_params.get("f") == "tilejson" or TILEJSON in request.headers.get("accept", ""):
        return await answer(request, reader, "tileset", _tilejson(c, reader), media=TILEJSON, also={"tilejson": Format("tilejson", TILEJSON)})  # fmt: skip
    return await answer(request, reader, "tileset", made, also={"tilejson": Format("tilejson", TILEJSON)})


def _layers(c: Collection, reader: Reader) -> list[dict[str, Any]]:
    properties = {}
    for name in c.tile_properties(reader.actor.audience):
        word = c.word(name)
        properties[name] = {"title": pick(reader, word.zh, word.en), **TYPES[word.type]}
    cells = {name: {"title": pick(reader, zh, en), **TYPES[kind]} for name, (zh, en, kind) in CELL_FIELDS.items()}
    return [
        {"id": c.id, "dataType": "vector", "propertiesSchema": {"type": "object", "properties": properties}},
        {"id": f"{c.id}_cells", "dataType": "vector", "geometryDimension": 2, "propertiesSchema": {"type": "object", "properties": cells}},
    ]  # fmt: skip


def _tilejson(c: Collection, reader: Reader) -> dict[str, Any]:
    at = f"{reader.base}/ogc/collections/{c.id}/tiles/{ID}/{{z}}/{{y}}/{{x}}?county={reader.county.code}"
    fields = {name: pick(reader, c.word(name).zh, c.word(name).en) for name in c.tile_properties(reader.actor.audience)}
    cells = {name: pick(reader, zh, en) for name, (zh, en, _) in CELL_FIELDS.items()}
    west, south, east, north = reader.county.bounds
    return {
        "tilejson": "3.0.0", "name": pick(reader, c.zh, c.en), "scheme": "xyz", "tiles": [at], "minzoom": 0, "maxzoom": MAX_ZOOM,
        "bounds": [west, south, east, north],
        "vector_layers": [{"id": c.id, "fields": fields}, {"id": f"{c.id}_cells", "fields": cells}],
    }  # fmt: skip


@router.get(
    "/collections/{collection_id}/tiles/WebMercatorQuad/{z}/{row}/{col}", response_class=Response, openapi_extra=TILE
)
async def one_tile(collection_id: str, z: int, row: int, col: int, request: Request, reader: ReaderDep) -> Response:
    """One vector tile: 204 when empty, 404 outside the matrix, 304 when the client has it. With `v`, the present version of the public's
    tiles, it may be kept for ever; any other `v` is answered as without it."""
    known_parameters(request, "v")
    c = collection(collection_id, reader.actor.audience)
    check_address(z, row, col)
    version = _version(request)
    cache: TileCache = request.app.state.tiles
    store: TileStore = request.app.state.tile_store
    engine, timeout_ms = engine_of(request), request.app.state.api.tile_timeout_ms
    day = today(reader.county.time_zone).isoformat() if c.id in DATED else ""
    key = Key(reader.county.code, c.id, z, row, col, scope_of(reader.actor, c.id), day)
    at = Address(reader.county.code, c, z, row, col)

    async def make() -> Entry:
        return await store.entry(
            engine, reader.actor, at, timeout_ms,
            lambda connection: tile(connection, reader.actor, c, reader.county.code, z, row, col),
        )  # fmt: skip

    entry = await cache.get(key, make)
    is_for_ever = (
        version is not None and not reader.is_staff and is_kept(c) and "county" in request.query_params
        and await store.is_current(engine, reader.actor, at, entry, version, timeout_ms)
    )  # fmt: skip
    address = (request.scope.get("raw_path") or request.scope["path"].encode(), request.scope["query_string"])
    cache.call(key, address, entry, is_for_ever=is_for_ever)
    status, headers, body = tile_answer(
        entry, cache.plain, accept_encoding=request.headers.get("accept-encoding", ""),
        if_none_match=request.headers.get("if-none-match", ""),
        keeping=PRIVATE if reader.is_staff else FOR_EVER if is_for_ever else PUBLIC,
    )  # fmt: skip
    return Response(body or None, status, headers)


def _version(request: Request) -> str | None:
    """The version an address names, None where it names none. Raises BadInput for what cannot be one."""
    given = request.query_params.get("v")
    if given is not None and not VERSION.fullmatch(given):
        raise BadInput.at("v", Problem(zh="v 不是我们给出的版本", en="v is not a version of ours"))
    return given
