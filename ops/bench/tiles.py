"""Part `tiles`: busy tiles, ours over HTTP beside the same SQL raw, naive SQL raw and TiPg; and how large tiles are.

Cold is a service that keeps no tiles (API_TILE_CACHE_BYTES=0, API_TILE_STORE_BYTES=0), hot is one as shipped that was asked for the same
tiles before; one that has the store of the database alone is as one just started.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import httpx
import psycopg
from sqlalchemy import text

from api.settings import ApiSettings
from geo.db import sync_engine
from ops.bench import peers
from ops.bench.attributes import COUNTY
from ops.bench.client import Failed
from ops.bench.contestants import over_http, raw
from ops.bench.mvt import features
from ops.bench.named_sql import statement
from ops.bench.processes import Server, our_service
from ops.bench.report import Part, lines
from ops.bench.rounds import Contestant, Course, Spread, interleave
from ops.bench.run import Run
from ops.bench.statements import Statement, transactions
from ops.bench.targets import TARGETS, judge

VIEW = "open_data.tile_details"
"""What every reading of a tile looks at first."""

BUSY = {"tiles shapes": 12, "tiles z12": 6}
CELLS = b"parcels_cells"
OURS, HOT, AGAIN = "ours, cold", "ours, hot", "ours, hot, If-None-Match (304)"
SHARED = "ours, from the tile store"
STORED = "stored tiles, raw"
RAW, NAIVE = "the same SQL, raw", "naive SQL, raw"
NARROW, WIDE, GZIP = "TiPg, narrow table", "TiPg, wide view", ", gzip"
ASK_GZIP = {"Accept-Encoding": "gzip"}
SHAPES_FROM = 14
"""The race about real parcels is run at this zoom, or at the first one that shows them."""

CLOSER = 3
"""Zooms beyond that at which a very crowded county's plots show in any case."""

SIZED_ZOOMS, SIZED_EACH, LOW_ZOOM_MAX = range(6, 17), 3, 13
PATIENCE_S = 300.0
TIMEOUT_MS = int(ApiSettings.model_fields["tile_timeout_ms"].default)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A body as sent, and its headers."""

    content: bytes
    headers: httpx.Headers


@dataclass(frozen=True, slots=True)
class Tile:
    """An address in WebMercatorQuad; `row` counts from the north. `count`: parcels whose middle lies in it."""

    z: int
    row: int
    col: int
    count: int

    @property
    def ours(self) -> str:
        """Path at our service."""
        return f"/ogc/collections/parcels/tiles/WebMercatorQuad/{self.z}/{self.row}/{self.col}?county={COUNTY}"

    def tipg(self, table: str) -> str:
        """Path at TiPg."""
        return f"/collections/{table}/tiles/WebMercatorQuad/{self.z}/{self.col}/{self.row}"


def busiest(owner_url: str, z: int, count: int) -> list[Tile]:
    """The busiest tiles of a zoom."""
    engine = sync_engine(owner_url)
    with engine.connect() as connection:
        found = connection.execute(text(statement("busy_tiles")), {"z": z, "count": count}).all()
    engine.dispose()
    return [Tile(z, *row) for row in found]


def with_parcels(server: Server, owner_url: str, z: int, count: int) -> list[Tile]:
    """The busiest tiles of a zoom that this server answers with the parcels themselves and not, for their number, with cells; of the next
    zoom that has such, where all of this one are too full. Raises Failed where none has."""
    for zoom in range(z, z + CLOSER + 1):
        found = [t for t in busiest(owner_url, zoom, count * 3) if CELLS not in _fetch(server, t.ours).content]
        if found:
            return found[:count]
    raise Failed(f"no busy tile of zoom {z} to {z + CLOSER} shows its parcels")


def run(asked: Run) -> Iterator[Part]:
    """Measure both zooms and the sizes; judge."""
    with ExitStack() as stack:
        ours = stack.enter_context(
            our_service(asked.database.app_url, API_TILE_CACHE_BYTES="0", API_TILE_STORE_BYTES="0")
        )
        hot = stack.enter_context(our_service(asked.database.app_url, name="service-hot"))
        shared = stack.enter_context(
            our_service(asked.database.app_url, name="service-shared", API_TILE_CACHE_BYTES="0")
        )
        tipg = stack.enter_context(peers.tipg(asked.database)) if "tipg" in asked.peers else None
        for name, zoom in (
            ("tiles shapes", max(SHAPES_FROM, shapes_from(asked.database.owner_url))),
            ("tiles z12", 12),
        ):
            yield _race(asked, {OURS: ours, HOT: hot, SHARED: shared}, tipg, name, zoom)
        yield _sizes(asked, ours)


def shapes_from(owner_url: str) -> int:
    """The zoom from which the public's parcels show, as it was measured."""
    with psycopg.connect(owner_url) as connection:
        row = connection.execute(
            "select shapes_from_zoom from register.tile_detail where collection = 'parcels' and audience = 'public' and county_code = %s",
            [COUNTY],
        ).fetchone()
    return 0 if row is None else int(row[0])


def _race(asked: Run, servers: Mapping[str, Server], tipg: Server | None, name: str, zoom: int) -> Part:
    ours = servers[OURS]
    found = busiest(asked.database.owner_url, zoom, BUSY[name] * 3)
    cells = {tile: CELLS in _fetch(ours, tile.ours).content for tile in found}
    tiles = [tile for tile in found if zoom < SHAPES_FROM or not cells[tile]][: BUSY[name]]
    shown = f"{len(tiles)} tiles of z{zoom} with {tiles[-1].count} to {tiles[0].count} parcels" if tiles else "no tile"
    notes = [f"{shown}; {sum(cells[tile] for tile in tiles)} of them answered with cells"]
    if len(tiles) < len(found[: BUSY[name]]):
        notes.append(f"{len(found[: BUSY[name]]) - len(tiles)} busier ones are answered with cells and left out")
    if not tiles:
        return Part(name, RAW, notes=notes, verdicts=judge(name, {}, frozenset(t.id for t in TARGETS)))
    counts = {OURS: _features(ours, [tile.ours for tile in tiles])}
    if tipg:
        counts |= {
            name: _features(tipg, [tile.tipg(table) for tile in tiles])
            for name, table in ((NARROW, peers.NARROW), (WIDE, peers.VIEW))
        }
    notes.append("features in them: " + ", ".join(f"{name} {count}" for name, count in counts.items()))
    contestants = _contestants(asked, servers, tipg, tiles)
    asked.say(f"{name}: {len(contestants)} contestants, {asked.rounds} rounds")
    courses = interleave(contestants, asked.rounds, asked.seconds)
    figures = _figures(courses, zoom)
    if (slowest := courses[OURS].percentile_ms(0.99)) > TIMEOUT_MS:
        notes.append(
            f"p99 {slowest:.0f} ms: the service as shipped ends a tile after {TIMEOUT_MS} ms (API_TILE_TIMEOUT_MS)"
        )
    absent = frozenset[str]() if tipg else frozenset(t.id for t in TARGETS if "tipg" in t.id)
    return Part(name, RAW, lines(courses, RAW), notes, judge(name, figures, absent))


def _contestants(
    asked: Run, servers: Mapping[str, Server], tipg: Server | None, tiles: Sequence[Tile]
) -> list[Contestant]:
    ours, hot = servers[OURS], servers[HOT]
    paths = [tile.ours for tile in tiles]
    same = transactions(asked.database.app_url, paths, VIEW)
    tags = {path: {"If-None-Match": _fetch(ours, path).headers["etag"]} for path in paths}
    out = [
        over_http(asked, OURS, ours, paths),
        over_http(asked, OURS + GZIP, ours, paths, headers=ASK_GZIP),
        over_http(asked, HOT, hot, paths),
        over_http(asked, HOT + GZIP, hot, paths, headers=ASK_GZIP),
        over_http(asked, AGAIN, hot, paths, own=tags, expected=304),
        over_http(asked, SHARED, servers[SHARED], paths),
        raw(asked, STORED, _stored(asked, ours, paths)),
        raw(asked, RAW, same),
        raw(asked, NAIVE, [(entry[0], naive(tile)) for entry, tile in zip(same, tiles, strict=True)]),
    ]
    if tipg:
        for name, table in ((NARROW, peers.NARROW), (WIDE, peers.VIEW)):
            theirs = [tile.tipg(table) for tile in tiles]
            out.append(over_http(asked, name, tipg, theirs))
            if tiles[0].z >= SHAPES_FROM:
                out.append(over_http(asked, name + GZIP, tipg, theirs, headers=ASK_GZIP))
    return out


def _stored(asked: Run, ours: Server, paths: Sequence[str]) -> list[tuple[Statement, ...]]:
    """The same tiles as rows of a table, one statement each: the least a database can do for a tile."""
    with psycopg.connect(asked.database.owner_url, autocommit=True) as connection:
        connection.execute("drop table if exists public.bench_tile")
        connection.execute("create table public.bench_tile (path text primary key, body bytea not null)")
        connection.execute("grant select on public.bench_tile to yzt_app")
        for path in paths:
            connection.execute("insert into public.bench_tile values (%s, %s)", [path, _fetch(ours, path).content])
    text = "select body from public.bench_tile where path = %(path)s"
    return [(Statement(text, {"path": path}),) for path in paths]


def _features(server: Server, paths: Sequence[str]) -> int:
    """Features of all these tiles together. Raises Failed when one has none."""
    counts = [features(_fetch(server, path).content) for path in paths]
    if not all(counts):
        raise Failed(f"{server.name}: {paths[counts.index(0)]} is empty")
    return sum(counts)


def naive(tile: Tile) -> Statement:
    """The tile as one would write it first."""
    _, select, rest = statement("naive_tile").partition("select")
    in_psycopg = re.sub(r"(?<!:):([a-z]+)", r"%(\1)s", select + rest)
    return Statement(in_psycopg, {"z": tile.z, "x": tile.col, "y": tile.row, "county": COUNTY})


def _figures(courses: Mapping[str, Course], zoom: int) -> dict[str, Spread]:
    """Ratios by target, as far as the contestants were there."""
    pairs = {
        "z14_raw": (OURS + GZIP, RAW), "z14_naive": (OURS, NAIVE), "z14_tipg_narrow": (OURS, NARROW), "z14_tipg_wide": (OURS, WIDE),
        "z14_tipg_narrow_gzip": (OURS + GZIP, NARROW + GZIP), "z14_tipg_wide_gzip": (OURS + GZIP, WIDE + GZIP),
        "hot_tipg": (HOT, NARROW), "hot_tipg_gzip": (HOT + GZIP, NARROW + GZIP),
        "hot_cold": (HOT + GZIP, OURS + GZIP), "hot_stored": (HOT + GZIP, STORED), "z12_tipg_time": (SHARED, NARROW),
    }  # fmt: skip
    figures = {
        target: courses[mine].over(courses[theirs])
        for target, (mine, theirs) in pairs.items()
        if mine in courses and theirs in courses
    }
    if zoom < SHAPES_FROM and NARROW in courses:
        figures["z12_tipg_bytes"] = Spread.of(
            [n.size_bytes / len(n.latencies_ms) / (o.size_bytes / len(o.latencies_ms))
             for o, n in zip(courses[OURS].laps, courses[NARROW].laps, strict=True)]
        )  # fmt: skip
    return figures


def _sizes(asked: Run, ours: Server) -> Part:
    """The busiest tiles of every zoom, fetched once each way."""
    largest: dict[int, tuple[int, int]] = {}
    for zoom in SIZED_ZOOMS:
        for tile in busiest(asked.database.owner_url, zoom, SIZED_EACH):
            sizes = (len(_fetch(ours, tile.ours).content), len(_fetch(ours, tile.ours, **ASK_GZIP).content))
            before = largest.get(zoom, (0, 0))
            largest[zoom] = (max(before[0], sizes[0]), max(before[1], sizes[1]))
    by_zoom = ", ".join(f"z{zoom} {raw / 1000:.0f}/{gz / 1000:.0f}" for zoom, (raw, gz) in largest.items())
    low = [sizes for zoom, sizes in largest.items() if zoom <= LOW_ZOOM_MAX]
    figures = {}
    for target, among, way in (
        ("tile_kb", list(largest.values()), 0), ("tile_kb_gzip", list(largest.values()), 1), ("low_tile_kb", low, 0),
        ("low_tile_kb_gzip", low, 1),
    ):  # fmt: skip
        figures[target] = Spread.of([max(sizes[way] for sizes in among) / 1000])
    notes = [f"the busiest {SIZED_EACH} tiles of each zoom, largest, kB raw/gzipped: {by_zoom}"]
    return Part("tile sizes", notes=notes, verdicts=judge("tile sizes", figures))


def _fetch(server: Server, path: str, **headers: str) -> Fetched:
    """One answer, its body as sent. Raises Failed."""
    given = {"Accept-Encoding": "identity", **headers}
    with httpx.stream("GET", server.url + path, headers=given, timeout=PATIENCE_S) as answer:
        body = b"".join(answer.iter_raw())
    if answer.status_code not in (200, 204):
        raise Failed(f"{server.name} {path}: status {answer.status_code}: {body[:200].decode(errors='replace')}")
    return Fetched(body, answer.headers)
