"""Public features are kept by version: a change of anything shows at once, to everyone and in every worker."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from typing import Any

import httpx
import psycopg
import pytest
import shapely
from pyproj import Transformer
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from geo.db import PUBLIC, acting, async_engine
from geo.registry.collections import COLLECTIONS
from geo.registry.feature_cache import FeatureCache
from geo.registry.feature_pages import page
from geo.registry.features import FeatureQuery, Moment, Page
from geo.registry.kept_pages import KeptPage, KeptPages, reach_of
from geo.settings import GeoSettings
from tests.plugins.service import COUNTY, World, serving

pytestmark = pytest.mark.anyio
AT = "/ogc/collections/parcels/items"
QUERIES = (
    "",
    "?properties=name,status",
    "?properties=status,name",
    "?crs=http://www.opengis.net/def/crs/EPSG/0/4490",
    "?f=jsonfg",
    "?limit=1",
    "?sortby=-code",
    "?bbox=121.8,29,121.9,30",
    "?bbox=121.8,29,121.9,30&limit=1",
    "?filter=land_use_code='100102'",
)
"""Asked one after the other, so that what one form of a row says would show in another."""


async def features(client: httpx.AsyncClient, **headers: str) -> dict[str, dict[str, Any]]:
    """Whole, and by a box three times: asked, asked again and kept, answered from what is kept."""
    found = (await client.get(AT, headers=headers)).json()["features"]
    for _ in range(3):
        boxed = (await client.get(f"{AT}?bbox=121,28,123,30", headers=headers)).json()
        assert boxed["features"] == found
        assert boxed["numberMatched"] == len(found)
    return {feature["id"]: feature for feature in found}


async def test_every_kind_of_change_shows_at_once(world: World, bearer: dict[str, dict[str, str]]) -> None:
    async with serving(world) as one, serving(world) as two:
        for client in (one, two):
            assert set(await features(client)) == {"PUB", "TWO"}
        with psycopg.connect(world.owner_url, autocommit=True) as c:
            c.execute("update register.parcel set name = '改名' where code = 'PUB'")
            for client in (one, two):
                assert (await features(client))["PUB"]["properties"]["name"] == "改名"
            c.execute(
                "insert into register.fact (county_code, subject_kind, subject_id, kind, value_text, effective_on) "
                "select %s, 'parcel', id, 'status', 'AVAILABLE', '2020-01-01' from register.parcel where code = 'PUB'",
                [COUNTY],
            )
            for client in (one, two):
                assert (await features(client))["PUB"]["properties"]["status"] == "AVAILABLE"
            before = (await features(one))["PUB"]["geometry"]
            c.execute("update register.parcel set geom = st_translate(geom, 0.01, 0) where code = 'PUB'")
            for client in (one, two):
                assert (await features(client))["PUB"]["geometry"] != before
            c.execute("update register.parcel set publication_state = 'withdrawn' where code = 'PUB'")
            for client in (one, two):
                assert set(await features(client)) == {"TWO"}
            c.execute("update register.parcel set publication_state = 'published' where code = 'PUB'")
            assert set(await features(one)) == {"PUB", "TWO"}


async def test_what_is_kept_is_what_would_be_made(world: World) -> None:
    async with serving(world, item_cache_bytes=0) as fresh, serving(world) as kept:
        for query in QUERIES:
            first, again, made = [(await client.get(AT + query)).json() for client in (kept, kept, fresh)]
            for page in (first, again, made):
                page.pop("timeStamp")
            assert first == again == made, query
            assert first["features"], query


async def test_staff_are_told_what_holds_now(world: World, bearer: dict[str, dict[str, str]]) -> None:
    async with serving(world) as client:
        assert set(await features(client)) < set(await features(client, **bearer["leader"]))
        assert "publication_state" in (await features(client, **bearer["leader"]))["TWO"]["properties"]
        assert "publication_state" not in (await features(client))["TWO"]["properties"]


BOX = (121.0, 28.0, 123.0, 30.0)


@pytest.fixture
async def engine(world: World) -> AsyncIterator[AsyncEngine]:
    made = async_engine(GeoSettings(DATABASE_URL=world.app_url))  # type: ignore[call-arg]
    yield made
    await made.dispose()


@pytest.fixture
def said(engine: AsyncEngine) -> list[str]:
    """Statements that were sent."""
    sent: list[str] = []

    @event.listens_for(engine.sync_engine, "before_cursor_execute")
    def _(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        sent.append(statement)

    return sent


def boxed(box: tuple[float, float, float, float] = BOX, **more: Any) -> FeatureQuery:
    return FeatureQuery(COLLECTIONS["parcels"], COUNTY, shapely.box(*box).wkb, box, **more)


async def asked(engine: AsyncEngine, kept: FeatureCache, query: FeatureQuery) -> bytes:
    async with acting(engine, PUBLIC, 10_000) as connection:
        return (await page(connection, PUBLIC, query, 10, None, kept)).text


async def test_which_rows_match_is_not_asked_again_until_something_changes_there(
    world: World, engine: AsyncEngine, said: list[str]
) -> None:
    kept, query = FeatureCache(10_000_000), boxed()
    for _ in range(2):
        first = await asked(engine, kept, query)
    said.clear()
    assert await asked(engine, kept, query) == first
    assert not [s for s in said if "string_agg" in s]
    assert [s for s in said if "place_state" in s]
    with psycopg.connect(world.owner_url, autocommit=True) as c:
        c.execute("update register.parcel set name = '再改名' where code = 'TWO'")
    assert await asked(engine, kept, query) != first
    assert [s for s in said if "string_agg" in s]


async def test_what_is_not_committed_when_a_page_is_kept_still_counts_as_a_change(
    world: World, engine: AsyncEngine
) -> None:
    kept, query = FeatureCache(10_000_000), boxed()
    with psycopg.connect(world.owner_url) as writer:
        writer.execute("update register.parcel set name = '迟到' where code = 'TWO'")
        for _ in range(3):
            before = await asked(engine, kept, query)
        writer.commit()
    after = await asked(engine, kept, query)
    assert after != before
    assert "迟到".encode() in after


@pytest.mark.parametrize(
    "query",
    [boxed((-180, -90, 180, 90)), boxed((179, 28, 180, 86)), boxed(equal={"status": "AVAILABLE"}), replace(boxed(), box=None),
     boxed(moment=Moment(date(2026, 1, 1), None))],
)  # fmt: skip
def test_only_pages_of_a_plain_box_are_kept(query: FeatureQuery) -> None:
    assert reach_of(query) is None


def test_a_box_reaches_over_its_tiles() -> None:
    reach = reach_of(boxed((121.88, 29.6, 121.881, 29.601)))
    assert reach is not None
    tile = mercantile_tile(121.8805, 29.6005)
    assert reach[0] < tile[0] < reach[2]
    assert reach[1] < tile[1] < reach[3]


def mercantile_tile(longitude: float, latitude: float) -> tuple[int, int]:
    """Column and row at zoom 18 by PROJ's Mercator."""
    x, y = Transformer.from_crs(4326, 3857, always_xy=True).transform(longitude, latitude)
    side = 2 * 20037508.342789244 / 2**18
    return int((x + 20037508.342789244) // side), int((20037508.342789244 - y) // side)


def test_room_is_bounded_and_only_what_is_asked_again_is_kept() -> None:
    pages = KeptPages(2000)
    assert not pages.is_asked_again("a")
    assert pages.is_asked_again("a")
    for name in "abcde":
        pages.put(name, KeptPage(Page(b"{},{}", 2, ("x",)), "1:1:", "e"))
    assert pages.bytes_used <= 2000
    assert pages.get("a") is None
    assert pages.get("e") is not None
    pages.put("e", KeptPage(Page(b"9" * 5000, 2, None), "", ""))
    assert pages.get("e") is None
