"""An HTTP client that asks as fast as it is answered: a few kept connections, whole laps over a list of addresses."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import cast
from urllib.parse import urlsplit

import httptools
import uvloop

PATIENCE_S = 300.0


class Failed(Exception):
    """A contestant did not answer as it should; the text says which and how."""


@dataclass(slots=True)
class Lap:
    """What came of a turn: `latencies_ms` one per request, `size_bytes` of all bodies as sent."""

    seconds: float = 0.0
    latencies_ms: list[float] = field(default_factory=list)
    size_bytes: int = 0

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.latencies_ms) / self.seconds


class _Turn:
    """Addresses handed out to the connections: lap after lap until `seconds` are over, never part of a lap."""

    def __init__(self, paths: Sequence[str], seconds: float) -> None:
        self.paths, self.lap, self.seconds = paths, Lap(), seconds
        self.begun, self.given = time.perf_counter(), 0

    def next_path(self) -> str | None:
        if self.given % len(self.paths) == 0 and self.given and time.perf_counter() - self.begun >= self.seconds:
            return None
        self.given += 1
        return self.paths[(self.given - 1) % len(self.paths)]


class _Connection(asyncio.Protocol):
    """One kept connection; `done` is resolved when there is nothing left to ask."""

    def __init__(
        self, turn: _Turn, heads: Mapping[str, str], expected: frozenset[int], done: asyncio.Future[None]
    ) -> None:
        self.turn, self.heads, self.expected, self.done = turn, heads, expected, done

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self._ask()

    def _ask(self) -> None:
        path = self.turn.next_path()
        if path is None:
            self.transport.close()
            if not self.done.done():
                self.done.set_result(None)
            return
        self.path, self.size, self.text = path, 0, b""
        self.parser = httptools.HttpResponseParser(self)
        self.begun = time.perf_counter()
        self.transport.write(f"GET {path} HTTP/1.1\r\n{self.heads[path]}\r\n".encode())

    def data_received(self, data: bytes) -> None:
        self.parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        """Called by the parser for each piece of a body."""
        self.size += len(body)
        if len(self.text) < 300:
            self.text += body[:300]

    def on_message_complete(self) -> None:
        """Called by the parser at the end of an answer."""
        lap, now = self.turn.lap, time.perf_counter()
        status = self.parser.get_status_code()
        if status not in self.expected:
            self._fail(f"{self.path}: status {status}: {self.text[:300].decode(errors='replace')}")
            return
        lap.latencies_ms.append((now - self.begun) * 1000)
        lap.size_bytes += self.size
        lap.seconds = now - self.turn.begun
        self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self._fail(f"{self.path}: the connection was closed before the answer was whole")

    def _fail(self, why: str) -> None:
        if not self.done.done():
            self.done.set_exception(Failed(why))
        self.transport.close()


def drive(
    base_url: str, paths: Sequence[str], *, seconds: float, connections: int, headers: Mapping[str, str] | None = None,
    own: Mapping[str, Mapping[str, str]] | None = None, expected: frozenset[int] = frozenset({200}),
) -> Lap:  # fmt: skip
    """Ask for every path, lap after lap for at least `seconds`, over `connections` at once. Raises Failed.

    `headers` go with every request, `own[path]` with that one.
    """
    where = urlsplit(base_url)
    given = {"Host": where.netloc, "Accept-Encoding": "identity", **(headers or {})}
    each = {path: given | dict((own or {}).get(path, {})) for path in paths}
    heads = {path: "".join(f"{name}: {value}\r\n" for name, value in lines.items()) for path, lines in each.items()}

    async def run() -> Lap:
        loop = asyncio.get_running_loop()
        turn = _Turn(paths, seconds)
        ends: list[asyncio.Future[None]] = []
        for _ in range(min(connections, len(paths))):
            done = loop.create_future()
            make = partial(_Connection, turn, heads, expected, done)
            await loop.create_connection(make, str(where.hostname), where.port or 80)
            ends.append(done)
        await asyncio.wait_for(asyncio.gather(*ends), PATIENCE_S)
        return turn.lap

    try:
        return uvloop.run(run())
    except TimeoutError:
        raise Failed(f"{base_url}: no answer within {PATIENCE_S:.0f} s") from None
