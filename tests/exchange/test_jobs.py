"""Imports as jobs: waiting for one another, giving up, telling how far they are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
from sqlalchemy import Engine, text

from geo.db import acting_sync
from geo.exchange import jobs
from geo.exchange.stored import Content, store
from tests.exchange.test_import import COUNTY, STAFF, engine, square

__all__ = ["engine"]


def queue(engine: Engine, tmp_path: Path, code: str, **options: Any) -> int:
    """A batch that waits for a worker."""
    path = tmp_path / f"{code}.geojson"
    gpd.GeoDataFrame({"code": [code]}, geometry=[square(121.8)], crs=4326).to_file(path)
    actor = {"audience": STAFF.audience.value, "account": "tester", "units": ["*"], "tier": "P3"}
    with acting_sync(engine, STAFF) as c:
        file_id = store(c, COUNTY, Content(path.name, path.read_bytes()), "upload", "tester")
        return int(
            c.execute(
                text(
                    "insert into register.import_batch (county_code, collection, file_name, file_sha256, stored_file_id, state, options, created_by) "
                    "select :county, 'parcels', :name, sha256, id, 'queued', cast(:options as jsonb), 'tester' "
                    "from register.stored_file where id = :file returning id"
                ),
                {
                    "county": COUNTY,
                    "name": path.name,
                    "options": json.dumps({"actor": actor} | options),
                    "file": file_id,
                },
            ).scalar_one()
        )


def state(engine: Engine, batch: int) -> tuple[str, dict[str, Any]]:
    with acting_sync(engine, STAFF) as c:
        row = c.execute(text("select state, report from register.import_batch where id = :id"), {"id": batch}).one()
    return row.state, row.report or {}


def test_a_job_waits_while_its_collection_is_imported_into(engine: Engine, tmp_path: Path) -> None:
    batch = queue(engine, tmp_path, "W1")
    with acting_sync(engine, STAFF) as c:  # somebody imports by the command line
        c.execute(text("select pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"import/{COUNTY}/parcels"})
        job = jobs.take(engine)
        assert job is not None
        jobs.run(engine, job)
        assert state(engine, batch)[0] == "queued"
        assert jobs.take(engine) is None  # not again at once
    with acting_sync(engine, STAFF) as c:
        c.execute(text("update register.import_batch set heartbeat_at = null where id = :id"), {"id": batch})
    job = jobs.take(engine)
    assert job is not None
    assert job.attempts == 1, "waiting is not failing"
    jobs.run(engine, job)
    assert state(engine, batch)[0] == "applied"


def test_two_jobs_of_one_collection_are_not_taken_together(engine: Engine, tmp_path: Path) -> None:
    first, second = queue(engine, tmp_path, "W2"), queue(engine, tmp_path, "W3")
    one = jobs.take(engine)
    assert one is not None
    assert one.batch_id == first
    assert jobs.take(engine) is None
    jobs.run(engine, one)
    two = jobs.take(engine)
    assert two is not None
    assert two.batch_id == second
    jobs.run(engine, two)
    assert state(engine, second)[0] == "applied"


def test_a_file_that_kills_its_worker_is_given_up(engine: Engine, tmp_path: Path) -> None:
    batch = queue(engine, tmp_path, "K1")
    for attempt in range(1, jobs.ATTEMPTS_MAX + 2):
        job = jobs.take(engine)
        assert job is not None
        assert job.attempts == attempt
        with acting_sync(engine, STAFF) as c:  # the worker is gone, and nobody has heard of it for a minute
            c.execute(
                text("update register.import_batch set heartbeat_at = clock_timestamp() - interval '1 minute' where id = :id"), {"id": batch}
            )  # fmt: skip
    assert job is not None
    jobs.run(engine, job)
    ended, report = state(engine, batch)
    assert ended == "failed"
    assert "worker stopped" in report["detail"]["en"]
    assert jobs.take(engine) is None
