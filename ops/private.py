"""The service's own database in the private cluster: made at the first start, brought to this version at every start."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

from ops import database
from ops.cluster import Cluster, kept_running

NAME = "yizhangtu"


@contextmanager
def private_database() -> Iterator[database.Addresses]:
    """The private cluster running, with the database `yizhangtu` at this version's schema."""
    with Cluster().running() as cluster, kept_running(cluster):
        with psycopg.connect(cluster.superuser_url(), autocommit=True) as connection:
            if not connection.execute("select 1 from pg_database where datname = %s", [NAME]).fetchone():
                connection.execute(sql.SQL("create database {}").format(sql.Identifier(NAME)))
        database.prepare(cluster.superuser_url(NAME), cluster.address()["app_password"])
        yield database.Addresses(cluster.superuser_url(NAME), cluster.app_url(NAME))
