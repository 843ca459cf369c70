"""Tiles shared by all processes through the database (geo/tiles/store.py): read before one is made, kept after it was.

A tile never waits for the store's writing and never fails with it: what cannot be read is made, what cannot be written is let go,
`/health/ready` says `degraded`, and the store is tried again every few seconds until it works.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from api.live.tile_cache import Entry
from geo.db import PUBLIC, Actor, Audience, acting
from geo.registry.collections import COLLECTIONS
from geo.tiles import store
from geo.tiles.store import Address, State

WAITING_MAX, USED_MAX = 64, 500
"""Tiles that wait to be written, and those read whose use was not noted yet; beyond that they are let go."""

TIMEOUT_MS = 5_000
TIDY_PARTS = 16
"""A process tidies the store whenever it wrote a sixteenth of its room."""

READY, DEGRADED = "ready", "degraded"
PROBE = Address("", COLLECTIONS["parcels"], 0, 0, 0)
FAILURES = (SQLAlchemyError, OSError, TimeoutError)
log = structlog.get_logger()


class _Unreadable(Exception):
    """The store's part of a look-up failed; the tile can be made all the same."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    audience: Audience
    at: Address
    state: State
    entry: Entry


class TileStore:
    """One per process. `bytes_max` 0 = nothing is stored; `from_ms`: only tiles that took longer than this to make are."""

    def __init__(self, bytes_max: int, from_ms: float, retry_s: float = 5.0) -> None:
        self.bytes_max, self.from_ms, self.retry_s = bytes_max, from_ms, retry_s
        self.is_readable = self.is_writable = True
        self.read_count = self.made_count = self.written_count = 0
        self._waiting: deque[_Waiting] = deque(maxlen=WAITING_MAX)
        self._used: set[int] = set()
        self._written_bytes = 0
        self._wake = asyncio.Event()

    @property
    def health(self) -> str:
        """`ready`, or `degraded` while tiles are served without it."""
        return READY if self.is_readable and self.is_writable else DEGRADED

    async def entry(
        self, engine: AsyncEngine, actor: Actor, at: Address, timeout_ms: int, make: Callable[[AsyncConnection], Awaitable[bytes]]
    ) -> Entry:  # fmt: skip
        """The tile as its reader may have it: of the store where it holds, else made. `make` runs in the reader's transaction."""
        if self.is_readable:
            try:
                async with acting(engine, actor, timeout_ms) as connection:
                    return await self._found_or_made(connection, actor, at, make)
            except _Unreadable as error:
                self._failed("read", error.__cause__)
        async with acting(engine, actor, timeout_ms) as connection:
            return Entry.of(await make(connection))

    async def _found_or_made(
        self, connection: AsyncConnection, actor: Actor, at: Address, make: Callable[[AsyncConnection], Awaitable[bytes]]
    ) -> Entry:  # fmt: skip
        try:
            state = await store.state_of(connection, actor, at, look=self.bytes_max > 0)
        except SQLAlchemyError as error:
            raise _Unreadable from error
        if state.kept is not None:
            self.read_count += 1
            if len(self._used) < USED_MAX:
                self._used.add(state.kept.id)
            return Entry(state.kept.body, state.kept.etag, seen=state.kept.seen, version=state.version)
        begun = time.perf_counter()
        entry = Entry.of(await make(connection), seen=state.seen, version=state.version)
        self.made_count += 1
        took_ms = (time.perf_counter() - begun) * 1000
        is_wanted = self.bytes_max > 0 and took_ms >= self.from_ms and store.is_kept(at.collection)
        if is_wanted and len(entry.gzipped) <= store.TILE_BYTES_MAX:
            self._waiting.append(_Waiting(actor.audience, at, state, entry))
            self._wake.set()
        return entry

    async def is_current(
        self, engine: AsyncEngine, actor: Actor, at: Address, entry: Entry, version: str, timeout_ms: int
    ) -> bool:
        """Whether `version` is the layer's present one and the entry still holds, both in one snapshot; the entry remembers it."""
        if entry.version == version:
            return True
        if not entry.seen or not self.is_readable:
            return False
        try:
            async with acting(engine, actor, timeout_ms) as connection:
                state = await store.state_of(connection, actor, at, since=entry.seen, look=False)
        except FAILURES as error:
            self._failed("read", error)
            return False
        if state.is_touched or state.version != version:
            return False
        entry.version = version
        return True

    async def run(self, engine: AsyncEngine) -> None:
        """Write what waits, until cancelled; while something does not work, try it again now and then."""
        while True:
            if self.health == READY:
                await self._wake.wait()
            else:
                await asyncio.sleep(self.retry_s)
            self._wake.clear()
            if not self.is_readable:
                await self._probe(engine)
            await self._write(engine)

    async def _probe(self, engine: AsyncEngine) -> None:
        try:
            async with acting(engine, PUBLIC, TIMEOUT_MS) as connection:
                await store.state_of(connection, PUBLIC, PROBE)
        except FAILURES:
            return
        self.is_readable = True
        log.info("tile_store_readable")

    async def _write(self, engine: AsyncEngine) -> None:
        """Write everything that waits; what fails stays in the line."""
        while self._waiting or not self.is_writable:
            one = self._waiting[0] if self._waiting else None
            try:
                async with acting(engine, store.KEEPER, TIMEOUT_MS) as connection:
                    if one is not None:
                        await store.put(connection, one.audience, one.at, one.state, one.entry.gzipped, one.entry.etag)
                    if self._used:
                        await store.note_used(connection, sorted(self._used))
                await self._tidy(engine, 0 if one is None else one.entry.size_bytes)
            except FAILURES as error:
                self._failed("write", error)
                self._waiting.rotate(-1)  # if it is this one's fault, the next has its turn
                return
            self._used.clear()
            if one is not None:
                self.written_count += 1
                if self._waiting and self._waiting[0] is one:  # a full line lets its oldest go
                    self._waiting.popleft()
            if not self.is_writable:
                self.is_writable = True
                log.info("tile_store_writable")

    async def _tidy(self, engine: AsyncEngine, written_bytes: int) -> None:
        self._written_bytes += written_bytes
        if self._written_bytes * TIDY_PARTS < self.bytes_max:
            return
        self._written_bytes = 0
        async with acting(engine, store.KEEPER, TIMEOUT_MS) as connection:
            await store.keep(connection, self.bytes_max)

    def _failed(self, what: str, error: BaseException | None) -> None:
        if self.health == READY:
            log.warning("tile_store_degraded", what=what, error=str(getattr(error, "orig", error))[:200])
        if what == "read":
            self.is_readable = False
        else:
            self.is_writable = False
        self._wake.set()
