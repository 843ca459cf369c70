"""Rows for a ledger (facts, pauses): staged by COPY, what stands just so left alone, the rest appended, refused rows found by halving."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from geo.exchange.halving import halve
from geo.exchange.loading import refused
from geo.exchange.report import RowOutcome


@dataclass(frozen=True, slots=True)
class Ledger:
    """A ledger and its staging table, which has `row_no`, the fields of a row and `new_id`.

    `already_there` deletes staged rows that stand (or come twice) and returns their `row_no`; `insert` appends staged rows whose
    `row_no` is any of `:rows` under their `new_id`. Both bind what `append` is given.
    """

    table: str
    staging: str
    columns: str
    already_there: str
    insert: str


def append(
    connection: Connection,
    ledger: Ledger,
    fields: Sequence[str],
    records: Sequence[dict[str, Any]],
    by_no: dict[int, RowOutcome],
    **bound: Any,
) -> None:
    """Append `records` (of `fields`) and write into each row's outcome what became of it."""
    connection.exec_driver_sql(
        f"create temporary table {ledger.staging} (row_no bigint, {ledger.columns}, new_id bigint) on commit drop"
    )
    driver = connection.connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor, cursor.copy(f"copy {ledger.staging} ({', '.join(fields)}) from stdin") as copy:
        for record in records:
            copy.write_row(tuple(record[field] for field in fields))
    connection.exec_driver_sql(f"analyze {ledger.staging}")
    for row_no in connection.execute(text(ledger.already_there), bound).scalars():
        by_no[row_no].action = "unchanged"
    connection.exec_driver_sql(
        f"update {ledger.staging} set new_id = nextval(pg_get_serial_sequence('{ledger.table}', 'id'))"
    )
    found = connection.exec_driver_sql(f"select row_no, new_id from {ledger.staging} order by row_no")
    ids: dict[int, int] = dict(found.tuples().all())

    def insert(rows: list[int]) -> None:
        connection.execute(text(ledger.insert), {**bound, "rows": rows})
        for n in rows:
            by_no[n].action, by_no[n].subject_id = "inserted", ids[n]

    def no(row_no: int, error: DBAPIError) -> None:
        refused(by_no[row_no], error)

    halve(connection, list(ids), insert, no)


def take_back(connection: Connection, rows: dict[int, RowOutcome], sql: str, batch_id: int) -> list[RowOutcome]:
    """Append what takes back the pending `rows` (by `row_no`) and say so in each; one the register refuses is kept and named.

    `sql` inserts a retraction for each of `:ids` and binds `:batch`.
    """

    def insert(row_nos: list[int]) -> None:
        connection.execute(text(sql), {"batch": batch_id, "ids": [rows[n].subject_id for n in row_nos]})
        for n in row_nos:
            rows[n].action = "removed"

    def no(row_no: int, error: DBAPIError) -> None:
        refused(rows[row_no], error)
        rows[row_no].action = "kept"

    halve(connection, [n for n, row in rows.items() if row.action == "pending"], insert, no)
    return list(rows.values())
