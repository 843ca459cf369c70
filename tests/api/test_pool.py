"""The service's connections: those that ended with the database are replaced before a request is given one."""

from __future__ import annotations

import asyncio

import psycopg
import pytest
from sqlalchemy import text

from geo.db import PUBLIC, acting, async_engine
from geo.settings import GeoSettings
from tests.plugins.service import World, serving

pytestmark = pytest.mark.anyio
AT_ONCE = 3


async def test_connections_that_ended_at_rest_are_replaced_unseen(world: World) -> None:
    engine = async_engine(GeoSettings(DATABASE_URL=world.app_url))  # type: ignore[call-arg]

    async def backend() -> int:
        async with acting(engine, PUBLIC, 10_000) as connection:
            await connection.execute(text("select pg_sleep(0.05)"))
            return int((await connection.execute(text("select pg_backend_pid()"))).scalar_one())

    try:
        before = set(await asyncio.gather(*(backend() for _ in range(AT_ONCE))))
        assert len(before) == AT_ONCE
        assert await backend() in before, "a connection at rest is used again"
        with psycopg.connect(world.owner_url, autocommit=True) as c:
            for pid in before:
                assert c.execute("select pg_terminate_backend(%s, 5000)", [pid]).fetchone() == (True,)
        after = set(await asyncio.gather(*(backend() for _ in range(AT_ONCE))))
        assert len(after) == AT_ONCE
        assert not after & before
    finally:
        await engine.dispose()


async def test_an_old_connection_is_replaced(world: World) -> None:
    engine = async_engine(GeoSettings(DATABASE_URL=world.app_url, pool_recycle_s=1))  # type: ignore[call-arg]
    try:
        pids = []
        for _ in range(2):
            async with acting(engine, PUBLIC, 10_000) as connection:
                pids.append((await connection.execute(text("select pg_backend_pid()"))).scalar_one())
            await asyncio.sleep(1.2)
        assert pids[0] != pids[1]
    finally:
        await engine.dispose()


async def test_no_request_fails_after_the_database_ended_every_connection(world: World) -> None:
    async with serving(world) as client:
        assert (await client.get("/ogc/collections/parcels/items?limit=1")).status_code == 200
        with psycopg.connect(world.owner_url, autocommit=True) as c:
            c.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity "
                "where datname = current_database() and pid <> pg_backend_pid()"
            )
        answers = await asyncio.gather(*(client.get("/ogc/collections/parcels/items?limit=1") for _ in range(6)))
        assert {answer.status_code for answer in answers} == {200}
