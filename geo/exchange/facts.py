"""Import into the ledger: rows of (subject_kind, subject_code, kind, value, effective_on). Facts are only ever added."""

from __future__ import annotations

from typing import Any

import pandas as pd
from sqlalchemy import Column, Connection, Date, Numeric, text

from geo.errors import BadInput, Problem
from geo.exchange.report import RowOutcome
from geo.exchange.values import bad_value, clean, typed

COLUMNS = ("subject_kind", "subject_code", "kind", "value", "effective_on")
OPTIONAL = ("document_no", "note", "is_sample")
VALUE_COLUMNS = {"date": "value_date", "number": "value_number", "bool": "value_bool"}


def load_facts(connection: Connection, frame: pd.DataFrame, county_code: str, batch_id: int | None) -> list[RowOutcome]:
    """Check and record the facts of a file. A fact that already stands just so is unchanged.

    Raises BadInput when a needed column is missing.
    """
    for needed in COLUMNS:
        if needed not in frame.columns:
            raise BadInput.at("file", Problem(zh=f"缺“{needed}”列", en=f"the column '{needed}' is missing"))
    kinds = {
        k.code: k
        for k in connection.execute(text("select code, subject_kinds, value_type, code_list from register.fact_kind"))
    }
    codes = set(connection.execute(text("select list_code, code from register.code_value")).tuples())
    subjects = _subjects(connection, frame, county_code)
    rows, records = [], []
    for i, cells in enumerate(frame.to_dict("records")):
        row = RowOutcome(row_no=i + 1, action="pending")
        rows.append(row)
        record = _record(row, {str(k): clean(v) for k, v in cells.items()}, kinds, codes, subjects)
        if record:
            records.append(record | {"county": county_code, "batch": batch_id, "row_no": row.row_no})
    _write(connection, records, {row.row_no: row for row in rows})
    return rows


def _subjects(connection: Connection, frame: pd.DataFrame, county: str) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for kind in {clean(k) for k in frame["subject_kind"]} & {"parcel", "building", "project", "enterprise", "park"}:
        for code, subject_id in connection.execute(
            text(f"select code, id from register.{kind} where county_code = :county"), {"county": county}
        ):
            found[str(kind), code] = subject_id
    return found


def _record(
    row: RowOutcome,
    cell: dict[str, str | None],
    kinds: dict[str, Any],
    codes: set[Any],
    subjects: dict[tuple[str, str], int],
) -> dict[str, Any] | None:
    row.code = cell["subject_code"]
    kind = kinds.get(cell["kind"] or "")
    subject = subjects.get((cell["subject_kind"] or "", cell["subject_code"] or ""))
    if kind is None or cell["subject_kind"] not in kind.subject_kinds:
        bad_value(row, "kind", f"没有“{cell['kind']}”这种事实 / no fact kind '{cell['kind']}' for this subject")
        return None
    if subject is None:
        bad_value(
            row,
            "subject_code",
            f"没有“{cell['subject_code']}” / there is no '{cell['subject_code']}'",
            "unknown_reference",
        )
        return None
    if cell["value"] is None or cell["effective_on"] is None:
        bad_value(row, "value", "缺值或生效日期 / the value or its effective date is missing")
        return None
    value_column = VALUE_COLUMNS.get(kind.value_type, "value_text")
    checks: dict[str, Column[Any]] = {"date": Column("v", Date()), "number": Column("v", Numeric())}
    try:
        value = typed(checks[kind.value_type], cell["value"]) if kind.value_type in checks else cell["value"]
        effective_on = typed(Column("v", Date()), cell["effective_on"])
    except ValueError as error:
        bad_value(row, "value", str(error))
        return None
    if kind.code_list and (kind.code_list, value) not in codes:
        bad_value(
            row,
            "value",
            f"“{value}”不在代码表 {kind.code_list} 中 / '{value}' is not in the code list {kind.code_list}",
        )
        return None
    empty = dict.fromkeys(("value_date", "value_number", "value_text", "value_bool"))
    return {
        **empty, value_column: value, "subject_kind": cell["subject_kind"], "subject_id": subject, "kind": kind.code,
        "effective_on": effective_on, "document_no": cell.get("document_no"), "note": cell.get("note"),
        "is_sample": cell.get("is_sample") in ("true", "True", "1"),
    }  # fmt: skip


def _write(connection: Connection, records: list[dict[str, Any]], by_no: dict[int, RowOutcome]) -> None:
    connection.exec_driver_sql(
        "create temporary table fact_staging (row_no bigint, county_code text, subject_kind text, subject_id bigint, kind text, "
        "value_date date, value_number numeric, value_text text, value_bool boolean, effective_on date, document_no text, "
        "note text, is_sample boolean, batch_id bigint) on commit drop"
    )
    driver = connection.connection.driver_connection
    assert driver is not None
    fields = ("row_no", "county", "subject_kind", "subject_id", "kind", "value_date", "value_number", "value_text", "value_bool",
              "effective_on", "document_no", "note", "is_sample", "batch")  # fmt: skip
    with driver.cursor() as cursor, cursor.copy("copy fact_staging from stdin") as copy:
        for record in records:
            copy.write_row(tuple(record[f] for f in fields))
    connection.exec_driver_sql("analyze fact_staging")
    same = connection.exec_driver_sql(
        "delete from fact_staging s using register.fact f where f.county_code = s.county_code and f.subject_kind = s.subject_kind "
        "and f.subject_id = s.subject_id and f.kind = s.kind and f.effective_on = s.effective_on "
        "and (f.value_date, f.value_number, f.value_text, f.value_bool) is not distinct from "
        "(s.value_date, s.value_number, s.value_text, s.value_bool) "
        "and not exists (select from register.fact r where r.retracts_fact_id = f.id) returning s.row_no"
    ).scalars()
    for row_no in same:
        by_no[row_no].action = "unchanged"
    connection.exec_driver_sql(
        "insert into register.fact (county_code, subject_kind, subject_id, kind, value_date, value_number, value_text, value_bool, "
        "effective_on, document_no, note, is_sample, import_batch_id) select county_code, subject_kind, subject_id, kind, value_date, "
        "value_number, value_text, value_bool, effective_on, document_no, note, is_sample, batch_id from fact_staging order by row_no"
    )
    for row_no in connection.exec_driver_sql("select row_no from fact_staging").scalars():
        by_no[row_no].action = "inserted"
