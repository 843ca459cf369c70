"""The database of a benchmark: made once for a number of rows, a generator and a schema, and kept in `.local` between runs."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from ops.bench import loading
from ops.cluster import Cluster
from ops.database import prepare

ROOT = Path(__file__).resolve().parents[2]
CLUSTER = "bench-cluster"
GENERATOR = (
    "land.py", "edges.py", "attributes.py", "batches.py", "loading.py", "sql/parcels_past_triggers.sql",
    "sql/facts_past_triggers.sql", "sql/told_past_triggers.sql",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scratch:
    """Addresses of the database, and how it came about (`note`: seconds by step of its loading)."""

    owner_url: str
    app_url: str
    name: str
    row_count: int
    note: dict[str, float]
    made_now: bool


def _fingerprint() -> str:
    """Changes with the generator and with the schema."""
    mark = hashlib.sha256()
    files = [ROOT / "ops" / "bench" / name for name in GENERATOR]
    files += [
        file for file in sorted((ROOT / "migrations").rglob("*")) if file.suffix in (".py", ".sql", ".yaml", ".csv")
    ]
    for file in files:
        mark.update(file.name.encode())
        mark.update(file.read_bytes())
    return mark.hexdigest()[:10]


@contextmanager
def scratch(row_count: int, say: loading.Say, *, keep: bool = True) -> Iterator[Scratch]:
    """The private cluster with production settings, running, and in it the database of `row_count` parcels.

    Databases of an older generator or schema with as many rows are dropped; without `keep` this one is, too, at the end.
    """
    with Cluster(CLUSTER).running() as cluster:
        name = f"bench_{row_count}_{_fingerprint()}"
        made_now = _make_if_absent(cluster, name, row_count, say)
        with psycopg.connect(cluster.superuser_url(name)) as connection:
            row = connection.execute(
                "select shobj_description(oid, 'pg_database') from pg_database where datname = %s", [name]
            )
            note = json.loads((row.fetchone() or ["{}"])[0])
        try:
            yield Scratch(cluster.superuser_url(name), cluster.app_url(name), name, row_count, note, made_now)
        finally:
            if not keep:
                with psycopg.connect(cluster.superuser_url(), autocommit=True) as connection:
                    _drop(connection, name)


@contextmanager
def beside(database: Scratch, purpose: str, *, copied: bool = False) -> Iterator[Scratch]:
    """A migrated database in the same cluster, empty or a copy of this one, dropped at the end."""
    name = f"bench_{purpose}_{os.getpid()}"
    owner, app = (make_url(address) for address in (database.owner_url, database.app_url))
    statement = sql.SQL("create database {}").format(sql.Identifier(name))
    if copied:
        statement += sql.SQL(" template {} strategy file_copy").format(sql.Identifier(database.name))
    with psycopg.connect(
        owner.set(database="postgres").render_as_string(hide_password=False), autocommit=True
    ) as connection:
        _drop(connection, name)
        connection.execute(statement)
        urls = [url.set(database=name).render_as_string(hide_password=False) for url in (owner, app)]
        try:
            prepare(urls[0], app.password or "")
            yield Scratch(urls[0], urls[1], name, database.row_count if copied else 0, {}, made_now=True)
        finally:
            _drop(connection, name)


def _drop(connection: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def _make_if_absent(cluster: Cluster, name: str, row_count: int, say: loading.Say) -> bool:
    with psycopg.connect(cluster.superuser_url(), autocommit=True) as connection:
        present = [
            row[0] for row in connection.execute("select datname from pg_database where datname like 'bench\\_%'")
        ]
        if name in present:
            return False
        for old in present:
            if old.startswith((f"bench_{row_count}_", "bench_making_")):
                _drop(connection, old)
        begun = time.monotonic()
        making = f"bench_making_{os.getpid()}"
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(making)))
        prepare(cluster.superuser_url(making), cluster.address()["app_password"])
        seconds = {"schema": time.monotonic() - begun} | loading.fill(cluster.superuser_url(making), row_count, say)
        connection.execute(
            sql.SQL("comment on database {} is {}").format(
                sql.Identifier(making), sql.Literal(loading.as_note(seconds))
            )
        )
        connection.execute(
            sql.SQL("alter database {} rename to {}").format(sql.Identifier(making), sql.Identifier(name))
        )
        say(f"made {name} in {time.monotonic() - begun:.0f} s")
    return True
