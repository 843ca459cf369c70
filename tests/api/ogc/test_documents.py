"""The documents of /ogc: every link leads somewhere, formats are negotiated, nothing unknown is passed over."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.ogc.conformance import CLASSES

pytestmark = pytest.mark.anyio
FILE_TYPES = ("flatgeobuf", "geopackage", "csv")


def links(document: Any) -> list[dict[str, Any]]:
    """All links anywhere in a document."""
    if isinstance(document, dict):
        own = [document] if {"href", "rel"} <= document.keys() else []
        return own + [found for value in document.values() for found in links(value)]
    return [found for value in document for found in links(value)] if isinstance(document, list) else []


async def test_every_link_leads_to_what_it_says(service: httpx.AsyncClient) -> None:
    waiting, seen = ["/ogc"], set()
    while waiting:
        at = waiting.pop()
        if at in seen or "parcels_cells" in at:
            continue
        seen.add(at)
        response = await service.get(at)
        assert response.status_code == 200, (at, response.text)
        if "json" not in response.headers["content-type"] or "/ogc/api" in at:
            continue
        for link in links(response.json()):
            href = link["href"]
            if href.startswith("http://yzt.test"):
                href = href.removeprefix("http://yzt.test")
            assert href.startswith("/"), link
            if link.get("templated") or any(kind in link["type"] for kind in FILE_TYPES):
                continue
            if link["rel"] in ("service-doc", "describedby"):  # pages, which the browser tests look at
                continue
            assert "county=330225" in href or href.startswith(("/openapi", "/docs")), link
            answered = await service.get(href)
            assert answered.headers["content-type"].split(";")[0] == link["type"].split(";")[0], link
            if "/collections/parcels" in href or "/collections/" not in href:
                waiting.append(href)
    assert len(seen) > 12


async def test_the_landing_page_names_definition_conformance_and_data(service: httpx.AsyncClient) -> None:
    rels = {link["rel"] for link in (await service.get("/ogc")).json()["links"]}
    assert {"self", "service-desc", "service-doc", "conformance", "data"} <= rels
    assert tuple((await service.get("/ogc/conformance")).json()["conformsTo"]) == CLASSES


async def test_every_declared_class_has_its_line_in_the_readme() -> None:
    readme = (Path(__file__).parents[3] / "api" / "ogc" / "README.md").read_text(encoding="utf-8")
    for uri in CLASSES:
        standard, _, name = uri.removeprefix("http://www.opengis.net/spec/").partition("/conf/")
        assert f"| {standard} {name} |" in readme, uri


@pytest.mark.parametrize(
    ("accept", "status", "media"),
    [
        ("", 200, "application/geo+json"),
        ("*/*", 200, "application/geo+json"),
        ("application/json", 200, "application/geo+json"),
        ("application/vnd.ogc.fg+json", 200, "application/vnd.ogc.fg+json"),
        ("text/plain, application/json;q=0.2", 200, "application/geo+json"),
        ("application/geo+json;q=0, application/vnd.ogc.fg+json;q=0.1", 200, "application/vnd.ogc.fg+json"),
        ("image/png", 406, "application/problem+json"),
        ("application/geo+json;q=0", 406, "application/problem+json"),
    ],
)
async def test_accept_decides_where_f_does_not(service: httpx.AsyncClient, accept: str, status: int, media: str) -> None:  # fmt: skip
    response = await service.get("/ogc/collections/parcels/items", headers={"Accept": accept})
    assert (response.status_code, response.headers["content-type"].split(";")[0]) == (status, media)


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("/ogc?bbox=1,2,3,4", "bbox"), ("/ogc/conformance?x=1", "x"), ("/ogc/collections?limit=1", "limit"),
        ("/ogc/collections/parcels?y=1", "y"), ("/ogc/collections/parcels/queryables?z=1", "z"),
        ("/ogc/collections/parcels/items/PUB?bbox=1,2,3,4", "bbox"), ("/ogc/tileMatrixSets?q=1", "q"),
        ("/ogc/collections/parcels/tiles?q=1", "q"), ("/ogc?f=xml", "f"), ("/ogc/collections/parcels/items?f=kml", "f"),
        ("/ogc/collections/findings/items?known_at=2020-01-01T00:00:00Z", "known_at"),
    ],
)  # fmt: skip
async def test_an_unknown_parameter_or_format_is_named(
    service: httpx.AsyncClient, bearer: dict[str, dict[str, str]], path: str, parameter: str
) -> None:
    response = await service.get(path, headers=bearer["leader"])
    assert response.status_code == 400
    assert response.json()["errors"][0]["parameter"] == parameter


async def test_queryables_have_titles_types_units_and_words_in_both_languages(service: httpx.AsyncClient) -> None:
    zh, en = [(await service.get(f"/ogc/collections/parcels/queryables?lang={lang}")).json() for lang in ("zh", "en")]
    area = zh["properties"]["registered_area_m2"]
    assert (area["title"], area["type"], area["x-ogc-unit"]) == ("登记面积", "number", "m2")
    assert en["properties"]["registered_area_m2"]["title"] == "Registered area"
    assert en["properties"]["status"]["x-title"] == {"zh": "状态", "en": "Status"}
    assert {"const": "100102", "title": "Class 2 industrial"}.keys() == en["properties"]["land_use_code"]["oneOf"][
        0
    ].keys()
    assert zh["properties"]["geom"]["x-ogc-role"] == "primary-geometry"
    assert "contract_on" not in zh["properties"]
    sortable = (await service.get("/ogc/collections/parcels/sortables")).json()["properties"]
    assert "area_m2" in sortable
    assert "utilities" not in sortable


@pytest.mark.shared_data
async def test_the_tile_matrix_set_is_the_normative_one(service: httpx.AsyncClient, shared_data: Path) -> None:
    wanted = json.loads((shared_data / "tms" / "WebMercatorQuad.json").read_text())
    found = (await service.get("/ogc/tileMatrixSets/WebMercatorQuad")).json()
    assert {k: found[k] for k in ("id", "uri", "crs", "orderedAxes", "wellKnownScaleSet")} == {
        k: wanted[k] for k in ("id", "uri", "crs", "orderedAxes", "wellKnownScaleSet")
    }
    for mine, theirs in zip(found["tileMatrices"], wanted["tileMatrices"], strict=False):
        for key, value in theirs.items():
            assert mine[key] == (pytest.approx(value, rel=1e-9) if not isinstance(value, str) else value), (
                mine["id"],
                key,
            )
    assert (await service.get("/ogc/tileMatrixSets/WorldCRS84Quad")).status_code == 404


async def test_tilesets_lead_to_tiles_and_tilejson(service: httpx.AsyncClient) -> None:
    listed = (await service.get("/ogc/collections/parcels/tiles")).json()["tilesets"][0]
    assert listed["dataType"] == "vector"
    template = next(link["href"] for link in listed["links"] if link["rel"] == "item")
    address = template.replace("{tileMatrix}", "12").replace("{tileRow}", "1695").replace("{tileCol}", "3434")
    assert (await service.get(address)).headers["content-type"] == "application/vnd.mapbox-vector-tile"
    tilejson = (await service.get("/ogc/collections/parcels/tiles/WebMercatorQuad?f=tilejson")).json()
    assert tilejson["tilejson"] == "3.0.0"
    assert [layer["id"] for layer in tilejson["vector_layers"]] == ["parcels", "parcels_cells"]
    direct = tilejson["tiles"][0].replace("{z}", "12").replace("{y}", "1695").replace("{x}", "3434")
    assert (await service.get(direct)).status_code == 200
