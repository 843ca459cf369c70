"""Import into the ledger: rows of (subject_kind, subject_code, kind, value, effective_on). Facts are only ever added."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import Boolean, Column, Connection, Date, Numeric, text

from geo.errors import BadInput, Problem
from geo.exchange.appending import Ledger, append, take_back
from geo.exchange.listed import CodeList
from geo.exchange.report import RowOutcome
from geo.exchange.values import bad_value, cells_of, reader_of

COLUMNS = ("subject_kind", "subject_code", "kind", "value", "effective_on")
OPTIONAL = ("document_no", "note", "is_sample")
VALUE_COLUMNS = {"date": "value_date", "number": "value_number", "bool": "value_bool"}
SUBJECT_KINDS = ("parcel", "building", "project", "enterprise", "park")
READERS = {
    "date": reader_of(Column("v", Date())),
    "number": reader_of(Column("v", Numeric())),
    "bool": reader_of(Column("v", Boolean())),
}
FIELDS = ("row_no", "subject_kind", "subject_id", "kind", "value_date", "value_number", "value_text", "value_bool",
          "effective_on", "document_no", "note", "is_sample")  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Words:
    kinds: Mapping[str, Any]
    lists: Mapping[str, CodeList]
    subjects: Mapping[tuple[str, str], int]


def load_facts(
    connection: Connection, frame: pd.DataFrame, county_code: str, batch_id: int | None, lists: Mapping[str, CodeList],
    asked: Mapping[str, str],
) -> list[RowOutcome]:  # fmt: skip
    """Check and record the facts of a file. A fact that already stands just so is unchanged.

    Raises BadInput when a needed column is missing, or `asked` (file column -> column) names one that is not there.
    """
    columns = _columns(frame, asked)
    found = connection.execute(text("select code, subject_kinds, value_type, code_list from register.fact_kind"))
    words = _Words({k.code: k for k in found}, lists, _subjects(connection, set(columns["subject_kind"]), county_code))
    rows, records = [], []
    for i in range(len(frame)):
        row = RowOutcome(row_no=i + 1, action="pending")
        rows.append(row)
        record = _record(row, {name: cells[i] for name, cells in columns.items()}, words)
        if record:
            records.append(record | {"row_no": row.row_no})
    by_no = {row.row_no: row for row in rows}
    append(connection, _LEDGER, FIELDS, records, by_no, county=county_code, batch=batch_id)
    return rows


def _columns(frame: pd.DataFrame, asked: Mapping[str, str]) -> dict[str, list[str | None]]:
    names = {str(name): asked.get(str(name), str(name)) for name in frame.columns}
    for source in asked:
        if source not in names:
            raise BadInput.at("map", Problem(zh=f"文件没有“{source}”列", en=f"the file has no column '{source}'"))
    places = {goal: n for n, goal in enumerate(names.values())}
    for needed in COLUMNS:
        if needed not in places:
            raise BadInput.at("file", Problem(zh=f"缺“{needed}”列", en=f"the column '{needed}' is missing"))
    return {name: cells_of(frame.iloc[:, places[name]]) for name in (*COLUMNS, *OPTIONAL) if name in places}


def _subjects(connection: Connection, kinds: set[str | None], county: str) -> dict[tuple[str, str], int]:
    return {
        (kind, code): subject_id
        for kind in SUBJECT_KINDS
        if kind in kinds
        for code, subject_id in connection.execute(
            text(f"select code, id from register.{kind} where county_code = :county"), {"county": county}
        )
    }


def _record(row: RowOutcome, cell: dict[str, str | None], words: _Words) -> dict[str, Any] | None:
    row.code = cell["subject_code"]
    kind = words.kinds.get(cell["kind"] or "")
    subject = words.subjects.get((cell["subject_kind"] or "", cell["subject_code"] or ""))
    if kind is None or cell["subject_kind"] not in kind.subject_kinds:
        bad_value(row, "kind", f"没有“{cell['kind']}”这种事实 / no fact kind '{cell['kind']}' for this subject")
        return None
    if subject is None:
        unknown = cell["subject_code"]
        bad_value(row, "subject_code", f"没有“{unknown}” / there is no '{unknown}'", "unknown_reference")
        return None
    out: dict[str, Any] = dict.fromkeys(FIELDS) | {
        "subject_kind": cell["subject_kind"],
        "subject_id": subject,
        "kind": kind.code,
    }
    for field in ("value", "effective_on"):
        if cell[field] is None:
            bad_value(row, field, f"缺“{field}” / '{field}' is missing")
            return None
    try:
        field = "value"
        said = str(cell["value"])
        read = READERS.get(kind.value_type)
        code_list = words.lists.get(str(kind.code_list))
        value = read(said) if read else code_list.code_of(said) if code_list else said
        field, said = "effective_on", str(cell["effective_on"])
        effective_on = READERS["date"](said)
        field, said = "is_sample", str(cell.get("is_sample") or "false")
        is_sample = READERS["bool"](said)
    except ValueError as error:
        bad_value(row, field, f"“{said[:60]}”：{error}")
        return None
    return out | {
        VALUE_COLUMNS.get(kind.value_type, "value_text"): value, "effective_on": effective_on, "document_no": cell.get("document_no"),
        "note": cell.get("note"), "is_sample": is_sample,
    }  # fmt: skip


_SAME = (
    "f.subject_kind = s.subject_kind and f.subject_id = s.subject_id and f.kind = s.kind and f.effective_on = s.effective_on "
    "and (f.value_date, f.value_number, f.value_text, f.value_bool) is not distinct from "
    "(s.value_date, s.value_number, s.value_text, s.value_bool)"
)
_LEDGER = Ledger(
    table="register.fact",
    staging="fact_staging",
    columns=(
        "subject_kind text, subject_id bigint, kind text, value_date date, value_number numeric, value_text text, value_bool boolean, "
        "effective_on date, document_no text, note text, is_sample boolean"
    ),
    already_there=(
        f"delete from fact_staging s where exists (select from register.fact f where f.county_code = :county and {_SAME} "
        "and not exists (select from register.fact r where r.retracts_fact_id = f.id)) "
        f"or exists (select from fact_staging f where f.row_no < s.row_no and {_SAME}) returning s.row_no"
    ),
    insert=(
        "insert into register.fact (id, county_code, subject_kind, subject_id, kind, value_date, value_number, value_text, value_bool, "
        "effective_on, document_no, note, is_sample, import_batch_id) select new_id, :county, subject_kind, subject_id, kind, value_date, "
        "value_number, value_text, value_bool, effective_on, document_no, note, is_sample, :batch from fact_staging "
        "where row_no = any(:rows) order by row_no"
    ),
)


def retract(connection: Connection, batch_id: int) -> list[RowOutcome]:
    """Retract every fact of a batch that still stands; one retracted since is kept and named."""
    told = connection.execute(
        text(
            "select i.row_no, i.code, i.subject_id as fact_id, exists (select from register.fact r where r.retracts_fact_id = i.subject_id) "
            "as is_retracted from register.import_row i where i.import_batch_id = :id and i.action = 'inserted' order by i.row_no"
        ),
        {"id": batch_id},
    ).all()
    rows = {t.row_no: RowOutcome(t.row_no, "pending", t.code, t.fact_id) for t in told}
    for t in told:
        if t.is_retracted:
            row = rows[t.row_no]
            row.action, row.reason_code, row.reason = "kept", "edited_since", "此后已撤回 / retracted since"

    taking_back = (
        "insert into register.fact (county_code, subject_kind, subject_id, kind, effective_on, retracts_fact_id, note) "
        "select county_code, subject_kind, subject_id, kind, effective_on, id, 'undo of import ' || :batch "
        "from register.fact where id = any(:ids)"
    )
    return take_back(connection, rows, taking_back, batch_id)
