"""Roles, extensions, schema: everything between an empty PostgreSQL database and one the service can log in to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from psycopg import sql
from sqlalchemy.engine import make_url

from geo.db import driver_url

ROOT = Path(__file__).resolve().parent.parent
EXTENSIONS = ("postgis", "btree_gist", "pg_trgm", "unaccent")

GROUP_ROLES = ("yzt_owner", "yzt_reader", "yzt_public", "yzt_staff", "yzt_admin")
"""Nobody logs in as these: the owner of tables, the owner of views, and the three audiences."""

APP_ROLE = "yzt_app"
"""What the service logs in as: it inherits nothing and takes an audience's role for each transaction."""

ROLE_LOCK = 4_902_254_490


@dataclass(frozen=True, slots=True)
class Addresses:
    """Two ways into one database: as the one who migrates, and as the service."""

    owner_url: str
    app_url: str


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def create_roles(superuser_url: str, app_password: str | None = None) -> None:
    """Create the roles of design.md 4 where absent; they belong to the cluster, so nothing here ever drops one."""
    with psycopg.connect(_plain(superuser_url)) as connection:
        connection.execute("select pg_advisory_xact_lock(%s)", [ROLE_LOCK])
        if (
            connection.info.parameter_status("is_superuser") == "on"
        ):  # advisory locks end at the database, this catalog does not
            connection.execute("lock table pg_catalog.pg_authid in share row exclusive mode")
        present = {row[0] for row in connection.execute("select rolname from pg_roles where rolname like 'yzt\\_%'")}
        for role in GROUP_ROLES:
            if role not in present:
                connection.execute(sql.SQL("create role {} nologin noinherit").format(sql.Identifier(role)))
        if APP_ROLE not in present:
            connection.execute(sql.SQL("create role {} login noinherit").format(sql.Identifier(APP_ROLE)))
        if app_password is not None:
            connection.execute(
                sql.SQL("alter role {} password {}").format(sql.Identifier(APP_ROLE), sql.Literal(app_password))
            )
        connection.execute("grant yzt_public, yzt_staff, yzt_admin to yzt_app")
        connection.execute("grant yzt_reader to yzt_owner")
        connection.execute("alter role yzt_owner inherit")  # reads when the oldest open write began
        connection.execute("grant pg_read_all_stats to yzt_owner")


def create_extensions(superuser_url: str) -> None:
    """Extensions and the right to make schemas, in one database; needs a superuser (PostGIS is not a trusted extension)."""
    with psycopg.connect(_plain(superuser_url), autocommit=True) as connection:
        for extension in EXTENSIONS:
            connection.execute(sql.SQL("create extension if not exists {}").format(sql.Identifier(extension)))
        database = connection.info.dbname
        connection.execute(
            sql.SQL("grant create, connect, temporary on database {} to yzt_owner").format(sql.Identifier(database))
        )
        connection.execute("create schema if not exists migration authorization yzt_owner")
        connection.execute(
            sql.SQL("grant connect, temporary on database {} to yzt_app, yzt_staff, yzt_admin").format(
                sql.Identifier(database)
            )
        )


def alembic_config(database_url: str) -> Config:
    """Alembic's configuration for one database; the scripts lie in `migrations/`."""
    config = Config(toml_file=str(Path(__file__).resolve().parent.parent / "pyproject.toml"))
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["database_url"] = driver_url(database_url)
    return config


def migrate(database_url: str, revision: str = "head") -> None:
    """Bring a database up to a revision, as role yzt_owner."""
    command.upgrade(alembic_config(database_url), revision)


def downgrade(database_url: str, revision: str = "base") -> None:
    """Take a database down to a revision; `base` leaves no trace but the extensions and the roles."""
    command.downgrade(alembic_config(database_url), revision)


def prepare(superuser_url: str, app_password: str | None = None) -> Addresses:
    """Roles, extensions and schema in one database. Running it again changes nothing."""
    create_roles(superuser_url, app_password)
    create_extensions(superuser_url)
    migrate(superuser_url)
    app = make_url(superuser_url).set(username=APP_ROLE, password=app_password)
    return Addresses(owner_url=superuser_url, app_url=app.render_as_string(hide_password=False))
