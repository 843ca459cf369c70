"""Text that the service passes on comes as bytes by its type; nothing else has that type."""

from __future__ import annotations

import asyncio

import psycopg
from sqlalchemy import text

from geo.db import AS_BYTES, PUBLIC, acting, async_engine
from geo.settings import GeoSettings

OF_THAT_TYPE = f"""
    select format('%s.%s.%s', n.nspname, c.relname, a.attname)
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('register', 'open_data', 'staff_data') and a.attnum > 0 and a.atttypid = '{AS_BYTES}'::regtype
    union all
    select format('%s.%s()', n.nspname, p.proname)
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname in ('register', 'open_data', 'staff_data') and '{AS_BYTES}'::regtype = any (p.prorettype || coalesce(p.proallargtypes, '{{}}'))"""


def test_nothing_that_is_read_as_text_has_the_type_of_what_is_passed_on(county: str, database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        assert connection.execute(OF_THAT_TYPE.encode()).fetchall() == []


def test_the_service_takes_it_in_as_it_came(county: str, database_url: str) -> None:
    async def ask() -> tuple[object, ...]:
        engine = async_engine(GeoSettings(DATABASE_URL=database_url))
        async with acting(engine, PUBLIC, 10_000) as connection:
            found = await connection.execute(text(f"select '石浦 é'::{AS_BYTES}, '石浦 é'::text, null::{AS_BYTES}"))
            row = tuple(found.one())
        await engine.dispose()
        return row

    assert asyncio.run(ask()) == ("石浦 é".encode(), "石浦 é", None)
