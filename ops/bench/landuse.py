"""Part `landuse`: the leads of every parcel by the one statement, 100 edits with their parcel's leads after each, 100 in one run.

All in one transaction that is rolled back: lives and pauses of two fifths of the parcels are told without triggers, edits with them.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date

from sqlalchemy import Connection, text

from geo.db import sync_engine
from geo.landuse.commands import recompute_sync
from ops.bench.attributes import COUNTY
from ops.bench.client import Failed
from ops.bench.named_sql import statement
from ops.bench.report import Part
from ops.bench.rounds import Spread
from ops.bench.run import Run
from ops.bench.targets import judge

AS_OF = date(2026, 11, 24)
EDITS = 100
_FACT = text(
    "insert into register.fact (county_code, subject_kind, subject_id, kind, value_number, effective_on) "
    "values (:county, 'parcel', :id, 'land_price_wan_cny', :value, :on)"
)


def run(asked: Run) -> Iterator[Part]:
    """Measure full runs without and with pauses, then edits; judge."""
    engine = sync_engine(asked.database.owner_url)
    with engine.connect() as connection, connection.begin() as attempt:
        told = _tell(connection, "land_story")
        connection.exec_driver_sql("analyze register.fact")
        connection.exec_driver_sql("analyze register.parcel")
        _full(connection)
        without, full = [], []
        for _ in range(asked.rounds):
            without.append(_full(connection))
            with connection.begin_nested() as standing:
                _tell(connection, "land_pauses")
                full.append(_full(connection))
                standing.rollback()
        paused = _tell(connection, "land_pauses")
        kept, _gone = recompute_sync(connection, COUNTY, AS_OF)
        ids = _edited(connection)
        edits = sorted(_edits(connection, ids))
        batches = [_batch(connection, ids, 700 + EDITS + number) for number in range(asked.rounds)]
        attempt.rollback()
    engine.dispose()
    rows, spread = asked.database.row_count, Spread.of(full)
    notes = [
        f"{told} facts, {paused} pauses told; full run {spread.median:.1f} s ({spread.least:.1f}..{spread.most:.1f}), {kept} answers kept; "
        f"without pauses {Spread.of(without).median:.1f} s",
        f"{EDITS} edits, each with its parcel's leads: {sum(edits):.1f} s, one {edits[EDITS // 2] * 1000:.0f} ms "
        f"(p95 {edits[int(EDITS * 0.95)] * 1000:.0f} ms)",
        f"{EDITS} edits told one by one, their leads in one run: {', '.join(f'{seconds * 1000:.0f}' for seconds in batches)} ms",
    ]
    figures = {
        "land_full": Spread.of([rows / seconds for seconds in full]),
        "land_pauses": Spread.of([one / other for one, other in zip(full, without, strict=True)]),
        "land_edit": Spread.of([edits[int(EDITS * 0.95)] * 1000]),
        "land_batch": Spread.of([seconds * 1000 for seconds in batches]),
    }
    yield Part("landuse", notes=notes, verdicts=judge("landuse", figures))


def full_run_s(owner_url: str) -> float:
    """Seconds of one full run over the county with the lives of sql/land_story.sql; everything is rolled back."""
    engine = sync_engine(owner_url)
    with engine.connect() as connection, connection.begin() as attempt:
        _tell(connection, "land_story")
        connection.exec_driver_sql("analyze register.fact")
        seconds = _full(connection)
        attempt.rollback()
    engine.dispose()
    return seconds


def _tell(connection: Connection, name: str) -> int:
    """Rows of sql/<name>.sql, past the triggers; how many."""
    connection.exec_driver_sql("set local session_replication_role = replica")
    told = connection.execute(text(statement(name)), {"county": COUNTY}).rowcount
    connection.exec_driver_sql("set local session_replication_role = origin")
    if told < 1:
        raise Failed(f"{name} told nothing")
    return told


def _full(connection: Connection) -> float:
    """Seconds of a full run over the county into an empty table of findings."""
    with connection.begin_nested() as attempt:
        begun = time.perf_counter()
        recompute_sync(connection, COUNTY, AS_OF)
        seconds = time.perf_counter() - begun
        attempt.rollback()
    return seconds


def _edited(connection: Connection) -> list[int]:
    """Parcels all over the county whose lives were told: those the edits fall on."""
    query = "select id from register.parcel where county_code = :county and id % 5 < 2 order by id * 7919 % 100003 limit :edits"
    return list(connection.execute(text(query), {"county": COUNTY, "edits": EDITS}).scalars())


def _edits(connection: Connection, ids: list[int]) -> Iterator[float]:
    """Seconds of each edit: a fact is told, its parcel's leads brought up to date."""
    for number, parcel in enumerate(ids):
        begun = time.perf_counter()
        _tell_price(connection, [parcel], 700 + number)
        recompute_sync(connection, COUNTY, AS_OF, [parcel])
        yield time.perf_counter() - begun


def _batch(connection: Connection, ids: list[int], price_wan_cny: int) -> float:
    """Seconds of one run for edits that were told before it; all taken back, so that every round starts from the same rows."""
    with connection.begin_nested() as attempt:
        _tell_price(connection, ids, price_wan_cny)
        begun = time.perf_counter()
        recompute_sync(connection, COUNTY, AS_OF, ids)
        seconds = time.perf_counter() - begun
        attempt.rollback()
    return seconds


def _tell_price(connection: Connection, ids: list[int], price_wan_cny: int) -> None:
    connection.execute(_FACT, [{"county": COUNTY, "id": parcel, "value": price_wan_cny, "on": AS_OF} for parcel in ids])
