"""`make bench GROWTH=10000,100000,...`: the same few figures at several sizes, each added to docs/growth.json when it is found.

A size that was measured before is measured anew; the others stay. `growth_plot.py` and `growth_text.py` draw and say what is there.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import psycopg

from ops.bench import landuse
from ops.bench.edits import await_ears, edit, places
from ops.bench.items import boxes
from ops.bench.processes import our_service
from ops.bench.scratch import Scratch
from ops.bench.tiles import SHAPES_FROM, busiest, shapes_from, with_parcels
from ops.bench.watching import resident_mb

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "docs" / "growth.json"
BOXES, LIMIT, TIMES, EDITS = 6, 1000, 5, 12
PATIENCE_S = 600.0
NOTHING_KEPT = {"API_TILE_CACHE_BYTES": "0", "API_ITEM_CACHE_BYTES": "0"}


@dataclass(frozen=True, slots=True)
class Figure:
    """What is measured at every size; `limit` is where it stops being good enough, where there is such a point."""

    id: str
    text: str
    unit: str
    limit: float | None = None
    limit_is: str = ""


FIGURES = (
    Figure("tile_shapes", "cold tile of shapes, busiest", "ms", 5000, "the service ends a tile then"),
    Figure("tile_z10", "cold tile z10, busiest", "ms", 5000, "the service ends a tile then"),
    Figure("tile_hot", "hot tile", "ms", 100, "a map that drags"),
    Figure("items", "1000 features by bbox", "ms", 10000, "the service ends a request then"),
    Figure("list", "first rows of the list, county", "ms", 1000, "the goal of the first screen"),
    Figure("summary", "counts of all kinds, rings", "ms", 1000, "the goal of the first screen"),
    Figure("edit", "edit to fresh tile, p95", "ms", 1000, "the goal of a map that is live"),
    Figure("land", "land rules, every parcel", "s", 3600, "an hour of the night"),
    Figure("memory", "memory of the process", "MB", 2048, "a small machine"),
    Figure("disk", "the database", "MB"),
    Figure("made", "schema and loading", "s"),
)  # fmt: skip

Measured = dict[str, Any]


def measure(database: Scratch, say: Callable[[str], None]) -> Iterator[tuple[str, float | None]]:
    """The figures of one size, by id, as they are found; None where the service ended what was asked."""
    yield "made", sum(database.note.values())
    with ExitStack() as stack:
        owner = stack.enter_context(psycopg.connect(database.owner_url, autocommit=True))
        size = owner.execute("select pg_database_size(current_database()) / 1e6").fetchone()
        yield "disk", None if size is None else float(str(size[0]))
        cold = stack.enter_context(our_service(database.app_url, "growth-cold", **NOTHING_KEPT))
        warm = stack.enter_context(our_service(database.app_url, "growth-warm"))
        asking = [stack.enter_context(httpx.Client(base_url=s.url, timeout=PATIENCE_S)) for s in (cold, warm)]
        say("growth: tiles, items, list, numbers")
        shapes = max(SHAPES_FROM, shapes_from(database.owner_url))
        plots = [tile.ours for tile in with_parcels(cold, database.owner_url, shapes, 3)]
        yield "tile_shapes", _median_ms(asking[0], plots)
        yield "tile_z10", _median_ms(asking[0], [tile.ours for tile in busiest(database.owner_url, 10, 1)])
        yield "tile_hot", _median_ms(asking[1], plots)
        asked = [f"/ogc/collections/parcels/items?limit={LIMIT}&bbox={box}" for box in boxes(database.owner_url, BOXES)]
        yield "items", _median_ms(asking[0], asked)
        yield "list", _median_ms(asking[0], ["/map/list?w=all"])
        yield "summary", _median_ms(asking[0], ["/map/summary"])
        say("growth: edits")
        await_ears([warm])
        busy = places(cold, database.owner_url, owner)
        fresh = sorted(edit(owner, asking[1:], *busy[n % len(busy)]).fresh_s for n in range(EDITS))
        yield "edit", fresh[min(int(EDITS * 0.95), EDITS - 1)] * 1000
        yield "memory", resident_mb(warm.pid)
    say("growth: land rules")
    yield "land", landuse.full_run_s(database.owner_url)


def _median_ms(client: httpx.Client, paths: list[str]) -> float | None:
    """Of several times over all paths, after one time that is not counted; None where an answer is an error."""
    times = []
    for turn in range(TIMES + 1):
        for path in paths:
            begun = time.perf_counter()
            if client.get(path, headers={"Accept-Encoding": "gzip"}).is_error:
                return None
            if turn:
                times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


def read(file: Path = FILE) -> dict[int, Measured]:
    """What was measured before, by size, the smallest first."""
    if not file.exists():
        return {}
    return {
        int(size): told
        for size, told in sorted(json.loads(file.read_text("utf-8")).items(), key=lambda pair: int(pair[0]))
    }


def add(
    row_count: int, figures: Mapping[str, float | None], load_before: float, file: Path = FILE
) -> dict[int, Measured]:
    """Put the figures of a size into the file; returns all sizes."""
    every = read(file)
    every[row_count] = {
        "measured_on": datetime.now(UTC).date().isoformat(), "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "load_before": round(load_before, 1),
        "figures": {name: None if value is None else round(value, 2) for name, value in figures.items()},
    }  # fmt: skip
    ordered = {str(size): every[size] for size in sorted(every)}
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(ordered, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return read(file)
