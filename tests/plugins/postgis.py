"""A real PostGIS for every test module: one migrated template per session, one database per module copied from it."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.engine import make_url

from ops import database

APP_PASSWORD = os.environ.get("YZT_TEST_APP_PASSWORD", "tests-only")
NUMBER = itertools.count()


def _at(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _execute(server: str, statement: sql.Composed) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)


def _drop(server: str, name: str) -> None:
    _execute(server, sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def postgis_server() -> str:
    """Address of a PostgreSQL server where this account may create databases."""
    url = os.environ.get("TEST_DATABASE_URL")
    if not url:
        pytest.exit("TEST_DATABASE_URL is not set; run the tests with `make test`", returncode=2)
    return url


@pytest.fixture(scope="session")
def template_database(postgis_server: str) -> Iterator[str]:
    """Name of a database migrated to head and otherwise empty."""
    name = f"yzt_template_{os.getpid()}"
    _drop(postgis_server, name)
    _execute(postgis_server, sql.SQL("create database {}").format(sql.Identifier(name)))
    database.prepare(_at(postgis_server, name), APP_PASSWORD)
    yield name
    _drop(postgis_server, name)


def fresh(server: str, template: str | None) -> Iterator[str]:
    """Owner's address of a new database, a copy of the template where one is named; dropped at the end."""
    name = f"yzt_test_{os.getpid()}_{next(NUMBER)}"
    statement = sql.SQL("create database {}").format(sql.Identifier(name))
    if template:
        statement += sql.SQL(" template {} strategy file_copy").format(sql.Identifier(template))
    _execute(server, statement)
    yield _at(server, name)
    _drop(server, name)


@pytest.fixture(scope="module")
def database_url(postgis_server: str, template_database: str) -> Iterator[str]:
    """Owner's address of this module's own database, migrated to head."""
    yield from fresh(postgis_server, template_database)


@pytest.fixture
def empty_database_url(postgis_server: str) -> Iterator[str]:
    """Owner's address of a database with nothing in it."""
    yield from fresh(postgis_server, None)


@pytest.fixture(scope="module")
def app_url(database_url: str) -> str:
    """The same module's database as the service logs in to it."""
    url = make_url(database_url).set(username=database.APP_ROLE, password=APP_PASSWORD)
    return url.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real files; tests that take it carry the mark `shared_data`."""
    return Path(os.environ["SHARED_DATA"])
