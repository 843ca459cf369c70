"""Pauses of the clock: overlapping ones count once, no pause brings a day forward, what was known stays what was known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError

from geo.db import driver_url
from geo.landuse.queries import judge, parameter_rows
from geo.landuse.rules.answer import Answer, answer
from geo.landuse.rules.catalogue import catalogue
from geo.landuse.rules.kinds import Scalar
from geo.landuse.rules.numbers import Parameters
from geo.landuse.rules.periods import NEVER
from geo.landuse.rules.stopped import STOPPED, Pauses
from geo.landuse.rules.wording import Wording
from tests.landuse import land
from tests.landuse.casebook import calendar, parameters
from tests.landuse.casebook import parameter_rows as seeded

AS_OF = date(2026, 11, 24)
RULES, ROWS, CALENDAR = catalogue().on(AS_OF), parameters(), calendar()
DAY = timedelta(days=1)
days = st.dates(date(2019, 12, 1), date(2026, 11, 1)) | st.sampled_from(
    [date(2020, 2, 28), date(2020, 2, 29), date(2020, 3, 1), date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1)]
)
spans = st.tuples(days, st.none() | st.sampled_from([0, 1, 2, 27, 28, 29, 365, 800]) | st.integers(0, 900)).map(
    lambda s: (s[0], None if s[1] is None else s[0] + timedelta(days=s[1]))
)
Span = tuple[date, date | None]


def is_lost(day: date, told: list[Span]) -> bool:
    return any(first <= day and (last is None or day <= last) for first, last in told)


@settings(max_examples=200, deadline=None)
@given(told=st.lists(spans, max_size=5), start=days, length=st.integers(-3, 800))
def test_a_period_has_as_many_running_days_as_it_was_given(told: list[Span], start: date, length: int) -> None:
    """Against counting day by day."""
    end = start + timedelta(days=length)
    found = Pauses.of(told).extended(start, end)
    running, day = 0, start
    while (running < length or day < end) and day < date(2040, 1, 1):
        day += DAY
        running += not is_lost(day, told)
    assert found == (end if length <= 0 else day if day < date(2040, 1, 1) else NEVER)


def test_a_period_whose_end_is_not_known_never_ends_by_a_pause(connection: Connection) -> None:
    """Not known stays not known, whatever stands still (register.extended)."""
    asked = text(
        "select register.extended(cast('{[2019-01-01,)}' as datemultirange), cast(:start as date), cast(:end as date))"
    )
    ends = [
        (None, None, None),
        (None, "2020-02-29", None),
        ("2020-02-29", None, None),
        ("2020-02-29", "2021-02-28", "infinity"),
    ]
    for start, end, due in ends:
        said = connection.execute(text(f"select ({asked})::text"), {"start": start, "end": end}).scalar_one()
        assert said == due, (start, end)


TOO_LATE = ("IDLE-00", "IDLE-01", "IDLE-03", "IDLE-06", "IDLE-07", "UNDER-02", "UNDER-03", "UNDER-04", "UNDER-05")
MOVED = {
    "IDLE-00": "start_due_on", "IDLE-01": "idle_after_on", "IDLE-07": "take_back_after_on", "UNDER-03": "used_by_on",
    "UNDER-04": "production_due_on", "UNDER-05": "capacity_due_on",
}  # fmt: skip
WEIGHT = {None: 0, "INFO": 1, "YELLOW": 2, "RED": 3}
FACTS: dict[str, Any] = {
    "land_price_wan_cny": 1000, "delay_cause": "OWNER", "undeveloped_area_m2": 39700, "parcel_area_m2": 57600,
    "developed_area_m2": 100, "developable_area_m2": 1000, "committed_tax_wan_cny_per_mu": 20, "actual_tax_wan_cny_per_mu": 4,
}  # fmt: skip
DATED = ("contract_on", "agreed_anew_on", "delivered_on", "agreed_start_on", "started_on", "suspended_since_on", "agreed_completion_on",
         "completed_on", "agreed_production_on", "produced_on", "agreed_capacity_on")  # fmt: skip


def shown_day(found: Answer, name: str) -> date | None:
    value = found.inputs.get(name)
    return None if value is None else NEVER if value == STOPPED else date.fromisoformat(str(value))


@settings(max_examples=400, deadline=None)
@given(
    told=st.fixed_dictionaries({}, optional=dict.fromkeys(DATED, days)),
    standing=st.lists(spans, max_size=4),
    added=spans,
    as_of=st.dates(date(2023, 1, 2), AS_OF),
)
def test_adding_a_pause_never_brings_a_day_forward(
    told: dict[str, date], standing: list[Span], added: Span, as_of: date
) -> None:
    facts = FACTS | told
    for rule_id in TOO_LATE:
        before, after = (
            answer(RULES[rule_id], RULES, facts, ROWS, CALENDAR, as_of, Pauses.of(pauses))
            for pauses in (standing, [*standing, added])
        )
        if rule_id in MOVED:
            one, two = (shown_day(found, MOVED[rule_id]) for found in (before, after))
            assert (one is None) == (two is None)
            assert one is None or two is None or two >= one, rule_id
        assert not (before.holds == "no" and after.holds == "yes"), rule_id
        assert before.holds != "yes" or after.holds != "yes" or WEIGHT[after.level] <= WEIGHT[before.level], rule_id


def test_what_follows_a_moved_day_is_counted_in_whole_years() -> None:
    """README, decision 11: else adding a pause could bring a day forward by the days in which months differ."""
    rows = {row.key: row for row in seeded()}
    assert rows["under.production_red_months"].value % 12 == 0
    for key in ("idle.years_fee", "idle.years_take_back", "under.undeveloped_red_years"):
        assert rows[key].unit == "year"


def test_the_clock_in_words() -> None:
    start = RULES["IDLE-00"].values["start_due_on"].tree
    for lang, said in (("zh", "停表的天数顺延"), ("en", "later by the days the clock stood still")):
        assert said in Wording(lang, str, str, str).say(start)


@pytest.fixture(scope="module")
def connection(database_url: str) -> Iterator[Connection]:
    engine = create_engine(driver_url(database_url))
    with engine.connect() as made:
        land.county(made)
        yield made
        made.rollback()
    engine.dispose()


def said(connection: Connection, parcel: int, known_at: Any, as_of: date = AS_OF) -> dict[str, Any]:
    return {
        rule_id: asdict(judge(connection, rule_id, "C", as_of, known_at=known_at, parcel_ids=[parcel])[parcel])
        for rule_id in ("IDLE-01", "IDLE-07", "IDLE-27", "UNDER-02", "UNDER-03", "IND-01", "IND-06")
    }


CORRECTIONS = """
    update register.parcel set registered_area_m2 = 1, far_min = 9 where code = 'KNOWN';
    insert into register.parameter (key, effective_on, value_num, value_den, unit, citation, confidence)
        select key, effective_on, value_num + 3, value_den, unit, citation || ' corrected', confidence from register.parameter
        where key like 'idle.%' or key like 'under.%';
    insert into register.work_calendar
        select 'cn', d::date, false, 'corrected', clock_timestamp() from generate_series('2026-09-25'::date, '2026-11-30', '1 day') d
"""


def test_what_was_known_stays_what_was_known(connection: Connection) -> None:
    """Asked with the same instant before and after a year of corrections, of everything an answer is made of."""
    connection.commit()
    parcel = land.parcel(connection, "KNOWN", {
        "parcel_area_m2": Fraction(57600), "far_min_ratio": Fraction(1), "contract_on": date(2021, 3, 18),
        "agreed_start_on": date(2022, 6, 30), "fee_decision_served_on": date(2026, 9, 1), "delay_cause": "OWNER",
        "land_price_wan_cny": Fraction(100), "fixed_investment_wan_cny": Fraction(9),
    })  # fmt: skip
    connection.commit()
    first_pause = land.pause(connection, parcel, date(2022, 2, 10), date(2022, 5, 20))
    connection.commit()
    known_at = connection.execute(text("select clock_timestamp()")).scalar_one()
    before = said(connection, parcel, known_at)
    assert before["UNDER-02"]["since_on"] == date(2022, 10, 8)

    land.fact(connection, parcel, "agreed_start_on", date(2020, 1, 1), date(2021, 3, 18))
    land.fact(connection, parcel, "started_on", date(2022, 7, 1), date(2022, 7, 1))
    land.pause(connection, parcel, None, None, None, first_pause)
    connection.commit()
    land.pause(connection, parcel, date(2021, 4, 1), None)
    for correction in CORRECTIONS.split(";"):
        connection.execute(text(correction))
    connection.commit()
    assert said(connection, parcel, known_at) == before
    facts: dict[str, Scalar] = {
        "contract_on": date(2021, 3, 18),
        "agreed_start_on": date(2022, 6, 30),
        "delay_cause": "OWNER",
    }
    rows, pauses = Parameters(parameter_rows(connection, known_at)), Pauses.of([(date(2022, 2, 10), date(2022, 5, 20))])
    assert before["IDLE-01"] == asdict(answer(RULES["IDLE-01"], RULES, facts, rows, CALENDAR, AS_OF, pauses))
    now = said(connection, parcel, None)
    assert all(now[rule_id] != before[rule_id] for rule_id in ("IDLE-01", "IDLE-27", "IND-01", "IND-06"))
    assert now["IDLE-27"]["inputs"]["pay_by_on"] == "2026-12-01"


@pytest.mark.parametrize("table", ["clock_pause", "parameter", "work_calendar", "pause_cause"])
@pytest.mark.parametrize("write", ["delete from register.{0}", "update register.{0} set {1} = {1}"])
def test_nothing_is_overwritten(connection: Connection, table: str, write: str) -> None:
    column = {"clock_pause": "note", "parameter": "unit", "work_calendar": "source", "pause_cause": "name"}[table]
    with connection.begin_nested() as attempt:
        land.pause(connection, land.parcel(connection, "KEPT", {}), date(2022, 1, 1), None)
        with pytest.raises(DBAPIError, match="never changed or removed"):
            connection.execute(text(write.format(table, column)))
        attempt.rollback()


@pytest.mark.parametrize(
    ("first", "last", "cause", "retracts"),
    [
        (date(2022, 1, 2), date(2022, 1, 1), "PETITION", None),
        (date(1899, 12, 31), None, "PETITION", None),
        (date(2022, 1, 2), date(3000, 1, 1), "PETITION", None),
        (date(2900, 1, 1), None, "PETITION", None),
        (None, None, None, None),
        (date(2022, 1, 2), None, None, None),
        (None, date(2022, 1, 2), "PETITION", None),
        (date(2022, 1, 2), None, "NO_SUCH", None),
        (None, None, None, "other"),
        (None, None, None, "twice"),
    ],
)
def test_the_ledger_refuses_what_cannot_be(
    connection: Connection, first: date | None, last: date | None, cause: str | None, retracts: str | None
) -> None:
    with connection.begin_nested() as attempt:
        parcel, other = (land.parcel(connection, code, {}) for code in ("GUARDED", "OTHER"))
        target = None
        if retracts is not None:
            target = land.pause(connection, other if retracts == "other" else parcel, date(2022, 1, 1), None)
        if retracts == "twice":
            land.pause(connection, parcel, None, None, None, target)
        with pytest.raises(DBAPIError):
            land.pause(connection, parcel, first, last, cause, target)
        attempt.rollback()
