"""/ogc: landing, conformance, collections, items, single item, tiles."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import quote, urlencode

import orjson
from fastapi import APIRouter, Request, Response
from isal import igzip

from api.deps import Reader, ReaderDep, Transaction, engine_of, etag, known_parameters, parse_bbox, parse_limit
from api.ogc import cursor as cursors
from geo.db import acting
from geo.errors import BadInput, Problem
from geo.registry import queries
from geo.registry.collections import Collection, collection, visible
from geo.tiles.queries import MAX_ZOOM, check_address, tile

router = APIRouter(prefix="/ogc", tags=["OGC API"])
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
CONFORMS_TO = (
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
)
"""Only what is whole here; tiles and filters are declared when their classes are."""

GEOJSON, MVT = "application/geo+json", "application/vnd.mapbox-vector-tile"
GZIP_LEVEL = 2


def link(reader: Reader, path: str, rel: str, media: str = "application/json", **query: str) -> dict[str, str]:
    """A link on this server that keeps the county."""
    return {"href": f"{path}?{urlencode({'county': reader.county.code} | query)}", "rel": rel, "type": media}


def answer(data: Any, media: str = "application/json", **headers: str) -> Response:
    """JSON that a proxy must not share between readers."""
    return Response(
        orjson.dumps(data, default=str), 200, {"Vary": "Cookie, Authorization, Accept-Language", **headers}, media
    )


@router.get("")
@router.get("/", include_in_schema=False)
async def landing(reader: ReaderDep) -> Response:
    """Landing page."""
    links = [
        link(reader, "/ogc", "self"),
        {"href": "/openapi.json", "rel": "service-desc", "type": "application/vnd.oai.openapi+json;version=3.1"},
        link(reader, "/ogc/conformance", "conformance"),
        link(reader, "/ogc/collections", "data"),
    ]
    name = reader.county.name_en if reader.lang == "en" else reader.county.name
    return answer(
        {
            "title": f"{name} · 一张图",
            "description": "Land, plants, offices, parks and projects of a county",
            "links": links,
        }
    )


@router.get("/conformance")
async def conformance() -> Response:
    """Conformance classes that hold in full."""
    return answer({"conformsTo": CONFORMS_TO})


def describe(c: Collection, reader: Reader) -> dict[str, Any]:
    """A collection's metadata in the reader's language."""
    at = f"/ogc/collections/{c.id}"
    return {
        "id": c.id,
        "title": c.en if reader.lang == "en" else c.zh,
        "extent": {"spatial": {"bbox": [list(reader.county.bounds)], "crs": CRS84}},
        "itemType": "feature",
        "crs": [CRS84],
        "links": [
            link(reader, at, "self"),
            link(reader, f"{at}/items", "items", GEOJSON),
            link(reader, f"{at}/tiles/WebMercatorQuad", "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"),
        ],
    }


@router.get("/collections")
async def collections(reader: ReaderDep) -> Response:
    """Collections the reader may see."""
    shown = [describe(c, reader) for c in visible(reader.actor.audience)]
    return answer({"collections": shown, "links": [link(reader, "/ogc/collections", "self")]})


@router.get("/collections/{collection_id}")
async def one_collection(collection_id: str, reader: ReaderDep) -> Response:
    """One collection."""
    return answer(describe(collection(collection_id, reader.actor.audience), reader))


def typed_filters(request: Request, c: Collection, reader: Reader) -> dict[str, Any]:
    """`property=value` filters, typed by the property's name; raises BadInput for a value that cannot be."""
    out: dict[str, Any] = {}
    for name in c.properties(reader.actor.audience):
        if name not in request.query_params or name in (
            "leading_industries",
            "utilities",
            "missing",
            "basis",
            "valid_during",
        ):
            continue
        text = request.query_params[name]
        expected = Problem(zh=f"{name} 的值", en=f"a value of {name}")
        try:
            if name.startswith(("is_", "needs_")) or name == "price_negotiable":
                out[name] = {"true": True, "false": False}[text.lower()]
            elif name.endswith("_on") or name in ("data_date", "as_of"):
                out[name] = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
            elif name == "updated_at":
                out[name] = datetime.fromisoformat(text)
            elif name.endswith(("_m2", "_m", "_pct", "_cny", "_mu", "_min", "_max", "_kva", "_t", "_month", "_day")) or name in (
                "version", "storeys", "source_srid", "rule_version", "parking_spaces", "built_year", "planned_jobs"):  # fmt: skip
                number = Decimal(text)
                if not number.is_finite() or abs(number) > Decimal(10) ** 15:
                    raise ValueError(text)
                out[name] = number
            elif "\x00" in text:
                raise ValueError(text)
            else:
                out[name] = text
        except (KeyError, ValueError, InvalidOperation):
            raise BadInput.at(
                name, Problem(zh=f"“{text[:64]}”不是{expected.zh}", en=f"'{text[:64]}' is not {expected.en}"), expected
            ) from None
    return out


@router.get("/collections/{collection_id}/items")
async def items(collection_id: str, request: Request, reader: ReaderDep, connection: Transaction) -> Response:
    """Features in order of code: `bbox`, `limit`, `cursor`, and `property=value`."""
    c = collection(collection_id, reader.actor.audience)
    known_parameters(request, "bbox", "limit", "cursor", *c.properties(reader.actor.audience))
    asked = request.query_params
    limit = parse_limit(asked.get("limit"))
    bbox = parse_bbox(asked["bbox"]) if "bbox" in asked else None
    equal = typed_filters(request, c, reader)
    query = (
        "&".join(
            f"{k}={v}" for k, v in sorted(asked.multi_items()) if k not in ("cursor", "limit", "lang", "f", "county")
        )
        + c.id
        + reader.county.code
    )
    after = cursors.read(asked["cursor"], query) if "cursor" in asked else None
    page = await queries.items(
        connection, reader.actor, c, reader.county.code, limit=limit, bbox=bbox, equal=equal, after=after
    )
    at = f"/ogc/collections/{c.id}/items"
    kept = {k: v for k, v in asked.items() if k not in ("cursor", "county")}
    links = [link(reader, at, "self", GEOJSON, **kept), link(reader, f"/ogc/collections/{c.id}", "collection")]
    if page.next_after is not None:
        links.append(link(reader, at, "next", GEOJSON, **kept, cursor=cursors.write(page.next_after, query)))
    head: dict[str, Any] = {"type": "FeatureCollection", "numberReturned": len(page.features)}
    if page.number_matched is not None:
        head["numberMatched"] = page.number_matched
    head |= {"timeStamp": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"), "links": links}
    body = orjson.dumps(head)[:-1] + b',"features":[' + ",".join(page.features).encode() + b"]}"
    return Response(body, 200, {"Content-Crs": f"<{CRS84}>", "Vary": "Cookie, Authorization"}, GEOJSON)


@router.get("/collections/{collection_id}/items/{code}")
async def one_item(
    collection_id: str, code: str, request: Request, reader: ReaderDep, connection: Transaction
) -> Response:
    """One feature, with a strong ETag."""
    known_parameters(request)
    found = await queries.item(connection, reader.actor, collection_id, reader.county.code, code)
    tag = etag(found.code, found.version)
    headers = {"ETag": tag, "Vary": "Cookie, Authorization", "Content-Crs": f"<{CRS84}>"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(None, 304, headers)
    feature = orjson.loads(found.feature)
    at = f"/ogc/collections/{collection_id}"
    feature["links"] = [link(reader, f"{at}/items/{quote(code)}", "self", GEOJSON), link(reader, at, "collection")]
    return Response(orjson.dumps(feature), 200, headers, GEOJSON)


@router.get("/collections/{collection_id}/tiles/WebMercatorQuad")
async def tilejson(collection_id: str, request: Request, reader: ReaderDep) -> Response:
    """TileJSON of a collection's tiles."""
    c = collection(collection_id, reader.actor.audience)
    at = f"/ogc/collections/{c.id}/tiles/WebMercatorQuad/{{z}}/{{y}}/{{x}}?county={reader.county.code}"
    fields = {
        name: (c.word(name).en if reader.lang == "en" else c.word(name).zh)
        for name in c.tile_properties(reader.actor.audience)
    }
    layers = [{"id": c.id, "fields": fields}, {"id": f"{c.id}_cells", "fields": {"n": "count", "area_m2": "m2"}}]
    return answer({"tilejson": "3.0.0", "name": c.id, "tiles": [at], "minzoom": 0, "maxzoom": MAX_ZOOM,
                   "bounds": list(reader.county.bounds), "vector_layers": layers})  # fmt: skip


@router.get("/collections/{collection_id}/tiles/WebMercatorQuad/{z}/{row}/{col}")
async def one_tile(collection_id: str, z: int, row: int, col: int, request: Request, reader: ReaderDep) -> Response:
    """One vector tile: 204 when empty, 404 outside the matrix, 304 when the client has it."""
    c = collection(collection_id, reader.actor.audience)
    check_address(z, row, col)
    async with acting(engine_of(request), reader.actor, request.app.state.api.tile_timeout_ms) as connection:
        body = await tile(connection, reader.actor, c, reader.county.code, z, row, col)
    scope = "private" if reader.is_staff else "public"
    headers = {"Cache-Control": f"{scope}, no-cache", "Vary": "Accept-Encoding, Cookie, Authorization"}
    if not body:
        return Response(None, 204, headers)
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers["ETag"] = tag
    if tag in request.headers.get("if-none-match", ""):
        return Response(None, 304, headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        body = igzip.compress(body, GZIP_LEVEL)
    return Response(body, 200, headers, MVT)
