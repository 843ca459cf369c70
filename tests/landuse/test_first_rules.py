"""IDLE-01, UNDER-01, UNDER-02, UNDER-04 by one statement: the worked cases, each limit's day before, day, day after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, text

from geo.db import driver_url
from geo.landuse.commands import recompute_sync


@pytest.fixture(scope="module")
def county(database_url: str) -> Iterator[Connection]:
    engine = create_engine(driver_url(database_url))
    with engine.connect() as connection:
        connection.execute(
            text(
                "insert into register.county (code, name, name_en, outline, survey_srid, time_zone, rule_set) values "
                "('C', '县', 'County', st_multi(st_makeenvelope(121, 28, 123, 30, 4490)), 4529, 'Asia/Shanghai', 'cn'), "
                "('N', '县', 'No rules', st_multi(st_makeenvelope(121, 28, 123, 30, 4490)), 4529, 'Asia/Shanghai', null)"
            )
        )
        connection.commit()
        yield connection
    engine.dispose()


def answers(
    connection: Connection, facts: dict[str, str], as_of: str, county: str = "C"
) -> dict[str, tuple[str, str | None, str | None]]:
    """rule -> (holds, result, level) for a parcel with these date facts; everything is rolled back."""
    with connection.begin() as attempt:
        parcel = connection.execute(
            text("insert into register.parcel (county_code, code, name) values (:c, 'X', 'X') returning id"),
            {"c": county},
        ).scalar_one()
        for kind, value in facts.items():
            column = "value_text" if kind in ("supply_method", "delay_cause") else "value_date"
            connection.execute(
                text(
                    f"insert into register.fact (county_code, subject_kind, subject_id, kind, {column}, effective_on) values (:c, 'parcel', :id, :k, :v, '2001-01-01')"
                ),
                {
                    "c": county,
                    "id": parcel,
                    "k": kind,
                    "v": value if column == "value_text" else date.fromisoformat(value),
                },
            )
        recompute_sync(connection, county, date.fromisoformat(as_of), [parcel])
        rows = connection.execute(
            text("select rule_id, holds, result, level, missing from register.finding where subject_id = :id"),
            {"id": parcel},
        ).all()
        attempt.rollback()
    return {r.rule_id: (r.holds, r.result, r.level) for r in rows}


SUPPLIED = {"contract_on": "2021-03-01"}
CASES = [
    ("C008", SUPPLIED | {"agreed_start_on": "2022-03-15"}, "2023-03-15", "IDLE-01", ("no", None, None)),
    ("C009", SUPPLIED | {"agreed_start_on": "2022-03-15"}, "2023-03-16", "IDLE-01", ("yes", "SUSPECTED_IDLE", "RED")),
    ("C013/14", SUPPLIED | {"delivered_on": "2021-06-01"}, "2023-06-01", "IDLE-01", ("no", None, None)),
    ("C014", SUPPLIED | {"delivered_on": "2021-06-01"}, "2023-06-02", "IDLE-01", ("yes", "SUSPECTED_IDLE", "RED")),
    ("leap", SUPPLIED | {"agreed_start_on": "2024-02-29"}, "2025-02-28", "IDLE-01", ("no", None, None)),
    ("leap+1", SUPPLIED | {"agreed_start_on": "2024-02-29"}, "2025-03-01", "IDLE-01", ("yes", "SUSPECTED_IDLE", "RED")),
    ("due", SUPPLIED | {"agreed_start_on": "2022-03-15"}, "2022-03-15", "UNDER-02", ("no", None, None)),
    ("due+1", SUPPLIED | {"agreed_start_on": "2022-03-15"}, "2022-03-16", "UNDER-02", ("yes", "SUPPLIED_NOT_STARTED", "YELLOW")),
    ("C038", SUPPLIED | {"agreed_start_on": "2022-03-15"}, "2023-03-16", "UNDER-02", ("yes", "SUPPLIED_NOT_STARTED", "RED")),
    ("C007", SUPPLIED, "2023-03-16", "IDLE-01", ("unknown", None, None)),
    ("fresh", {"approved_on": "2021-04-20"}, "2022-04-20", "UNDER-01", ("yes", "APPROVED_NOT_SUPPLIED", "INFO")),
    ("C025", {"approved_on": "2021-04-20"}, "2022-04-21", "UNDER-01", ("yes", "APPROVED_NOT_SUPPLIED", "YELLOW")),
    ("C025 day", {"approved_on": "2021-04-20"}, "2023-04-20", "UNDER-01", ("yes", "APPROVED_NOT_SUPPLIED", "YELLOW")),
    ("C025 red", {"approved_on": "2021-04-20"}, "2023-04-21", "UNDER-01", ("yes", "APPROVED_NOT_SUPPLIED", "RED")),
    ("C028", SUPPLIED | {"started_on": "2021-09-01", "completed_on": "2022-09-30"}, "2023-03-30", "UNDER-04", ("no", None, None)),
    ("C028+1", SUPPLIED | {"started_on": "2021-09-01", "completed_on": "2022-09-30"}, "2023-03-31", "UNDER-04", ("yes", "BUILT_NOT_PRODUCING", "YELLOW")),
    ("red day", SUPPLIED | {"started_on": "2021-09-01", "completed_on": "2022-09-30"}, "2024-03-30", "UNDER-04", ("yes", "BUILT_NOT_PRODUCING", "YELLOW")),
    ("red", SUPPLIED | {"started_on": "2021-09-01", "completed_on": "2022-09-30"}, "2024-03-31", "UNDER-04", ("yes", "BUILT_NOT_PRODUCING", "RED")),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "as_of", "rule", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_worked_cases(
    county: Connection, facts: dict[str, str], as_of: str, rule: str, expected: tuple[str, str | None, str | None]
) -> None:
    assert answers(county, facts, as_of)[rule] == expected


def test_a_start_ends_the_question_and_no_rules_mean_no_answers(county: Connection) -> None:
    started = SUPPLIED | {"agreed_start_on": "2022-03-15", "started_on": "2022-05-01"}
    assert answers(county, started, "2023-03-16").keys().isdisjoint({"IDLE-01", "UNDER-02"})
    assert answers(county, SUPPLIED | {"agreed_start_on": "2020-01-01"}, "2026-01-01", county="N") == {}


def add_years(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(due=st.dates(date(2015, 1, 1), date(2024, 12, 31)), later=st.integers(-40, 1200))
def test_idle_01_agrees_with_an_independent_reading(county: Connection, due: date, later: int) -> None:
    as_of = due + timedelta(days=later)
    found = answers(county, {"contract_on": "2014-06-01", "agreed_start_on": due.isoformat()}, as_of.isoformat())
    assert (found["IDLE-01"][0] == "yes") is (as_of > add_years(due, 1))
    assert (found["UNDER-02"][0] == "yes") is (as_of > due)
