"""`make bench`: measure the product on a county of ROWS parcels, in parts; say what targets are reached.

With GROWTH (sizes, comma separated) the same few figures at each size in place of the parts, kept in docs/growth.json, drawn in
docs/growth.svg and said in docs/growth.md; a size at a time may be added.

Environment, or options: ONLY (parts, comma separated), ROWS, ROUNDS, PEERS (tipg,pygeoapi or none), OUT (a file for JSON).
Exit codes: 0 measured, 1 something did not answer as it should, 2 usage.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import platform
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import httpx
import psycopg
import structlog
from rich.console import Console

from ops.bench import (
    edits,
    evidence,
    growth,
    growth_text,
    history,
    imports,
    items,
    landuse,
    memory,
    peers,
    screen,
    seed,
    starting,
    tiles,
)
from ops.bench.client import Failed
from ops.bench.growth_plot import plot
from ops.bench.report import Part, as_json, show
from ops.bench.run import Run
from ops.bench.scratch import Scratch, scratch
from ops.bench.targets import judge
from ops.bootstrap.steps import SetupFailed
from ops.cluster import ClusterError

PARTS: dict[str, Callable[[Run], Iterable[Part]]] = {
    "items": items.run, "memory": memory.run, "tiles": tiles.run, "edits": edits.run, "seed": seed.run, "imports": imports.run, "history": history.run, "landuse": landuse.run, "evidence": evidence.run,
    "screen": screen.run, "starting": starting.run,
}  # fmt: skip
ROWS, ROUNDS, SECONDS, CONNECTIONS = 1_000_000, 4, 3.0, 4
WIDTH = 160
SHOWN_SETTINGS = ("shared_buffers", "synchronous_commit", "fsync", "jit", "work_mem", "random_page_cost")


def say(text: str) -> None:
    """One line of progress."""
    print(f"  {text}", file=sys.stderr, flush=True)


def _names(text: str, known: Sequence[str], what: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    unknown = [name for name in names if name not in known]
    if unknown:
        raise argparse.ArgumentTypeError(f"no {what} '{unknown[0]}'; there are: {', '.join(known)}")
    return names


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not 1 or more")
    return number


def _arguments(given: list[str]) -> argparse.Namespace:
    env = os.environ
    parser = argparse.ArgumentParser(
        prog="make bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument(
        "--only", default=env.get("ONLY") or ",".join(PARTS), type=lambda t: _names(t, list(PARTS), "part")
    )
    parser.add_argument("--rows", default=env.get("ROWS") or str(ROWS), type=_positive)
    parser.add_argument("--rounds", default=env.get("ROUNDS") or str(ROUNDS), type=_positive)
    parser.add_argument("--seconds", default=SECONDS, type=float, help="least length of one turn")
    parser.add_argument("--connections", default=CONNECTIONS, type=_positive)
    parser.add_argument(
        "--peers", default=env.get("PEERS") or ",".join(peers.NAMES),
        type=lambda t: () if t == "none" else _names(t, peers.NAMES, "peer"),
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="JSON on standard output in place of tables")
    parser.add_argument("--out", default=env.get("OUT") or None, type=Path, help="write the JSON to a file as well")
    parser.add_argument("--forget", action="store_true", help="drop the database at the end")
    parser.add_argument("--growth", default=env.get("GROWTH") or None, type=_sizes, help="sizes, comma separated")
    return parser.parse_args(given)


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(_positive(part) for part in text.replace("_", "").split(",") if part.strip())


def _conditions(asked: argparse.Namespace, database: Scratch) -> dict[str, Any]:
    with psycopg.connect(database.owner_url) as connection:
        versions = connection.execute("select current_setting('server_version'), postgis_full_version()").fetchone()
        settings = {
            name: connection.execute("select current_setting(%s)", [name]).fetchone() for name in SHOWN_SETTINGS
        }
        size = connection.execute("select pg_database_size(current_database())").fetchone()
    assert versions is not None
    assert size is not None
    return {
        "rows": asked.rows, "rounds": asked.rounds, "seconds_a_turn": asked.seconds, "connections": asked.connections,
        "peers": {name: peers.version(name) for name in asked.peers}, "cores": os.cpu_count(), "machine": platform.platform(),
        "python": platform.python_version(), "postgresql": versions[0], "postgis": versions[1].split('"')[1].split()[0],
        "settings": {name: row[0] for name, row in settings.items() if row}, "load_before": os.getloadavg()[0],
        "database_bytes": size[0], "database_made_s": database.note,
    }  # fmt: skip


def _show_conditions(conditions: dict[str, Any], console: Console) -> None:
    settings = ", ".join(f"{name} {value}" for name, value in conditions["settings"].items())
    peers_said = ", ".join(f"{name} {number}" for name, number in conditions["peers"].items()) or "none"
    made = ", ".join(f"{step} {seconds:.0f} s" for step, seconds in conditions["database_made_s"].items())
    for line in (
        f"{conditions['rows']} parcels, {conditions['rounds']} rounds, {conditions['connections']} connections, turns of "
        f"{conditions['seconds_a_turn']:g} s or one lap; load before {conditions['load_before']:.1f} on {conditions['cores']} cores",
        f"PostgreSQL {conditions['postgresql']}, PostGIS {conditions['postgis']}, Python {conditions['python']}; {settings}",
        f"peers: {peers_said}; database {conditions['database_bytes'] / 1e6:.0f} MB, made in: {made}",
        "requests a second and ratios: median (min..max) of the rounds; a ratio stands on requests of the same round",
    ):
        console.print(line, highlight=False)
    console.print()


def _grow(sizes: Sequence[int], *, keep: bool, file: Path = growth.FILE) -> None:
    """Measure at each size; what is found is kept at once, so that a run of hours that is broken off leaves what it had."""
    for size in sizes:
        load_before = os.getloadavg()[0]
        found: dict[str, float | None] = {}
        with scratch(size, say, keep=keep) as database:
            for name, value in growth.measure(database, say):
                found[name] = value
                said = _tell_growth(growth.add(size, found, load_before, file), file)
        print(said)


def _tell_growth(every: dict[int, growth.Measured], file: Path) -> str:
    """Picture and page beside the figures; returns the page."""
    picture = file.with_suffix(".svg")
    picture.write_text(plot(every), encoding="utf-8")
    said = growth_text.text(every, picture.name)
    file.with_suffix(".md").write_text(said, encoding="utf-8")
    return said


def main(given: list[str]) -> int:
    """Prepare, measure, report."""
    asked = _arguments(given)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    if asked.growth:
        try:
            _grow(asked.growth, keep=not asked.forget, file=asked.out or growth.FILE)
        except (Failed, SetupFailed, ClusterError, psycopg.Error, httpx.HTTPError) as failure:
            print(f"bench: {failure}", file=sys.stderr)
            return 1
        return 0
    console = Console(width=WIDTH, soft_wrap=True)
    begun = time.monotonic()
    parts: list[Part] = []
    try:
        with scratch(asked.rows, say, keep=not asked.forget) as database:
            conditions = _conditions(asked, database)
            if not asked.json:
                _show_conditions(conditions, console)
            run = Run(database, asked.rounds, asked.seconds, asked.connections, asked.peers, say)
            for name in asked.only:
                for part in PARTS[name](run):
                    parts.append(part)
                    if not asked.json:
                        show(part, console)
    except (Failed, SetupFailed, ClusterError, psycopg.Error) as failure:
        print(f"bench: {failure}", file=sys.stderr)
        return 1
    if set(asked.only) == set(PARTS):
        parts.append(Part("later", notes=["targets nothing here measures yet"], verdicts=judge("later", {})))
        if not asked.json:
            show(parts[-1], console)
    found = json.dumps(as_json(parts, conditions), ensure_ascii=False, indent=1)
    if asked.out:
        asked.out.write_text(found + "\n", encoding="utf-8")
    if asked.json:
        print(found)
    say(f"{time.monotonic() - begun:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
