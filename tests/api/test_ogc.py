"""The read API as a client sees it: who sees what, paging, tiles, ETags, and bad input."""

from __future__ import annotations

import httpx
import mapbox_vector_tile
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.anyio
TILE = "/ogc/collections/parcels/tiles/WebMercatorQuad/12/1695/3434"


async def codes(client: httpx.AsyncClient, path: str, **headers: str) -> list[str]:
    response = await client.get(path, headers=headers)
    assert response.status_code == 200, response.text
    return [f["id"] for f in response.json()["features"]]


async def test_the_public_sees_published_parcels_and_staff_all(
    service: httpx.AsyncClient, bearer: dict[str, dict[str, str]]
) -> None:
    assert await codes(service, "/ogc/collections/parcels/items") == ["PUB", "TWO"]
    assert await codes(service, "/ogc/collections/parcels/items", **bearer["leader"]) == ["INT", "PUB", "TWO"]
    assert (await service.get("/ogc/collections/parcels/items/INT")).status_code == 404
    assert (await service.get("/ogc/collections/parcels/items/INT", headers=bearer["clerk"])).status_code == 200


@pytest.mark.parametrize("collection", ["controls", "findings"])
async def test_staff_collections_are_absent_for_the_public(
    service: httpx.AsyncClient, bearer: dict[str, dict[str, str]], collection: str
) -> None:
    listed = [c["id"] for c in (await service.get("/ogc/collections")).json()["collections"]]
    assert collection not in listed
    assert len(listed) == 10
    for path in ("", "/items", "/tiles/WebMercatorQuad", "/tiles/WebMercatorQuad/5/13/26"):
        assert (await service.get(f"/ogc/collections/{collection}{path}")).status_code == 404
    assert (await service.get(f"/ogc/collections/{collection}/items", headers=bearer["leader"])).status_code == 200


async def test_no_staff_property_leaves_to_the_public(service: httpx.AsyncClient) -> None:
    feature = (await service.get("/ogc/collections/parcels/items/PUB")).json()
    assert (
        feature["properties"]
        .keys()
        .isdisjoint({"contract_on", "flag", "publication_state", "extra", "updated_by", "land_price_wan_cny"})
    )
    assert feature["properties"]["land_use_code"] == "100102"


async def test_pages_neither_lose_nor_repeat(service: httpx.AsyncClient, bearer: dict[str, dict[str, str]]) -> None:
    found, path = [], "/ogc/collections/parcels/items?limit=1"
    while path:
        page = (await service.get(path, headers=bearer["leader"])).json()
        assert page["numberMatched"] == 3
        found += [f["id"] for f in page["features"]]
        path = next((link["href"] for link in page["links"] if link["rel"] == "next"), "")
    assert found == ["INT", "PUB", "TWO"]


async def test_bbox_and_property_filters(service: httpx.AsyncClient) -> None:
    assert await codes(service, "/ogc/collections/parcels/items?bbox=121.879,29.5,121.885,29.7") == ["PUB"]
    assert await codes(service, "/ogc/collections/parcels/items?unit_code=U2") == ["TWO"]
    assert await codes(service, "/ogc/collections/parcels/items?bbox=170,-10,-170,10") == []


async def test_etag_answers_304_until_the_thing_changes(service: httpx.AsyncClient) -> None:
    first = await service.get("/ogc/collections/parcels/items/PUB")
    assert first.headers["etag"].startswith('"PUB-')
    again = await service.get("/ogc/collections/parcels/items/PUB", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304


async def test_a_tile_holds_what_its_reader_may_see(
    service: httpx.AsyncClient, bearer: dict[str, dict[str, str]]
) -> None:
    public = await service.get(TILE)
    assert public.status_code == 200
    layer = mapbox_vector_tile.decode(public.content)["parcels"]
    assert {f["properties"]["code"] for f in layer["features"]} == {"PUB", "TWO"}
    assert layer["extent"] == 4096
    assert all("flag" not in f["properties"] and isinstance(f["id"], int) for f in layer["features"])
    staff = await service.get(TILE, headers=bearer["leader"])
    assert {f["properties"]["code"] for f in mapbox_vector_tile.decode(staff.content)["parcels"]["features"]} == {
        "PUB",
        "INT",
        "TWO",
    }
    assert staff.headers["cache-control"].startswith("private")
    assert (await service.get(TILE, headers={"If-None-Match": public.headers["etag"]})).status_code == 304
    assert (await service.get("/ogc/collections/parcels/tiles/WebMercatorQuad/14/1/1")).status_code == 204


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/ogc/collections/parcels/tiles/WebMercatorQuad/2/4/0", 404),
        ("/ogc/collections/parcels/tiles/WebMercatorQuad/99/0/0", 404),
        ("/ogc/collections/parcels/tiles/WebMercatorQuad/a/b/c", 400),
        ("/ogc/collections/nothing/items", 404),
        ("/ogc/collections/parcels/items?county=nowhere", 404),
        ("/ogc/collections/parcels/items?bbox=1,2,3", 400),
        ("/ogc/collections/parcels/items?bbox=121,30,122,28", 400),
        ("/ogc/collections/parcels/items?bbox=nan,1,2,3", 400),
        ("/ogc/collections/parcels/items?limit=0", 400),
        ("/ogc/collections/parcels/items?limit=-1", 400),
        ("/ogc/collections/parcels/items?colour=red", 400),
        ("/ogc/collections/parcels/items?area_m2=big", 400),
        ("/ogc/collections/parcels/items?cursor=abc", 400),
        ("/ogc/collections/parcels/items?name=%00", 400),
        ("/ogc/collections/parcels/items/' or 1=1 --", 404),
        ("/v1/parcels/PUB/findings", 401),
        ("/v1/me", 401),
        ("/v1/nothing", 404),
    ],
)
async def test_bad_input_is_a_clear_problem(service: httpx.AsyncClient, path: str, status: int) -> None:
    response = await service.get(path)
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert body["type"].startswith("/problems/")
    assert body["request_id"] == response.headers["x-request-id"]


async def test_a_problem_speaks_the_readers_language(service: httpx.AsyncClient) -> None:
    zh = (await service.get("/ogc/collections/parcels/items?limit=0")).json()
    en = (await service.get("/ogc/collections/parcels/items?limit=0", headers={"Accept-Language": "en"})).json()
    assert zh["errors"][0]["detail"] == "limit 应为正整数"
    assert en["errors"][0]["detail"] == "limit must be a positive whole number"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(["bbox", "limit", "cursor", "county", "lang", "area_m2", "updated_at", "code", "is_sample"]),
    value=st.text(max_size=40),
)
async def test_no_query_gives_a_server_error(service: httpx.AsyncClient, name: str, value: str) -> None:
    response = await service.get("/ogc/collections/parcels/items", params={name: value})
    assert response.status_code < 500, (name, value)
