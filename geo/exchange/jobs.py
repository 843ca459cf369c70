"""Imports as jobs: a queued batch is a row, its file lies in the database, any number of workers may take it.

A job carries its actor and runs with that actor's rights. The batch's final state is written in the transaction that
applies the rows, so a job whose worker died is either done or untouched: running it again is safe.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from geo.db import ALL_UNITS, Actor, Audience, acting_sync
from geo.errors import GeoError
from geo.exchange.commands import Options, StrictRefusal, import_file
from geo.exchange.rejects import write_rejects
from geo.exchange.report import Report

CHUNK_BYTES = 262_144
ORPHANED_AFTER_S = 30
PROGRESS_EVERY_S = 0.5
HEARTBEAT_EVERY_S = 5.0

WORKER = Actor(Audience.ADMIN, account="worker", units=(ALL_UNITS,), tier="P3")


@dataclass(frozen=True, slots=True)
class Job:
    """A queued import as a worker takes it."""

    batch_id: int
    county_code: str
    collection: str
    file_name: str
    stored_file_id: int
    actor: Actor
    options: Options


def take(engine: Engine) -> Job | None:
    """The oldest import that waits, or whose worker has not been heard of for 30 s; marked as running. None = nothing to do."""
    with acting_sync(engine, WORKER) as connection:
        row = connection.execute(
            text(
                "update register.import_batch set state = 'running', started_at = coalesce(started_at, clock_timestamp()), "
                "heartbeat_at = clock_timestamp() where id = (select id from register.import_batch where options ? 'actor' and "
                "(state = 'queued' or (state = 'running' and heartbeat_at < clock_timestamp() - make_interval(secs => :orphaned))) "
                "order by id for update skip locked limit 1) returning id, county_code, collection, file_name, stored_file_id, options"
            ),
            {"orphaned": ORPHANED_AFTER_S},
        ).one_or_none()
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
    )
    return Job(row.id, row.county_code, row.collection, row.file_name, row.stored_file_id, actor, options)


def run(engine: Engine, job: Job) -> None:
    """Carry out one job; every outcome ends in the batch's state and report, never in an exception for bad input."""
    with _alive(engine, job.batch_id), tempfile.TemporaryDirectory(prefix="yzt-job-") as folder:
        path = Path(folder) / Path(job.file_name).name
        with acting_sync(engine, WORKER) as connection, path.open("wb") as file:
            for chunk in _content(connection, job.stored_file_id):
                file.write(chunk)
        try:
            report = import_file(
                engine,
                job.actor,
                path,
                job.collection,
                job.county_code,
                job.options,
                _Progress(engine, job.batch_id),
                job.batch_id,
            )
        except GeoError as error:
            report = (
                error.extra["report"]
                if isinstance(error, StrictRefusal)
                else Report(job.batch_id, job.collection, job.county_code)
            )
            _finish(engine, job, report, "failed", {"zh": error.message.zh, "en": error.message.en}, path)
            return
        state = "nothing_applied" if job.options.dry_run else report.state
        _finish(engine, job, report, state, None, path)


def _content(connection: Connection, stored_file_id: int) -> Iterator[bytes]:
    rows = connection.execution_options(stream_results=True).execute(
        text("select content from register.stored_file_chunk where stored_file_id = :id order by chunk_no"),
        {"id": stored_file_id},
    )
    for row in rows:
        yield bytes(row.content)


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


def _finish(engine: Engine, job: Job, report: Report, state: str, detail: dict[str, str] | None, path: Path) -> None:
    rejects_id = None
    with acting_sync(engine, WORKER) as connection:
        if report.count("rejected"):
            written = write_rejects(path, report, path.with_name(f"{path.stem}.rejects.gpkg"))
            if written.exists():
                rejects_id = store(
                    connection, job.county_code, written.name, written.read_bytes(), "rejects", job.actor.account
                )
        summary: dict[str, Any] = report.summary() | ({"detail": detail} if detail else {})
        connection.execute(
            text(
                "update register.import_batch set state = case when state in ('running', 'queued') then :state else state end, "
                "report = cast(:report as jsonb), guesses = cast(:guesses as jsonb), rejects_file_id = :rejects, "
                "finished_at = coalesce(finished_at, clock_timestamp()) where id = :id"
            ),
            {"state": state, "report": json.dumps(summary, ensure_ascii=False), "guesses": json.dumps(report.guesses, ensure_ascii=False),
             "rejects": rejects_id, "id": job.batch_id},
        )  # fmt: skip


def store(connection: Connection, county_code: str, name: str, content: bytes, role: str, account: str) -> int:
    """Put a file into the database in chunks; returns its id."""
    file_id = connection.execute(
        text(
            "insert into register.stored_file (county_code, sha256, byte_size, media_type, file_name, role, created_by) "
            "values (:county, :sha, :size, 'application/octet-stream', :name, :role, :by) returning id"
        ),
        {
            "county": county_code,
            "sha": hashlib.sha256(content).digest(),
            "size": len(content),
            "name": name,
            "role": role,
            "by": account,
        },
    ).scalar_one()
    rows = [
        {"id": file_id, "no": n, "content": content[at : at + CHUNK_BYTES]}
        for n, at in enumerate(range(0, len(content), CHUNK_BYTES))
    ]
    if rows:
        connection.execute(
            text(
                "insert into register.stored_file_chunk (stored_file_id, chunk_no, content) values (:id, :no, :content)"
            ),
            rows,
        )
    return int(file_id)
