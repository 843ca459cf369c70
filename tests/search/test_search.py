"""/v1/search: what is told of a hit, whom it is told, and that any text is answered or refused with words."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import make_url

from geo.db import PUBLIC, acting, async_engine
from geo.errors import BadInput
from geo.registry.search.queries import collections_asked, search
from geo.settings import GeoSettings
from ops.database import APP_ROLE
from tests.plugins.postgis import APP_PASSWORD

pytestmark = pytest.mark.anyio


async def ask(service: httpx.AsyncClient, headers: Mapping[str, str] | None = None, /, **query: Any) -> httpx.Response:
    return await service.get("/v1/search", params=query, headers=dict(headers or {}))


async def test_a_hit_says_what_it_is_why_and_where(service: httpx.AsyncClient) -> None:
    body = (await ask(service, q="shipu", limit=1)).json()
    (hit,) = body["results"]
    assert hit["title"] == {"zh": "镇乡街道", "en": "Towns"}
    assert (hit["name"], hit["name_en"], hit["state"]["code"]) == ("石浦镇", "Shipu", "town")
    assert hit["matched"] == {"text": "Shipu", "form": "name_en", "how": "exact", "span": [0, 5]}
    west, south, east, north = hit["bbox"]
    assert west < hit["point"][0] < east
    assert south < hit["point"][1] < north
    assert hit["href"] == "/admin_areas/330225101?county=330225"
    assert body["totals"]["admin_areas"] == 1


@pytest.mark.parametrize("kinds", ["parcels", "enterprises,transport", "parks", "park_works"])
async def test_two_letters_are_asked_of_any_kind(service: httpx.AsyncClient, kinds: str) -> None:
    for query in ("zz", "cd w1", "港"):
        answer = await ask(service, q=query, kinds=kinds)
        assert answer.status_code == 200, (query, kinds, answer.text)


async def test_the_works_of_a_park_are_found_with_their_state(service: httpx.AsyncClient) -> None:
    body = (await ask(service, q="cd w1", kinds="park_works", limit=5)).json()
    hit = body["results"][0]
    assert (hit["collection"], hit["code"], hit["matched"]["how"]) == ("park_works", "CD-W1", "exact")
    assert hit["state"]["list"] == "park_work_status"
    assert hit["href"] == "/park_works/CD-W1?county=330225"
    many = (await ask(service, q="供水管线", limit=50)).json()
    assert many["totals"].get("park_works", 0) > 5


@pytest.mark.parametrize(
    ("query", "text", "how", "shown"),
    [
        ("海晟", "示例·海晟新材料有限公司", "start", "海晟"),
        ("xingguang", "星光影视小镇", "pinyin", "星光"),
        ("cdgyy", "城东工业园", "initials", "城东工业园"),
        ("智能制造", "象保合作区智能制造园", "part", "智能制造"),
        ("lg01", "LG-01", "exact", "LG-01"),
        ("equipment park", "Lingang Equipment Park", "part", "Equipment Park"),
    ],
)
async def test_the_span_is_what_was_meant(
    service: httpx.AsyncClient, query: str, text: str, how: str, shown: str
) -> None:
    matched = (await ask(service, q=query, limit=1)).json()["results"][0]["matched"]
    start, end = matched["span"]
    assert (matched["text"], matched["how"], matched["text"][start:end]) == (text, how, shown)


async def test_what_can_be_had_comes_before_what_is_taken(service: httpx.AsyncClient) -> None:
    results = (await ask(service, q="城东工业", kinds="parcels", limit=50)).json()["results"]
    assert results[0]["town"]["zh"] in ("丹东街道", "爵溪街道")
    assert results[0]["state"]["zh"] == "挂牌中"
    states = [hit["state"]["code"] for hit in results]
    assert {"AVAILABLE", "IN_USE"} <= set(states)
    assert states.index("IN_USE") > len(states) - 1 - states[::-1].index("AVAILABLE")


async def test_the_same_question_has_the_same_answer(service: httpx.AsyncClient) -> None:
    first, second = [(await ask(service, q="地块", limit=50)).json() for _ in range(2)]
    assert first == second
    assert len(first["results"]) == 50


async def test_nothing_near_says_so_and_what_is_near_too(service: httpx.AsyncClient) -> None:
    assert (await ask(service, q="zzqqxxww")).json()["results"] == []
    body = (await ask(service, q="chengdonggongyeyaun")).json()
    assert body["is_similar"]
    assert body["results"][0]["code"] == "CD"


async def test_only_the_kinds_asked_for(service: httpx.AsyncClient) -> None:
    body = (await ask(service, q="石浦", kinds="parks,transport", limit=50)).json()
    assert {hit["collection"] for hit in body["results"]} == {"parks", "transport"} == set(body["totals"])


@pytest.mark.parametrize(
    ("query", "field"),
    [({}, "q"), ({"q": ""}, "q"), ({"q": " ·-— "}, "q"), ({"q": "石" * 101}, "q"), ({"q": "石浦", "limit": "x"}, "limit"),
     ({"q": "石浦", "kinds": "controls"}, "kinds"), ({"q": "石浦", "kinds": ","}, "kinds"), ({"q": "石浦", "page": "2"}, "page")],
)  # fmt: skip
async def test_what_cannot_be_asked_is_told_why(service: httpx.AsyncClient, query: dict[str, str], field: str) -> None:
    answer = await ask(service, **query)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == field


async def test_the_public_finds_no_talks_and_no_control_lines_and_does_not_count_them(
    service: httpx.AsyncClient, bureau: dict[str, str]
) -> None:
    everything = (await ask(service, bureau, q="海上风电叶片", limit=50)).json()
    public = (await ask(service, q="海上风电叶片", limit=50)).json()
    hidden = {hit["code"] for hit in everything["results"]} - {hit["code"] for hit in public["results"]}
    assert {"XM001", "XM015"} <= hidden, "in negotiation"
    assert public["totals"] == {"projects": len(public["results"])}
    for code in hidden:
        assert code not in {hit["code"] for hit in (await ask(service, q=code, limit=50)).json()["results"]}
    assert (await ask(service, q="永久基本农田")).json()["totals"] == {}
    assert (await ask(service, bureau, q="永久基本农田")).json()["totals"] == {"controls": 1}


@given(query=st.text(max_size=110) | st.sampled_from(["石浦", "%", "_", "\\", "'", "sp22"]).map(lambda part: part * 3))
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_answered_or_refused_and_shows_nothing_hidden(sample_url: str, query: str) -> None:
    app_url = make_url(sample_url).set(username=APP_ROLE, password=APP_PASSWORD).render_as_string(hide_password=False)

    async def run() -> None:
        engine = async_engine(GeoSettings(DATABASE_URL=app_url))
        try:
            async with acting(engine, PUBLIC, 5000) as connection:
                found = await search(connection, PUBLIC, "330225", query, 50, collections_asked(PUBLIC, None))
        finally:
            await engine.dispose()
        for hit in found.hits:
            assert hit.collection != "controls"
            assert hit.collection != "projects" or hit.state in (
                "SIGNED",
                "UNDER_CONSTRUCTION",
                "IN_PRODUCTION",
                "FULL_CAPACITY",
            )
            if hit.span is not None:
                assert 0 <= hit.span[0] < hit.span[1] <= len(hit.text)

    with suppress(BadInput):
        asyncio.run(run())
