"""Tiles that all processes share: read in place of being made, never stale in whatever order commits come, never another audience's,
and never in the way when they cannot be kept."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import errors

from api.app import create_api
from api.live.tile_cache import PUBLIC_SCOPE, Key
from api.live.tile_store import TileStore
from api.settings import ApiSettings, MapSettings
from geo.db import PUBLIC, Audience, acting
from geo.registry.collections import COLLECTIONS
from geo.settings import GeoSettings
from geo.tiles import store
from tests.api.test_live_tiles import TILE, WIDE, eventually, heard, props
from tests.plugins.door import open_door
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


def version(direct: psycopg.Connection[Any]) -> str:
    """The present version of the public's tiles of parcels, read past every process."""
    rows = direct.execute(
        "select epoch, collection, change_count from open_data.tile_change_counts(%s)", (COUNTY,)
    ).fetchall()
    c = COLLECTIONS["parcels"]
    count = sum(int(n) for _, layer, n in rows if layer in store.heeds(c))
    return store.version_of(rows[0][0], store.form_of(c.id, Audience.PUBLIC), count)


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


@dataclass(frozen=True)
class Process:
    """A service behind a door of its own."""

    client: httpx.Client
    app: FastAPI

    def shown(self, address: str) -> tuple[httpx.Response, dict[str, dict[str, object]]]:
        """A tile and the properties in it by code, once everything that waits to be kept is kept."""
        answer = self.client.get(address)
        keeper: TileStore = self.app.state.tile_store
        deadline = time.monotonic() + 10
        while keeper._waiting:
            assert time.monotonic() < deadline
            time.sleep(0.002)
        assert keeper.health == "ready"
        return answer, props(answer)


@contextmanager
def processes(world: World, **api: Any) -> Iterator[list[Process]]:
    """Two of them, which keep every tile."""
    with ExitStack() as stack:
        made = []
        for _ in range(2):
            settings_ = ApiSettings(items_per_minute=1_000_000, tile_store_from_ms=0.0, **api)
            app = create_api(GeoSettings(DATABASE_URL=world.app_url), settings_, MapSettings())
            url = stack.enter_context(open_door(app))
            made.append(Process(stack.enter_context(httpx.Client(base_url=url, timeout=20)), app))
        yield made


@pytest.fixture(scope="module")
def forgetful(world: World) -> Iterator[list[Process]]:
    """Processes that keep nothing themselves: all they have is the store."""
    with processes(world, tile_cache_bytes=0) as made:
        yield made


@pytest.fixture(scope="module")
def remembering(world: World) -> Iterator[list[Process]]:
    """Processes as they are shipped."""
    with processes(world) as made:
        yield made


CODES = ("PUB", "TWO")
HARD = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@dataclass(frozen=True)
class Play:
    """Two transactions, each on its own parcel, and a way past both of them."""

    edits: list[psycopg.Connection[Any]]
    direct: psycopg.Connection[Any]

    def names(self) -> dict[str, str]:
        """What is true now."""
        found = self.direct.execute("select code, name from register.parcel where code in ('PUB', 'TWO')")
        return dict(found.fetchall())

    def play(self, acts: list[str], ask: Callable[[int], None]) -> None:
        """What happens, in this order; at the end all is committed."""
        waiting = set()
        for number, act in enumerate([*acts, "ask 0", "ask 1", "commit 0", "commit 1", "ask 1", "ask 0"]):
            word, _, which = act.partition(" ")
            if word == "edit":
                statement = "update register.parcel set name = %s where code = %s"
                self.edits[int(which)].execute(statement, [f"第{number}次", CODES[int(which)]])
                waiting.add(which)
            elif word in ("commit", "rollback"):
                getattr(self.edits[int(which)], word)()
                waiting.discard(which)
            elif word == "ask":
                ask(int(which))
            elif word == "detail" and not waiting:  # it waits for writers
                self.direct.execute("select register.set_tile_detail('330225', 'parcels', 'public', 0, 1)")
            elif word in ("fold", "tidy"):
                self.direct.execute(KEEP, (10**9, 0 if word == "fold" else 10**6))
        self.direct.execute("delete from register.tile_detail")


@pytest.fixture(scope="module")
def stage(world: World) -> Iterator[Play]:
    """The connections of a play."""
    with transactions(world, 2) as edits, psycopg.connect(world.owner_url, autocommit=True) as direct:
        yield Play(edits, direct)


@HARD
@given(acts=ACTS)
def test_no_process_ever_gives_an_old_tile_in_whatever_order_transactions_end(
    stage: Play, forgetful: list[Process], acts: list[str]
) -> None:
    def ask(which: int) -> None:
        _, shown = forgetful[which].shown(WIDE)
        assert {code: shown[code]["name"] for code in CODES} == stage.names()

    stage.play(acts, ask)


@HARD
@given(acts=ACTS)
def test_what_may_be_kept_for_ever_is_what_the_version_stands_for(
    stage: Play, remembering: list[Process], acts: list[str]
) -> None:
    """A cache on the way that believes every `immutable` never gives anybody who knows the present version an old tile."""
    believed: dict[str, bytes] = {}

    def ask(which: int) -> None:
        address = f"{WIDE}&v={version(stage.direct)}"
        answer, shown = remembering[which].shown(address)
        if "immutable" in answer.headers["cache-control"]:
            assert {code: shown[code]["name"] for code in CODES} == stage.names()
            assert believed.setdefault(address, answer.content) == answer.content

    stage.play(acts, ask)


def test_the_present_version_is_soon_answered_for_ever_by_every_process(
    world: World, stage: Play, remembering: list[Process]
) -> None:
    for number in range(3):
        rename(world, f"新{number}")
        address = f"{WIDE}&v={version(stage.direct)}"
        deadline = time.monotonic() + 10
        for process in remembering:
            while "immutable" not in process.client.get(address).headers["cache-control"]:
                assert time.monotonic() < deadline
                time.sleep(0.01)


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


async def test_an_address_with_the_present_version_may_be_kept_for_ever_and_no_other(
    world: World, stage: Play, bearer: dict[str, dict[str, str]]
) -> None:
    async with worker(world) as client, worker(world) as other:
        present = version(stage.direct)
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
        later = version(stage.direct)
        assert later != present

        async def is_renewed() -> bool:
            answer = await client.get(f"{LATER}&v={later}")
            return bool(answer.headers["cache-control"].endswith("immutable"))

        await client.get(LATER)
        await eventually(is_renewed)
        old = await client.get(f"{LATER}&v={present}")
        assert old.headers["cache-control"] == "public, no-cache"
        # one asked for before the message came may have been made once for nothing
        assert made < store_of(client).made_count <= made + 2
        assert version(stage.direct) == later


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), z=st.integers(0, 22))
def test_the_database_and_the_processes_agree_on_what_a_change_reaches(
    stage: Play, data: st.DataObject, z: int
) -> None:
    x, y = (data.draw(st.integers(0, 2**z - 1)) for _ in "xy")
    scale = 2.0 ** (18 - z)
    near = [
        data.draw(st.integers(int(n * scale) - int(scale) - 5, int((n + 1) * scale) + int(scale) + 5))
        for n in (x, y, x, y)
    ]
    box = min(near[0], near[2]), min(near[1], near[3]), max(near[0], near[2]), max(near[1], near[3])
    [(reach,)] = stage.direct.execute("select register.tile_reach(%s, %s, %s)", (z, x, y)).fetchall()
    said = box[0] <= reach[2] and box[2] >= reach[0] and box[1] <= reach[3] and box[3] >= reach[1]
    assert said == Key(COUNTY, "parcels", z, y, x, PUBLIC_SCOPE).touches(box)
