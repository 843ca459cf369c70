"""Rows into the register in batches of street blocks, several processes at once: COPY into a temporary table, INSERT ... SELECT."""

from __future__ import annotations

import json
import multiprocessing
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
import shapely
from psycopg import sql
from sqlalchemy import Connection, text

from geo.db import Actor, Audience, acting_sync, sync_engine
from geo.registry.counties import add_county
from geo.tiles.measuring import measure
from ops.bench import land
from ops.bench.attributes import COLUMNS, COUNTY, FACT_COLUMNS, rows, town_of
from ops.parent import end_with_parent

BLOCKS_AT_ONCE = 25
SQL = Path(__file__).parent / "sql"
ADMIN = Actor(Audience.ADMIN, account="bench", units=("*",), tier="P3")
TABLES = ("parcel", "parcel_state", "parcel_version", "fact", "event_outbox")

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Batch:
    database_url: str
    numbers: tuple[int, ...]
    total_rows: int
    data_source_id: int


def fill(database_url: str, row_count: int, say: Say) -> dict[str, float]:
    """Fill an empty migrated database with the county and `row_count` parcels; returns seconds by step."""
    seconds: dict[str, float] = {}
    begun = time.monotonic()
    source = _county(database_url)
    count = -(-row_count // land.PER_BLOCK)
    land.blocks(count)
    seconds["county"] = time.monotonic() - begun
    begun = time.monotonic()
    parts = max(1, round(count / BLOCKS_AT_ONCE))
    batches = [_Batch(database_url, tuple(range(i, count, parts)), row_count, source) for i in range(parts)]
    done = 0
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), context, initializer=end_with_parent, initargs=(os.getpid(),)) as pool:
        for future in as_completed([pool.submit(_load, batch) for batch in batches]):
            done += future.result()
            rate = done / (time.monotonic() - begun)
            say(f"{done} of {row_count} parcels, {rate:.0f} a second")
    seconds["load"] = time.monotonic() - begun
    begun = time.monotonic()
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("select setval(pg_get_serial_sequence('register.parcel', 'id'), %s)", [row_count])
        for table in TABLES:
            connection.execute(sql.SQL("vacuum (analyze) register.{}").format(sql.Identifier(table)))
        connection.execute("analyze")
        connection.execute("checkpoint")
    seconds["vacuum and analyze"] = time.monotonic() - begun
    begun = time.monotonic()
    engine = sync_engine(database_url)
    found = measure(engine, COUNTY)
    engine.dispose()
    say(f"parcels show from zoom {found['parcels/public']} (public), {found['parcels/staff']} (staff)")
    seconds["tiles measured, cells made"] = time.monotonic() - begun
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("vacuum (analyze) register.tile_cell")
    return seconds


def _county(database_url: str) -> int:
    """The county, its units and towns, and the birth certificate of the data; returns the data source's id."""
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


def _load(batch: _Batch) -> int:
    """One batch, one transaction; returns the rows written."""
    every = land.blocks(-(-batch.total_rows // land.PER_BLOCK))
    middles = shapely.get_coordinates(shapely.centroid(every))
    towns = town_of(middles, land.towns())
    parcels, facts = [], []
    for number in batch.numbers:
        first = number * land.PER_BLOCK
        shapes = land.parcels(every[number], number)[: batch.total_rows - first]
        made = rows(land.degrees(shapes), shapely.area(shapes), number, int(towns[number]), first + 1)
        parcels += made.parcels
        facts += made.facts
    engine = sync_engine(batch.database_url)
    with engine.begin() as connection:
        connection.execute(text("select set_config('yzt.account', 'bench', true)"))
        _copy(connection, "staging", "register.parcel", COLUMNS, parcels)
        _insert(connection, "insert_parcels", {"county": COUNTY, "data_source_id": batch.data_source_id})
        _copy(connection, "fact_staging", "register.fact", FACT_COLUMNS, facts)
        _insert(connection, "insert_facts", {"county": COUNTY})
    engine.dispose()
    return len(parcels)


def _copy(
    connection: Connection, into: str, like: str, columns: tuple[str, ...], records: Sequence[tuple[Any, ...]]
) -> None:
    """COPY records into a temporary table with the named columns of the table `like`."""
    names = ", ".join(columns)
    connection.exec_driver_sql(f"create temporary table {into} on commit drop as select {names} from {like} limit 0")
    driver = connection.connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor, cursor.copy(f"copy {into} ({names}) from stdin") as copy:
        for record in records:
            copy.write_row(record)
    connection.exec_driver_sql(f"analyze {into}")


def _insert(connection: Connection, name: str, values: dict[str, object]) -> None:
    connection.execute(text((SQL / f"{name}.sql").read_text(encoding="utf-8")), values)


def as_note(seconds: dict[str, float]) -> str:
    """Seconds by step as one line of JSON, kept with the database."""
    return json.dumps({step: round(value, 1) for step, value in seconds.items()})
