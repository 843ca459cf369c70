"""Backup and restore of the whole database by PostgreSQL's own tools; restore only into an empty one."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from geo.errors import Conflict, Problem, Unavailable
from ops import database
from ops.bootstrap import postgis


def _program(name: str) -> tuple[str, dict[str, str]]:
    server = postgis.find()
    if server is not None and (server.bin / name).exists():
        return str(server.bin / name), server.env
    found = shutil.which(name)
    if found is None:
        raise Unavailable(Problem(zh=f"本机没有 {name}", en=f"{name} is not on this machine"))
    return found, {}


def _run(name: str, url: str, *arguments: str) -> None:
    program, env = _program(name)
    address = make_url(url)
    target = address.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    done = subprocess.run(
        [program, *arguments, "-d", target], env={**os.environ, **env, "PGPASSWORD": str(address.password or "")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        tail = done.stderr.strip().splitlines()[-3:]
        raise Unavailable(Problem(zh=f"{name} 失败：{' '.join(tail)}", en=f"{name} failed: {' '.join(tail)}"))


def backup(owner_url: str, file: Path) -> int:
    """Write a consistent copy of the database to `file`; returns its bytes. Nothing half written stays."""
    part = file.with_name(file.name + ".part")
    try:
        _run("pg_dump", owner_url, "-Fc", "--exclude-table-data=register.tile_store", "-f", str(part))
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    return file.stat().st_size


def restore(owner_url: str, file: Path) -> None:
    """Fill an empty database from `file`, in one transaction. Raises Conflict when the database is not empty."""
    with psycopg.connect(
        make_url(owner_url).set(drivername="postgresql").render_as_string(hide_password=False)
    ) as connection:
        taken = connection.execute("select 1 from pg_namespace where nspname = 'register'").fetchone()
    if taken:
        raise Conflict(
            Problem(
                zh="数据库不是空的；请恢复到一个新建的空库",
                en="the database is not empty; restore into a new, empty one",
            )
        )
    database.create_roles(owner_url)
    _run("pg_restore", owner_url, "--exit-on-error", "--single-transaction", str(file))
