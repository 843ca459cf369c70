"""Imports as jobs: a queued batch is a row, its file lies in the database, any number of workers may take it.

A job carries its actor and runs with that actor's rights. The batch's final state is written in the transaction that
applies the rows, so a job whose worker died is either done or untouched: running it again is safe. A file that kills its
worker is given up after a few tries.
"""

from __future__ import annotations

import json
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import structlog
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, OperationalError

from geo.db import ALL_UNITS, Actor, Audience, acting_sync
from geo.errors import GeoError, Problem
from geo.exchange.batches import AlreadyDone, Busy, close_batch
from geo.exchange.commands import Options, StrictRefusal, import_file
from geo.exchange.report import Report
from geo.exchange.stored import chunks_of, store

ORPHANED_AFTER_S = 30
WAIT_WHEN_BUSY_S = 2
ATTEMPTS_MAX = 3
PROGRESS_EVERY_S = 0.5
HEARTBEAT_EVERY_S = 5.0

WORKER = Actor(Audience.ADMIN, account="worker", units=(ALL_UNITS,), tier="P3")
GIVEN_UP = Problem(
    zh=f"处理这个文件时工作进程 {ATTEMPTS_MAX} 次中断，已放弃；请检查文件，或分批上传",
    en=f"the worker stopped {ATTEMPTS_MAX} times over this file, it was given up; check the file, or send it in parts",
)
UNEXPECTED = Problem(
    zh="系统出错，未写入任何记录；已记入日志", en="something went wrong here, nothing was applied; it is in the log"
)
DRY_RUN = Problem(zh="试运行：已检查，未写入", en="dry run: checked, nothing applied")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Job:
    """A queued import as a worker takes it."""

    batch_id: int
    county_code: str
    collection: str
    file_name: str
    stored_file_id: int
    attempts: int
    actor: Actor
    options: Options


TAKE = """
update register.import_batch b
set state = 'running', started_at = coalesce(started_at, clock_timestamp()), heartbeat_at = clock_timestamp(),
    options = options || jsonb_build_object('attempts', coalesce((options ->> 'attempts')::int, 0) + 1)
where b.id = (
    select q.id from register.import_batch q
    where q.options ? 'actor' and (
        (q.state = 'queued' and (q.heartbeat_at is null or q.heartbeat_at < clock_timestamp() - make_interval(secs => :wait)))
        or (q.state = 'running' and q.heartbeat_at < clock_timestamp() - make_interval(secs => :orphaned))
    ) and not exists (
        select from register.import_batch o
        where o.county_code = q.county_code and o.collection = q.collection and o.id <> q.id and o.state = 'running'
            and o.heartbeat_at > clock_timestamp() - make_interval(secs => :orphaned)
    )
    order by q.id for update skip locked limit 1
)
returning id, county_code, collection, file_name, stored_file_id, options"""


def take(engine: Engine) -> Job | None:
    """The oldest import that waits, or whose worker has not been heard of for 30 s; marked as running. None = nothing to do.

    Imports into a collection that is being imported into keep waiting.
    """
    with acting_sync(engine, WORKER) as connection:
        row = connection.execute(text(TAKE), {"orphaned": ORPHANED_AFTER_S, "wait": WAIT_WHEN_BUSY_S}).one_or_none()
    if row is None:
        return None
    given = row.options
    who = given["actor"]
    actor = Actor(Audience(who["audience"]), who["account"], tuple(who["units"]), who["tier"])
    options = Options(
        given.get("publish", False),
        given.get("strict", False),
        given.get("dry_run", False),
        given.get("map") or {},
        given.get("source_epsg"),
        given.get("layer"),
        given.get("source"),
    )
    return Job(
        row.id, row.county_code, row.collection, row.file_name, row.stored_file_id, given["attempts"], actor, options
    )


def run(engine: Engine, job: Job) -> None:
    """Carry out one job; every outcome ends in the batch's state and report, never in an exception for bad input.

    Raises OperationalError while the database is away: the batch stays running and is taken up again later.
    """
    empty = Report(job.batch_id, job.collection, job.county_code, is_dry_run=job.options.dry_run)
    if job.attempts > ATTEMPTS_MAX:
        _finish(engine, job, empty, "failed", GIVEN_UP)
        return
    try:
        with _alive(engine, job.batch_id), tempfile.TemporaryDirectory(prefix="yzt-job-") as folder:
            path = Path(folder) / f"upload{Path(job.file_name).suffix.lower()}"
            with acting_sync(engine, WORKER) as connection, path.open("wb") as file:
                file.writelines(chunks_of(connection, job.stored_file_id))
            progress = _Progress(engine, job.batch_id)
            report = import_file(
                engine, job.actor, path, job.collection, job.county_code, job.options, progress, job.batch_id
            )
    except AlreadyDone:
        return
    except Busy:
        _wait(engine, job)
    except StrictRefusal as refusal:
        _finish(engine, job, refusal.extra["report"], "failed", refusal.message)
    except GeoError as error:
        _finish(engine, job, empty, "failed", error.message)
    except OperationalError:
        raise
    except Exception:
        log.exception("import_failed", batch=job.batch_id)
        _finish(engine, job, empty, "failed", UNEXPECTED)
    else:
        if job.options.dry_run:
            _finish(engine, job, replace(report, batch_id=job.batch_id), "nothing_applied", DRY_RUN)


def _wait(engine: Engine, job: Job) -> None:
    """Back into the queue: somebody imports into the collection without being a job."""
    with acting_sync(engine, WORKER) as connection:
        connection.execute(
            text(
                "update register.import_batch set state = 'queued', heartbeat_at = clock_timestamp(), "
                "options = options || jsonb_build_object('attempts', (options ->> 'attempts')::int - 1) where id = :id and state = 'running'"
            ),
            {"id": job.batch_id},
        )


def _finish(engine: Engine, job: Job, report: Report, state: str, detail: Problem) -> None:
    """End a batch that applied nothing: its report, the rows that were at fault, and those as a file."""
    told = replace(report, rows=[row for row in report.rows if row.action == "rejected"])
    with acting_sync(engine, WORKER) as connection:
        file_id = (
            store(connection, job.county_code, report.rejects, "rejects", job.actor.account) if report.rejects else None
        )
        close_batch(connection, told, file_id, state=state, detail=detail, counted=report)


@contextmanager
def _alive(engine: Engine, batch_id: int) -> Iterator[None]:
    """Say every few seconds that this worker still works on the batch."""
    done = threading.Event()

    def beat() -> None:
        while not done.wait(HEARTBEAT_EVERY_S):
            with suppress(DBAPIError), acting_sync(engine, WORKER, timeout_ms=2000) as connection:
                connection.execute(
                    text(
                        "update register.import_batch set heartbeat_at = clock_timestamp() where id = :id and state = 'running'"
                    ),
                    {"id": batch_id},
                )

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


class _Progress:
    """Writes the step and the heartbeat of a batch, at most twice a second."""

    def __init__(self, engine: Engine, batch_id: int) -> None:
        self.engine, self.batch_id, self.last = engine, batch_id, 0.0

    def __call__(self, step: str, done: int, total: int) -> None:
        if step == "done" or time.monotonic() - self.last < PROGRESS_EVERY_S:
            return
        self.last = time.monotonic()
        with acting_sync(self.engine, WORKER, timeout_ms=2000) as connection:
            connection.execute(
                text(
                    "update register.import_batch set progress = cast(:p as jsonb), heartbeat_at = clock_timestamp() where id = :id"
                ),
                {"p": json.dumps({"step": step, "done": done, "total": total}), "id": self.batch_id},
            )
