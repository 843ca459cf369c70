"""One batch of street blocks into the register, one transaction: by its triggers, or past them with what they would leave.

Past the triggers is for loading: the same functions of the register derive the same, set by set, and tests/ops/test_bench_loading.py
holds the two against one another, table by table.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from sqlalchemy import Connection, text

from geo.db import sync_engine
from ops.bench import land
from ops.bench.attributes import COLUMNS, COUNTY, FACT_COLUMNS, Rows, rows, town_of
from ops.bench.named_sql import statement

ACCOUNT = "bench"
_VERSION_COLUMNS = """
select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute
where attrelid = 'register.parcel_version'::regclass and attnum > 0 and not attisdropped
  and attname not in ('version_id', 'recorded_during', 'recorded_xid', 'recorded_by')"""


@dataclass(frozen=True, slots=True)
class Batch:
    """Blocks by number, of a county of `total_rows` parcels."""

    database_url: str
    numbers: tuple[int, ...]
    total_rows: int
    data_source_id: int
    by_triggers: bool


def load(batch: Batch) -> int:
    """Make the rows and write them; returns how many parcels. Past the triggers the address must be a superuser's."""
    made = _rows(batch)
    values = {"county": COUNTY, "data_source_id": batch.data_source_id, "account": ACCOUNT}
    engine = sync_engine(batch.database_url)
    with engine.begin() as connection:
        connection.execute(text("select set_config('yzt.account', :account, true)"), {"account": ACCOUNT})
        _copy(connection, "staging", "register.parcel", COLUMNS, made.parcels)
        _copy(connection, "fact_staging", "register.fact", FACT_COLUMNS, made.facts)
        if batch.by_triggers:
            connection.execute(text(statement("parcels_by_triggers")), values)
            connection.execute(text(statement("facts_by_triggers")), values)
        else:
            _past_triggers(connection, values)
    engine.dispose()
    return len(made.parcels)


def _rows(batch: Batch) -> Rows:
    """Of all blocks, scattered as parcels that came over years lie scattered."""
    every = land.blocks(-(-batch.total_rows // land.PER_BLOCK))
    towns = town_of(shapely.get_coordinates(shapely.centroid(every)), land.towns())
    parcels, facts = [], []
    for number in batch.numbers:
        first = number * land.PER_BLOCK
        shapes = land.parcels(every[number], number)[: batch.total_rows - first]
        made = rows(land.degrees(shapes), shapely.area(shapes), number, int(towns[number]), first + 1)
        parcels += made.parcels
        facts += made.facts
    parcels.sort(key=lambda row: hashlib.md5(row[1].encode(), usedforsecurity=False).digest())
    return Rows(parcels, facts)


def _past_triggers(connection: Connection, values: dict[str, object]) -> None:
    connection.exec_driver_sql("set local session_replication_role = replica")
    instant = connection.execute(text("select register.recording_instant()")).scalar_one()
    connection.exec_driver_sql("create temporary table made (like register.parcel including defaults) on commit drop")
    connection.execute(text(statement("parcels_past_triggers")), values)
    connection.exec_driver_sql("insert into register.parcel select * from made")
    columns = connection.execute(text(_VERSION_COLUMNS)).scalar_one()
    connection.execute(
        text(
            f"insert into register.parcel_version ({columns}, recorded_during, recorded_xid, recorded_by) "
            f"select {columns}, tstzrange(:instant, null), pg_current_xact_id(), :account from made"
        ),
        {"instant": instant, "account": ACCOUNT},
    )
    connection.execute(text(statement("facts_past_triggers")), values | {"instant": instant})
    connection.execute(text(statement("told_past_triggers")), values)


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
