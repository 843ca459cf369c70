"""Part `evidence`: plots with surveyed ground and a building measured, many at once and one by one. All is rolled back."""

from __future__ import annotations

import time
from collections.abc import Iterator

from sqlalchemy import text

from geo.db import sync_engine
from geo.landuse.evidence.commands import PLOTS_PER_BATCH, measure_plots
from ops.bench.attributes import COUNTY
from ops.bench.client import Failed
from ops.bench.landuse import AS_OF
from ops.bench.named_sql import statement
from ops.bench.report import Part, figure, spread
from ops.bench.rounds import Spread
from ops.bench.run import Run

PLOTS, ALONE = 500, 100
_PLOTS = text(
    "select id from register.parcel where county_code = :county and publication_state = 'published' order by md5(code) limit :count"
)


def run(asked: Run) -> Iterator[Part]:
    """Measure; there is no goal for it."""
    engine = sync_engine(asked.database.owner_url)
    with engine.connect() as connection, connection.begin() as attempt:
        ids = list(
            connection.execute(_PLOTS, {"county": COUNTY, "count": min(PLOTS, asked.database.row_count // 2)}).scalars()
        )
        for name in ("surveyed_facts", "surveyed_ground", "surveyed_buildings"):
            connection.execute(text(statement(name)), {"county": COUNTY, "ids": ids})
        rates = []
        for number in range(asked.rounds):
            asked.say(f"evidence: {len(ids)} plots, round {number + 1}")
            with connection.begin_nested() as standing:
                begun, kept = time.perf_counter(), 0
                for at in range(0, len(ids), PLOTS_PER_BATCH):
                    kept += len(measure_plots(connection, COUNTY, ids[at : at + PLOTS_PER_BATCH], AS_OF))
                rates.append(len(ids) / (time.perf_counter() - begun))
                standing.rollback()
            if kept != len(ids):
                raise Failed(f"{kept} of {len(ids)} plots have evidence")
        alone = []
        for parcel_id in ids[:ALONE]:
            begun = time.perf_counter()
            measure_plots(connection, COUNTY, [parcel_id], AS_OF)
            alone.append((time.perf_counter() - begun) * 1000)
        attempt.rollback()
    engine.dispose()
    alone.sort()
    notes = [
        f"{len(ids)} plots with surveyed ground and a building, {PLOTS_PER_BATCH} at a time: {spread(Spread.of(rates))} plots a second",
        f"{len(alone)} of them one by one: p50 {figure(alone[len(alone) // 2])} ms, p95 {figure(alone[int(len(alone) * 0.95)])} ms",
    ]
    yield Part("evidence", notes=notes)
