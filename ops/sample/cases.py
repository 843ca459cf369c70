"""Cases of some idle sample plots, in varied states, and what was said of one lead: all marked as sample, all papers invented."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from geo.landuse.cases.judging import frozen
from geo.landuse.queries import judge

FILE = "cases.csv"
COLUMNS = ("parcel_code", "event", "happened_on", "document_no", "url", "holder", "cause", "way", "note")
Told = tuple[str, int, dict[str, str]]
"""Step, days before the sample's day, what it says besides its number."""
LETTER_OWNER, LETTER_GOVERNMENT = {"cause": "OWNER"}, {"cause": "GOVERNMENT"}
PUBLIC = {"url": "https://www.example.invalid/idle-land/", "holder": "示例精工制造有限公司"}
PAPERS = {
    "NOTICE_SERVED": "闲调", "LETTER_ISSUED": "闲认", "DISPOSAL_APPROVAL": "闲处", "FEE_HEARING_TOLD": "闲听", "FEE_DECISION_SERVED": "闲征",
    "TAKE_BACK_HEARING_TOLD": "闲听", "TAKE_BACK_DECISION_SERVED": "闲收", "DISPUTE_FILED": "复",
}  # fmt: skip
"""Steps that have a paper, and what its number begins with."""

WORKED: Mapping[str, tuple[tuple[Told, ...], ...]] = {
    "idle_owner": (
        (("OPEN", 12, {}),),
        (("OPEN", 48, {}), ("NOTICE_SERVED", 26, {})),
        (("OPEN", 190, {}), ("NOTICE_SERVED", 170, {}), ("ANSWER_RECEIVED", 150, {"note": "用地者书面说明：资金未到位，未附证明材料"}),
         ("LETTER_ISSUED", 120, LETTER_OWNER), ("PUBLICATION", 112, PUBLIC), ("FEE_HEARING_TOLD", 80, {}), ("FEE_DECISION_SERVED", 32, {}),
         ("DISPUTE_FILED", 22, {}), ("DEADLINES_FROZEN", 20, {"note": "行政复议期间，暂停计算缴费期限"})),
        (("OPEN", 45, {}),),
        (("OPEN", 90, {}), ("FACTS_WRONG", 70, {"note": "复核发现交地确认书日期登记有误"}), ("FILE_CLOSED", 66, {})),
    ),
    "idle_two_years": (
        (("OPEN", 260, {}), ("NOTICE_SERVED", 240, {}), ("LETTER_ISSUED", 190, LETTER_OWNER), ("PUBLICATION", 185, PUBLIC | {"holder": "示例海工装备有限公司"}),
         ("TAKE_BACK_HEARING_TOLD", 30, {}), ("TAKE_BACK_DECISION_SERVED", 8, {})),
        (("OPEN", 200, {}), ("NOTICE_SERVED", 180, {}), ("LETTER_ISSUED", 130, LETTER_OWNER)),
    ),
    "idle_government": (
        (), (),
        (("OPEN", 130, {}), ("NOTICE_SERVED", 110, {}), ("LETTER_ISSUED", 75, LETTER_GOVERNMENT), ("PUBLICATION", 70, PUBLIC | {"holder": "示例新材料有限公司"}),
         ("DISPOSAL_APPROVAL", 20, {"way": "EXTEND"})),
    ),
    "stalled": (
        (("OPEN", 35, {}), ("NOTICE_SERVED", 28, {})),
    ),
}  # fmt: skip
"""By situation of a plot: steps of the first plot that lives it, of the second ... (none: no case)."""
DOUBTED = ("idle_owner", 5, "IDLE-01", "企业称桩基已于上月施工，待现场核查后更正动工事实")
"""Situation, which plot of it, the lead, why it is said to be wrong."""


def write_cases(lives: Iterable[tuple[str, str]], as_of: date, out: Path) -> int:
    """`cases.csv` from plots with their situations; returns how many steps and overrides there are."""
    plots: dict[str, list[str]] = {}
    for code, life in lives:
        plots.setdefault(life, []).append(code)
    rows: list[dict[str, str]] = []
    for life, worked in WORKED.items():
        for code, steps in zip(plots.get(life, []), worked, strict=False):
            for event, before, more in steps:
                on = as_of - timedelta(days=before)
                paper = f"示例{PAPERS[event]}〔{on.year}〕{len(rows) + 1}号" if event in PAPERS else ""
                rows.append(
                    {"parcel_code": code, "event": event, "happened_on": on.isoformat(), "document_no": paper, **more}
                )
    life, number, rule_id, reason = DOUBTED
    if len(plots.get(life, [])) > number:
        rows.append({"parcel_code": plots[life][number], "event": rule_id, "happened_on": "", "note": reason})
    with (out / FILE).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return len(rows)


def _rows(folder: Path) -> list[dict[str, str | None]]:
    with (folder / FILE).open(encoding="utf-8", newline="") as file:
        return [{name: value or None for name, value in row.items()} for row in csv.DictReader(file)]


def _parcel(connection: Connection, county_code: str, code: str | None) -> int:
    found: int = connection.execute(
        text("select id from register.parcel where county_code = :county and code = :code"),
        {"county": county_code, "code": code},
    ).scalar_one()
    return found


def load_cases(connection: Connection, county_code: str, folder: Path) -> int:
    """Open and work the cases of the file for plots that have none; returns how many were opened."""
    by_parcel: dict[str, list[dict[str, str | None]]] = {}
    for row in _rows(folder):
        if row["happened_on"] is not None:
            by_parcel.setdefault(row["parcel_code"] or "", []).append(row)
    opened = 0
    for code, steps in by_parcel.items():
        parcel = _parcel(connection, county_code, code)
        is_there = connection.execute(
            text("select 1 from register.idle_case where parcel_id = :p"), {"p": parcel}
        ).first()
        if is_there is None:
            opened += _work(connection, county_code, parcel, steps)
    return opened


def _work(connection: Connection, county_code: str, parcel: int, steps: list[dict[str, str | None]]) -> bool:
    """One case with its steps; False when the land rules do not call the plot idle on that day."""
    opened_on = date.fromisoformat(steps[0]["happened_on"] or "")
    answers = [
        judge(connection, rule, county_code, opened_on, parcel_ids=[parcel])[parcel] for rule in ("IDLE-01", "IDLE-03")
    ]
    lead = next((answer for answer in answers if answer.holds == "yes"), None)
    if lead is None:
        return False
    case = connection.execute(
        text("insert into register.idle_case (county_code, parcel_id, opened_on, finding, code, is_sample) "
             "values (:county, :parcel, :on, cast(:finding as jsonb), '', true) returning id"),
        {"county": county_code, "parcel": parcel, "on": opened_on, "finding": frozen(lead)},
    ).scalar_one()  # fmt: skip
    for step in steps[1:]:
        on = date.fromisoformat(step["happened_on"] or "")
        back = judge(connection, "IDLE-07", county_code, on, parcel_ids=[parcel])[parcel]
        told: dict[str, Any] = {name: step[name] for name in COLUMNS if name not in ("parcel_code", "happened_on")}
        connection.execute(
            text("insert into register.idle_case_event (county_code, idle_case_id, event, to_state, happened_on, document_no, url, holder, "
                 "cause, way, note, judged, is_sample) values (:county, :case, :event, '', :on, :document_no, :url, :holder, :cause, :way, "
                 ":note, cast(:judged as jsonb), true)"),
            told | {"county": county_code, "case": case, "on": on,
                    "judged": json.dumps({"IDLE-07": json.loads(frozen(back))} if step["event"] == "TAKE_BACK_DECISION_SERVED" else {})},
        )  # fmt: skip
    return True


def load_overrides(connection: Connection, county_code: str, folder: Path) -> int:
    """Say of the leads of the file that they are wrong, where they stand and nobody did; returns how many."""
    told = 0
    for row in _rows(folder):
        if row["happened_on"] is not None:
            continue
        told += connection.execute(
            text("insert into register.finding_override (county_code, parcel_id, rule_id, reason, is_sample) "
                 "select :county, f.subject_id, f.rule_id, :note, true from register.finding f where f.county_code = :county "
                 "and f.subject_kind = 'parcel' and f.subject_id = :parcel and f.rule_id = :rule and f.holds in ('yes', 'unknown') "
                 "and not exists (select from register.finding_override o where o.parcel_id = f.subject_id and o.rule_id = f.rule_id)"),
            {"county": county_code, "parcel": _parcel(connection, county_code, row["parcel_code"]), "rule": row["event"], "note": row["note"]},
        ).rowcount  # fmt: skip
    return told
