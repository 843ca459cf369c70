"""The very SQL the service issues for a request: asked of the application itself, so that nothing here repeats its text.

This is the one place that knows how to come by it. A request is put to the application in this process, over the same database,
and the statements of the transaction that reads the view are written down as SQLAlchemy hands them to psycopg.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from sqlalchemy import Connection, event

from api.app import create_api
from api.settings import ApiSettings, MapSettings
from geo.settings import GeoSettings
from ops.bench.client import Failed

UNLIMITED = 1_000_000_000
LIMITS: dict[str, Any] = {"items_per_minute": UNLIMITED, "tile_timeout_ms": 600_000, "item_timeout_ms": 600_000}
"""What a measured service is allowed, so that slow SQL is measured and not cut off; raw statements carry the same entry."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement in psycopg's form (`%(name)s`), with its parameters."""

    text: str
    parameters: Mapping[str, Any] | Sequence[Any] | None


Transaction = tuple[Statement, ...]
"""All statements of one request's transaction, the entry (role and settings) first; BEGIN and COMMIT are the driver's."""


class _Book:
    def __init__(self) -> None:
        self.open: dict[int, list[Statement]] = {}
        self.closed: list[Transaction] = []

    def begin(self, connection: Connection) -> None:
        self.open[id(connection)] = []

    def write(
        self, connection: Connection, cursor: object, text: str, parameters: Any, context: object, many: bool
    ) -> None:
        self.open.setdefault(id(connection), []).append(Statement(text, parameters))

    def end(self, connection: Connection) -> None:
        self.closed.append(tuple(self.open.pop(id(connection), ())))

    @contextmanager
    def on(self, engine: Any) -> Iterator[None]:
        listeners = (
            ("begin", self.begin),
            ("before_cursor_execute", self.write),
            ("commit", self.end),
            ("rollback", self.end),
        )
        for name, listener in listeners:
            event.listen(engine, name, listener)
        yield
        for name, listener in listeners:
            event.remove(engine, name, listener)


def transactions(app_url: str, paths: Sequence[str], view: str, **settings: Any) -> list[Transaction]:
    """For each path the transaction in which the service reads `view` (schema.name), answering as to the public.

    `settings` are of the service's, beside its limits. Raises Failed when a path is not answered with 200, or when no statement
    over `view` was seen: then the service reads in another way than this file knows.
    """

    async def run() -> list[Transaction]:
        app = create_api(GeoSettings(DATABASE_URL=app_url), ApiSettings(**LIMITS | settings), MapSettings())
        transport = httpx.ASGITransport(app)
        found = []
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://yzt.bench", timeout=120) as client,
        ):
            for path in paths:
                book = _Book()
                with book.on(app.state.engine.sync_engine):
                    answer = await client.get(path)
                    answer.raise_for_status()
                reading = [t for t in book.closed if any(view in s.text for s in t)]
                if not reading:
                    raise Failed(f"{path}: the service read {view} in a way ops/bench/statements.py does not see")
                found.append(tuple(s for t in reading for s in t))
        return found

    try:
        return asyncio.run(run())
    except httpx.HTTPStatusError as error:
        raise Failed(f"{error.request.url}: {error.response.text[:300]}") from None
