"""Part `items`: a thousand features by bbox, ours over HTTP beside the same SQL raw, TiPg and pygeoapi. Nobody compresses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import httpx
import psycopg
from sqlalchemy import text

from geo.db import sync_engine
from ops.bench import peers
from ops.bench.client import Failed
from ops.bench.contestants import over_http, raw
from ops.bench.named_sql import statement
from ops.bench.processes import Server, our_service
from ops.bench.report import Part, lines, spread
from ops.bench.rounds import interleave
from ops.bench.run import Run
from ops.bench.statements import Transaction, transactions
from ops.bench.targets import judge

BOXES, LIMIT = 24, 1000
BOXES_MIN = 6
BOXES_COMPARED, LIMIT_COMPARED = 3, 10_000
VIEW = "open_data.parcels"
OURS, FRESH, RAW = "ours, HTTP", "ours, nothing kept", "the same SQL, raw"
PATIENCE_S = 300.0


@dataclass(frozen=True, slots=True)
class Width:
    """How much is said of each parcel, and where each server is asked for it; `targets` is the prefix of their ids."""

    part: str
    targets: str
    ours: str
    tipg: str
    pygeoapi: str
    properties: tuple[str, ...]


WIDTHS = (
    Width("items", "items", "", VIEW, "parcels", peers.PROPERTIES),
    Width("items narrow", "narrow", "&properties=" + ",".join(peers.FIVE_PROPERTIES), peers.FIVE, "parcels_five", peers.FIVE_PROPERTIES),
)  # fmt: skip


def boxes(owner_url: str, count: int) -> list[str]:
    """Boxes as `bbox` values, each with LIMIT parcels and some (fewer in a small county)."""
    engine = sync_engine(owner_url)
    with engine.connect() as connection:
        found = connection.execute(text(statement("boxes")), {"count": count}).all()
    engine.dispose()
    return [",".join(f"{number:.7f}" for number in box) for box in found]


def run(asked: Run) -> Iterator[Part]:
    """Measure, and judge: every property of a parcel, then five of them."""
    count = min(BOXES, max(BOXES_MIN, asked.database.row_count // LIMIT))
    found = boxes(asked.database.owner_url, count)
    with ExitStack() as stack:
        servers = {OURS: stack.enter_context(our_service(asked.database.app_url))}
        servers[FRESH] = stack.enter_context(
            our_service(asked.database.app_url, "service-fresh", API_ITEM_CACHE_BYTES="0")
        )
        if "tipg" in asked.peers:
            servers["TiPg"] = stack.enter_context(peers.tipg(asked.database))
        if "pygeoapi" in asked.peers:
            servers["pygeoapi"] = stack.enter_context(peers.pygeoapi(asked.database))
        for width in WIDTHS:
            yield _race(asked, width, servers, found)


def _race(asked: Run, width: Width, servers: Mapping[str, Server], found: list[str]) -> Part:
    def paths(name: str, limit: int = LIMIT) -> list[str]:
        at = {
            "TiPg": f"/collections/{width.tipg}/items?f=geojson&limit={limit}&bbox=",
            "pygeoapi": f"/collections/{width.pygeoapi}/items?f=json&limit={limit}&bbox=",
        }
        if name in at:
            return [at[name] + box for box in found]
        return [f"/ogc/collections/parcels/items?bbox={box}&limit={limit}{width.ours}" for box in found]

    same = transactions(asked.database.app_url, paths(FRESH), VIEW, item_cache_bytes=0)
    notes = _agreement({name: _features(server, paths(name)) for name, server in servers.items()})
    whole = {name: paths(name, LIMIT_COMPARED)[:BOXES_COMPARED] for name in servers}
    notes += _same_rows({name: _features(servers[name], asked_for) for name, asked_for in whole.items()}, width)
    contestants = [over_http(asked, name, server, paths(name)) for name, server in servers.items()]
    contestants.insert(2, raw(asked, RAW, same))
    asked.say(f"{width.part}: {len(contestants)} contestants, {asked.rounds} rounds")
    courses = interleave(contestants, asked.rounds, asked.seconds)
    figures = {
        f"{width.targets}_{name}": courses[who].over(courses[RAW]) for name, who in (("raw", OURS), ("fresh", FRESH))
    }
    figures |= {
        f"{width.targets}_{name.lower()}": courses[OURS].over(courses[name])
        for name in ("TiPg", "pygeoapi")
        if name in courses
    }
    for name in ("TiPg", "pygeoapi"):
        if name in courses:
            notes.append(f"{name}: raw alone is {spread(courses[RAW].over(courses[name]))}x, nothing kept {spread(courses[FRESH].over(courses[name]))}x")  # fmt: skip
    absent = frozenset(f"{width.targets}_{name}" for name in peers.NAMES if name not in asked.peers)
    notes.append(f"plan of the raw statement: {_plan(asked.database.app_url, same[0])}")
    return Part(width.part, RAW, lines(courses, RAW), notes, judge(width.part, figures, absent))


Features = list[list[dict[str, Any]]]
"""Of each box."""


def _features(server: Server, paths: list[str]) -> Features:
    with httpx.Client(base_url=server.url, timeout=PATIENCE_S, headers={"Accept-Encoding": "identity"}) as client:
        return [client.get(path).raise_for_status().json()["features"] for path in paths]


def _agreement(told: Mapping[str, Features]) -> list[str]:
    """Everybody must give the same number of features for every box, or the race is none. Raises Failed."""
    ours = [len(features) for features in told[OURS]]
    for name, found in told.items():
        numbers = [len(features) for features in found]
        if numbers != ours or not all(numbers):
            raise Failed(f"{name} gives {numbers[:6]} features for the first boxes, the service {ours[:6]}")
    return [f"{len(ours)} boxes, {min(ours)} to {max(ours)} features each, the same number from: {', '.join(told)}"]


def _same_rows(told: Mapping[str, Features], width: Width) -> list[str]:
    """Asked for whole boxes, everybody must name the same parcels and tell the same properties of them. Raises Failed."""
    codes = {name: [{_code(f) for f in features} for features in found] for name, found in told.items()}
    for name, found in told.items():
        if codes[name] != codes[OURS]:
            raise Failed(f"{name} names other parcels than the service")
        properties = {"code", *found[0][0]["properties"]} - {"id"}
        if properties != set(width.properties):
            raise Failed(f"{name} tells other properties: {sorted(properties ^ set(width.properties))}")
    sizes = ", ".join(str(len(found)) for found in codes[OURS])
    return [f"{len(width.properties)} properties; the same parcels by code in whole boxes ({sizes})"]


def _code(feature: dict[str, Any]) -> str:
    """A parcel's code; TiPg gives it as the id only."""
    return str(feature["properties"].get("code", feature["id"]))


def _plan(app_url: str, transaction: Transaction) -> str:
    """The scans of the last statement, by the planner's word."""
    with psycopg.connect(app_url) as connection:
        for before in transaction[:-1]:
            connection.execute(before.text.encode(), before.parameters)
        last = transaction[-1]
        plan = [str(row[0]) for row in connection.execute(b"explain " + last.text.encode(), last.parameters)]
    scans = (re.search(r"(Seq Scan|Index Scan|Bitmap Index Scan) (?:using|on) (\w+)", line) for line in plan)
    return ", ".join(sorted({f"{found[1]} {found[2]}" for found in scans if found}))
