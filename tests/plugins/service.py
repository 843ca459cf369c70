"""The service over a real database: an ASGI client, accounts, and a small county with one of each thing that matters."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import psycopg
import pytest
from sqlalchemy import create_engine

from api.app import create_api
from api.settings import ApiSettings, MapSettings
from geo.db import driver_url
from geo.people.commands import create_account
from geo.settings import GeoSettings

COUNTY = "330225"


@dataclass(frozen=True)
class World:
    """Addresses, passwords and tokens of the test county."""

    owner_url: str
    app_url: str
    tokens: dict[str, str]


@pytest.fixture(scope="module")
def world(database_url: str, app_url: str) -> World:
    """象山 with two units, a published, an internal and a foreign-unit parcel, a control line, and accounts."""
    square = "st_multi(st_makeenvelope({0}, 29.6, {0} + 0.001, 29.601, 4490))"
    with psycopg.connect(database_url, autocommit=True) as c:
        c.execute(
            "insert into register.county (code, name, name_en, outline, survey_srid, time_zone, rule_set, is_default) values "
            "(%s, '象山县', 'Xiangshan', st_multi(st_makeenvelope(121, 28, 123, 30, 4490)), 4529, 'Asia/Shanghai', 'cn', true)",
            [COUNTY],
        )
        c.execute(
            "insert into register.unit (county_code, code, name, kind) values (%s, 'U1', '西周镇', 'town'), (%s, 'U2', '石浦镇', 'town')",
            [COUNTY, COUNTY],
        )
        for i, (code, unit, state) in enumerate(
            (("PUB", "U1", "published"), ("INT", "U1", "internal"), ("TWO", "U2", "published"))
        ):
            c.execute(
                f"insert into register.parcel (county_code, code, name, geom, unit_code, publication_state, land_use_code) values "
                f"(%s, %s, '地块', {square.format(121.88 + i * 0.01)}, %s, %s, '100102')",
                [COUNTY, code, unit, state],
            )
        c.execute(
            f"insert into register.planning_control (county_code, code, name, kind, geom) values (%s, 'L1', '基本农田', 'PBF', {square.format(121.85)})",
            [COUNTY],
        )
    tokens = {}
    with create_engine(driver_url(database_url)).begin() as connection:
        for name, role, units in (
            ("clerk", "clerk", ("U1",)),
            ("bureau", "bureau", ()),
            ("leader", "leader", ()),
            ("admin", "admin", ()),
        ):
            tokens[name] = create_account(
                connection, name, f"{name}-password-1", name, role, "*" if role == "admin" else COUNTY, units
            )
    return World(database_url, app_url, tokens)


@asynccontextmanager
async def serving(world: World, map_: MapSettings | None = None, **api: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the service as it really starts, with limits out of the way unless given."""
    settings = {"items_per_minute": 100_000, "logins_per_minute": 1000} | api
    app = create_api(GeoSettings(DATABASE_URL=world.app_url), ApiSettings(**settings), map_ or MapSettings())
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://yzt.test") as client,
    ):
        yield client


@pytest.fixture
async def service(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """The service with its defaults, logged in as nobody."""
    async with serving(world) as client:
        yield client


@pytest.fixture
def bearer(world: World) -> dict[str, dict[str, str]]:
    """Authorization headers by account."""
    return {name: {"Authorization": f"Bearer {token}"} for name, token in world.tokens.items()}


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """asyncio, as in production."""
    return "asyncio"
