"""Batches as rows: opened before the first row is read, closed with the outcome of every row, one at a time per collection."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import shapely
from sqlalchemy import Connection, text

from geo.errors import Conflict, NotFound, Problem
from geo.exchange.placing import Place
from geo.exchange.report import Report

CHUNK = 1 << 20


class Busy(Conflict):
    """Another import into the same collection runs; a job waits for it, a person is told."""


class AlreadyDone(Conflict):
    """This batch was finished by another worker in the meantime."""


def county_place(connection: Connection, county_code: str) -> Place:
    """Outline and survey CRS of a county; raises NotFound."""
    row = connection.execute(
        text("select st_asbinary(outline), survey_srid from register.county where code = :code"), {"code": county_code}
    ).one_or_none()
    if row is None:
        raise NotFound.at(
            "county", Problem(zh=f"没有代码为“{county_code}”的县", en=f"there is no county '{county_code}'")
        )
    return Place(county_code, shapely.from_wkb(bytes(row[0])), row[1])


def source_id(connection: Connection, county_code: str, code: str) -> int:
    """The data source of a county (or of all) by its code; raises NotFound."""
    found = connection.execute(
        text(
            "select id from register.data_source where code = :code and (county_code = :county or county_code is null) "
            "order by county_code nulls last limit 1"
        ),
        {"code": code, "county": county_code},
    ).scalar_one_or_none()
    if found is None:
        raise NotFound.at(
            "source",
            Problem(zh=f"没有数据来源“{code[:64]}”", en=f"there is no data source '{code[:64]}'"),
            Problem(zh="先导入到 data_sources", en="import it into data_sources first"),
        )
    return int(found)


def one_at_a_time(connection: Connection, county_code: str, collection: str) -> None:
    """Hold the collection to the end of the transaction; raises Busy when somebody else does."""
    free = connection.execute(
        text("select pg_try_advisory_xact_lock(hashtextextended(:key, 0))"),
        {"key": f"import/{county_code}/{collection}"},
    ).scalar_one()
    if not free:
        raise Busy(
            Problem(
                zh="同一集合的另一次导入正在进行，请稍候再试",
                en="another import into this collection is running; try again when it is done",
            )
        )


def open_batch(connection: Connection, county: str, collection: str, path: Path, options: dict[str, Any]) -> int:
    """A running batch for a file; returns its id."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return int(
        connection.execute(
            text(
                "insert into register.import_batch (county_code, collection, file_name, file_sha256, state, options, created_by, started_at) "
                "values (:county, :collection, :name, :sha, 'running', cast(:options as jsonb), "
                "coalesce(register.setting('yzt.account'), ''), clock_timestamp()) returning id"
            ),
            {
                "county": county, "collection": collection, "name": path.name[:200], "sha": digest.digest(),
                "options": json.dumps(options, ensure_ascii=False),
            },
        ).scalar_one()
    )  # fmt: skip


def close_batch(
    connection: Connection, report: Report, rejects_file_id: int | None = None, *, state: str | None = None,
    detail: Problem | None = None, counted: Report | None = None,
) -> None:  # fmt: skip
    """Write the outcome of every row and the report; the batch's state is the report's unless `state` says otherwise.

    `detail` tells why a batch as a whole came to nothing; `counted` is the report where only some of its rows are kept.
    """
    connection.exec_driver_sql("create temporary table import_rows_out (like register.import_row) on commit drop")
    driver = connection.connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor, cursor.copy("copy import_rows_out from stdin") as copy:
        for row in report.rows:
            copy.write_row(
                (report.batch_id, row.row_no, row.action, row.code, row.subject_id, row.version_after,
                 json.dumps(row.before, ensure_ascii=False) if row.before else None, row.field, row.reason_code, row.reason,
                 json.dumps(row.repairs, ensure_ascii=False) if row.repairs else None)
            )  # fmt: skip
    connection.exec_driver_sql("insert into register.import_row select * from import_rows_out")
    summary = (counted or report).summary() | ({"detail": {"zh": detail.zh, "en": detail.en}} if detail else {})
    connection.execute(
        text(
            "update register.import_batch set state = :state, report = cast(:report as jsonb), guesses = cast(:guesses as jsonb), "
            "rejects_file_id = :rejects, finished_at = clock_timestamp() where id = :id"
        ),
        {
            "id": report.batch_id, "state": state or report.state, "rejects": rejects_file_id,
            "report": json.dumps(summary, ensure_ascii=False), "guesses": json.dumps(report.guesses, ensure_ascii=False),
        },
    )  # fmt: skip


def still_open(connection: Connection, batch_id: int) -> bool:
    """Whether nobody has finished this batch yet; asked while holding its collection."""
    state = connection.execute(
        text("select state from register.import_batch where id = :id"), {"id": batch_id}
    ).scalar_one()
    return state in ("queued", "running")
