"""What plays of tiles are made of: transactions that wait for their commit, processes behind doors of their own, the present version."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import psycopg
from fastapi import FastAPI

from api.app import create_api
from api.live.tile_store import TileStore
from api.settings import ApiSettings, MapSettings
from geo.db import Audience
from geo.registry.collections import COLLECTIONS
from geo.settings import GeoSettings
from geo.tiles import store
from tests.api.test_live_tiles import TILE, eventually, heard, props
from tests.plugins.door import open_door
from tests.plugins.service import COUNTY, World, serving

KEEP = "select tile_count, byte_count, removed_count, folded_count from register.keep_tiles(%s, %s)"
LATER = TILE.replace("/6780/13738", "/6780/13739")
CODES = ("PUB", "TWO")


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


@asynccontextmanager
async def worker(world: World, **api: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A process of its own, as far as tiles go: cache, pool, listener; it keeps every tile, however fast it is made."""
    async with serving(world, **{"tile_store_from_ms": 0.0} | api) as client:
        await eventually(lambda: heard(client))
        yield client


@contextmanager
def transactions(world: World, count: int) -> Iterator[list[psycopg.Connection[Any]]]:
    """Connections on which edits wait for their commit."""
    opened = [psycopg.connect(world.owner_url) for _ in range(count)]
    try:
        yield opened
    finally:
        for connection in opened:
            connection.close()


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
