"""Word of what was committed, over one LISTEN connection per process, and whether it can be relied on right now.

The database tells on channel `register_changes` (migrations/sql/0010). A connection can die without a sound, so it is asked for an
answer every few seconds; while nobody listens, nothing may be kept, and what was kept before is forgotten.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import orjson
import psycopg
import structlog
from sqlalchemy.engine import make_url

CHANNEL = "register_changes"
RETRY_MAX_S = 5.0
log = structlog.get_logger()

Box = tuple[int, int, int, int]
"""x0, y0, x1, y1 in tile numbers of zoom 18, y from the north."""


@dataclass(frozen=True, slots=True)
class Change:
    """What changed in a county: `collections` None = anything, `boxes` None = anywhere."""

    county_code: str
    collections: tuple[str, ...] | None = None
    boxes: tuple[Box, ...] | None = None


def read(payload: str) -> Change:
    """A message of the channel. Raises ValueError for one that is not ours."""
    try:
        said = orjson.loads(payload)
        layers, boxes = said.get("l"), said.get("b")
        return Change(
            str(said["c"]),
            None if layers is None else tuple(map(str, layers)),
            None if boxes is None else tuple((int(a), int(b), int(c), int(d)) for a, b, c, d in boxes),
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"not a change: {payload[:100]}") from error


class Changes:
    """Listens for as long as it runs; tells `on_change` what changed, and `on_gap` that something may have been missed."""

    def __init__(self, database_url: str, heartbeat_s: float) -> None:
        self._url = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._heartbeat_s = heartbeat_s
        self._on_change: list[Callable[[Change], None]] = []
        self._on_gap: list[Callable[[], None]] = []
        self.is_heard = False
        """Whether everything committed reaches this process within moments."""

    def subscribe(self, on_change: Callable[[Change], None], on_gap: Callable[[], None]) -> None:
        """Be told, in the order of commits; both must not block."""
        self._on_change.append(on_change)
        self._on_gap.append(on_gap)

    async def run(self) -> None:
        """Listen until cancelled; a lost connection is made again."""
        wait_s = 0.1
        while True:
            try:
                async with await self._connect() as connection:
                    wait_s = 0.1
                    await self._listen(connection)
            except (psycopg.Error, OSError, TimeoutError) as error:
                if self.is_heard:
                    log.warning("changes_unheard", error=str(error)[:200])
            finally:
                self._gap(heard=False)
            await asyncio.sleep(wait_s)
            wait_s = min(wait_s * 2, RETRY_MAX_S)

    async def _connect(self) -> psycopg.AsyncConnection[tuple[object, ...]]:
        return await psycopg.AsyncConnection.connect(
            self._url, autocommit=True, connect_timeout=3, application_name="yizhangtu-changes",
            keepalives_idle=5, keepalives_interval=2, keepalives_count=2,
        )  # fmt: skip

    async def _listen(self, connection: psycopg.AsyncConnection[tuple[object, ...]]) -> None:
        await connection.execute(f"listen {CHANNEL}")
        self._gap(heard=True)
        while True:
            async for notice in connection.notifies(timeout=self._heartbeat_s):
                self._tell(notice.payload)
            await self._ask(connection)

    async def _ask(self, connection: psycopg.AsyncConnection[tuple[object, ...]]) -> None:
        """Raise when the other side does not answer. Cancelling would wait for it, too: the line is cut instead."""
        asked = asyncio.ensure_future(connection.execute("select 1"))
        try:
            answered, _ = await asyncio.wait({asked}, timeout=self._heartbeat_s)
        except asyncio.CancelledError:
            _hang_up(connection)
            asked.cancel()
            raise
        if not answered:
            self._gap(heard=False)
            _hang_up(connection)
        await asked

    def _tell(self, payload: str) -> None:
        try:
            change = read(payload)
        except ValueError as error:
            log.warning("change_not_understood", error=str(error))
            self._gap(heard=True)
            return
        for told in self._on_change:
            told(change)

    def _gap(self, *, heard: bool) -> None:
        self.is_heard = heard
        for told in self._on_gap:
            told()


def _hang_up(connection: psycopg.AsyncConnection[tuple[object, ...]]) -> None:
    with suppress(OSError, psycopg.Error), socket.socket(fileno=os.dup(connection.pgconn.socket)) as line:
        line.shutdown(socket.SHUT_RDWR)


async def stop(task: asyncio.Task[None]) -> None:
    """Cancel a task and wait for its end."""
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
