"""Works of a park over HTTP: items, filters, tiles, the catalogue, the card in the drawer; and nothing of a park that is not published."""

from __future__ import annotations

import math
import re
from collections.abc import AsyncIterator

import httpx
import mapbox_vector_tile
import psycopg
import pytest

from tests.api.test_live_tiles import eventually
from tests.plugins.door import whole_service
from tests.plugins.service import COUNTY, World

pytestmark = pytest.mark.anyio
ITEMS = "/ogc/collections/park_works/items"
COLUMN = int((121.928 + 180) / 360 * 2**14)
ROW = int((1 - math.asinh(math.tan(math.radians(29.4875))) / math.pi) / 2 * 2**14)
TILE = f"/ogc/collections/park_works/tiles/WebMercatorQuad/14/{ROW}/{COLUMN}?county=330225"
NAME = '<b onmouseover="x()">主干路</b>'


@pytest.fixture(scope="module")
def built(world: World) -> World:
    """A published park with works in every state, one nobody dated or placed, and a park that is internal."""
    with psycopg.connect(world.owner_url, autocommit=True) as c:
        for code, state in (("PK", "published"), ("SECRET", "internal")):
            c.execute(
                "insert into register.park (county_code, code, name, name_en, kind, geom, publication_state, unit_code) values "
                "(%s, %s, '城东园', 'East Park', 'industrial_park', st_multi(st_makeenvelope(121.92, 29.48, 121.94, 29.5, 4490)), %s, 'U1')",
                [COUNTY, code, state],
            )
        for number, (code, park, planned, ended, begun, done) in enumerate(
            (
                ("DONE", "PK", "2020-01-01", "2021-01-01", "2020-01-01", "2021-02-01"),
                ("LATE", "PK", "2020-01-01", "2021-01-01", "2020-01-01", None),
                ("RUNS", "PK", "2020-01-01", "2990-01-01", "2020-01-01", None),
                ("SOON", "PK", "2990-01-01", None, None, None),
                ("BARE", "PK", None, None, None, None),
                ("HIDDEN", "SECRET", "2020-01-01", "2021-01-01", None, None),
            )
        ):
            x = 121.928 + number * 0.001
            place = None if code == "BARE" else f"SRID=4490;LINESTRING({x} 29.485,{x} 29.49)"
            c.execute(
                "insert into register.park_work (county_code, code, park_code, name, kind, planned_start_on, planned_end_on, started_on, "
                "finished_on, geom) values (%s, %s, %s, %s, 'road', %s, %s, %s, %s, %s)",
                [COUNTY, code, park, NAME, planned, ended, begun, done, place],
            )
    return world


@pytest.fixture
async def service(built: World) -> AsyncIterator[httpx.AsyncClient]:
    """The service with its pages, logged in as nobody; it listens for changes."""
    app = whole_service(built.app_url)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://yzt.test") as client,
    ):
        yield client


async def codes(service: httpx.AsyncClient, query: str = "", **more: object) -> set[str]:
    answer = await service.get(f"{ITEMS}?limit=100{query}", **more)  # type: ignore[arg-type]
    assert answer.status_code == 200, answer.text
    return {f["properties"]["code"] for f in answer.json()["features"]}


async def test_items_are_those_of_published_parks_and_can_be_filtered(
    built: World, service: httpx.AsyncClient, bearer: dict[str, dict[str, str]]
) -> None:
    assert await codes(service) == {"DONE", "LATE", "RUNS", "SOON", "BARE"}
    assert await codes(service, headers=bearer["leader"]) == {"DONE", "LATE", "RUNS", "SOON", "BARE", "HIDDEN"}
    assert await codes(service, "&filter=status in ('late','building')") == {"LATE", "RUNS"}
    assert await codes(service, "&filter=status is null") == {"BARE"}
    assert await codes(service, "&filter=planned_end_on < DATE('2022-01-01') and finished_on is null") == {"LATE"}
    assert await codes(service, "&bbox=121.9275,29.48,121.9295,29.5") == {"DONE", "LATE"}
    one = (await service.get(f"{ITEMS}/LATE")).json()
    assert one["properties"]["status"] == "late"
    assert one["properties"]["unit_code"] == "U1"
    assert one["properties"]["length_m"] == pytest.approx(554, abs=2)
    assert (await service.get(f"{ITEMS}/BARE")).json()["geometry"] is None
    assert (await service.get(f"{ITEMS}/HIDDEN")).status_code == 404
    assert await codes(service, "&filter=status='x''; drop table register.park_work--'") == set()
    assert (await service.get(f"{ITEMS}?filter=status='x'; drop table")).status_code == 400


async def test_a_tile_shows_states_and_follows_a_change_and_its_park(
    built: World, service: httpx.AsyncClient, bearer: dict[str, dict[str, str]]
) -> None:
    async def states(**more: object) -> dict[str, str | None]:
        answer = await service.get(TILE, **more)  # type: ignore[arg-type]
        layer = mapbox_vector_tile.decode(answer.content)["park_works"] if answer.content else {"features": []}
        return {f["properties"]["code"]: f["properties"].get("status") for f in layer["features"]}

    async def says(expected: dict[str, str]) -> bool:
        return await states() == expected

    public = {"DONE": "built", "LATE": "late", "RUNS": "building", "SOON": "planned"}
    assert await states() == public
    assert await states(headers=bearer["leader"]) == public | {"HIDDEN": "late"}
    with psycopg.connect(built.owner_url, autocommit=True) as c:
        c.execute("update register.park_work set finished_on = '2022-01-01' where code = 'LATE'")
        c.execute("update register.park set publication_state = 'published' where code = 'SECRET'")
    await eventually(lambda: says(public | {"LATE": "built", "HIDDEN": "late"}))
    with psycopg.connect(built.owner_url, autocommit=True) as c:
        c.execute("update register.park_work set finished_on = null where code = 'LATE'")
        c.execute("update register.park set publication_state = 'internal' where code = 'SECRET'")
    await eventually(lambda: says(public))


async def test_the_catalogue_says_whose_they_are(built: World, service: httpx.AsyncClient) -> None:
    found = (await service.get("/v1/catalogue/park_works")).json()
    assert found["row_count"] == 5
    assert [(o["code"], o["n"]) for o in found["owners"]] == [("U1", 5)]
    assert {p["name"] for p in found["properties"]} >= {"status", "planned_end_on", "length_m"}


@pytest.mark.parametrize(
    ("code", "lang", "said"),
    [
        ("DONE", "zh", ["道路", "已建成", "比计划晚 31 天完工", "2021-02-01", "城东园"]),
        ("LATE", "zh", ["逾期", "仍未登记完工", "未知"]),
        ("RUNS", "en", ["Road", "Being built", "2990-01-01", "East Park"]),
        ("BARE", "en", ["Unknown", "Where it lies is not registered"]),
    ],
)
async def test_the_card_tells_a_work_and_leads_to_its_park(
    built: World, service: httpx.AsyncClient, code: str, lang: str, said: list[str]
) -> None:
    answer = await service.get(f"/map/things/park_works/{code}?lang={lang}")
    assert answer.status_code == 200
    text = answer.text
    for words in said:
        assert words.lower() in text.lower(), words
    assert 'data-open-thing="parks:PK"' in text
    assert "<b onmouseover" not in text
    assert f'data-share="http://yzt.test/park_works/{code}?' in text


@pytest.mark.parametrize("door", ["/map/things/park_works", "/park_works"])
async def test_what_is_hidden_has_no_card_and_no_page(
    built: World, service: httpx.AsyncClient, bearer: dict[str, dict[str, str]], door: str
) -> None:
    hidden, absent = await service.get(f"{door}/HIDDEN"), await service.get(f"{door}/NOTHING")
    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert hidden.json()["title"] == absent.json()["title"]
    assert (await service.get(f"{door}/HIDDEN", headers=bearer["leader"])).status_code == 200
    assert (await service.get(f"{door}/DONE")).status_code == 200
    assert "onmouseover=" not in re.sub(r"&lt;b onmouseover=", "", (await service.get(f"{door}/BARE")).text)


async def test_a_park_s_page_leads_to_the_works_that_have_a_place(built: World, service: httpx.AsyncClient) -> None:
    page = (await service.get("/parks/PK?lang=en")).text
    drawer = (await service.get("/map/things/parks/PK?lang=en")).text
    for text in (page, drawer):
        assert "id=park_works%3ALATE" in text or "id=park_works:LATE" in text
        assert "park_works:BARE" not in text
    assert drawer.index("park_works:LATE") < drawer.index("park_works:RUNS")
    assert "onmouseover" not in re.sub(r"&lt;b onmouseover", "", page)
