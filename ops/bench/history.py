"""Part `history`: 20,000 parcels that changed twenty times, read as of days in between, by the service."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta

import httpx
import psycopg

from geo.clock import today
from ops.bench.attributes import COUNTY
from ops.bench.client import Failed
from ops.bench.items import boxes
from ops.bench.loading import fill
from ops.bench.processes import our_service
from ops.bench.report import Part
from ops.bench.rounds import Spread
from ops.bench.run import Run
from ops.bench.scratch import beside
from ops.bench.targets import judge

PARCELS, VERSIONS = 20_000, 20
READINGS, LIMIT, BOXES = 60, 1000, 6
DAYS_APART = 30
PATIENCE_S = 120.0
TIME_ZONE = "Asia/Shanghai"
_VERSIONS = """
with gone as (
    delete from register.parcel_version v where upper_inf(v.recorded_during) returning v.*
)
insert into register.parcel_version ({columns}, version, name, recorded_during, recorded_xid, recorded_by)
select {columns}, n, 'v' || n,
       tstzrange(lower(g.recorded_during) - make_interval(days => ({versions} - n + 1) * {days}),
                 case when n < {versions} then lower(g.recorded_during) - make_interval(days => ({versions} - n) * {days}) end),
       g.recorded_xid, g.recorded_by
from gone as g, generate_series(1, {versions}) as n"""


def run(asked: Run) -> Iterator[Part]:
    """Make the past in a database of its own, read it, judge."""
    row_count = min(PARCELS, asked.database.row_count)
    with ExitStack() as stack:
        is_same = asked.database.row_count == row_count
        database = stack.enter_context(beside(asked.database, "history", copied=is_same))
        if not is_same:
            fill(database.owner_url, row_count, asked.say)
        _age(database.owner_url)
        found = boxes(database.owner_url, BOXES)
        server = stack.enter_context(our_service(database.app_url, "service-history"))
        client = stack.enter_context(httpx.Client(base_url=server.url, timeout=PATIENCE_S))
        rng, civil = random.Random(7), today(TIME_ZONE)
        now_ms, past_ms = list[float](), list[float]()
        for n in range(READINGS):
            box = found[n % len(found)]
            day = civil - timedelta(days=rng.randint(DAYS_APART, DAYS_APART * (VERSIONS - 2)))
            now_ms.append(_ms(client, box, "")[0])
            ms, names = _ms(client, box, f"&as_of={day.isoformat()}")
            past_ms.append(ms)
            _expect(names, (civil - day).days)
    past, now = sorted(past_ms), sorted(now_ms)
    p95 = past[int(READINGS * 0.95)]
    notes = [
        f"{row_count} parcels with {VERSIONS} versions each; {LIMIT} features by bbox as of {READINGS} days: "
        f"p50 {past[READINGS // 2]:.0f} ms, p95 {p95:.0f} ms; the same today p50 {now[READINGS // 2]:.0f} ms, p95 {now[int(READINGS * 0.95)]:.0f} ms"
    ]
    yield Part("history", notes=notes, verdicts=judge("history", {"as_of": Spread.of([p95])}))


def _age(owner_url: str) -> None:
    """VERSIONS versions of every parcel, DAYS_APART days apart, the last one what stands; facts are as old as the first."""
    with psycopg.connect(owner_url) as connection:
        connection.execute("set local session_replication_role = replica")
        columns = connection.execute(
            "select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute "
            "where attrelid = 'register.parcel_version'::regclass and attnum > 0 and not attisdropped "
            "and attname not in ('version_id', 'version', 'name', 'recorded_during', 'recorded_xid', 'recorded_by')"
        ).fetchone()
        assert columns is not None
        connection.execute(_VERSIONS.format(columns=columns[0], versions=VERSIONS, days=DAYS_APART).encode())
        connection.execute(f"update register.parcel set version = {VERSIONS}, name = 'v{VERSIONS}'".encode())
        connection.execute(
            f"update register.fact set recorded_at = recorded_at - interval '{VERSIONS * DAYS_APART} days'".encode()
        )
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute("vacuum (analyze) register.parcel, register.parcel_version, register.fact")


def _ms(client: httpx.Client, box: str, moment: str) -> tuple[float, set[str]]:
    """Milliseconds of an answer, and the names in it."""
    begun = time.perf_counter()
    answer = client.get(f"/ogc/collections/parcels/items?county={COUNTY}&limit={LIMIT}&bbox={box}{moment}")
    seconds = time.perf_counter() - begun
    if answer.status_code != 200:
        raise Failed(f"items{moment}: {answer.status_code} {answer.text[:200]}")
    return seconds * 1000, {feature["properties"]["name"] for feature in answer.json()["features"]}


def _expect(names: set[str], days_ago: int) -> None:
    """All parcels are told as they were that day. Raises Failed."""
    wanted = VERSIONS - -(-days_ago // DAYS_APART)
    if not names <= {f"v{wanted + n}" for n in (-1, 0, 1)} or not names:
        raise Failed(f"{days_ago} days ago stood about v{wanted}, and {sorted(names)[:4]} are told")
