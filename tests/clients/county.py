"""The sample county as users import it, a second county that must never be answered by mistake, and accounts."""

from __future__ import annotations

import psycopg
from sqlalchemy import create_engine

from geo.db import driver_url, sync_engine
from geo.people.commands import create_account
from ops.sample.load import load
from tests.browser.county import Builder

COUNTY = "330225"
"""象山, the default: what a client gets that loses `?county=`."""

OTHER = "US-X"
OTHER_LOTS = 250
PASSWORD = "clients-tests-1"
_CORNER = (-75.18, 39.92)
_STEP_DEG, _SIDE_DEG, _PER_ROW = 0.002, 0.001, 25


def fill(owner_url: str) -> dict[str, str]:
    """Fill a migrated database; returns the personal tokens of `clerk`, `leader` (both of 象山) and `admin`."""
    load(sync_engine(owner_url), lambda _: None)
    with psycopg.connect(owner_url) as connection:
        connection.execute(
            "insert into register.county (code, name, name_en, outline, survey_srid, time_zone, is_sample) values "
            "(%s, '别处', 'Elsewhere', 'SRID=4490;MULTIPOLYGON(((-75.2 39.9,-75.1 39.9,-75.1 40,-75.2 40,-75.2 39.9)))', "
            "32618, 'America/New_York', true)",
            [OTHER],
        )
        builder = Builder(connection)
        for number in range(OTHER_LOTS):
            west, south = _CORNER[0] + number % _PER_ROW * _STEP_DEG, _CORNER[1] + number // _PER_ROW * _STEP_DEG
            east, north = west + _SIDE_DEG, south + _SIDE_DEG
            ring = f"{west} {south},{east} {south},{east} {north},{west} {north},{west} {south}"
            builder.thing(
                "parcel", f"LOT-{number:03d}", f"{number}号地", f"Lot {number}", f"SRID=4490;MULTIPOLYGON((({ring})))",
                county_code=OTHER, unit_code=None,
            )  # fmt: skip
    with create_engine(driver_url(owner_url)).begin() as connection:
        return {
            name: create_account(connection, name, PASSWORD, name, name, "*" if name == "admin" else COUNTY, ())
            for name in ("clerk", "leader", "admin")
        }
