"""Changes for everybody who follows them: the feed is read once per process, and each audience is told what it may know.

A reader that does not take what is written is let go; it comes back with the id it saw last, and loses nothing.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import orjson
import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from api.live.changes import Change
from geo.db import Actor, acting
from geo.errors import Problem, TooManyRequests
from geo.history import events
from geo.history.events import GAPS_MAX, Gap, Position, Row

TIMEOUT_MS = 5_000
LOOK_ANYWAY_S = 5.0
"""The feed is looked at this often even when nobody told of a change."""

GATHER_S = 0.02
QUEUE_MAX = 200
RESET_OVER = 200
"""More changes at once than this are not told one by one: whoever follows reads anew."""

RETRY_AFTER_S = 30
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Said:
    """One event: `change` or `reset`, the position it leaves its reader at, and what it says."""

    kind: str
    at: Position
    data: dict[str, object]

    def text(self) -> bytes:
        """As it stands in a stream (HTML, Server-sent events)."""
        return f"event: {self.kind}\nid: {self.at}\ndata: {orjson.dumps(self.data).decode()}\n\n".encode()


@dataclass(eq=False, slots=True)
class Stream:
    """One reader: who it is, which county, and what it has yet to be sent. None in the queue ends it."""

    actor: Actor
    county_code: str
    address: str
    queue: asyncio.Queue[bytes | None] = field(default_factory=lambda: asyncio.Queue(QUEUE_MAX))
    start: Position | None = None
    is_open: bool = True

    def knows(self, row_id: int) -> bool:
        """Whether the reader saw a row before it came here, perhaps at another process that was ahead."""
        return self.start is not None and self.start.has(row_id)

    def send(self, text: bytes) -> None:
        """Hand over, or let the reader go when it does not keep up."""
        if not self.is_open:
            return
        try:
            self.queue.put_nowait(text)
        except asyncio.QueueFull:
            self.close()

    def close(self) -> None:
        """End the stream, now, whatever it has yet to be sent."""
        self.is_open = False
        while not self.queue.empty():
            self.queue.get_nowait()
        self.queue.put_nowait(None)

    async def texts(self, heartbeat_s: float) -> AsyncIterator[bytes]:
        """What to write, an empty text when there was nothing for a while."""
        while True:
            try:
                async with asyncio.timeout(heartbeat_s):
                    text = await self.queue.get()
            except TimeoutError:
                yield b""
                continue
            if text is None:
                return
            yield text


class Feed:
    """All streams of this process."""

    def __init__(self, streams_max: int, streams_per_address: int) -> None:
        self._streams_max, self._per_address = streams_max, streams_per_address
        self._streams: set[Stream] = set()
        self._awake = asyncio.Event()
        self._open_gaps: dict[Gap, int] = {}
        self._last: int | None = None

    def wake(self, _: Change | None = None) -> None:
        """Something may have been written."""
        self._awake.set()

    @property
    def position(self) -> Position:
        """Up to where this process has told."""
        return Position(self._last or 0, tuple(sorted(self._open_gaps)))

    @contextmanager
    def stream(self, actor: Actor, county_code: str, address: str, start: Position | None) -> Iterator[Stream]:
        """A stream for as long as the block runs. Raises TooManyRequests."""
        own = sum(s.address == address for s in self._streams)
        if len(self._streams) >= self._streams_max or own >= self._per_address:
            raise TooManyRequests(
                Problem(zh="同时打开的实时连接太多，请稍候；页面会改为定时刷新", en="too many live connections at once; wait a moment, pages ask now and then instead"),
                extra={"retry_after_s": RETRY_AFTER_S},
            )  # fmt: skip
        made = Stream(replace(actor, account=events.READER.account), county_code, address, start=start)
        self._streams.add(made)
        try:
            yield made
        finally:
            self._streams.discard(made)

    def close(self) -> None:
        """End all streams: the process stops."""
        for stream in self._streams:
            stream.close()

    async def run(self, engine: AsyncEngine) -> None:
        """Read and tell until cancelled. A database that is away is waited for."""
        while True:
            try:
                if self._last is None:
                    async with acting(engine, events.READER, TIMEOUT_MS) as connection:
                        self._last = (await events.newest(connection))[0]
                while await self._step(engine):
                    pass
            except (DBAPIError, OSError, TimeoutError) as error:
                log.warning("feed_away", error=str(getattr(error, "orig", error))[:200])
            try:
                async with asyncio.timeout(LOOK_ANYWAY_S):
                    await self._awake.wait()
                await asyncio.sleep(GATHER_S)
            except TimeoutError:
                pass
            self._awake.clear()

    async def _step(self, engine: AsyncEngine) -> bool:
        """Read once; returns whether there may be more."""
        async with acting(engine, events.READER, TIMEOUT_MS) as connection:
            found = await events.rows_after(connection, self.position)
        before = self.position
        self._advance(found)
        by_county: dict[str, list[Row]] = defaultdict(list)
        for row in found.rows:
            by_county[row.county_code].append(row)
        for county_code, rows in by_county.items():
            await self._tell(engine, county_code, rows, before)
        return len(found.rows) == events.BATCH_MAX

    def _advance(self, found: events.Read) -> None:
        """Take note of what was read, of ids still missing below it, and of those that nobody can write any more."""
        ids = {row.id for row in found.rows}
        gaps: dict[Gap, int] = {}
        for (first, last), seen_at in self._open_gaps.items():
            if seen_at >= found.xmin:
                gaps |= {gap: seen_at for gap in _missing(first, last, ids)}
        above = [i for i in ids if i > (self._last or 0)]
        if above:
            gaps |= {gap: found.xmax for gap in _missing((self._last or 0) + 1, max(above), ids)}
            self._last = max(above)
        self._open_gaps = dict(sorted(gaps.items())[-GAPS_MAX:])

    async def _tell(self, engine: AsyncEngine, county_code: str, rows: list[Row], before: Position) -> None:
        scopes: dict[Actor, list[Stream]] = defaultdict(list)
        for stream in self._streams:
            if stream.county_code == county_code:
                scopes[stream.actor].append(stream)
        for actor, streams in scopes.items():
            told = await self._told(engine, actor, rows, before)
            for stream in streams:
                for row_id, said in told:
                    if not stream.knows(row_id):
                        stream.send(said.text())

    async def _told(
        self, engine: AsyncEngine, actor: Actor, rows: list[Row], before: Position
    ) -> list[tuple[int, Said]]:
        """Events with the largest row each stands for. Every one carries the position it leaves its reader at."""
        after = self.position
        if len(rows) > RESET_OVER:
            return [(rows[-1].id, Said("reset", after, {"collections": sorted({row.collection for row in rows})}))]
        async with acting(engine, actor, TIMEOUT_MS) as connection:
            told = await events.told_to(connection, actor, rows)
        out = []
        for number, (row_id, one) in enumerate(told, start=1):
            last = max(before.last, row_id)
            still = {(i, i) for i, _ in told[number:] if i <= last}
            gaps = sorted({(a, min(b, last)) for a, b in after.gaps if a <= last} | still)
            at = Position(last, tuple(gaps)) if number < len(told) else after
            out.append((row_id, Said("change", at, one)))
        return out

    async def since(self, engine: AsyncEngine, actor: Actor, county_code: str, given: Position | None) -> list[Said]:
        """What a reader missed since a position, up to where this process has told; a stream must be open before. None is a
        position that was not ours."""
        upto = self.position
        if given is None:
            return [Said("reset", upto, {"collections": []})]
        async with acting(engine, events.READER, TIMEOUT_MS) as connection:
            newest, oldest = await events.newest(connection)
            found = await events.rows_after(connection, given, county_code, RESET_OVER + 1)
        if given.last > newest or given.last < oldest - 1 or len(found.rows) > RESET_OVER:
            return [Said("reset", upto, {"collections": []})]
        rows = [row for row in found.rows if upto.has(row.id)]
        return [said for _, said in await self._told(engine, actor, rows, given)] if rows else []


def _missing(first: int, last: int, ids: set[int]) -> list[Gap]:
    """Ranges within first..last that are not among ids."""
    out: list[Gap] = []
    at = first
    for one in sorted(i for i in ids if first <= i <= last):
        if one > at:
            out.append((at, one - 1))
        at = one + 1
    if at <= last:
        out.append((at, last))
    return out
