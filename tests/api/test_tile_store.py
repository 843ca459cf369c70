"""Tiles that all processes share: read in place of being made, never another audience's, and never in the way when they cannot be kept."""

from __future__ import annotations

import asyncio

import httpx
import psycopg
import pytest
from psycopg import errors

from api.live.tile_store import TileStore
from geo.db import PUBLIC, acting
from geo.registry.collections import COLLECTIONS
from geo.tiles import store
from tests.api.test_live_tiles import TILE, WIDE, eventually, props
from tests.api.tile_plays import KEEP, LATER, rename, sql, store_of, transactions, worker
from tests.plugins.service import COUNTY, World

pytestmark = pytest.mark.anyio


def stored(world: World) -> int:
    return int(sql(world, "select count(*) from register.tile_store")[0][0])


async def until_stored(world: World, count: int) -> None:
    async def check() -> bool:
        return stored(world) == count

    await eventually(check)


@pytest.fixture(autouse=True)
def empty(world: World) -> None:
    """Each test begins with an empty store."""
    sql(world, "delete from register.tile_store")


async def test_a_tile_is_made_by_one_process_and_read_by_another_and_after_a_restart(world: World) -> None:
    async with worker(world) as one, worker(world) as other:
        first = await one.get(TILE)
        await until_stored(world, 1)
        second = await other.get(TILE)
        assert (first.content, first.headers["etag"]) == (second.content, second.headers["etag"])
        assert (store_of(one).made_count, store_of(other).made_count, store_of(other).read_count) == (1, 0, 1)
    async with worker(world) as again:
        assert (await again.get(TILE)).headers["etag"] == first.headers["etag"]
        assert (store_of(again).made_count, store_of(again).read_count) == (0, 1)
        rename(world, "改了")

        async def is_new() -> bool:
            return props(await again.get(TILE))["PUB"]["name"] == "改了"

        await eventually(is_new)
        assert store_of(again).made_count == 1


async def test_what_is_made_at_once_and_what_is_of_one_reader_or_one_day_is_not_kept(
    world: World, bearer: dict[str, dict[str, str]]
) -> None:
    async with worker(world) as client:
        for path in (TILE.replace("parcels", "projects"), TILE.replace("parcels", "policies")):
            for headers in ({}, bearer["clerk"]):
                assert (await client.get(path, headers=headers)).status_code in (200, 204)
        await client.get(TILE)
        await until_stored(world, 1)
    assert sql(world, "select collection from register.tile_store") == [("parcels",)]
    sql(world, "delete from register.tile_store")
    async with worker(world, tile_store_from_ms=60_000.0) as client:
        await client.get(TILE)
        await asyncio.sleep(0.1)
    assert stored(world) == 0


async def test_the_public_cannot_reach_what_is_kept_for_staff(world: World, bearer: dict[str, dict[str, str]]) -> None:
    async with worker(world) as one, worker(world) as other:
        staff = await one.get(WIDE, headers=bearer["leader"])
        await until_stored(world, 1)
        public = await other.get(WIDE)
        assert set(props(public)) == {"PUB", "TWO"}
        assert set(props(staff)) == {"PUB", "INT", "TWO"}
        assert store_of(other).made_count == 1
        await until_stored(world, 2)
        assert set(props(await other.get(WIDE, headers=bearer["clerk"]))) == {"PUB", "INT", "TWO"}
        assert store_of(other).read_count == 1
        at = store.Address(COUNTY, COLLECTIONS["parcels"], 12, 1695, 3434)
        sql(world, "delete from register.tile_store where audience = 'public'")
        async with acting(one._transport.app.state.engine, PUBLIC, 1000) as connection:  # type: ignore[attr-defined]
            assert (await store.state_of(connection, PUBLIC, at)).kept is None
    refused = [
        "select * from register.tile_store",
        "select * from register.tile_mark",
        "select * from staff_data.tile_state('330225', 'parcels', '{parcels}', 12, 3434, 1695, 'x', null)",
        "select * from staff_data.tile_change_counts('330225')",
        "select register.keep_tiles(0, 0)",
        "select register.note_tiles_used('{1}')",
        "select register.store_tile('330225', 'parcels', 'public', '{}', 1, 1, 1, '', '', '1:1:', '', '')",
    ]
    for role in ("yzt_public", "yzt_staff"):
        for statement in refused:
            if role == "yzt_staff" and "staff_data" in statement:
                continue
            with psycopg.connect(world.owner_url) as direct:
                direct.execute(f"set local role {role}")
                with pytest.raises(errors.InsufficientPrivilege):
                    direct.execute(statement)


async def nothing_waits(keeper: TileStore) -> bool:
    return not keeper._waiting


async def test_a_build_whose_place_changed_while_it_ran_is_not_kept_by_whoever_made_it(world: World) -> None:
    at = store.Address(COUNTY, COLLECTIONS["parcels"], 14, 6780, 13738)
    async with worker(world) as client:
        engine = client._transport.app.state.engine  # type: ignore[attr-defined]

        async def look() -> store.State:
            async with acting(engine, PUBLIC, 1000) as connection:
                return await store.state_of(connection, PUBLIC, at)

        async def put(state: store.State) -> None:
            async with acting(engine, store.KEEPER, 1000) as connection:
                await store.put(connection, PUBLIC.audience, at, state, b"old", "old")

        before = await look()
        rename(world, "建造之间")
        await put(before)
        assert stored(world) == 0
        before = await look()
        with transactions(world, 1) as [edit]:
            edit.execute("update register.parcel set name = '慢' where code = 'PUB'")
            await put(before)  # not committed yet: this tile is true, and kept
            assert stored(world) == 1
            edit.commit()
        assert (await look()).kept is None
        before = await look()
        sql(world, KEEP, 10**9, 0)  # its marks are gone, and those a later build must not miss
        with transactions(world, 1) as [held]:
            held.execute("select 1 from register.parcel")
            rename(world, "之后")
            sql(world, KEEP, 10**9, 0)
            await put(before)
            assert (await look()).kept is None


async def test_two_processes_that_make_the_same_tile_while_it_changes_both_end_with_the_new_one(world: World) -> None:
    async with worker(world) as one, worker(world) as other:
        for round_ in range(5):
            asked = [client.get(TILE) for client in (one, other) * 3]
            name = f"同时{round_}"
            answers = await asyncio.gather(*asked, asyncio.to_thread(rename, world, name))
            assert {a.status_code for a in answers if a is not None} == {200}
            for client in (one, other):

                async def is_new(client: httpx.AsyncClient = client, name: str = name) -> bool:
                    return props(await client.get(TILE))["PUB"]["name"] == name

                await eventually(is_new)
    async with worker(world, tile_cache_bytes=0) as third:
        assert props(await third.get(TILE))["PUB"]["name"] == "同时4"


@pytest.mark.parametrize(
    ("breaks", "mends"),
    [
        (
            "create function register.full() returns trigger language plpgsql as "
            "$$ begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$; "
            "create trigger full_disk before insert or update on register.tile_store for each row execute function register.full()",
            "drop trigger full_disk on register.tile_store; drop function register.full()",
        ),
        ("alter table register.tile_store rename to tile_store_away", "alter table register.tile_store_away rename to tile_store"),
        ("lock", ""),
    ],
)  # fmt: skip
async def test_tiles_are_served_without_a_store_that_fails_and_with_it_when_it_works_again(
    world: World, breaks: str, mends: str
) -> None:
    async with worker(world, tile_timeout_ms=400) as client, worker(world) as other:
        for one in (client, other):
            store_of(one).retry_s = 0.1
        with transactions(world, 1) as [lock]:
            if breaks == "lock":
                lock.execute("lock table register.tile_store in access exclusive mode")
            else:
                sql(world, breaks)
            answers = [await one.get(path) for one in (client,) for path in (TILE, WIDE, LATER, TILE)]
            assert {a.status_code for a in answers} <= {200, 204}

            async def is_said() -> bool:
                ready = await client.get("/health/ready")
                body = ready.json()
                return (ready.status_code, body["status"], body["parts"]["tile_store"]) == (200, "ready", "degraded")

            await eventually(is_said)
            rename(world, "没有存储")

            async def is_new() -> bool:
                return props(await client.get(TILE))["PUB"]["name"] == "没有存储"

            await eventually(is_new)
            lock.rollback()
        if mends:
            sql(world, mends)

        async def is_well() -> bool:
            return bool((await client.get("/health/ready")).json()["parts"]["tile_store"] == "ready")

        await eventually(is_well)
        await client.get(TILE.replace("/6780/", "/6700/"))

        async def is_kept() -> bool:
            return stored(world) > 0

        await eventually(is_kept)


async def test_the_longest_unused_go_first_whatever_the_clock_said_then(world: World) -> None:
    async with worker(world) as client:
        for path in (TILE, LATER, WIDE):
            await client.get(path)
        await until_stored(world, 3)
        sql(world, "update register.tile_store set used_at = '2999-01-01' where z = 14 and x = 13738")
        sql(world, "update register.tile_store set used_at = '1999-01-01' where z = 12")
    async with worker(world) as client:  # read again under a clock that went back: that is its last use
        await client.get(TILE)
        await client.get(TILE.replace("/6780/", "/6700/"))
        await until_stored(world, 4)
    assert sql(world, "select count(*) from register.tile_store where used_at > clock_timestamp()") == [(0,)]
    size = sql(world, "select sum(octet_length(body) + 500) from register.tile_store")[0][0]
    assert sql(world, KEEP, size - 1, 10**6)[0][:3] == (
        3,
        sql(world, "select sum(octet_length(body) + 500) from register.tile_store")[0][0],
        1,
    )
    assert sql(world, "select count(*) from register.tile_store where z = 12") == [(0,)]
    assert sql(world, KEEP, 0, 10**6)[0][0] == 0


async def test_a_tile_of_another_life_of_the_database_or_of_other_code_is_not_read(world: World) -> None:
    async with worker(world, tile_cache_bytes=0) as client:
        await client.get(TILE)
        await until_stored(world, 1)
        for column in ("epoch", "form"):
            await client.get(TILE)
            assert store_of(client).read_count == 1
            sql(world, f"update register.tile_store set {column} = 'another'")
            await client.get(TILE)
            await eventually(lambda: nothing_waits(store_of(client)))
            store_of(client).read_count = 0
        sql(world, "update register.tile_store set epoch = 'another'")
        assert sql(world, KEEP, 10**9, 10**6)[0][2] == 1
