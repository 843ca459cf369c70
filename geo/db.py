"""Connections and the door every request and job goes through: a role, and settings that live for one transaction."""

from __future__ import annotations

import select
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from psycopg.adapt import Loader
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from geo.settings import GeoSettings


class Audience(StrEnum):
    """Who a transaction speaks for: the database role it takes."""

    PUBLIC = "yzt_public"
    STAFF = "yzt_staff"
    ADMIN = "yzt_admin"


READ_SCHEMA = {Audience.PUBLIC: "open_data", Audience.STAFF: "staff_data", Audience.ADMIN: "staff_data"}
"""The schema whose views an audience reads: the same names in each."""

ALL_UNITS = "*"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an audience, the account's name, the units it writes for ('*' = all) and its tier (P0, P2, P3).

    With tier P3 it also reads what is confidential in `reads`: its own units unless said otherwise (leaders read all).
    The database enforces what each may see and write; nothing above repeats it.
    """

    audience: Audience = Audience.PUBLIC
    account: str = ""
    units: tuple[str, ...] = ()
    tier: str = "P0"
    reads: tuple[str, ...] | None = None

    @property
    def read_schema(self) -> str:
        """Schema of the views this actor reads."""
        return READ_SCHEMA[self.audience]


PUBLIC = Actor()

_ENTER = text(
    "select set_config('role', :role, true), set_config('yzt.account', :account, true), "
    "set_config('yzt.units', :units, true), set_config('yzt.reads', :reads, true), set_config('yzt.tier', :tier, true), "
    "set_config('statement_timeout', :timeout, true), "
    "set_config('max_parallel_workers_per_gather', coalesce(:helpers, current_setting('max_parallel_workers_per_gather')), true)"
)


AS_BYTES = "varchar"
"""SQL type that text is told as where it is passed on and not read: the service takes it in as the UTF-8 it came in."""


class Utf8(Loader):
    """What comes as `AS_BYTES`, as it came: to make a string of a megabyte and bytes of that again takes longer than to send it."""

    def load(self, data: Any) -> bytes:
        """The bytes."""
        return bytes(data)


HELPERS = 2
"""As many as PostgreSQL gives one statement by itself."""

_HELPERS = text("select set_config('max_parallel_workers_per_gather', :helpers, true)")


def _entry(actor: Actor, timeout_ms: int, helpers: int | None) -> dict[str, str | None]:
    return {
        "role": actor.audience.value,
        "account": actor.account,
        "units": ",".join(actor.units),
        "reads": ",".join(actor.units if actor.reads is None else actor.reads),
        "tier": actor.tier,
        "timeout": str(timeout_ms),
        "helpers": None if helpers is None else str(helpers),
    }


def driver_url(database_url: str) -> str:
    """A PostgreSQL address with the one driver of the product, psycopg 3."""
    url = make_url(database_url)
    return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def async_engine(settings: GeoSettings) -> AsyncEngine:
    """The service's pool. A connection that died with the database is replaced before use."""
    engine = create_async_engine(
        driver_url(settings.database_url.get_secret_value()),
        pool_size=settings.pool_size,
        max_overflow=settings.pool_overflow,
        pool_timeout=settings.pool_timeout_s,
        pool_recycle=settings.pool_recycle_s,
        connect_args={
            "connect_timeout": settings.connect_timeout_s, "application_name": "yizhangtu", "client_encoding": "utf8",
        },
    )  # fmt: skip
    event.listen(engine.sync_engine, "connect", _take_bytes)
    event.listen(engine.sync_engine, "checkout", _refuse_ended)
    return engine


def _take_bytes(connection: Any, *_record: Any) -> None:
    connection.driver_connection.adapters.register_loader(AS_BYTES, Utf8)


def _refuse_ended(connection: Any, *_record: Any) -> None:
    """A connection at rest has nothing to read but the end the server left when it went: seen without the round trip of a ping."""
    driver, waiting = connection.driver_connection, select.poll()
    if not driver.closed:
        waiting.register(driver.pgconn.socket, select.POLLIN)
    if driver.closed or waiting.poll(0):
        raise DisconnectionError("the server ended this connection")


def sync_engine(database_url: str) -> Engine:
    """An engine for the command line, jobs, GeoPandas and COPY."""
    return create_engine(
        driver_url(database_url), pool_pre_ping=True, connect_args={"application_name": "yizhangtu-ops"}
    )


@asynccontextmanager
async def acting(engine: AsyncEngine, actor: Actor, timeout_ms: int) -> AsyncIterator[AsyncConnection]:
    """One transaction as `actor`: committed at the end, rolled back on any error.

    Its statements run without parallel helpers: to start one takes longer than most of what is asked here.
    """
    async with engine.begin() as connection:
        await connection.execute(_ENTER, _entry(actor, timeout_ms, helpers=0))
        yield connection


async def with_helpers(connection: AsyncConnection) -> None:
    """Let the rest of a transaction run with parallel helpers, for what reads a whole county: the planner takes them for large ones alone."""
    await connection.execute(_HELPERS, {"helpers": str(HELPERS)})


@contextmanager
def acting_sync(engine: Engine, actor: Actor, timeout_ms: int = 0) -> Iterator[Connection]:
    """The same for the command line and for jobs; `timeout_ms` 0 = none."""
    with engine.begin() as connection:
        connection.execute(_ENTER, _entry(actor, timeout_ms, helpers=None))
        yield connection
