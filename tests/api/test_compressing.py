"""Who is nobody gets pages and map answers compressed; secrets, machines and streams go out as they are."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.plugins.door import whole_service
from tests.plugins.service import World

pytestmark = pytest.mark.anyio
GZIP = {"Accept-Encoding": "gzip"}


@pytest.fixture
async def door(world: World) -> AsyncIterator[httpx.AsyncClient]:
    app = whole_service(world.app_url)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://yzt.test") as c,
    ):
        yield c


@pytest.mark.parametrize("path", ["/", "/parcels/PUB", "/rules", "/catalogue"])
async def test_the_public_gets_fewer_bytes_of_the_same(door: httpx.AsyncClient, path: str) -> None:
    packed = await door.get(path, headers=GZIP)
    plain = await door.get(path, headers={"Accept-Encoding": "gzip;q=0, identity"})
    assert (packed.status_code, packed.headers.get("content-encoding")) == (200, "gzip")
    assert "accept-encoding" in packed.headers["vary"].lower()
    assert "content-encoding" not in plain.headers
    assert len(packed.text) == len(plain.text)
    assert int(packed.headers["content-length"]) < len(plain.content) / 2


async def test_secrets_and_strong_tags_go_out_as_they_are(
    door: httpx.AsyncClient, bearer: dict[str, dict[str, str]]
) -> None:
    for path in (
        "/ogc/collections/parcels/items",
        "/ogc/collections/parcels/items/PUB",
        "/v1/rules",
        "/login",
        "/health/ready",
    ):
        assert "content-encoding" not in (await door.get(path, headers=GZIP)).headers, path
    assert "content-encoding" not in (await door.get("/", headers=GZIP | bearer["clerk"])).headers
    await door.post("/login", data={"username": "clerk", "password": "clerk-password-1"})
    page = await door.get("/", headers=GZIP)
    assert "clerk" in page.text
    assert "content-encoding" not in page.headers
