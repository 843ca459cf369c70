"""Cases of the test county by SQL, as any writer would make them: what a state is reached by, and what a step needs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, text

from tests.landuse import land

OPENED = date(2024, 3, 1)
LIMB_RULE = {"A": "IDLE-01", "B": "IDLE-03"}
JUDGED = {"IDLE-02": {"holds": "yes"}, "IDLE-07": {"holds": "yes"}, "IDLE-03": {"holds": "not_applicable"}}
EVIDENCE: Mapping[str, dict[str, Any]] = {
    "NOTICE_SERVED": {"document_no": "调1"},
    "ANSWER_RECEIVED": {"note": "已收到"},
    "FACTS_WRONG": {"note": "事实有误"},
    "START_PROVEN": {"note": "已动工"},
    "LETTER_ISSUED": {"document_no": "认1", "cause": "OWNER"},
    "PUBLICATION": {"url": "https://example.invalid/1", "holder": "示例公司"},
    "DISPOSAL_APPROVAL": {"document_no": "批1", "way": "EXTEND"},
    "NEW_DUE_STORED": {"document_no": "补1", "new_due_on": date(2027, 1, 1)},
    "FEE_HEARING_TOLD": {"document_no": "听1"},
    "FEE_DECISION_SERVED": {"document_no": "征1"},
    "FEE_PAYMENT": {"document_no": "票1"},
    "TAKE_BACK_HEARING_TOLD": {"document_no": "听2"},
    "TAKE_BACK_DECISION_SERVED": {"document_no": "收1"},
    "DEREGISTRATION": {"document_no": "注1"},
    "DISPUTE_FILED": {"document_no": "复1"},
    "DEADLINES_FROZEN": {"note": "复议期间"},
    "DEADLINES_THAWED": {"note": "继续"},
    "DISPUTE_SETTLED": {"document_no": "决1"},
    "FILE_CLOSED": {},
}


@dataclass(frozen=True)
class Way:
    """How a case comes into a state: limb, cause of the letter, way of disposal, steps after the opening."""

    limb: str
    steps: Sequence[str] = ()
    cause: str = "OWNER"
    way: str = "EXTEND"
    more: Mapping[str, Any] = field(default_factory=dict)

    def evidence(self, event: str) -> dict[str, Any]:
        """What a step of this case says."""
        told = dict(EVIDENCE[event])
        if "cause" in told:
            told["cause"] = self.cause
        if "way" in told:
            told["way"] = self.way
        return told


def finding(rule: str, on: date = OPENED, **more: Any) -> str:
    """A lead as it is frozen."""
    said = {"rule_id": rule, "rule_version": 2, "as_of": on.isoformat(), "holds": "yes", "since_on": "2022-06-30"}
    return json.dumps(said | more)


def open_case(connection: Connection, parcel: int, limb: str = "A", on: date = OPENED) -> int:
    """A case of a parcel of county C."""
    made: int = connection.execute(
        text(
            "insert into register.idle_case (county_code, parcel_id, opened_on, finding, code) "
            "values ('C', :parcel, :on, cast(:finding as jsonb), '') returning id"
        ),
        {"parcel": parcel, "on": on, "finding": finding(LIMB_RULE[limb], on)},
    ).scalar_one()
    return made


def step(connection: Connection, case: int, event: str, on: date, judged: Any = JUDGED, **told: Any) -> int:
    """One step of a case; `to_state` is for the trigger to say."""
    names = "".join(f", {name}" for name in told)
    places = "".join(f", :{name}" for name in told)
    made: int = connection.execute(
        text(
            f"insert into register.idle_case_event (county_code, idle_case_id, event, to_state, happened_on, judged{names}) "
            f"values ('C', :case, :event, 'CLOSED', :on, cast(:judged as jsonb){places}) returning id"
        ),
        {"case": case, "event": event, "on": on, "judged": json.dumps(judged), **told},
    ).scalar_one()
    return made


def retract(connection: Connection, case: int, event_id: int, note: str | None = "误记") -> int:
    """A row that takes a step back."""
    made: int = connection.execute(
        text(
            "insert into register.idle_case_event (county_code, idle_case_id, event, to_state, happened_on, retracts_event_id, note) "
            "values ('C', :case, 'RETRACT', '', '2000-01-01', :event, :note) returning id"
        ),
        {"case": case, "event": event_id, "note": note},
    ).scalar_one()
    return made


def walk(connection: Connection, code: str, way: Way) -> tuple[int, date]:
    """A new parcel whose case has taken the steps, a day each; returns the case and the last day."""
    case, day = open_case(connection, land.parcel(connection, code, {}), way.limb), OPENED
    for event in way.steps:
        day += timedelta(days=1)
        step(connection, case, event, day, **way.evidence(event))
    return case, day


def row(connection: Connection, case: int) -> Any:
    """The case as its row says."""
    return connection.execute(text("select * from register.idle_case where id = :id"), {"id": case}).one()
