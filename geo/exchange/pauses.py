"""Import into the ledger of pauses: rows of (parcel_code, from_on, cause). Pauses are only ever added; overlapping ones may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Boolean, Column, Connection, Date, text

from geo.clock import EARLIEST, LATEST, Now, now, today
from geo.errors import BadInput, Problem
from geo.exchange.appending import Ledger, append, take_back
from geo.exchange.report import RowOutcome
from geo.exchange.values import bad_value, cells_of, reader_of

COLUMNS = ("parcel_code", "from_on", "cause")
OPTIONAL = ("to_on", "document_no", "note", "is_sample")
FIELDS = ("row_no", "parcel_id", "from_on", "to_on", "cause", "document_no", "note", "is_sample")
LONGEST_NUMBER, LONGEST_NOTE = 200, 4000
"""Characters of a document's number and of a note, as the register takes them."""
DAY, FLAG = reader_of(Column("v", Date())), reader_of(Column("v", Boolean()))


@dataclass(frozen=True, slots=True)
class _Known:
    """`causes`: code and both names of a cause -> its code. `parcels`: code -> id."""

    causes: Mapping[str, str]
    codes: tuple[str, ...]
    parcels: Mapping[str, int]
    today: date


def load_pauses(
    connection: Connection, frame: pd.DataFrame, county_code: str, asked: Mapping[str, str], at: Now = now
) -> list[RowOutcome]:  # fmt: skip
    """Check and record the pauses of a file. One that stands just so, or stands earlier in the file, is unchanged.

    Raises BadInput when a needed column is missing, or `asked` (file column -> column) names one that is not there.
    """
    columns = _columns(frame, asked)
    known = _known(connection, county_code, at)
    rows = [RowOutcome(row_no=i + 1, action="pending") for i in range(len(frame))]
    records = [
        record
        for i, row in enumerate(rows)
        if (record := _record(row, {name: cells[i] for name, cells in columns.items()}, known)) is not None
    ]
    append(connection, _LEDGER, FIELDS, records, {row.row_no: row for row in rows}, county=county_code)
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


def _known(connection: Connection, county_code: str, at: Now) -> _Known:
    causes = connection.execute(text("select code, name, name_en from register.pause_cause order by sort_no")).all()
    parcels = connection.execute(
        text("select code, id from register.parcel where county_code = :county"), {"county": county_code}
    )
    zone = connection.execute(
        text("select time_zone from register.county where code = :county"), {"county": county_code}
    ).scalar_one()
    return _Known(
        {word: cause.code for cause in causes for word in (cause.name, cause.name_en, cause.code)},
        tuple(cause.code for cause in causes),
        dict(parcels.tuples().all()),
        today(zone, at),
    )


def _record(row: RowOutcome, cell: dict[str, str | None], known: _Known) -> dict[str, Any] | None:
    row.code = cell["parcel_code"]
    for field in COLUMNS:
        if cell[field] is None:
            bad_value(row, field, f"缺“{field}” / '{field}' is missing")
            return None
    parcel_id = known.parcels.get(str(row.code))
    if parcel_id is None:
        bad_value(row, "parcel_code", f"没有“{row.code}” / there is no '{row.code}'", "unknown_reference")
        return None
    cause = known.causes.get(str(cell["cause"]))
    if cause is None:
        listed = ", ".join(known.codes)
        bad_value(row, "cause", f"没有“{str(cell['cause'])[:60]}”这种停表原因，应为 / no such cause, one of: {listed}")
        return None
    field, said = "from_on", ""
    try:
        said = str(cell["from_on"])
        from_on: date = DAY(said)
        field, said = "to_on", str(cell.get("to_on") or "")
        to_on: date | None = DAY(said) if said else None
        field, said = "is_sample", str(cell.get("is_sample") or "false")
        is_sample = FLAG(said)
    except ValueError as error:
        bad_value(row, field, f"“{said[:60]}”：{error}")
        return None
    record = {
        "row_no": row.row_no, "parcel_id": parcel_id, "from_on": from_on, "to_on": to_on, "cause": cause,
        "document_no": cell.get("document_no"), "note": cell.get("note"), "is_sample": is_sample,
    }  # fmt: skip
    return record if _is_sound(row, record, known.today) else None


def _is_sound(row: RowOutcome, record: Mapping[str, Any], civil: date) -> bool:
    """Whether a pause may be told so; what may not is marked with its reason."""
    from_on, to_on = record["from_on"], record["to_on"]
    if from_on > civil:
        bad_value(row, "from_on", f"停表首日 {from_on} 在今天之后 / the first day {from_on} lies in the future")
    elif to_on is not None and to_on < from_on:
        bad_value(row, "to_on", f"停表末日 {to_on} 早于首日 {from_on} / the last day is before the first")
    elif not EARLIEST <= from_on <= (to_on or from_on) <= LATEST:
        bad_value(row, "from_on", f"日期应在 {EARLIEST} 至 {LATEST} 之间 / days lie between {EARLIEST} and {LATEST}")
    else:
        for field, longest in (("document_no", LONGEST_NUMBER), ("note", LONGEST_NOTE)):
            told = record[field]
            if told is not None and (len(told) > longest or "\x00" in told):
                bad_value(row, field, f"至多 {longest} 字 / {longest} characters at most")
                return False
        return True
    return False


_SAME = (
    "p.parcel_id = s.parcel_id and p.from_on = s.from_on and p.to_on is not distinct from s.to_on and p.cause = s.cause "
    "and p.document_no is not distinct from s.document_no"
)
_LEDGER = Ledger(
    table="register.clock_pause",
    staging="pause_staging",
    columns="parcel_id bigint, from_on date, to_on date, cause text, document_no text, note text, is_sample boolean",
    already_there=(
        f"delete from pause_staging s where exists (select from register.clock_pause p where p.county_code = :county and {_SAME} "
        "and not exists (select from register.clock_pause r where r.retracts_pause_id = p.id)) "
        f"or exists (select from pause_staging p where p.row_no < s.row_no and {_SAME}) returning s.row_no"
    ),
    insert=(
        "insert into register.clock_pause (id, county_code, parcel_id, from_on, to_on, cause, document_no, note, is_sample) "
        "select new_id, :county, parcel_id, from_on, to_on, cause, document_no, note, is_sample from pause_staging "
        "where row_no = any(:rows) order by row_no"
    ),
)


def retract_pauses(connection: Connection, batch_id: int) -> list[RowOutcome]:
    """Take back every pause of a batch that still stands; one ended, corrected or taken back since is kept and named."""
    told = connection.execute(
        text(
            "select i.row_no, i.code, i.subject_id as pause_id, "
            "exists (select from register.clock_pause r where r.retracts_pause_id = i.subject_id) as is_retracted "
            "from register.import_row i where i.import_batch_id = :id and i.action = 'inserted' order by i.row_no"
        ),
        {"id": batch_id},
    ).all()
    rows = {t.row_no: RowOutcome(t.row_no, "pending", t.code, t.pause_id) for t in told}
    for t in told:
        if t.is_retracted:
            row = rows[t.row_no]
            row.action, row.reason_code = "kept", "edited_since"
            row.reason = "此后已更正或撤回 / corrected or taken back since"

    taking_back = (
        "insert into register.clock_pause (county_code, parcel_id, retracts_pause_id, note) "
        "select county_code, parcel_id, id, 'undo of import ' || :batch from register.clock_pause where id = any(:ids)"
    )
    return take_back(connection, rows, taking_back, batch_id)
