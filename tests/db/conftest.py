"""A small county to try the register's guards on, and a door into it as any actor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import psycopg
import pytest

Door = Callable[..., AbstractContextManager[psycopg.Connection]]

SQUARE = "st_multi(st_makeenvelope({0}, {1}, {0} + 0.001, {1} + 0.001, 4490))"


def square(lon: float, lat: float) -> str:
    """SQL of a square plot of 0.001 degrees whose south-west corner is lon, lat (EPSG:4490)."""
    return SQUARE.format(lon, lat)


@pytest.fixture(scope="module")
def county(database_url: str) -> str:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "insert into register.county (code, name, name_en, outline, survey_srid, time_zone, rule_set, is_default) values "
            "('330225', '象山县', 'Xiangshan', st_multi(st_makeenvelope(121, 28, 123, 30, 4490)), 4529, 'Asia/Shanghai', 'cn', true)"
        )
        connection.execute(
            "insert into register.unit (county_code, code, name, kind) values "
            "('330225', 'U1', '西周镇', 'town'), ('330225', 'U2', '石浦镇', 'town')"
        )
        connection.execute(
            f"insert into register.parcel (county_code, code, name, geom, unit_code, publication_state) values "
            f"('330225', 'PUB', '公开地块', {square(121.88, 29.6)}, 'U1', 'published'), "
            f"('330225', 'INT', '内部地块', {square(121.89, 29.6)}, 'U1', 'internal'), "
            f"('330225', 'TWO', '二号单位地块', {square(121.90, 29.6)}, 'U2', 'internal')"
        )
    return "330225"


@pytest.fixture
def door(database_url: str, county: str) -> Door:
    @contextmanager
    def enter(
        role: str, units: str = "", tier: str = "P2", account: str = "someone", reads: str | None = None
    ) -> Iterator[psycopg.Connection]:
        with psycopg.connect(database_url) as connection:
            connection.execute(
                "select set_config('role', %s, true), set_config('yzt.units', %s, true), set_config('yzt.tier', %s, true), "
                "set_config('yzt.account', %s, true), set_config('yzt.reads', %s, true)",
                [role, units, tier, account, units if reads is None else reads],
            )
            yield connection

    return enter
