"""`python -m ops.worker`: carries out imports, seals the trail, brings leads up to date every day,
measures plots, writes the names that things are searched by, measures tiles and tidies those that are kept.

Inside the service it runs as a child process, in compose as one of its own; any number may run.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from api.settings import ApiSettings
from geo.db import acting_sync, sync_engine
from geo.exchange.jobs import WORKER, run, take
from geo.history.commands import ENTRIES_PER_SEAL_MAX, seal
from geo.landuse.commands import recompute_after_batch, recompute_daily
from geo.landuse.evidence.commands import measure_due
from geo.registry.search.commands import bring_up_to_date
from geo.tiles.measuring import fold, is_measurable, measure, measure_missing
from geo.tiles.store import KEEPER, keep_sync

POLL_S = 1.0
SEAL_EVERY_S = 5.0
LOOK_AT_DATE_EVERY_S = 60.0
LOOK_AT_TILES_EVERY_S = 60.0
log = structlog.get_logger()


def drain(engine: Engine) -> int:
    """Carry out everything that waits; returns how many jobs that were."""
    done = 0
    while (job := take(engine)) is not None:
        log.info("job_started", batch=job.batch_id, collection=job.collection)
        run(engine, job)
        parcels = recompute_after_batch(engine, WORKER, job.county_code, job.batch_id)
        if is_measurable(job.collection):
            measure(engine, job.county_code, job.collection)
        log.info("job_done", batch=job.batch_id, parcels_looked_at=parcels)
        done += 1
    return done


class Chores:
    """What is done by the clock, a little at a time, between imports."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.tile_store_bytes = engine, ApiSettings().tile_store_bytes
        self.due_s = {self._seal: 0.0, self._daily: 0.0, self._evidence: 0.0, self._names: 0.0, self._tiles: 0.0}

    def do(self, now_s: float) -> None:
        """Do what is due."""
        for chore, due_s in self.due_s.items():
            if now_s >= due_s:
                self.due_s[chore] = now_s + chore()

    def _seal(self) -> float:
        with acting_sync(self.engine, WORKER) as connection:
            sealed = seal(connection)
        return 0 if sealed == ENTRIES_PER_SEAL_MAX else SEAL_EVERY_S

    def _names(self) -> float:
        bring_up_to_date(self.engine, WORKER)
        return POLL_S

    def _evidence(self) -> float:
        if plots := measure_due(self.engine, WORKER):
            log.info("plots_measured", plots=plots)
        return POLL_S

    def _daily(self) -> float:
        for county in recompute_daily(self.engine, WORKER):
            log.info("leads_brought_up_to_date", county=county)
        return LOOK_AT_DATE_EVERY_S

    def _tiles(self) -> float:
        for name in measure_missing(self.engine):
            log.info("tiles_measured", collection=name)
        fold(self.engine)
        with acting_sync(self.engine, KEEPER) as connection:
            keep_sync(connection, self.tile_store_bytes)
        return LOOK_AT_TILES_EVERY_S


def main() -> int:
    """Work until stopped, or with --drain until nothing waits. A database that is away is waited for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--drain", action="store_true")
    parser.add_argument("--parent", type=int, help="end when this process is no longer the parent")
    arguments = parser.parse_args()
    once = arguments.drain
    url = os.environ.get("DATABASE_URL")
    if not url:
        print("DATABASE_URL is not set", file=sys.stderr)
        return 4
    engine = sync_engine(url)
    chores = Chores(engine)
    while arguments.parent in (None, os.getppid()):  # a service that was killed takes its worker with it
        try:
            drain(engine)
            chores.do(time.monotonic())
        except OperationalError as error:
            log.warning("database_away", error=str(error.orig))
            if once:
                return 4
        if once:
            return 0
        time.sleep(POLL_S)
    return 0


@asynccontextmanager
async def worker_inside(database_url: str) -> AsyncIterator[None]:
    """A worker as a child process for as long as the service runs; started again if it dies."""

    async def keep() -> None:
        while True:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "ops.worker", "--parent", str(os.getpid()), env=os.environ | {"DATABASE_URL": database_url},
                start_new_session=True,  # Ctrl-C is for the service; it ends its worker itself
            )  # fmt: skip
            try:
                await process.wait()
            finally:
                if process.returncode is None:
                    process.terminate()
                    await process.wait()
            await asyncio.sleep(POLL_S)

    task = asyncio.create_task(keep())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main())
