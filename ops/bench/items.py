"""Part `items`: a thousand features by bbox, ours over HTTP beside the same SQL raw, TiPg and pygeoapi. Nobody compresses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import ExitStack

import httpx
import psycopg
from sqlalchemy import text

from geo.db import sync_engine
from ops.bench import peers
from ops.bench.client import Failed
from ops.bench.contestants import over_http, raw
from ops.bench.processes import Server, our_service
from ops.bench.report import Part, lines
from ops.bench.rounds import interleave
from ops.bench.run import Run, statement
from ops.bench.statements import Transaction, transactions
from ops.bench.targets import judge

BOXES, LIMIT = 24, 1000
BOXES_MIN = 6
VIEW = "open_data.parcels"
OURS, RAW, RAW_UNCOUNTED = "ours, HTTP", "the same SQL, raw", "raw, without numberMatched"
PATIENCE_S = 300.0


def boxes(owner_url: str, count: int) -> list[str]:
    """Boxes as `bbox` values, each with LIMIT parcels and some (fewer in a small county)."""
    engine = sync_engine(owner_url)
    with engine.connect() as connection:
        found = connection.execute(text(statement("boxes")), {"count": count}).all()
    engine.dispose()
    return [",".join(f"{number:.7f}" for number in box) for box in found]


def run(asked: Run) -> list[Part]:
    """Measure, and judge."""
    count = min(BOXES, max(BOXES_MIN, asked.database.row_count // LIMIT))
    found = boxes(asked.database.owner_url, count)
    ours = [f"/ogc/collections/parcels/items?bbox={box}&limit={LIMIT}" for box in found]
    same = transactions(asked.database.app_url, ours, VIEW)
    uncounted = [tuple(s for s in t if "count(*)" not in s.text.lower()) for t in same]
    with ExitStack() as stack:
        servers: list[tuple[str, Server, list[str]]] = [
            (OURS, stack.enter_context(our_service(asked.database.app_url)), ours)
        ]
        if "tipg" in asked.peers:
            at = f"/collections/{VIEW}/items?f=geojson&limit={LIMIT}&bbox="
            servers.append(("TiPg", stack.enter_context(peers.tipg(asked.database)), [at + box for box in found]))
        if "pygeoapi" in asked.peers:
            at = f"/collections/parcels/items?f=json&limit={LIMIT}&bbox="
            servers.append(
                ("pygeoapi", stack.enter_context(peers.pygeoapi(asked.database)), [at + box for box in found])
            )
        told = {name: _numbers(server, paths) for name, server, paths in servers}
        notes = _agreement(told)
        contestants = [over_http(asked, *server) for server in servers]
        contestants.insert(1, raw(asked, RAW, same))
        if uncounted != same:
            contestants.insert(2, raw(asked, RAW_UNCOUNTED, uncounted))
        asked.say(f"items: {len(contestants)} contestants, {asked.rounds} rounds")
        courses = interleave(contestants, asked.rounds, asked.seconds)
    figures = {"items_raw": courses[OURS].over(courses[RAW])}
    figures |= {
        f"items_{name.lower()}": courses[OURS].over(courses[name]) for name in ("TiPg", "pygeoapi") if name in courses
    }
    absent = frozenset(f"items_{name}" for name in peers.NAMES if name not in asked.peers)
    notes.append(f"plan of the raw statement: {_plan(asked.database.app_url, same[0])}")
    return [Part("items", RAW, lines(courses, RAW), notes, judge("items", figures, absent))]


def _numbers(server: Server, paths: list[str]) -> list[int]:
    """How many features the server gives for each box."""
    with httpx.Client(base_url=server.url, timeout=PATIENCE_S, headers={"Accept-Encoding": "identity"}) as client:
        return [len(client.get(path).raise_for_status().json()["features"]) for path in paths]


def _agreement(told: Mapping[str, list[int]]) -> list[str]:
    """Everybody must give the same number of features for every box, or the race is none. Raises Failed."""
    ours = told[OURS]
    for name, numbers in told.items():
        if numbers != ours or not all(numbers):
            raise Failed(f"{name} gives {numbers[:6]} features for the first boxes, the service {ours[:6]}")
    return [f"{len(ours)} boxes, {min(ours)} to {max(ours)} features each, the same number from: {', '.join(told)}"]


def _plan(app_url: str, transaction: Transaction) -> str:
    """The scans of the last statement, by the planner's word."""
    with psycopg.connect(app_url) as connection:
        for before in transaction[:-1]:
            connection.execute(before.text.encode(), before.parameters)
        last = transaction[-1]
        plan = [str(row[0]) for row in connection.execute(b"explain " + last.text.encode(), last.parameters)]
    scans = (re.search(r"(Seq Scan|Index Scan|Bitmap Index Scan) (?:using|on) (\w+)", line) for line in plan)
    return ", ".join(sorted({f"{found[1]} {found[2]}" for found in scans if found}))
