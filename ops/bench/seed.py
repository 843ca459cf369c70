"""Part `seed`: every tile of the pyramid that the public can see, once, beside one naive tile of zoom 10; and rows into the register
beside rows into a plain table.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import psycopg
import shapely
from sqlalchemy import text

from geo.db import sync_engine
from ops.bench import land
from ops.bench.attributes import COLUMNS, COUNTY, rows, town_of
from ops.bench.client import drive
from ops.bench.loading import add_county_alone
from ops.bench.named_sql import statement
from ops.bench.processes import our_service
from ops.bench.report import Part, figure, spread
from ops.bench.rounds import Spread
from ops.bench.run import Run
from ops.bench.scratch import beside
from ops.bench.statements import Statement
from ops.bench.targets import judge
from ops.bench.tiles import Tile, busiest, naive

FINEST, COARSEST = 14, 6
COPIED_MAX = 20_000
FOR_ALL = {"county_code": COUNTY, "position_quality": "demo", "is_sample": "true"}


def run(asked: Run) -> Iterator[Part]:
    """Measure both; judge."""
    yield _pyramid(asked)
    yield _copies(asked)


def public_tiles(owner_url: str) -> list[Tile]:
    """All tiles of z6 to z14 that a public parcel touches; the coarser ones are the parents of the finer."""
    engine = sync_engine(owner_url)
    with engine.connect() as connection:
        level = {(row, col) for row, col in connection.execute(text(statement("public_tiles")), {"z": FINEST})}
    engine.dispose()
    out = []
    for z in range(FINEST, COARSEST - 1, -1):
        out += [Tile(z, row, col, 0) for row, col in sorted(level)]
        level = {(row >> 1, col >> 1) for row, col in level}
    return out[::-1]


def _pyramid(asked: Run) -> Part:
    tiles = public_tiles(asked.database.owner_url)
    paths = [tile.ours for tile in tiles]
    slow = naive(busiest(asked.database.owner_url, 10, 1)[0])
    seeded, naively, size = list[float](), list[float](), 0
    with our_service(asked.database.app_url, "service-seed", API_TILE_CACHE_BYTES="0") as server:
        for number in range(asked.rounds):
            asked.say(f"seed: {len(paths)} tiles, round {number + 1}")
            for is_ours in (True, False) if number % 2 == 0 else (False, True):
                if is_ours:
                    lap = drive(
                        server.url, paths, seconds=0.0, connections=asked.connections, expected=frozenset({200, 204})
                    )
                    seeded.append(lap.seconds)
                    size = lap.size_bytes
                else:
                    naively.append(_seconds_of(asked, slow))
    by_zoom = ", ".join(f"z{z} {sum(t.z == z for t in tiles)}" for z in range(COARSEST, FINEST + 1))
    notes = [
        f"{len(paths)} tiles ({by_zoom}), {size / 1e6:.1f} MB raw: {spread(Spread.of(seeded), ' s')}; "
        f"one naive z10 tile {spread(Spread.of(naively), ' s')}"
    ]
    ratio = Spread.of([ours / theirs for ours, theirs in zip(seeded, naively, strict=True)])
    return Part("tiles seed", notes=notes, verdicts=judge("tiles seed", {"seed_all": ratio}))


def _seconds_of(asked: Run, slow: Statement) -> float:
    with psycopg.connect(asked.database.owner_url) as connection:
        begun = time.perf_counter()
        connection.execute(slow.text.encode(), slow.parameters).fetchall()
        return time.perf_counter() - begun


def _copies(asked: Run) -> Part:
    """The same rows by COPY into the register's table and into a plain one like it, each in a transaction that is rolled back."""
    row_count = min(COPIED_MAX, asked.database.row_count)
    count = -(-row_count // land.PER_BLOCK)
    every = land.blocks(count)
    towns = town_of(shapely.get_coordinates(shapely.centroid(every)), land.towns())
    made = []
    for number in range(count):
        shapes = land.parcels(every[number], number)
        made += rows(
            land.degrees(shapes), shapely.area(shapes), number, int(towns[number]), number * land.PER_BLOCK + 1
        ).parcels
    records = [(*record, *FOR_ALL.values()) for record in made[:row_count]]
    plain, register = list[float](), list[float]()
    with beside(asked.database, "copies") as database:
        add_county_alone(database.owner_url)
        for number in range(asked.rounds):
            asked.say(f"seed: {row_count} rows by COPY, round {number + 1}")
            for is_plain in (True, False) if number % 2 == 0 else (False, True):
                (plain if is_plain else register).append(_copy(database.owner_url, records, is_plain=is_plain))
    notes = [
        f"{row_count} rows: plain {spread(Spread.of(plain), ' s')}, register {spread(Spread.of(register), ' s')} "
        f"({figure(Spread.of([row_count / s for s in register]).median)} rows a second: geometry, checks, indexes, version, feed, distances)"
    ]
    ratio = Spread.of([ours / theirs for ours, theirs in zip(register, plain, strict=True)])
    return Part("copy", notes=notes, verdicts=judge("copy", {"copy_derived": ratio}))


def _copy(owner_url: str, records: list[tuple[object, ...]], *, is_plain: bool) -> float:
    """Seconds until the rows stand, constraints looked at; then they are taken back."""
    names = ", ".join((*COLUMNS, *FOR_ALL))
    with psycopg.connect(owner_url) as connection:
        connection.execute("create table public.bench_plain (like register.parcel including defaults)")
        begun = time.perf_counter()
        table = "public.bench_plain" if is_plain else "register.parcel"
        with connection.cursor() as cursor, cursor.copy(f"copy {table} ({names}) from stdin".encode()) as copy:
            for record in records:
                copy.write_row(record)
        connection.execute("set constraints all immediate")
        seconds = time.perf_counter() - begun
        connection.rollback()
    return seconds
