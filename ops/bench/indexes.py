"""Indexes of tables that are loaded: taken away before, made again after, several at once. Keys stay."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

import psycopg

WORK_MEM = "512MB"
_INDEXES = """
select i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
from pg_index i
where i.indrelid = any (%s::regclass[]) and not exists (select from pg_constraint c where c.conindid = i.indexrelid)
order by pg_get_indexdef(i.indexrelid) !~ ' gist ', 1"""


def take_away(database_url: str, tables: Sequence[str]) -> list[str]:
    """Drop the indexes of tables (with their schema) that are no keys; returns what makes them again, the longest work first."""
    with psycopg.connect(database_url) as connection:
        found = connection.execute(_INDEXES, [list(tables)]).fetchall()
        for name, _ in found:
            connection.execute(f"drop index {name}".encode())
    return [str(definition) for _, definition in found]


def side_by_side(database_url: str, statements: Iterable[str], at_once: int) -> None:
    """Run statements each in a transaction of its own, so many at once. Raises psycopg.Error of the first that fails."""

    def run(statement: str) -> None:
        with psycopg.connect(database_url) as connection:
            connection.execute(f"set maintenance_work_mem = '{WORK_MEM}'".encode())
            connection.execute(statement.encode())

    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(run, statements))
