"""TiPg and pygeoapi, each in an environment of its own below .local/bench, over the same database as the public role.

They are no part of the product: versions and hashes stand in peers-tipg.txt and peers-pygeoapi.txt (`python -m ops.locking peers`).
One worker each, uvloop and httptools, the log quiet.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import yaml
from psycopg import sql
from sqlalchemy.engine import URL, make_url

from geo.db import Audience
from geo.registry.collections import COLLECTIONS
from ops.bench.named_sql import statement
from ops.bench.processes import FOLDER, Server, free_port, serving
from ops.bench.scratch import Scratch
from ops.bench.statements import UNLIMITED
from ops.bootstrap.steps import SetupFailed, run, step

HERE = Path(__file__).parent
NAMES = ("tipg", "pygeoapi")
ROLE = "yzt_bench_peer"
PROPERTIES = COLLECTIONS["parcels"].properties(Audience.PUBLIC)
VIEW, NARROW, FIVE, COPY = "open_data.parcels", "peers.parcels_narrow", "peers.parcels_five", "parcels_4326"
FIVE_PROPERTIES = ("code", "status", "land_use_code", "realm", "area_m2")
UVICORN = ["--host", "127.0.0.1", "--port", "{port}", "--loop", "uvloop", "--http", "httptools", "--log-level", "warning",
           "--no-access-log"]  # fmt: skip
LIMIT_MAX = 10_000


def install(name: str) -> Path:
    """The Python of a peer's environment, made where it is absent or older than its list. Raises SetupFailed."""
    listed = HERE / f"peers-{name}.txt"
    folder = FOLDER / name
    python, mark = folder / "bin" / "python", folder / "installed-list"
    digest = hashlib.sha256(listed.read_bytes()).hexdigest()
    if mark.exists() and mark.read_text() == digest:
        return python
    shutil.rmtree(folder, ignore_errors=True)
    with step(f"install {name} beside the product"):
        run([sys.executable, "-m", "venv", "--without-pip", folder])
        try:
            run([sys.executable, "-m", "pip", "--python", python, "install", "--no-input", "--require-hashes", "--no-deps",
                 "--progress-bar", "off", "--only-binary", ":all:", "-r", listed])  # fmt: skip
        except SetupFailed as failure:
            raise SetupFailed(
                f"{failure}\n  {name} cannot be installed here; without it: PEERS=none make bench"
            ) from None
    mark.write_text(digest)
    return python


def version(name: str) -> str:
    """The version in the list."""
    lines = (HERE / f"peers-{name}.txt").read_text().splitlines()
    return next(line.split("==")[1].split()[0] for line in lines if line.startswith(f"{name}=="))


def prepare(database: Scratch) -> URL:
    """A login that may what the public may, and the tables of sql/peers.sql; returns the login's address."""
    url = make_url(database.app_url).set(username=ROLE)
    with psycopg.connect(database.owner_url, autocommit=True) as connection:
        if not connection.execute("select 1 from pg_roles where rolname = %s", [ROLE]).fetchone():
            connection.execute(sql.SQL("create role {} login in role yzt_public").format(sql.Identifier(ROLE)))
        connection.execute(
            sql.SQL("alter role {} password {}").format(sql.Identifier(ROLE), sql.Literal(url.password or ""))
        )
        connection.execute(sql.SQL("grant connect, temporary on database {} to {}").format(
            sql.Identifier(database.name), sql.Identifier(ROLE)))  # fmt: skip
    with psycopg.connect(database.owner_url) as connection:
        if not connection.execute("select 1 where to_regclass('peers.parcels_five') is not null").fetchone():
            with step("tables for the peers"):
                connection.execute("drop schema if exists peers cascade")
                connection.execute(statement("peers").encode())
    return url


@contextmanager
def tipg(database: Scratch) -> Iterator[Server]:
    """TiPg over the public view and the narrow tables; its caps are raised to ours, its tile buffer lowered to ours."""
    python = install("tipg")
    url = prepare(database)
    table = {"pk": "code", "geomcol": "geom", "properties": list(PROPERTIES)}
    env = {
        "DATABASE_URL": url.render_as_string(hide_password=False),
        "TIPG_DB_SCHEMAS": json.dumps(["open_data", "peers"]),
        "TIPG_DB_TABLES": json.dumps([VIEW, NARROW, FIVE]),
        "TIPG_DB_EXCLUDE_FUNCTION_SCHEMAS": json.dumps(["open_data", "peers", "public"]),
        "TIPG_TABLE_CONFIG": json.dumps({
            VIEW.replace(".", "_"): table,
            NARROW.replace(".", "_"): {"pk": "id", "geomcol": "geom"},
            FIVE.replace(".", "_"): {"pk": "code", "geomcol": "geom", "properties": list(FIVE_PROPERTIES)},
        }),
        "TIPG_MAX_FEATURES_PER_QUERY": str(LIMIT_MAX), "TIPG_MAX_FEATURES_PER_TILE": str(UNLIMITED // 1000),
        "TIPG_TILE_BUFFER": "64", "TIPG_CATALOG_TTL": "86400", "TIPG_DB_MIN_CONN_SIZE": "4", "TIPG_DB_MAX_CONN_SIZE": "8",
    }  # fmt: skip
    command: list[str | Path] = [python, "-m", "uvicorn", "tipg.main:app", *UVICORN]
    with serving("tipg", command, env, f"/collections/{VIEW}/items?limit=1&f=geojson") as server:
        yield server


@contextmanager
def pygeoapi(database: Scratch) -> Iterator[Server]:
    """pygeoapi over its copies of the rows in EPSG:4326, wide (`parcels`) and narrow (`parcels_five`)."""
    python = install("pygeoapi")
    url, port = prepare(database), free_port()
    config, openapi = FOLDER / "pygeoapi.yml", FOLDER / "pygeoapi-openapi.yml"
    config.touch(0o600)
    config.write_text(yaml.safe_dump(_config(url, port)))
    env = {"PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(openapi)}
    run([python.parent / "pygeoapi", "openapi", "generate", config, "--output-file", openapi], env)
    command: list[str | Path] = [python, "-m", "uvicorn", "pygeoapi.starlette_app:APP", *UVICORN]
    with serving("pygeoapi", command, env, "/collections/parcels/items?limit=1&f=json", port) as server:
        yield server


def _config(url: URL, port: int) -> dict[str, Any]:
    data = {"host": url.host, "port": url.port, "dbname": url.database, "user": url.username, "password": url.password,
            "search_path": ["peers", "public"]}  # fmt: skip
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": port}, "url": f"http://127.0.0.1:{port}", "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8", "gzip": False, "languages": ["en-US"], "cors": False, "pretty_print": False,
            "limits": {"default_items": 10, "max_items": LIMIT_MAX}, "map": {"url": "/none", "attribution": "none"},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {"title": "bench", "description": "bench", "keywords": ["bench"], "keywords_type": "theme",
                               "terms_of_service": "none", "url": "http://127.0.0.1"},
            "license": {"name": "none", "url": "http://127.0.0.1"}, "provider": {"name": "bench", "url": "http://127.0.0.1"},
            "contact": {"name": "bench", "email": "bench@127.0.0.1"},
        },
        "resources": {
            "parcels": _resource(data, COPY, PROPERTIES),
            "parcels_five": _resource(data, FIVE.partition(".")[2], FIVE_PROPERTIES),
        },
    }  # fmt: skip


def _resource(data: dict[str, Any], table: str, properties: tuple[str, ...]) -> dict[str, Any]:
    provider = {"type": "feature", "name": "PostgreSQL", "data": data, "id_field": "id", "table": table, "geom_field": "geom",
                "properties": [*properties]}  # fmt: skip
    return {
        "type": "collection", "title": table, "description": table, "keywords": [table], "links": [],
        "extents": {"spatial": {"bbox": [120, 28, 124, 31], "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}},
        "providers": [provider],
    }  # fmt: skip
