"""/ogc: landing page and conformance."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.deps import ReaderDep, known_parameters
from api.ogc.conformance import CLASSES
from api.ogc.definition import MEDIA as OPENAPI
from api.ogc.described import DOCUMENT
from api.ogc.links import answer, link, pick
from api.ogc.media import GEOJSON, HTML

router = APIRouter(prefix="/ogc", tags=["OGC API"])
REL = "http://www.opengis.net/def/rel/ogc/1.0/"


@router.get("", response_class=Response, openapi_extra=DOCUMENT)
@router.get("/", include_in_schema=False)
async def landing(request: Request, reader: ReaderDep) -> Response:
    """Landing page."""
    known_parameters(request)
    links = [
        link(reader, "/ogc/api", "service-desc", OPENAPI, "OpenAPI"),
        {"href": f"{reader.base}/docs", "rel": "service-doc", "type": HTML, "title": pick(reader, "接口说明", "API documentation")},
        link(reader, "/ogc/conformance", "conformance", title=pick(reader, "符合的标准", "Conformance")),
        link(reader, "/ogc/conformance", f"{REL}conformance"),
        link(reader, "/ogc/collections", "data", title=pick(reader, "数据集合", "Collections")),
        link(reader, "/ogc/collections", f"{REL}data"),
        link(reader, "/ogc/catalogue", f"{REL}ogc-catalog", GEOJSON, pick(reader, "数据目录", "Catalogue")),
        link(reader, "/ogc/tileMatrixSets", f"{REL}tiling-schemes", title=pick(reader, "瓦片矩阵集", "Tile matrix sets")),
    ]  # fmt: skip
    document = {
        "title": pick(reader, f"{reader.county.name}一张图", f"{reader.county.name_en} · One map"),
        "description": pick(
            reader, "一个县的土地、厂房、楼宇、小镇、园区和项目，与地图同源", "Land, plants, offices, towns, parks and projects of a county: the same truth as the map"
        ),
        "links": links,
    }  # fmt: skip
    return await answer(request, reader, "landing", document)


@router.get("/conformance", response_class=Response, openapi_extra=DOCUMENT)
async def conformance(request: Request, reader: ReaderDep) -> Response:
    """Conformance classes that hold in full."""
    known_parameters(request)
    return await answer(request, reader, "conformance", {"conformsTo": CLASSES, "links": []})
