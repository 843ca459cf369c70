"""Importing a file and taking a batch back: each one transaction, each a batch in the register."""

from __future__ import annotations

import hashlib
import json
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from geo.db import Actor, acting_sync
from geo.errors import BadInput, Conflict, NotFound, Problem
from geo.exchange.facts import load_facts
from geo.exchange.loading import load
from geo.exchange.placing import Place, choose_crs
from geo.exchange.reading import Source, read
from geo.exchange.report import Progress, Report, RowOutcome, silent
from geo.exchange.shaping import reject, shape
from geo.exchange.staging import Staged, settle_codes, stage
from geo.exchange.targets import FACTS, Target, target
from geo.exchange.unpacking import readable_file


@dataclass(frozen=True, slots=True)
class Options:
    """What the caller asks of an import (design.md 9)."""

    publish: bool = False
    strict: bool = False
    dry_run: bool = False
    column_map: dict[str, str] = field(default_factory=dict)
    source_epsg: int | None = None
    layer: str | None = None


class StrictRefusal(BadInput):
    """`--strict`, and a row was at fault: nothing was applied. `extra['report']` says which."""


def import_file(
    engine: Engine, actor: Actor, path: Path, collection: str, county_code: str, options: Options, progress: Progress = silent,
    batch_id: int | None = None,
) -> Report:  # fmt: skip
    """Import one file in one transaction and return what became of every row.

    Raises BadInput for a file that cannot be taken, NotFound for an unknown county, Conflict while another import into the
    same collection runs, StrictRefusal with `strict`.
    """
    begun = time.monotonic()
    goal = None if collection == FACTS else target(collection)
    with tempfile.TemporaryDirectory(prefix="yzt-import-") as workdir:
        progress("read", 0, 1)
        source = read(readable_file(path, Path(workdir)), options.layer)
    with acting_sync(engine, actor) as connection:
        _one_at_a_time(connection, county_code, collection)
        place = county_place(connection, county_code)
        batch = batch_id or _open_batch(connection, county_code, collection, path, options)
        report = Report(batch, collection, county_code, guesses=dict(source.guesses), is_dry_run=options.dry_run)
        if goal is None:
            report.rows = load_facts(connection, source.frame, county_code, batch)
        else:
            staged, srid = _prepare(connection, source, goal, place, options, report, progress)
            progress("write", 0, len(staged.rows))
            load(connection, staged, goal, county_code, publish=options.publish, source_srid=srid)
            report.rows = staged.rows
        report.seconds = time.monotonic() - begun
        if options.strict and report.count("rejected"):
            raise StrictRefusal(
                Problem(
                    zh="有不合格的行，--strict 下全部未导入", en="rows are at fault; with --strict nothing was applied"
                ),
                extra={"report": report},
            )
        _close_batch(connection, report)
        progress("done", len(report.rows), len(report.rows))
        if options.dry_run:
            connection.rollback()
            report.batch_id = None
    return report


def _prepare(
    connection: Connection,
    source: Source,
    goal: Target,
    place: Place,
    options: Options,
    report: Report,
    progress: Progress,
) -> tuple[Staged, int | None]:
    progress("check", 0, len(source.frame))
    staged = stage(source.frame, goal, options.column_map)
    srid = None
    if goal.is_mapped:
        if source.geometry is None:
            staged.geometry = np.full(len(staged.rows), None, dtype=object)
            for row in staged.rows:
                if goal.collection not in ("projects", "policies", "enterprises") and row.action != "rejected":
                    reject(row, "no_geometry")
        elif len(staged.rows):
            crs, guess = choose_crs(source.crs, options.source_epsg, source.geometry, place)
            report.guesses["crs"] = guess
            outside = connection.execute(
                text("select register.parameter_value('geo.outside_county_max_m', :county, current_date)"),
                {"county": place.code},
            ).scalar_one()
            staged.geometry, operation = shape(source.geometry, crs, goal, place, staged.rows, float(outside))
            report.guesses["operation"] = {"value": operation, "evidence": []}
            srid = crs.to_epsg()
    settle_codes(staged, goal)
    report.guesses["columns"] = {"value": staged.columns, "evidence": ["the rest is kept in `extra`"]}
    return staged, srid


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


def _one_at_a_time(connection: Connection, county_code: str, collection: str) -> None:
    free = connection.execute(
        text("select pg_try_advisory_xact_lock(hashtextextended(:key, 0))"),
        {"key": f"import/{county_code}/{collection}"},
    ).scalar_one()
    if not free:
        raise Conflict(
            Problem(
                zh="同一集合的另一次导入正在进行，请稍候再试",
                en="another import into this collection is running; try again when it is done",
            )
        )


def _open_batch(connection: Connection, county: str, collection: str, path: Path, options: Options) -> int:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
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
                "options": json.dumps({"publish": options.publish, "map": options.column_map}, ensure_ascii=False),
            },
        ).scalar_one()
    )  # fmt: skip


def _close_batch(connection: Connection, report: Report) -> None:
    connection.exec_driver_sql("create temporary table import_rows_out (like register.import_row) on commit drop")
    driver = connection.connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor, cursor.copy("copy import_rows_out from stdin") as copy:
        for row in report.rows:
            before = json.dumps({"version": row.before_version}) if row.before_version is not None else None
            copy.write_row(
                (report.batch_id, row.row_no, row.action, row.code, row.subject_id, row.version_after, before, row.field,
                 row.reason_code, row.reason, json.dumps(row.repairs, ensure_ascii=False) if row.repairs else None)
            )  # fmt: skip
    connection.exec_driver_sql("insert into register.import_row select * from import_rows_out")
    connection.execute(
        text(
            "update register.import_batch set state = :state, report = cast(:report as jsonb), guesses = cast(:guesses as jsonb), "
            "finished_at = clock_timestamp() where id = :id"
        ),
        {
            "id": report.batch_id, "state": report.state,
            "report": json.dumps(report.summary(), ensure_ascii=False), "guesses": json.dumps(report.guesses, ensure_ascii=False),
        },
    )  # fmt: skip


def undo(engine: Engine, actor: Actor, batch_id: int) -> Report:
    """Take exactly one batch back; rows edited since are kept and named. The undoing is itself a batch.

    Raises NotFound, and Conflict when it was undone before or was never applied.
    """
    begun = time.monotonic()
    with acting_sync(engine, actor) as connection:
        batch = connection.execute(
            text("select * from register.import_batch where id = :id for update"), {"id": batch_id}
        ).one_or_none()
        if batch is None:
            raise NotFound.at("batch", Problem(zh=f"没有批次 {batch_id}", en=f"there is no batch {batch_id}"))
        if not batch.state.startswith("applied") or batch.undoes_batch_id is not None:
            raise Conflict(
                Problem(
                    zh=f"批次 {batch_id} 的状态是 {batch.state}，不能撤销",
                    en=f"batch {batch_id} is {batch.state} and cannot be undone",
                )
            )
        new_id = connection.execute(
            text(
                "insert into register.import_batch (county_code, collection, file_name, state, undoes_batch_id, created_by, started_at) "
                "values (:county, :collection, :name, 'running', :of, coalesce(register.setting('yzt.account'), ''), clock_timestamp()) returning id"
            ),
            {"county": batch.county_code, "collection": batch.collection, "name": batch.file_name, "of": batch_id},
        ).scalar_one()
        report = Report(int(new_id), batch.collection, batch.county_code)
        rows = connection.execute(
            text(
                "select * from register.import_row where import_batch_id = :id and action in ('inserted', 'updated') order by row_no desc"
            ),
            {"id": batch_id},
        ).all()
        if batch.collection == FACTS:
            report.rows = _retract(connection, batch_id, rows)
        else:
            goal = target(batch.collection)
            removed = _remove_together(connection, goal, batch_id)
            report.rows = [
                RowOutcome(row.row_no, "removed", row.code, row.subject_id)
                if row.subject_id in removed
                else _take_back(connection, goal, row)
                for row in rows
            ]
        report.seconds = time.monotonic() - begun
        _close_batch(connection, report)
        connection.execute(text("update register.import_batch set state = 'applied' where id = :new"), {"new": new_id})
        connection.execute(text("update register.import_batch set state = 'undone' where id = :id"), {"id": batch_id})
    return report


def _retract(connection: Connection, batch_id: int, rows: Any) -> list[RowOutcome]:
    connection.execute(
        text(
            "insert into register.fact (county_code, subject_kind, subject_id, kind, effective_on, retracts_fact_id, note) "
            "select county_code, subject_kind, subject_id, kind, effective_on, id, 'undo of import ' || :id from register.fact f "
            "where import_batch_id = :id and not exists (select from register.fact r where r.retracts_fact_id = f.id)"
        ),
        {"id": batch_id},
    )
    return [RowOutcome(row.row_no, "removed", row.code, row.subject_id) for row in rows]


def _remove_together(connection: Connection, goal: Target, batch_id: int) -> set[int]:
    """Ids of inserted rows removed by one statement; empty when the register refuses any of them (then row by row)."""
    same = "and t.version = r.version_after" if goal.has_versions else ""
    mine = f"r.import_batch_id = :id and r.action = 'inserted' and t.id = r.subject_id {same}"
    try:
        with connection.begin_nested():
            for relation in goal.relations:
                connection.execute(
                    text(f"delete from register.{relation.table} x using register.{goal.table_name} t, register.import_row r "
                         f"where {mine} and x.county_code = t.county_code and x.{relation.own} = t.code"),
                    {"id": batch_id},
                )  # fmt: skip
            gone = connection.execute(
                text(f"delete from register.{goal.table_name} t using register.import_row r where {mine} returning t.id"), {"id": batch_id}
            ).scalars().all()  # fmt: skip
            connection.exec_driver_sql("set constraints all immediate")
            connection.exec_driver_sql("set constraints all deferred")
    except DBAPIError as error:
        state = getattr(error.orig, "sqlstate", "") or ""
        if not state.startswith(("YZ", "23")):
            raise
        return set()
    return set(gone)


def _take_back(connection: Connection, goal: Target, row: Any) -> RowOutcome:
    """Remove an inserted row, or put an updated one back to the version that stood before; keep what was edited since."""
    outcome = RowOutcome(row.row_no, "kept", row.code, row.subject_id, reason_code="edited_since")
    outcome.reason = "导入后又有修改，保留 / edited since the import, kept"
    same = "and version = :version" if goal.has_versions else ""
    if row.action == "inserted":
        try:
            with connection.begin_nested():
                for relation in goal.relations:
                    connection.execute(
                        text(f"delete from register.{relation.table} r using register.{goal.table_name} t where t.id = :id "
                             f"and t.version = :version and r.county_code = t.county_code and r.{relation.own} = t.code"),
                        {"id": row.subject_id, "version": row.version_after},
                    )  # fmt: skip
                gone = connection.execute(
                    text(f"delete from register.{goal.table_name} where id = :id {same}"),
                    {"id": row.subject_id, "version": row.version_after},
                )
                connection.exec_driver_sql("set constraints all immediate")
                connection.exec_driver_sql("set constraints all deferred")
        except DBAPIError as error:
            if not (getattr(error.orig, "sqlstate", "") or "").startswith(("YZ", "23")):
                raise
            outcome.reason_code, outcome.reason = (
                "still_needed",
                "仍被其他记录引用，保留 / other records refer to it, kept",
            )
            return outcome
        if gone.rowcount:
            return RowOutcome(row.row_no, "removed", row.code, row.subject_id)
        return outcome
    columns = [
        c
        for c in (*goal.columns, *(("geom", "extra", "source_srid", "publication_state") if goal.is_mapped else ()))
        if c != "id"
    ]
    sets = ", ".join(f'"{c}" = v."{c}"' for c in columns)
    back = connection.execute(
        text(f"update register.{goal.table_name} t set {sets} from staff_data.{goal.table_name}_versions v "
             f"where t.id = :id and t.version = :version and v.id = t.id and v.version = :before"),
        {"id": row.subject_id, "version": row.version_after, "before": row.before["version"]},
    )  # fmt: skip
    return RowOutcome(row.row_no, "restored", row.code, row.subject_id) if back.rowcount else outcome
