"""Kept tiles: dropped exactly where something changed, made once, never mixed up between audiences, never over their room."""

from __future__ import annotations

import asyncio

import pytest

from api.encoding import takes_gzip
from api.live.changes import Change, read
from api.live.tile_answers import has_tag
from api.live.tile_cache import PUBLIC_SCOPE, Entry, Key, TileCache, scope_of
from geo.db import PUBLIC, Actor, Audience

pytestmark = pytest.mark.anyio
ADDRESS = (b"/ogc/collections/parcels/tiles/WebMercatorQuad/14/1/2", b"county=1")


def key(z: int, row: int, col: int, scope: tuple[str, ...] = PUBLIC_SCOPE, county: str = "1") -> Key:
    return Key(county, "parcels", z, row, col, scope)


def box(z: int, row: int, col: int) -> tuple[int, int, int, int]:
    """The middle of a tile as a box of zoom 18."""
    side = 1 << (18 - z)
    x, y = col * side + side // 2, row * side + side // 2
    return x, y, x, y


class Maker:
    """Makes tiles when told to, and counts."""

    def __init__(self) -> None:
        self.count, self.gate = 0, asyncio.Event()

    async def __call__(self) -> Entry:
        self.count += 1
        number = self.count
        await self.gate.wait()
        return Entry.of(b"tile %d" % number)


async def ready(cache: TileCache, *keys: Key) -> None:
    async def made() -> Entry:
        return Entry.of(b"x" * 100)

    for one in keys:
        await cache.get(one, made)
    await asyncio.sleep(0)


async def test_a_change_drops_the_tiles_it_can_be_seen_in_and_no_others() -> None:
    cache = TileCache(1_000_000, lambda: True)
    inside = [key(18, 8, 8), key(14, 0, 0), key(10, 0, 0), key(0, 0, 0), key(20, 33, 33)]
    outside = [key(18, 8, 10), key(14, 0, 2), key(10, 1, 1), key(20, 48, 48), key(14, 0, 0, county="2")]
    await ready(cache, *inside, *outside)
    assert len(cache) == 10
    cache.forget(Change("1", ("parcels",), ((8, 8, 8, 8),)))
    assert len(cache) == 5
    kept = Maker()
    kept.gate.set()
    for one in outside:
        await cache.get(one, kept)
    assert kept.count == 0


async def test_the_buffer_of_a_neighbour_counts() -> None:
    cache = TileCache(1_000_000, lambda: True)
    await ready(cache, key(10, 1, 1), key(10, 1, 2))
    cache.forget(
        Change("1", ("parcels",), ((257 + 256, 300, 257 + 256, 300),))
    )  # just east of the border, in the western tile's buffer
    assert len(cache) == 0


async def test_a_tile_is_made_once_however_many_ask() -> None:
    cache, maker = TileCache(1_000_000, lambda: True), Maker()
    asked = [asyncio.create_task(cache.get(key(14, 1, 2), maker)) for _ in range(20)]
    await asyncio.sleep(0)
    maker.gate.set()
    assert len({entry.etag for entry in await asyncio.gather(*asked)}) == 1
    assert maker.count == 1


async def test_a_build_whose_key_was_dropped_is_neither_kept_nor_joined() -> None:
    cache, maker = TileCache(1_000_000, lambda: True), Maker()
    early = asyncio.create_task(cache.get(key(14, 1, 2), maker))
    await asyncio.sleep(0.001)
    cache.forget(Change("1", ("parcels",), (box(14, 1, 2),)))
    late = asyncio.create_task(cache.get(key(14, 1, 2), maker))
    await asyncio.sleep(0.001)
    maker.gate.set()
    assert (await early).etag != (await late).etag
    assert maker.count == 2
    await asyncio.sleep(0)
    assert (await cache.get(key(14, 1, 2), maker)).etag == (await late).etag
    assert maker.count == 2


async def test_a_failed_build_is_not_kept() -> None:
    cache = TileCache(1_000_000, lambda: True)

    async def broken() -> Entry:
        raise OSError("away")

    with pytest.raises(OSError, match="away"):
        await cache.get(key(14, 1, 2), broken)
    await ready(cache, key(14, 1, 2))
    assert len(cache) == 1


async def test_nothing_is_kept_or_shared_while_nobody_tells_of_changes() -> None:
    cache, maker = TileCache(1_000_000, lambda: False), Maker()
    maker.gate.set()
    await asyncio.gather(cache.get(key(14, 1, 2), maker), cache.get(key(14, 1, 2), maker))
    assert (maker.count, len(cache)) == (2, 0)


async def test_the_room_is_never_outgrown_and_the_longest_unused_go_first() -> None:
    cache, maker = TileCache(3_000, lambda: True), Maker()
    maker.gate.set()
    await ready(cache, *(key(14, 1, col) for col in range(4)))
    await cache.get(key(14, 1, 0), maker)  # used again
    await ready(cache, key(14, 1, 4), key(14, 1, 5))
    assert cache.bytes_used <= 3_000
    await cache.get(key(14, 1, 0), maker)
    assert maker.count == 0
    await cache.get(key(14, 1, 1), maker)
    assert maker.count == 1


async def test_only_the_publics_tiles_have_an_address() -> None:
    cache = TileCache(1_000_000, lambda: True)
    maker = Maker()
    maker.gate.set()
    public, staff = key(14, 1, 2), key(14, 1, 2, ("staff",))
    entries = {one: await cache.get(one, maker) for one in (public, staff)}
    await asyncio.sleep(0)
    cache.call(staff, ADDRESS, entries[staff])
    assert cache.at(ADDRESS) is None
    cache.call(public, (ADDRESS[0], b""), entries[public])  # which county that is may change
    assert cache.at((ADDRESS[0], b"")) is None
    cache.call(public, ADDRESS, entries[staff])  # another tile than the one that is kept
    assert cache.at(ADDRESS) is None
    cache.call(public, ADDRESS, entries[public])
    assert cache.at(ADDRESS) == (entries[public], False)
    cache.forget(Change("1"))
    assert cache.at(ADDRESS) is None
    assert cache.bytes_used == 0


def test_every_difference_between_readers_is_in_the_scope() -> None:
    clerk = Actor(Audience.STAFF, "a", ("U1",), "P3")
    other = Actor(Audience.STAFF, "b", ("U2",), "P3")
    leader = Actor(Audience.STAFF, "c", (), "P3", reads=("*",))
    assert len({scope_of(actor, "projects") for actor in (PUBLIC, clerk, other, leader)}) == 4
    assert scope_of(clerk, "parcels") == scope_of(leader, "parcels") != scope_of(PUBLIC, "parcels")


@pytest.mark.parametrize("payload", ["", "[]", "{}", "null", '{"c": 1, "l": 3}', '{"c": "1", "b": [[1]]}', "\\ud800"])
def test_a_message_that_is_not_ours_is_told_apart(payload: str) -> None:
    with pytest.raises(ValueError, match="not a change"):
        read(payload)


def test_what_clients_take_and_hold() -> None:
    assert takes_gzip("gzip, br")
    assert takes_gzip("br;q=1, *;q=0.5")
    assert not takes_gzip("gzip;q=0, br")
    assert not takes_gzip("")
    tag = Entry.of(b"x").etag
    assert has_tag(f'W/"{tag}-gzip"', tag)
    assert has_tag(f'"other", "{tag}"', tag)
    assert not has_tag(f'"{tag}x"', tag)
    assert not has_tag("*", "")
