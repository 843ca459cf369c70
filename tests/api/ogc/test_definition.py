"""/ogc/api is OpenAPI 3.0 that names, for each collection, what it can be asked; for each reader what that reader may see."""

from __future__ import annotations

import re

import httpx
import pytest

pytestmark = pytest.mark.anyio
PLACE = re.compile(r"{(\w+)}")


async def test_each_path_declares_its_places_and_is_served(service: httpx.AsyncClient) -> None:
    response = await service.get("/ogc/api")
    assert response.headers["content-type"] == "application/vnd.oai.openapi+json;version=3.0"
    document = response.json()
    assert document["openapi"].startswith("3.0.")
    assert document["servers"] == [{"url": "http://yzt.test/ogc"}]
    filled = {
        "featureId": "PUB",
        "tileMatrixSetId": "WebMercatorQuad",
        "tileMatrix": "12",
        "tileRow": "1695",
        "tileCol": "3434",
    }
    for path, methods in document["paths"].items():
        parameters = methods["get"]["parameters"]
        names = [p["name"] for p in parameters if p.get("in") == "path"]
        assert names == PLACE.findall(path), path
        for parameter in parameters:
            if "$ref" in parameter:
                section, name = parameter["$ref"].removeprefix("#/components/").split("/")
                assert name in document["components"][section]
        if "parcels" in path or "/collections/" not in path:
            answered = await service.get("/ogc" + PLACE.sub(lambda m: filled[m[1]], path))
            assert answered.status_code == 200, path
            kind = answered.headers["content-type"].split(";")[0]
            assert kind in methods["get"]["responses"]["200"]["content"], (path, kind)


async def test_every_parameter_named_is_taken_and_no_other(service: httpx.AsyncClient) -> None:
    items = (await service.get("/ogc/api")).json()["paths"]["/collections/parcels/items"]["get"]
    names = {p["name"] for p in items["parameters"] if "name" in p}
    assert {
        "bbox",
        "bbox-crs",
        "crs",
        "datetime",
        "limit",
        "filter",
        "filter-lang",
        "sortby",
        "as_of",
        "known_at",
        "status",
        "far_min",
    } <= names
    assert "contract_on" not in names
    for name in names:
        refused = await service.get("/ogc/collections/parcels/items", params={name: "\u00a7"})
        complaint = refused.json().get("errors", [{}])[0].get("detail", "")
        assert "there is no parameter" not in complaint
        assert "没有参数" not in complaint


async def test_staff_see_their_collections_and_properties(service: httpx.AsyncClient, bearer: dict[str, dict[str, str]]) -> None:  # fmt: skip
    public = (await service.get("/ogc/api")).json()["paths"]
    staff = (await service.get("/ogc/api", headers=bearer["leader"])).json()["paths"]
    assert "/collections/findings/items" in staff.keys() - public.keys()
    names = {p.get("name") for p in staff["/collections/parcels/items"]["get"]["parameters"]}
    assert "contract_on" in names
    moments = {p.get("name") for p in staff["/collections/findings/items"]["get"]["parameters"]}
    assert "known_at" not in moments
