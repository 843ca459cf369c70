"""Part `imports`: a file of plots into an empty register by the product's importer, beside ogr2ogr and GeoPandas.

They copy into a staging table; the same INSERT ... SELECT follows, over the register with all its triggers. The product also types
and checks every cell, knows what stands already, reports on every row and can take it all back.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import geopandas
import psycopg
from sqlalchemy import text
from sqlalchemy.engine import make_url

from geo.db import sync_engine
from geo.exchange.commands import Options, import_file
from geo.exchange.undoing import undo
from ops.bench import plots_file
from ops.bench.attributes import COUNTY
from ops.bench.client import Failed
from ops.bench.loading import ADMIN, add_county_alone
from ops.bench.named_sql import statement
from ops.bench.report import Part, spread
from ops.bench.rounds import Spread
from ops.bench.run import Run
from ops.bench.scratch import Scratch, beside
from ops.bench.targets import judge
from ops.bootstrap.steps import LOCAL

ROWS_MAX = 100_000
LARGE, ROUNDS_OF_LARGE = 20_000, 2
"""A turn over more than LARGE rows takes minutes: no more than so many rounds of them."""

OURS, OGR, PANDAS = "the importer", "ogr2ogr", "GeoPandas"
EMPTIED = "parcel, parcel_version, parcel_state, nearest_transport, name_due, event_outbox, import_row, import_batch"
STORAGE_EPSG = 4490


@dataclass(slots=True)
class Turn:
    """One import: seconds until rows are in staging, and until they stand in the register."""

    staged_s: float
    whole_s: float


@dataclass(slots=True)
class Field:
    """Where it takes place."""

    database: Scratch
    file: Path
    row_count: int
    undone_s: list[float] = field(default_factory=list)


def run(asked: Run) -> Iterator[Part]:
    """Race over an empty register in a database of its own; judge."""
    row_count = min(ROWS_MAX, asked.database.row_count)
    rounds = asked.rounds if row_count <= LARGE else min(asked.rounds, ROUNDS_OF_LARGE)
    with tempfile.TemporaryDirectory(prefix="yzt-bench-") as folder, beside(asked.database, "imports") as database:
        file = Path(folder) / "plots.gpkg"
        broken = plots_file.write(file, row_count)
        add_county_alone(database.owner_url)
        where = Field(database, file, row_count)
        runners: dict[str, Callable[[Field], Turn]] = {OURS: _ours, PANDAS: _geopandas}
        if ogr2ogr() is not None:
            runners[OGR] = _ogr2ogr
        names = list(runners)
        turns: dict[str, list[Turn]] = {name: [] for name in names}
        for number in range(rounds):
            for name in (*names[number % len(names) :], *names[: number % len(names)]):
                asked.say(f"imports: round {number + 1} of {rounds}, {name}")
                turns[name].append(runners[name](where))
                _check(where)
                _empty(where)
    yield _part(where, broken, turns)


def _part(where: Field, broken: int, turns: dict[str, list[Turn]]) -> Part:
    whole = {name: [t.whole_s for t in of] for name, of in turns.items()}
    notes = [f"{where.row_count} plots, {broken} with broken outlines, GeoPackage in EPSG:4529 into an empty register"]
    for name, of in turns.items():
        staged = Spread.of([t.staged_s for t in of])
        rate = Spread.of([where.row_count / t.whole_s for t in of])
        notes.append(
            f"{name}: {spread(Spread.of(whole[name]), ' s')}, {spread(rate)} rows a second; until staged {spread(staged, ' s')}"
        )
    notes.append(f"taking the import back: {spread(Spread.of(where.undone_s), ' s')}")
    if OGR not in turns:
        notes.append("no ogr2ogr here (apt-get install gdal-bin, or OGR2OGR=)")
    figures = {
        target: Spread.of([theirs / ours for theirs, ours in zip(whole[name], whole[OURS], strict=True)])
        for target, name in (("import_postgis", PANDAS), ("import_ogr2ogr", OGR))
        if name in whole
    }
    for name in whole:
        if name != OURS:
            alone = [theirs.staged_s / ours.staged_s for theirs, ours in zip(turns[name], turns[OURS], strict=True)]
            notes.append(f"{name} / {OURS} as far as staging: {spread(Spread.of(alone))}x")
    absent = frozenset({"import_ogr2ogr"}) - set(figures)
    return Part("imports", notes=notes, verdicts=judge("imports", figures, absent))


def ogr2ogr() -> str | None:
    """The command, from OGR2OGR, the path or what the tests brought; None where there is none."""
    brought = LOCAL / "clients" / "ogr2ogr"
    return os.environ.get("OGR2OGR") or shutil.which("ogr2ogr") or (str(brought) if brought.exists() else None)


def _ours(where: Field) -> Turn:
    """The importer, then its undoing."""
    engine = sync_engine(where.database.owner_url)
    begun = time.perf_counter()
    staged: list[float] = []

    def progress(step: str, _done: int, _total: int) -> None:
        if step == "write" and not staged:
            staged.append(time.perf_counter() - begun)

    report = import_file(engine, ADMIN, where.file, "parcels", COUNTY, Options(publish=True), progress)
    whole = time.perf_counter() - begun
    if report.count("inserted") != where.row_count:
        raise Failed(
            f"the importer took {report.count('inserted')} of {where.row_count} rows: {report.summary()['reasons']}"
        )
    _check(where)
    begun = time.perf_counter()
    assert report.batch_id is not None
    undo(engine, ADMIN, report.batch_id)
    where.undone_s.append(time.perf_counter() - begun)
    engine.dispose()
    with psycopg.connect(where.database.owner_url) as connection:
        left = connection.execute("select count(*) from register.parcel").fetchone()
    if left != (0,):
        raise Failed(f"after the undoing {left} plots are left")
    return Turn(staged[0], whole)


def _ogr2ogr(where: Field) -> Turn:
    url = make_url(where.database.owner_url)
    target = f"PG:host={url.host} port={url.port} dbname={url.database} user={url.username} password={url.password}"
    begun = time.perf_counter()
    done = subprocess.run(
        [
            str(ogr2ogr()), "-f", "PostgreSQL", target, str(where.file), "plots", "-nln", "public.bench_staging", "-overwrite",
            "-makevalid", "-t_srs", f"EPSG:{STORAGE_EPSG}", "-nlt", "PROMOTE_TO_MULTI", "-lco", "GEOMETRY_NAME=geom", "-lco", "FID=fid",
            "--config", "PG_USE_COPY", "YES",
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise Failed(f"ogr2ogr: {done.stderr[-500:]}")
    staged = time.perf_counter() - begun
    _insert_staged(where)
    return Turn(staged, time.perf_counter() - begun)


def _geopandas(where: Field) -> Turn:
    begun = time.perf_counter()
    frame = geopandas.read_file(where.file, layer="plots", engine="pyogrio", use_arrow=True)
    frame.geometry = frame.geometry.make_valid().to_crs(STORAGE_EPSG)
    frame = frame.rename_geometry("geom")
    engine = sync_engine(where.database.owner_url)
    frame.to_postgis("bench_staging", engine, schema="public", if_exists="replace", chunksize=10_000)
    staged = time.perf_counter() - begun
    _insert_staged(where)
    engine.dispose()
    return Turn(staged, time.perf_counter() - begun)


def _insert_staged(where: Field) -> None:
    engine = sync_engine(where.database.owner_url)
    with engine.begin() as connection:
        connection.execute(text(statement("import_staged")), {"county": COUNTY})
    engine.dispose()


def _check(where: Field) -> None:
    """As many plots stand as the file has, where they lie in fact; or somebody took a short cut (undone imports are empty)."""
    with psycopg.connect(where.database.owner_url) as connection:
        row = connection.execute(
            "select count(*), st_xmin(st_extent(geom)), st_ymax(st_extent(geom)) from register.parcel"
        ).fetchone()
    assert row is not None
    if row[0] and (row[0] != where.row_count or not (110 < float(str(row[1])) < 130 and 20 < float(str(row[2])) < 40)):
        raise Failed(f"{row[0]} of {where.row_count} plots stand, from {row[1]}, {row[2]}")


def _empty(where: Field) -> None:
    with psycopg.connect(where.database.owner_url, autocommit=True) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute("set search_path = register, public")
        connection.execute(f"truncate {EMPTIED} cascade".encode())
        connection.execute("drop table if exists public.bench_staging")
