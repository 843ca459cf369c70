"""Statements over many rows that the register may refuse because of a few: those few are found by halving, the rest goes in."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import psycopg
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

REFUSALS = (psycopg.errors.IntegrityError, psycopg.errors.DataError, psycopg.errors.InsufficientPrivilege)


def is_refusal(error: DBAPIError) -> bool:
    """Whether the register said no to a row, as opposed to a fault of ours or an outage.

    That is a constraint, rights, a trigger's YZ code, or a place the county's survey CRS cannot measure.
    """
    if isinstance(error.orig, psycopg.errors.InternalError_):
        return str(error.orig.diag.message_primary).startswith("transform")
    return isinstance(error.orig, REFUSALS) or str(getattr(error.orig, "sqlstate", None) or "").startswith("YZ")


def halve(
    connection: Connection,
    row_nos: Sequence[int],
    write: Callable[[list[int]], None],
    refused: Callable[[int, DBAPIError], None],
) -> None:
    """Call `write` with as many rows at once as the register takes, `refused` with each single row it does not.

    Deferred constraints are checked with the rows they belong to.
    """
    rows = list(row_nos)
    if not rows:
        return
    try:
        with connection.begin_nested():
            write(rows)
            connection.exec_driver_sql("set constraints all immediate")
            connection.exec_driver_sql("set constraints all deferred")
    except DBAPIError as error:
        if not is_refusal(error):
            raise
        if len(rows) == 1:
            refused(rows[0], error)
            return
        middle = len(rows) // 2
        halve(connection, rows[:middle], write, refused)
        halve(connection, rows[middle:], write, refused)
