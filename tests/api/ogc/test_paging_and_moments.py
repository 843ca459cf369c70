"""Pages lose and repeat nothing while others write; the past answers as it was; the public sees no more of it than of today."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import orjson
import psycopg
import pytest

from tests.plugins.service import COUNTY, World

pytestmark = pytest.mark.anyio
ITEMS = "/ogc/collections/buildings/items"
N = 120


@pytest.fixture(scope="module")
def buildings(world: World) -> str:
    """120 published buildings of different floor area."""
    with psycopg.connect(world.owner_url, autocommit=True) as c:
        c.execute(
            "insert into register.building (county_code, code, name, kind, floor_area_m2, publication_state, unit_code, geom) "
            "select %s, 'B' || lpad(n::text, 3, '0'), 'n', 'factory', case when n %% 10 <> 0 then 1000 + (n * 7919) %% 500 end, "
            "'published', 'U1', st_setsrid(st_makepoint(121.8 + n * 0.001, 29.5), 4490) from generate_series(1, %s) n",
            [COUNTY, N],
        )
    return world.owner_url


async def pages(service: httpx.AsyncClient, at: str) -> AsyncIterator[list[str]]:
    while at:
        response = await service.get(at)
        assert response.status_code == 200, response.text
        page = response.json()
        yield [feature["id"] for feature in page["features"]]
        at = next((link["href"] for link in page["links"] if link["rel"] == "next"), "")


@pytest.mark.parametrize(
    "sort",
    ["", "&sortby=floor_area_m2", "&sortby=-floor_area_m2", "&sortby=-updated_at", "&sortby=kind,-floor_area_m2"],
)
async def test_no_row_is_lost_or_repeated_while_others_write(
    service: httpx.AsyncClient, buildings: str, sort: str
) -> None:
    found: list[str] = []
    async with await psycopg.AsyncConnection.connect(buildings, autocommit=True) as writer:
        number = 0
        async for page in pages(service, f"{ITEMS}?limit=13{sort}"):
            found += page
            number += 1
            # what was read moves to the end, what was not read moves to the front
            await writer.execute(
                "update register.building set floor_area_m2 = 9000 + %s where code = any(%s)", [number, page[:4]]
            )
            await writer.execute(
                "update register.building set floor_area_m2 = 10 + %s where code in (select code from register.building "
                "where not code = any(%s) order by floor_area_m2 desc limit 4)",
                [number, found],
            )
    assert sorted(found) == [f"B{n:03}" for n in range(1, N + 1)]


async def test_sorted_pages_are_in_order_with_empty_values_last(service: httpx.AsyncClient, buildings: str) -> None:
    for sort, sign in (("floor_area_m2", 1), ("-floor_area_m2", -1)):
        values: list[float | None] = []
        at = f"{ITEMS}?limit=7&sortby={sort}&properties=floor_area_m2"
        while at:
            page = (await service.get(at)).json()
            assert page["numberMatched"] == N
            values += [feature["properties"]["floor_area_m2"] for feature in page["features"]]
            at = next((link["href"] for link in page["links"] if link["rel"] == "next"), "")
        known = [v for v in values if v is not None]
        assert values == known + [None] * (N - len(known))
        assert known == sorted(known, key=lambda v: sign * v)


async def test_a_cursor_of_another_query_or_edited_is_refused(service: httpx.AsyncClient, buildings: str) -> None:
    page = (await service.get(f"{ITEMS}?limit=5")).json()
    at = next(link["href"] for link in page["links"] if link["rel"] == "next")
    cursor = at.rpartition("cursor=")[2]
    for bad in (
        f"{ITEMS}?limit=5&kind=factory&cursor={cursor}", f"/ogc/collections/parcels/items?cursor={cursor}", f"{ITEMS}?cursor=",
        f"{ITEMS}?cursor={cursor[:-6]}AAAAAA", f"{ITEMS}?cursor={cursor[:40]}", f"{ITEMS}?cursor=%00", f"{ITEMS}?cursor=啊",
        f"{ITEMS}?sortby=floor_area_m2&cursor={cursor}",
    ):  # fmt: skip
        response = await service.get(bad)
        assert response.status_code == 400, bad
        assert response.json()["errors"][0]["parameter"] == "cursor"
    assert (await service.get(f"{ITEMS}?limit=50&cursor={cursor}")).status_code == 200


async def test_long_pages_stream_and_say_the_same(service: httpx.AsyncClient, world: World) -> None:
    with psycopg.connect(world.owner_url, autocommit=True) as c:
        c.execute(
            "insert into register.enterprise (county_code, code, name, publication_state, geom) select %s, 'S' || lpad(n::text, 5, '0'), "
            "'企业', 'published', st_setsrid(st_makepoint(121.8, 29.5), 4490) from generate_series(1, 2501) n",
            [COUNTY],
        )
    whole = [f async for page in pages(service, "/ogc/collections/enterprises/items?limit=999") for f in page]
    for limit in (1500, 2000, 2500, 2501, 9999, 100_000):
        page = orjson.loads((await service.get(f"/ogc/collections/enterprises/items?limit={limit}")).content)
        ids = [feature["id"] for feature in page["features"]]
        assert ids == whole[: min(limit, 10_000)]
        assert page["numberReturned"] == len(ids)
        assert page["numberMatched"] == 2501
        assert ("next" in [link["rel"] for link in page["links"]]) == (len(ids) < 2501)
    streamed = [
        f async for page in pages(service, "/ogc/collections/enterprises/items?limit=1200&sortby=-code") for f in page
    ]
    assert streamed == whole[::-1]


async def test_the_past_answers_as_it_was_and_not_more_than_is_public_now(
    service: httpx.AsyncClient, bearer: dict[str, dict[str, str]], world: World
) -> None:
    async def names(query: str, **headers: str) -> dict[str, str]:
        response = await service.get(f"/ogc/collections/parcels/items?{query}", headers=headers)
        assert response.status_code == 200, response.text
        return {f["id"]: f["properties"]["name"] for f in response.json()["features"]}

    with psycopg.connect(world.owner_url, autocommit=True) as c:
        instant = c.execute("select clock_timestamp()").fetchone()
        await asyncio.sleep(0.05)
        c.execute("update register.parcel set name = '新名' where code = 'PUB'")
        c.execute("update register.parcel set publication_state = 'internal' where code = 'TWO'")
        c.execute("update register.parcel set publication_state = 'published' where code = 'INT'")
    assert instant is not None
    then = instant[0].astimezone(UTC).isoformat().replace("+00:00", "Z")
    assert await names("") == {"INT": "地块", "PUB": "新名"}
    assert await names(f"known_at={then}") == {"PUB": "地块"}  # INT was not public then, TWO is not now
    assert await names(f"known_at={then}", **bearer["leader"]) == {"INT": "地块", "PUB": "地块", "TWO": "地块"}
    assert await names("as_of=2020-01-01") == {}
    one = await service.get(f"/ogc/collections/parcels/items/PUB?known_at={then}")
    assert one.json()["properties"]["name"] == "地块"
    assert "etag" not in one.headers
    assert (await service.get(f"/ogc/collections/parcels/items/TWO?known_at={then}")).status_code == 404


async def test_facts_are_true_on_their_day(service: httpx.AsyncClient, world: World) -> None:
    with psycopg.connect(world.owner_url, autocommit=True) as c:
        c.execute(  # as if the parcel had been in the register for years
            "update register.parcel_version set recorded_during = tstzrange('2020-01-01', upper(recorded_during)) "
            "where code = 'PUB' and version = 1"
        )
        for status, days in (("AVAILABLE", 40), ("IN_USE", 10)):
            c.execute(
                "insert into register.fact (county_code, subject_kind, subject_id, kind, value_text, effective_on) "
                "select %s, 'parcel', id, 'status', %s, current_date - %s::int from register.parcel where code = 'PUB'",
                [COUNTY, status, days],
            )
    at = "/ogc/collections/parcels/items/PUB"
    today = datetime.now(UTC).date()
    for days, status in ((0, "IN_USE"), (9, "IN_USE"), (20, "AVAILABLE"), (39, "AVAILABLE"), (45, None)):
        properties = (await service.get(f"{at}?as_of={today - timedelta(days=days)}")).json()["properties"]
        assert properties["status"] == status, days
    assert (await service.get(f"{at}?as_of={today}&known_at=2021-01-01T00:00:00Z")).json()["properties"][
        "status"
    ] is None
    assert (await service.get(f"{at}?as_of=2019-12-30")).status_code == 404


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("as_of=2020-02-30", "as_of"), ("as_of=2999-01-01", "as_of"), ("known_at=2999-01-01T00:00:00Z", "known_at"),
        ("known_at=yesterday", "known_at"), ("datetime=2020-01-01", "datetime"), ("datetime=2020-01-01T00:00:00Z/..//", "datetime"),
        ("datetime=2021-01-01T00:00:00Z/2020-01-01T00:00:00Z", "datetime"), ("datetime=9999-12-31T23:59:59-23:59", "datetime"),
        ("sortby=geom", "sortby"), ("sortby=contract_on", "sortby"), ("sortby=code,code", "sortby"),
        ("properties=contract_on", "properties"), ("limit=0", "limit"), ("limit=-1", "limit"), ("limit=ten", "limit"),
    ],
)  # fmt: skip
async def test_a_bad_value_is_named(service: httpx.AsyncClient, query: str, parameter: str) -> None:
    response = await service.get(f"/ogc/collections/parcels/items?{query}")
    assert response.status_code == 400, response.text
    assert response.json()["errors"][0]["parameter"] == parameter


async def test_datetime_filters_when_things_changed(service: httpx.AsyncClient, buildings: str) -> None:
    hour = timedelta(hours=1)
    now = datetime.now(UTC)

    async def matched(interval: str) -> int:
        return int((await service.get(ITEMS, params={"datetime": interval})).json()["numberMatched"])

    assert await matched(f"{(now - hour).isoformat()}/{(now + hour).isoformat()}") == N
    assert await matched(f"../{(now - hour).isoformat()}") == 0
    assert await matched(f"{(now + hour).isoformat()}/..") == 0
    assert await matched("../..") == N


async def test_a_reader_of_the_youngest_past_is_told_what_can_be_answered(
    service: httpx.AsyncClient, bearer: dict[str, dict[str, str]], world: World
) -> None:
    with psycopg.connect(world.owner_url) as open_write:
        open_write.execute("update register.parcel set name = '未提交' where code = 'PUB'")
        await asyncio.sleep(0.05)
        now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        for headers in ({}, bearer["leader"]):
            response = await service.get(f"/ogc/collections/parcels/items?known_at={now}", headers=headers)
            assert response.status_code == 409
            answerable = response.json()["answerable_at"]
            assert answerable < now
        open_write.rollback()
    assert (await service.get(f"/ogc/collections/parcels/items?known_at={now}")).status_code == 200
