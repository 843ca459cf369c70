"""/ogc/api: the API definition in OpenAPI 3.0, one path per collection with its queryables, as GDAL and OWSLib look for it.

/openapi.json (3.1) describes the whole service; this one describes /ogc to clients of the standard.
"""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import APIRouter, Request, Response

from api.deps import Reader, ReaderDep, known_parameters
from api.ogc.described import ITEM, ITEMS
from api.ogc.links import VARY, pick
from api.ogc.media import GEOJSON, JSON, JSONFG, MVT, SCHEMA
from api.ogc.parameters import OF_A_MOMENT, queryable
from api.ogc.schemas import TYPES
from api.openapi import PROBLEM
from geo.registry.collections import Collection, visible

MEDIA = "application/vnd.oai.openapi+json;version=3.0"
router = APIRouter(prefix="/ogc", tags=["OGC API"])


def _get(
    what: str, media: tuple[str, ...], parameters: list[dict[str, Any]] | None = None, tag: str = "ogc"
) -> dict[str, Any]:
    problem = {
        "description": "A problem (RFC 9457)",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    return {
        "get": {
            "summary": what,
            "tags": [tag],
            "parameters": [{"$ref": "#/components/parameters/county"}, {"$ref": "#/components/parameters/f"}, *(parameters or [])],
            "responses": {
                "200": {"description": "OK", "content": {kind: {"schema": {"type": "object"}} for kind in media}},
                "400": problem, "404": problem, "406": problem, "500": problem,
            },
        }
    }  # fmt: skip


def _path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _of_collection(c: Collection, reader: Reader) -> dict[str, Any]:
    at, title = f"/collections/{c.id}", pick(reader, c.zh, c.en)
    words = {name: c.word(name) for name in queryable(c, reader)}
    moments = OF_A_MOMENT if c.is_recorded else ()
    items = [p for p in ITEMS["parameters"] if p["name"] not in ("f", *OF_A_MOMENT) or p["name"] in moments]
    items += [
        {"name": name, "in": "query", "required": False, "description": pick(reader, word.zh, word.en), "schema": TYPES[word.type]}
        for name, word in words.items()
        if name not in moments
    ]  # fmt: skip
    one = [p for p in ITEM["parameters"] if p["name"] not in ("f", *OF_A_MOMENT) or p["name"] in moments]
    return {
        at: _get(title, (JSON,), tag=c.id),
        f"{at}/queryables": _get(pick(reader, "可查询的属性", "Queryables"), (SCHEMA,), tag=c.id),
        f"{at}/sortables": _get(pick(reader, "可排序的属性", "Sortables"), (SCHEMA,), tag=c.id),
        f"{at}/items": _get(pick(reader, "要素", "Features"), (GEOJSON, JSONFG), items, c.id),
        f"{at}/items/{{featureId}}": _get(pick(reader, "一个要素", "One feature"), (GEOJSON, JSONFG), [_path("featureId"), *one], c.id),
        f"{at}/tiles": _get(pick(reader, "瓦片集", "Tilesets"), (JSON,), tag=c.id),
        f"{at}/tiles/{{tileMatrixSetId}}": _get(pick(reader, "一个瓦片集", "One tileset"), (JSON,), [_path("tileMatrixSetId")], c.id),
        f"{at}/tiles/{{tileMatrixSetId}}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}": _get(
            pick(reader, "瓦片", "Tile"), (MVT,), [_path(n) for n in ("tileMatrixSetId", "tileMatrix", "tileRow", "tileCol")], c.id
        ),
    }  # fmt: skip


@router.get(
    "/api", response_class=Response, openapi_extra={"responses": {"200": {"description": "OK", "content": {MEDIA: {}}}}}
)
async def definition(request: Request, reader: ReaderDep) -> Response:
    """The definition for this reader: collections and queryables are those the reader may see."""
    known_parameters(request)
    paths = {
        "/": _get(pick(reader, "首页", "Landing page"), (JSON,)),
        "/conformance": _get(pick(reader, "符合的标准", "Conformance"), (JSON,)),
        "/collections": _get(pick(reader, "数据集合", "Collections"), (JSON,)),
        "/tileMatrixSets": _get(pick(reader, "瓦片矩阵集", "Tile matrix sets"), (JSON,)),
        "/tileMatrixSets/{tileMatrixSetId}": _get(
            pick(reader, "瓦片矩阵集", "Tile matrix set"), (JSON,), [_path("tileMatrixSetId")]
        ),
        "/catalogue": _get(pick(reader, "数据目录", "Catalogue"), (GEOJSON,)),
    }
    for c in visible(reader.actor.audience):
        paths |= _of_collection(c, reader)
    name = reader.county.name_en if reader.lang == "en" else reader.county.name
    document = {
        "openapi": "3.0.3",
        "info": {"title": f"{name} · 一张图 Yizhangtu", "version": request.app.version},
        "servers": [{"url": f"{reader.base}/ogc"}],
        "paths": paths,
        "components": {
            "parameters": {
                "county": {"name": "county", "in": "query", "required": False, "schema": {"type": "string", "default": reader.county.code}},
                "f": {"name": "f", "in": "query", "required": False, "schema": {"type": "string"}},
            },
            "schemas": {"Problem": {k: v for k, v in PROBLEM.items() if k != "properties"} | {"properties": _of_3_0(PROBLEM["properties"])}},
            "securitySchemes": {"basic": {"type": "http", "scheme": "basic"}, "token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{}, {"basic": []}, {"token": []}],
    }  # fmt: skip
    return Response(orjson.dumps(document), 200, {"Vary": VARY}, MEDIA)


def _of_3_0(properties: dict[str, Any]) -> dict[str, Any]:
    """Schemas without what OpenAPI 3.0 does not know (`examples`)."""
    return {name: {k: v for k, v in schema.items() if k != "examples"} for name, schema in properties.items()}
