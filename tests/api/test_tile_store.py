"""Tiles that all processes share: read in place of being made, never stale in whatever order commits come, never another audience's,
and never in the way when they cannot be kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import httpx
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import errors

from api.live.tile_cache import PUBLIC_SCOPE, Key
from api.live.tile_store import TileStore
from geo.db import PUBLIC, acting
from geo.registry.collections import COLLECTIONS
from geo.tiles import store
from tests.api.test_live_tiles import TILE, WIDE, eventually, heard, props
from tests.plugins.service import COUNTY, World, serving

pytestmark = pytest.mark.anyio
KEEP = "select tile_count, byte_count, removed_count, folded_count from register.keep_tiles(%s, %s)"
LATER = TILE.replace("/6780/13738", "/6780/13739")


def sql(world: World, statement: str, *values: object) -> list[tuple[Any, ...]]:
    with psycopg.connect(world.owner_url, autocommit=True) as connection:
        found = connection.execute(statement, values or None)
        return found.fetchall() if found.description else []


def rename(world: World, name: str, code: str = "PUB") -> None:
    sql(world, "update register.parcel set name = %s where code = %s", name, code)


def store_of(client: httpx.AsyncClient) -> TileStore:
    found: TileStore = client._transport.app.state.tile_store  # type: ignore[attr-defined]
    return found


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


@asynccontextmanager
async def worker(world: World, **api: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A process of its own, as far as tiles go: cache, pool, listener; it keeps every tile, however fast it is made."""
    async with serving(world, **{"tile_store_from_ms": 0.0} | api) as client:
        await eventually(lambda: heard(client))
        yield client


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


@contextmanager
def transactions(world: World, count: int) -> Iterator[list[psycopg.Connection[Any]]]:
    """Connections on which edits wait for their commit."""
    opened = [psycopg.connect(world.owner_url) for _ in range(count)]
    try:
        yield opened
    finally:
        for connection in opened:
            connection.close()


ACTS = st.lists(
    st.sampled_from(("edit 0", "edit 1", "commit 0", "commit 1", "rollback 0", "rollback 1", "ask 0", "ask 1", "fold", "tidy", "detail")),
    min_size=4, max_size=14,
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_no_process_ever_gives_an_old_tile_in_whatever_order_transactions_end(world: World, acts: list[str]) -> None:
    """Two processes that keep nothing themselves, so that all they have is the store; two transactions, each on its own parcel."""

    async def play() -> None:
        codes = ("PUB", "TWO")
        quiet: dict[str, Any] = {"tile_cache_bytes": 0, "tile_store_from_ms": 0.0}
        with transactions(world, 2) as edits:
            async with serving(world, **quiet) as one, serving(world, **quiet) as other:
                true = {
                    code: sql(world, "select name from register.parcel where code = %s", code)[0][0] for code in codes
                }
                waiting: dict[int, str] = {}
                for number, act in enumerate([*acts, "commit 0", "commit 1", "ask 0", "ask 1", "ask 0"]):
                    word, _, which = act.partition(" ")
                    if word == "edit":
                        name = f"第{number}次"
                        edits[int(which)].execute(
                            "update register.parcel set name = %s where code = %s", [name, codes[int(which)]]
                        )
                        waiting[int(which)] = name
                    elif word in ("commit", "rollback"):
                        getattr(edits[int(which)], word)()
                        if (name := waiting.pop(int(which), "")) and word == "commit":
                            true[codes[int(which)]] = name
                    elif word == "ask":
                        client = (one, other)[int(which)]
                        shown = props(await client.get(WIDE))
                        assert {code: shown[code]["name"] for code in codes} == true
                        keeper = store_of(client)
                        await eventually(lambda keeper=keeper: nothing_waits(keeper))  # type: ignore[misc]
                    elif word == "detail" and waiting:  # waits for writers
                        continue
                    elif word == "detail":
                        sql(world, "select register.set_tile_detail('330225', 'parcels', 'public', 0, 1)")
                    else:
                        sql(world, KEEP, 10**9, 0 if word == "fold" else 10**6)
                assert store_of(one).health == store_of(other).health == "ready"

    asyncio.run(play())
    sql(world, "delete from register.tile_detail")


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


async def version(world: World) -> str:
    async with serving(world) as client, acting(client._transport.app.state.engine, PUBLIC, 1000) as connection:  # type: ignore[attr-defined]
        return (await store.versions(connection, PUBLIC, COUNTY))["parcels"]


async def test_an_address_with_the_present_version_may_be_kept_for_ever_and_no_other(
    world: World, bearer: dict[str, dict[str, str]]
) -> None:
    async with worker(world) as client, worker(world) as other:
        present = await version(world)
        for _ in range(3):  # made, then hot
            for one in (client, other):
                answer = await one.get(f"{TILE}&v={present}")
                assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
                assert answer.headers["vary"] == "Accept-Encoding"
        asked = {"If-None-Match": answer.headers["etag"]}
        assert (await client.get(f"{TILE}&v={present}", headers=asked)).status_code == 304
        assert (await client.get(TILE)).headers["cache-control"] == "public, no-cache"
        assert (await client.get(f"{TILE}&v={'0' * 16}")).headers["cache-control"] == "public, no-cache"
        for wrong in ("1", "", "g" * 16, present.upper() + "A", "0" * 5000, "%00", "１" * 16):
            assert (await client.get(f"{TILE}&v={wrong}")).status_code == 400
        for account in ("clerk", "leader"):
            private = await client.get(f"{TILE}&v={present}", headers=bearer[account])
            assert private.headers["cache-control"].startswith("private")
            assert "Cookie" in private.headers["vary"]
        dated = await client.get(f"{TILE.replace('parcels', 'policies')}&v={present}")
        assert dated.headers["cache-control"] == "public, no-cache"

        made = store_of(client).made_count
        rename(world, "远处", "TWO")
        later = await version(world)
        assert later != present

        async def is_renewed() -> bool:
            answer = await client.get(f"{LATER}&v={later}")
            return bool(answer.headers["cache-control"].endswith("immutable"))

        await client.get(LATER)
        await eventually(is_renewed)
        old = await client.get(f"{LATER}&v={present}")
        assert old.headers["cache-control"] == "public, no-cache"
        assert store_of(client).made_count == made + 1
        assert await version(world) == later


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_what_may_be_kept_for_ever_is_what_the_version_stands_for(world: World, acts: list[str]) -> None:
    """A cache on the way that believes every `immutable` never gives anybody who knows the present version an old tile."""

    async def play() -> None:
        codes = ("PUB", "TWO")
        with transactions(world, 2) as edits:
            async with worker(world) as one, worker(world) as other:
                engine = one._transport.app.state.engine  # type: ignore[attr-defined]
                believed: dict[str, bytes] = {}
                for number, act in enumerate([*acts, "ask 0", "ask 1", "commit 0", "commit 1", "ask 1", "ask 0"]):
                    word, _, which = act.partition(" ")
                    if word == "edit":
                        edits[int(which)].execute(
                            "update register.parcel set name = %s where code = %s", [f"版本{number}", codes[int(which)]]
                        )
                    elif word in ("commit", "rollback"):
                        getattr(edits[int(which)], word)()
                    elif word == "ask":
                        async with acting(engine, PUBLIC, 1000) as connection:
                            v = (await store.versions(connection, PUBLIC, COUNTY))["parcels"]
                        names = dict(sql(world, "select code, name from register.parcel where code in ('PUB', 'TWO')"))
                        address = f"{WIDE}&v={v}"
                        answer = await (one, other)[int(which)].get(address)
                        if "immutable" in answer.headers["cache-control"]:
                            believed.setdefault(address, answer.content)
                            shown = props(answer)
                            assert {code: shown[code]["name"] for code in codes} == names
                        if address in believed and "immutable" in answer.headers["cache-control"]:
                            assert believed[address] == answer.content
                    elif word == "fold":
                        sql(world, KEEP, 10**9, 0)

    asyncio.run(play())


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), z=st.integers(0, 22))
def test_the_database_and_the_processes_agree_on_what_a_change_reaches(
    world: World, data: st.DataObject, z: int
) -> None:
    x, y = (data.draw(st.integers(0, 2**z - 1)) for _ in "xy")
    scale = 2.0 ** (18 - z)
    near = [
        data.draw(st.integers(int(n * scale) - int(scale) - 5, int((n + 1) * scale) + int(scale) + 5))
        for n in (x, y, x, y)
    ]
    box = min(near[0], near[2]), min(near[1], near[3]), max(near[0], near[2]), max(near[1], near[3])
    [(reach,)] = sql(world, "select register.tile_reach(%s, %s, %s)", z, x, y)
    said = box[0] <= reach[2] and box[2] >= reach[0] and box[1] <= reach[3] and box[3] >= reach[1]
    assert said == Key(COUNTY, "parcels", z, y, x, PUBLIC_SCOPE).touches(box)
