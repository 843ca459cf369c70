"""In whatever order transactions end, no process gives an old tile, and what may be kept for ever is what its address stands for."""

from __future__ import annotations

import time
from collections.abc import Iterator

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.live.tile_cache import PUBLIC_SCOPE, Key
from tests.api.test_live_tiles import TILE, WIDE, eventually
from tests.api.tile_plays import (
    CODES,
    LATER,
    Play,
    Process,
    processes,
    rename,
    sql,
    store_of,
    transactions,
    version,
    worker,
)
from tests.plugins.service import COUNTY, World

pytestmark = pytest.mark.anyio
HARD = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
ACTS = st.lists(
    st.sampled_from(("edit 0", "edit 1", "commit 0", "commit 1", "rollback 0", "rollback 1", "ask 0", "ask 1", "fold", "tidy", "detail")),
    min_size=4, max_size=14,
)  # fmt: skip


@pytest.fixture(autouse=True)
def empty(world: World) -> None:
    """Each test begins with an empty store."""
    sql(world, "delete from register.tile_store")


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
