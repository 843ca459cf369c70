"""Deadlines of a case: days of the law to a working day, over the Spring Festival, standing still in a dispute."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, text

from geo.db import driver_url
from geo.errors import Problem
from geo.landuse.cases.deadlines import Deadline, Status, Step, deadlines
from geo.landuse.cases.machine import DeadlineKind, EventKind, Machine
from geo.landuse.queries import judge
from geo.landuse.rules.numbers import Parameters
from geo.landuse.rules.periods import Calendar
from tests.landuse import land
from tests.landuse.casebook import calendar, parameters

WORD = Problem(zh="", en="")


def kind(code: str, starts: str, state: str, met_by: str, parameter: str | None) -> DeadlineKind:
    return DeadlineKind(code, starts, (state,), (met_by,), parameter, WORD, "o53", "5", "law")


MACHINE = Machine(
    {},
    {code: EventKind(code, None, freezes, True, WORD) for code, freezes in (("FREEZE", True), ("THAW", False), ("SETTLED", False))},
    (),
    (
        kind("IDLE-20", "OPEN", "SUSPECTED", "NOTICE", "idle.notice_days"),
        kind("IDLE-21", "NOTICE", "INVESTIGATING", "ANSWER", "idle.reply_days"),
        kind("IDLE-27", "DECISION", "FEE_DECIDED", "PAYMENT", "idle.pay_days"),
        kind("IDLE-11", "AGREED", "MONITORING", "CLOSE", None),
    ),
)  # fmt: skip
STATE = {
    "OPEN": "SUSPECTED",
    "NOTICE": "INVESTIGATING",
    "DECISION": "FEE_DECIDED",
    "PAYMENT": "FEE_PAID",
    "AGREED": "MONITORING",
}


def steps(*told: tuple[str, date], due: date | None = None) -> list[Step]:
    made: list[Step] = []
    for event, on in told:
        made.append(
            Step(event, STATE.get(event, made[-1].to_state if made else ""), on, due if event == "AGREED" else None)
        )
    return made


def of(code: str, told: list[Step], as_of: date, known: Calendar | None = None) -> Deadline:
    found = [d for d in deadlines(told, MACHINE, parameters(), known or calendar(), as_of) if d.code == code]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("opened", "due"),
    [
        (date(2022, 12, 21), date(2023, 1, 20)),  # the last working day before the festival
        (date(2022, 12, 22), date(2023, 1, 28)),  # New Year's Eve 21st to 27th rest; Saturday the 28th is worked
        (date(2022, 12, 28), date(2023, 1, 28)),
        (date(2022, 12, 29), date(2023, 1, 28)),
        (date(2022, 12, 30), date(2023, 1, 29)),  # a Sunday that is worked
        (date(2022, 12, 31), date(2023, 1, 30)),
        (date(2023, 9, 5), date(2023, 10, 7)),  # C024: National Day; Saturday the 7th is worked
    ],
)
def test_thirty_days_over_the_holidays(opened: date, due: date) -> None:
    told = steps(("OPEN", opened))
    found = of("IDLE-20", told, opened)
    assert (found.due_on, found.is_calendar_known, found.days_left) == (due, True, (due - opened).days)
    assert of("IDLE-20", told, due).status is Status.RUNNING
    assert (of("IDLE-20", told, due + timedelta(days=1)).status, of("IDLE-20", told, due + timedelta(days=1)).days_left) == (Status.OVERDUE, -1)  # fmt: skip


def test_a_year_without_a_notice_knows_weekends_only() -> None:
    found = of("IDLE-20", steps(("OPEN", date(2031, 1, 2))), date(2031, 1, 2))
    assert (found.due_on, found.is_calendar_known) == (date(2031, 2, 3), False)


def test_met_late_and_left_behind() -> None:
    opened = date(2023, 3, 1)
    in_time = steps(("OPEN", opened), ("NOTICE", date(2023, 3, 31)))
    assert (of("IDLE-20", in_time, date(2023, 5, 1)).status, of("IDLE-21", in_time, date(2023, 4, 1)).due_on) == (Status.MET, date(2023, 5, 4))  # fmt: skip
    late = steps(("OPEN", opened), ("NOTICE", date(2023, 4, 3)))
    assert of("IDLE-20", late, date(2023, 5, 1)).status is Status.LATE
    dropped = [*steps(("OPEN", opened)), Step("FACTS_WRONG", "DISMISSED", date(2023, 3, 5), None)]
    assert of("IDLE-20", dropped, date(2023, 5, 1)).status is Status.DROPPED


def test_a_parameter_nobody_told_is_unknown() -> None:
    (found,) = deadlines(steps(("OPEN", date(2023, 3, 1))), MACHINE, Parameters([]), calendar(), date(2023, 9, 1))
    assert (found.status, found.due_on, found.missing) == (Status.UNKNOWN, None, "idle.notice_days")
    before = deadlines(steps(("OPEN", date(2012, 6, 30))), MACHINE, parameters(), calendar(), date(2012, 7, 30))
    assert before[0].status is Status.UNKNOWN


def test_the_agreed_day_is_taken_as_it_is() -> None:
    saturday = date(2023, 3, 4)
    found = of("IDLE-11", steps(("AGREED", date(2023, 1, 3)), due=saturday), date(2023, 2, 1))
    assert (found.due_on, found.days_left, found.parameter) == (saturday, 31, None)


def test_a_dispute_freezes_what_is_left_and_thaws_it() -> None:
    served, froze, thawed = date(2023, 3, 1), date(2023, 3, 11), date(2023, 6, 1)
    told = steps(("DECISION", served), ("FREEZE", froze))
    frozen = of("IDLE-27", told, date(2023, 5, 1))
    assert (frozen.status, frozen.due_on, frozen.days_left) == (Status.FROZEN, None, 20)
    for thaw in ("THAW", "SETTLED"):
        again = of("IDLE-27", [*told, *steps(("DECISION", served), (thaw, thawed))[1:]], thawed)
        assert (again.status, again.due_on, again.days_left, again.moved_days) == (
            Status.RUNNING,
            date(2023, 6, 21),
            20,
            82,
        )


def test_what_was_past_stays_past_and_what_begins_frozen_has_all_its_days() -> None:
    past = steps(("DECISION", date(2023, 3, 1)), ("FREEZE", date(2023, 4, 10)))
    assert (of("IDLE-27", past, date(2023, 5, 1)).status, of("IDLE-27", past, date(2023, 5, 1)).due_on) == (Status.OVERDUE, date(2023, 3, 31))  # fmt: skip
    begun = steps(("FREEZE", date(2023, 2, 1)), ("DECISION", date(2023, 3, 1)))
    assert (of("IDLE-27", begun, date(2023, 5, 1)).status, of("IDLE-27", begun, date(2023, 5, 1)).days_left) == (Status.FROZEN, 30)  # fmt: skip
    before = steps(("FREEZE", date(2023, 1, 1)), ("THAW", date(2023, 2, 1)), ("DECISION", date(2023, 3, 1)))
    assert of("IDLE-27", before, date(2023, 3, 2)).due_on == date(2023, 3, 31)


gaps = st.integers(0, 40)


@settings(max_examples=300, deadline=None)
@given(
    start=st.dates(date(2022, 11, 1), date(2023, 12, 1)), told=st.lists(st.tuples(gaps, gaps), max_size=4), tail=gaps
)
def test_freezing_never_brings_a_day_forward_nor_gives_days_away(
    start: date, told: list[tuple[int, int]], tail: int
) -> None:
    plain = of("IDLE-27", steps(("DECISION", start)), start)
    made, day, stood, first = [("DECISION", start)], start, 0, plain.due_on
    assert first is not None
    for before, length in told:
        froze = day + timedelta(days=before)
        day = froze + timedelta(days=length)
        made += [("FREEZE", froze), ("THAW", day)]
        stood += length
    found = of("IDLE-27", steps(*made), day + timedelta(days=tail))
    assert found.due_on is not None
    assert first <= found.due_on
    assert calendar().is_working(found.due_on)
    assert found.moved_days == (found.due_on - first).days
    assert found.moved_days <= stood + 10 * len(told)
    if made[1:] and made[1][1] > first:
        assert found.due_on == first


@pytest.fixture(scope="module")
def connection(database_url: str) -> Iterator[Connection]:
    engine = create_engine(driver_url(database_url))
    with engine.connect() as made:
        land.county(made)
        yield made
        made.rollback()
    engine.dispose()


@pytest.mark.parametrize("served", [date(2022, 12, 22), date(2023, 9, 5), date(2023, 3, 1), date(2024, 1, 31)])
def test_the_rule_and_the_case_name_the_same_day(connection: Connection, served: date) -> None:
    """IDLE-27 as a rule over facts, and as a deadline of a case."""
    parcel = land.parcel(connection, f"P{served}", {"fee_decision_served_on": served})
    said = judge(connection, "IDLE-27", "C", served, parcel_ids=[parcel])[parcel]
    assert said.inputs["pay_by_on"] == str(of("IDLE-27", steps(("DECISION", served)), served).due_on)


def test_every_deadline_of_the_machine_has_its_parameter(connection: Connection) -> None:
    """And each is of the law: a number, an article, a confidence."""
    found = connection.execute(
        text("select key, unit, value_num, value_den from register.parameter where key like 'idle.%_days'")
    )
    keys = {key: (unit, num / den) for key, unit, num, den in found}
    rows = connection.execute(
        text("select code, parameter, law, article, confidence from register.case_deadline")
    ).all()
    assert {row.code for row in rows} == {"IDLE-20", "IDLE-21", "IDLE-27", "IDLE-28", "IDLE-11"}
    for row in rows:
        assert row.law == "o53"
        assert row.article
        if row.parameter is None:
            assert row.code == "IDLE-11"
        else:
            assert keys[row.parameter] == ("day", 30)
