"""Public features are kept by version: a change of anything shows at once, to everyone and in every worker."""

from __future__ import annotations

from typing import Any

import httpx
import psycopg
import pytest

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
    found = (await client.get(AT, headers=headers)).json()["features"]
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
