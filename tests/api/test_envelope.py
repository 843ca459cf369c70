"""Around every request: its number, limits, refusals, and its one line in the log."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from structlog.testing import capture_logs

from tests.plugins.service import World, serving

pytestmark = pytest.mark.anyio
ITEMS = "/ogc/collections/parcels/items"
ROOT = Path(__file__).resolve().parents[2]


async def test_every_answer_carries_the_number_of_its_request(service: httpx.AsyncClient) -> None:
    for given, kept in (("desk-17", True), ("a b", False), ("x" * 65, False), ("", False)):
        answer = await service.get("/ogc/collections/nothing", headers={"X-Request-ID": given})
        assert (answer.headers["x-request-id"] == given) is kept
        assert answer.json()["request_id"] == answer.headers["x-request-id"] != ""


async def test_one_line_of_the_log_says_what_a_request_cost(service: httpx.AsyncClient) -> None:
    with capture_logs() as lines:
        await service.get(ITEMS, headers={"X-Request-ID": "costs"})
    (line,) = [entry for entry in lines if entry["event"] == "request"]
    assert line["route"] == "/ogc/collections/{collection_id}/items"
    assert line["status"] == 200
    assert 0 < line["sql_ms"] <= line["duration_ms"]
    assert line["rows"] >= 2
    assert line["statements"] >= 2


async def test_head_is_get_without_a_body(service: httpx.AsyncClient) -> None:
    head, get = await service.head("/ogc/conformance"), await service.get("/ogc/conformance")
    assert head.status_code == get.status_code == 200
    assert head.content == b""
    assert head.headers["content-length"] == get.headers["content-length"]


async def test_items_are_limited_and_tiles_are_not(world: World) -> None:
    async with serving(world, items_per_minute=3) as client:
        answers = [await client.get(ITEMS) for _ in range(4)]
        assert [a.status_code for a in answers] == [200, 200, 200, 429]
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 61
        assert answers[-1].json()["type"] == "/problems/too-many-requests"
        for _ in range(5):
            tile = await client.get("/ogc/collections/parcels/tiles/WebMercatorQuad/12/1695/3434")
            assert tile.status_code == 200


async def test_a_client_behind_a_declared_proxy_counts_as_itself(world: World) -> None:
    async def statuses(client: httpx.AsyncClient) -> list[int]:
        return [
            (await client.get(ITEMS, headers={"X-Forwarded-For": address})).status_code
            for address in ("203.0.113.1", "203.0.113.1", "203.0.113.2, 203.0.113.1", "203.0.113.2")
        ]

    async with serving(world, items_per_minute=2, trusted_proxies="127.0.0.0/8") as client:
        assert await statuses(client) == [200, 200, 429, 200]
    async with serving(world, items_per_minute=2) as client:  # nobody's word is believed
        assert await statuses(client) == [200, 200, 429, 429]


async def test_a_body_over_its_limit_is_refused_however_it_is_sent(
    world: World, bearer: dict[str, dict[str, str]]
) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b"x" * 1000

    async with serving(world, body_max_bytes=20_000) as client:
        for content in (b"x" * 40_000, pieces()):
            answer = await client.post("/v1/parcels/PUB/facts", content=content, headers=bearer["clerk"])
            assert answer.status_code == 413, answer.text
            assert answer.json()["max_bytes"] == 20_000


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "http://elsewhere.test"}, 403),
        ({"Origin": "http://yzt.test"}, 303),
        ({"Sec-Fetch-Site": "same-origin"}, 303),
    ],
)
async def test_another_site_cannot_log_somebody_in(
    service: httpx.AsyncClient, headers: dict[str, str], status: int
) -> None:
    answer = await service.post("/login", data={"username": "clerk", "password": "wrong"}, headers=headers)
    assert answer.status_code == status


async def test_a_page_of_every_problem_is_named_in_the_reader_s_language(service: httpx.AsyncClient) -> None:
    for lang, title in (("zh", "没有找到"), ("en", "Nothing found")):
        answer = await service.get(f"/nowhere?lang={lang}")
        assert (answer.status_code, answer.json()["title"]) == (404, title)
