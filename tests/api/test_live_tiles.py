"""Tiles that are kept: the same for everybody who may see them, gone when their place changes, on every process, and never a door."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import httpx
import mapbox_vector_tile
import psycopg
import pytest
from sqlalchemy.engine import make_url

from api.live.changes import Change, Changes, stop
from api.live.tile_cache import PUBLIC_SCOPE, Entry, Key, TileCache
from tests.plugins.service import World, serving

pytestmark = pytest.mark.anyio
TILE = "/ogc/collections/parcels/tiles/WebMercatorQuad/14/6780/13738?county=330225"
WIDE = "/ogc/collections/parcels/tiles/WebMercatorQuad/12/1695/3434?county=330225"
PROJECTS = TILE.replace("parcels", "projects")
LOW = "/ogc/collections/parcels/tiles/WebMercatorQuad/9/211/429?county=330225"


async def eventually(check: Callable[[], Awaitable[bool]], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not await check():
        assert time.monotonic() < deadline, f"did not come true in {seconds} s"
        await asyncio.sleep(0.02)


async def heard(client: httpx.AsyncClient) -> bool:
    return bool((await client.get("/health/ready")).json()["parts"]["changes"] == "ready")


@asynccontextmanager
async def listening(world: World, count: int = 1, **api: object) -> AsyncIterator[list[httpx.AsyncClient]]:
    """So many services with pools and caches of their own over one database, all of them listening."""
    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(serving(world, **api)) for _ in range(count)]
        for client in clients:
            await eventually(lambda c=client: heard(c))  # type: ignore[misc]
        yield clients


def props(answer: httpx.Response) -> dict[str, dict[str, object]]:
    """Properties by code."""
    decoded = mapbox_vector_tile.decode(answer.content)["parcels"]["features"]
    return {f["properties"]["code"]: f["properties"] for f in decoded}


def change(world: World, statement: str) -> None:
    with psycopg.connect(world.owner_url, autocommit=True) as connection:
        connection.execute(statement)


def is_hot(client: httpx.AsyncClient) -> int:
    return len(client._transport.app.state.tiles)  # type: ignore[attr-defined]


async def test_a_tile_for_staff_is_never_the_publics(world: World, bearer: dict[str, dict[str, str]]) -> None:
    async with listening(world) as [client]:
        for _ in range(2):  # made, then kept
            staff = await client.get(WIDE, headers=bearer["leader"])
            public = await client.get(WIDE)
            basic = await client.get(WIDE, auth=("x", "wrong"))
            stale = await client.get(WIDE, headers={"Cookie": "yzt_session=nobody"})
            assert set(props(staff)) == {"PUB", "INT", "TWO"}
            assert set(props(public)) == {"PUB", "TWO"}
            assert public.headers["cache-control"] == "public, no-cache"
            assert staff.headers["cache-control"].startswith("private")
            assert basic.status_code == 401
            assert props(stale) == props(public)
        for account in ("clerk", "leader", "bureau"):
            assert (await client.get(PROJECTS, headers=bearer[account])).status_code in (200, 204)
        scopes = {k.scope for k in client._transport.app.state.tiles._entries if k.collection == "projects"}  # type: ignore[attr-defined]
        assert scopes == {("staff", "P3", "U1"), ("staff", "P3", "*")}


async def test_head_tags_and_forms_of_a_kept_tile(world: World) -> None:
    async with listening(world) as [client]:
        first = await client.get(TILE, headers={"Accept-Encoding": "gzip"})
        second = await client.get(TILE, headers={"Accept-Encoding": "gzip"})
        plain = await client.get(TILE, headers={"Accept-Encoding": "identity"})
        assert first.headers["etag"] == second.headers["etag"] != plain.headers["etag"]
        assert first.content == second.content == plain.content
        assert "content-encoding" not in plain.headers
        for tag in (first.headers["etag"], plain.headers["etag"], f"W/{plain.headers['etag']}"):
            again = await client.get(TILE, headers={"If-None-Match": tag})
            assert (again.status_code, again.content) == (304, b"")
        head = await client.head(TILE)
        assert (head.status_code, head.content) == (200, b"")
        assert int(head.headers["content-length"]) > 0
        assert head.headers["x-content-type-options"] == "nosniff"
        for wrong, status in (
            (TILE + "&colour=red", 400),
            (TILE.replace("330225", "no"), 404),
            (TILE.replace("/14/", "/1/"), 404),
        ):
            assert (await client.get(wrong)).status_code == status


async def test_an_edit_reaches_every_process_and_only_its_tiles_are_made_again(world: World) -> None:
    async with listening(world, 2) as clients:
        for client in clients:
            await client.get(TILE)
            await client.get(TILE.replace("/6780/", "/6700/"))
            assert is_hot(client) == 2
        change(world, "update register.parcel set name = '新名' where code = 'PUB'")
        for client in clients:

            async def is_new(client: httpx.AsyncClient = client) -> bool:
                return props(await client.get(TILE))["PUB"]["name"] == "新名"

            await eventually(is_new)
            assert is_hot(client) == 2
        change(
            world,
            "insert into register.fact (county_code, subject_kind, subject_id, kind, value_text, effective_on) "
            "select county_code, 'parcel', id, 'status', 'AVAILABLE', '2024-01-01' from register.parcel where code = 'PUB'",
        )
        for client in clients:

            async def has_status(client: httpx.AsyncClient = client) -> bool:
                return props(await client.get(TILE))["PUB"].get("status") == "AVAILABLE"

            await eventually(has_status)


class Wire:
    """A way to the database that can be frozen: connections stay open and nothing passes, as when a router loses its power."""

    def __init__(self, url: str) -> None:
        self.url, self.passes = make_url(url), asyncio.Event()
        self.passes.set()

    async def _pipe(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            await self.passes.wait()
            writer.write(data)
        writer.close()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner = await asyncio.open_connection(self.url.host, self.url.port)
        with suppress(ConnectionError, asyncio.CancelledError):
            await asyncio.gather(self._pipe(reader, inner[1]), self._pipe(inner[0], writer))

    @asynccontextmanager
    async def open(self) -> AsyncIterator[str]:
        server = await asyncio.start_server(self._join, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        yield self.url.set(host="127.0.0.1", port=port).render_as_string(hide_password=False)
        server.close()


async def test_a_connection_that_dies_in_silence_is_noticed_and_nothing_is_kept_meanwhile(world: World) -> None:
    wire, told = Wire(world.app_url), list[Change]()
    async with wire.open() as url:
        changes = Changes(url, 0.2)
        tiles = TileCache(1_000_000, lambda: changes.is_heard)
        changes.subscribe(told.append, tiles.clear)
        running = asyncio.create_task(changes.run())

        async def made() -> Entry:
            return Entry.of(b"tile")

        async def is_heard(wanted: bool) -> None:
            async def check() -> bool:
                return changes.is_heard is wanted

            await eventually(check)

        await is_heard(True)
        await tiles.get(Key("330225", "parcels", 1, 0, 0, PUBLIC_SCOPE), made)
        await asyncio.sleep(0)
        assert len(tiles) == 1
        wire.passes.clear()
        await is_heard(False)
        await tiles.get(Key("330225", "parcels", 1, 0, 0, PUBLIC_SCOPE), made)
        await asyncio.sleep(0)
        assert len(tiles) == 0
        wire.passes.set()
        await is_heard(True)
        change(world, "update register.parcel set name = '通了' where code = 'PUB'")

        async def is_told() -> bool:
            return any(c.collections == ("parcels", "findings") and c.boxes for c in told)

        await eventually(is_told)
        await stop(running)


async def test_cells_say_how_much_and_how_it_stands(world: World) -> None:
    for audience in ("public", "staff"):
        change(world, f"select register.set_tile_detail('330225', 'parcels', '{audience}', 10, 1)")
    async with listening(world) as [client]:
        found = mapbox_vector_tile.decode((await client.get(LOW)).content)["parcels_cells"]["features"]
        assert sum(f["properties"]["n"] for f in found) == 2
        assert sum(f["properties"].get("n_AVAILABLE", 0) for f in found) == 1
        change(world, "update register.parcel set publication_state = 'internal' where code = 'TWO'")

        async def is_one() -> bool:
            layer = mapbox_vector_tile.decode((await client.get(LOW)).content)["parcels_cells"]
            return sum(f["properties"]["n"] for f in layer["features"]) == 1

        await eventually(is_one)
        change(world, "update register.parcel set publication_state = 'published' where code = 'TWO'")
        change(world, "delete from register.tile_detail")
