"""The invented county into an empty migrated database: rows in batches by several processes at once, then what is made of all."""

from __future__ import annotations

import json
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager

import numpy as np
import psycopg
import shapely
from psycopg import sql

from geo.db import Actor, Audience, acting_sync, sync_engine
from geo.registry.counties import add_county
from geo.tiles.measuring import measure
from ops.bench import indexes, land
from ops.bench.attributes import COUNTY
from ops.bench.batches import ACCOUNT, Batch, load
from ops.parent import end_with_parent

BLOCKS_AT_ONCE = 25
ADMIN = Actor(Audience.ADMIN, account=ACCOUNT, units=("*",), tier="P3")
LOADED = ("parcel", "parcel_version", "fact", "event_outbox", "name_due")
TABLES = (*LOADED, "parcel_state", "nearest_transport")
_STATES = f"""
insert into register.parcel_state select * from register.parcel_state_at('{COUNTY}', null,
    (clock_timestamp() at time zone (select time_zone from register.county where code = '{COUNTY}'))::date, 'infinity')"""
_DISTANCES = f"select register.refresh_nearest_transport('{COUNTY}', 'parcel')"

Say = Callable[[str], None]


def fill(database_url: str, row_count: int, say: Say, *, by_triggers: bool = False) -> dict[str, float]:
    """Fill an empty migrated database with the county and `row_count` parcels; returns seconds by step.

    Past the triggers of the register, unless told otherwise; the result is the same. The address is a superuser's.
    """
    seconds: dict[str, float] = {}
    count = -(-row_count // land.PER_BLOCK)
    with _timed(seconds, "county"):
        source = add_county_alone(database_url)
        land.blocks(count)
        removed = [] if by_triggers else indexes.take_away(database_url, [f"register.{table}" for table in LOADED])
    with _timed(seconds, "load"):
        _load(database_url, row_count, source, by_triggers, say)
    if not by_triggers:
        with _timed(seconds, "indexes, states, distances"):
            with psycopg.connect(database_url, autocommit=True) as connection:
                connection.execute("analyze register.parcel, register.fact")
            indexes.side_by_side(database_url, [_DISTANCES, *removed, _STATES], os.cpu_count() or 1)
    with _timed(seconds, "vacuum and analyze"), psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("select setval(pg_get_serial_sequence('register.parcel', 'id'), %s)", [row_count])
        for table in TABLES:
            connection.execute(sql.SQL("vacuum (analyze) register.{}").format(sql.Identifier(table)))
        connection.execute("analyze")
        connection.execute("checkpoint")
    with _timed(seconds, "tiles measured, cells made"):
        engine = sync_engine(database_url)
        found = measure(engine, COUNTY)
        engine.dispose()
        say(f"parcels show from zoom {found['parcels/public']} (public), {found['parcels/staff']} (staff)")
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "vacuum (analyze) register.tile_cell, register.tile_share, register.parcel_brief, register.parcel_facet"
        )
    return seconds


@contextmanager
def _timed(into: dict[str, float], step: str) -> Iterator[None]:
    begun = time.monotonic()
    yield
    into[step] = time.monotonic() - begun


def _load(database_url: str, row_count: int, source: int, by_triggers: bool, say: Say) -> None:
    """All batches, a process for each core."""
    begun, done = time.monotonic(), 0
    count = -(-row_count // land.PER_BLOCK)
    parts = max(1, round(count / BLOCKS_AT_ONCE))
    batches = [Batch(database_url, tuple(range(i, count, parts)), row_count, source, by_triggers) for i in range(parts)]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), context, initializer=end_with_parent, initargs=(os.getpid(),)) as pool:
        try:
            for future in as_completed([pool.submit(load, batch) for batch in batches]):
                done += future.result()
                rate = done / (time.monotonic() - begun)
                say(f"{done} of {row_count} parcels, {rate:.0f} a second")
        except BaseException:
            pool.shutdown(cancel_futures=True)  # what failed is said now, not when all the others are done
            raise


def add_county_alone(database_url: str) -> int:
    """The county, its units and towns without parcels, and the birth certificate of the data; returns the data source's id."""
    engine = sync_engine(database_url)
    to_degrees = land.degrees(np.array([land.outline(), *land.town_areas()], object))
    with acting_sync(engine, ADMIN) as connection:
        add_county(
            connection, COUNTY, name="示例大县", name_en="Large sample county", outline=to_degrees[0], survey_epsg=land.SURVEY_EPSG,
            time_zone="Asia/Shanghai", rule_set="cn", is_sample=True,
        )  # fmt: skip
    engine.dispose()
    with psycopg.connect(database_url) as connection:
        for n, area in enumerate(to_degrees[1:], start=1):
            connection.execute(
                "insert into register.unit (county_code, code, name, kind) values (%s, %s, %s, 'town')",
                [COUNTY, f"U{n:02d}", f"示例{n}镇"],
            )
            connection.execute(
                "insert into register.admin_area (county_code, code, name, name_en, unit_code, geom, publication_state, is_sample) "
                "values (%s, %s, %s, %s, %s, st_setsrid(st_geomfromwkb(%s), 4490), 'published', true)",
                [COUNTY, f"T{n:02d}", f"示例{n}镇", f"Sample town {n}", f"U{n:02d}", shapely.to_wkb(area)],
            )
        found = connection.execute(
            "insert into register.data_source (county_code, code, name, publisher, licence) "
            "values (%s, 'BENCH', '测速用示例地块', 'ops.bench', 'Apache-2.0') returning id",
            [COUNTY],
        ).fetchone()
    assert found is not None
    return int(found[0])


def as_note(seconds: dict[str, float]) -> str:
    """Seconds by step as one line of JSON, kept with the database."""
    return json.dumps({step: round(value, 1) for step, value in seconds.items()})
