"""What comes by itself: turns kept beside the findings say for every day to come what judging on that day with today's facts says."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.ext.asyncio import create_async_engine

from geo.db import driver_url
from geo.errors import BadInput
from geo.landuse.commands import recompute_sync
from geo.landuse.forecast.horizons import Horizons
from geo.landuse.forecast.queries import Wanted, coming, counted, places
from geo.landuse.queries import NO_COMPILING
from geo.landuse.rules.answer import answer, answer_to
from geo.landuse.rules.catalogue import catalogue
from geo.landuse.rules.evaluate import Question
from geo.landuse.rules.rule import LEVELS
from geo.landuse.rules.sql_statements import statements
from geo.landuse.rules.stopped import Pauses
from geo.landuse.rules.turns import turns
from tests.landuse.casebook import calendar, cases, parameters
from tests.landuse.land import county, fact, parcel, pause

Outcome = tuple[str, str | None, str | None]
DAY = timedelta(days=1)
KEPT = 366


@pytest.fixture
def owner(database_url: str) -> Iterator[Connection]:
    engine = create_engine(driver_url(database_url))
    with engine.connect() as connection, connection.begin() as attempt:
        county(connection)
        yield connection
        attempt.rollback()
    engine.dispose()


def judged(connection: Connection, on: date) -> dict[tuple[int, str], Outcome]:
    """(parcel id, rule id) -> what each lead that applies says on a day."""
    connection.execute(NO_COMPILING)
    bound = {"county": "C", "as_of": on, "known_at": "infinity", "ids": None}
    return {
        (r.parcel_id, r.rule_id): (r.holds, r.result, r.level)
        for r in connection.execute(statements(on).judge_leads(), bound)
    }


def kept(connection: Connection) -> dict[tuple[int, str], list[tuple[date, Outcome, Outcome, bool]]]:
    rows = connection.execute(text("select * from register.finding_turn where county_code = 'C' order by turns_on"))
    found: dict[tuple[int, str], list[tuple[date, Outcome, Outcome, bool]]] = {}
    for r in rows:
        told = (r.turns_on, (r.from_holds, r.from_result, r.from_level), (r.holds, r.result, r.level), r.is_worse)
        found.setdefault((r.parcel_id, r.rule_id), []).append(told)
    return found


NOWHERE: Outcome = ("not_applicable", None, None)


def test_for_every_day_the_turns_say_what_judging_on_that_day_says(owner: Connection) -> None:
    """Every parcel of the case files, some with pauses; all days on which anything turns within the horizon, and the days before."""
    as_of = date(2023, 3, 1)
    for number, case in enumerate(case for case in cases() if not case.pure_only):
        if number % 7 == 0 or case.pauses:
            made = parcel(owner, f"P{number}", case.facts)
            for first, last in case.pauses:
                if first <= as_of:  # a pause that begins later is a fact of a later day
                    pause(owner, made, first, last)
    recompute_sync(owner, "C", as_of)
    today, found = judged(owner, as_of), kept(owner)
    days = sorted({on for told in found.values() for on, *_ in told})
    assert len(days) > 20
    asked = sorted(
        {day for on in days[:: max(1, len(days) // 12)] for day in (on - DAY, on) if day > as_of} | {as_of + KEPT * DAY}
    )
    for day in asked:
        then = judged(owner, day)
        for key in then.keys() | today.keys() | found.keys():
            said = today.get(key, NOWHERE)
            for on, before, after, is_worse in found.get(key, []):
                if on <= day:
                    assert before == said
                    assert is_worse == worse(before, after)
                    said = after
            assert then.get(key, NOWHERE) == said, (key, day)


def worse(before: Outcome, after: Outcome) -> bool:
    ranks = {None: 0} | {level: n for n, level in enumerate(LEVELS, 1)}
    return after[0] == "yes" and (before[0] != "yes" or ranks[after[2]] > ranks[before[2]])


def test_next_on_is_the_first_turn_and_does_not_end_at_the_horizon(owner: Connection) -> None:
    facts = {"contract_on": date(2021, 3, 1), "agreed_start_on": date(2022, 3, 15)}
    made = parcel(owner, "P", facts)
    recompute_sync(owner, "C", date(2021, 3, 2))
    next_on = owner.execute(text("select next_on from register.finding where rule_id = 'UNDER-02'")).scalar_one()
    assert next_on == date(2022, 3, 16)
    assert (made, "UNDER-02") not in kept(owner)  # 379 days ahead: further than turns are kept
    recompute_sync(owner, "C", date(2021, 3, 15))
    assert [on for on, *_ in kept(owner)[made, "UNDER-02"]] == [date(2022, 3, 16)]


def test_a_lead_that_does_not_apply_yet_is_foreseen(owner: Connection) -> None:
    """The fee (IDLE-06) applies when IDLE-01 comes to hold: no finding stands today, and its day is known all the same."""
    facts = {"contract_on": date(2021, 3, 1), "agreed_start_on": date(2022, 3, 15), "delay_cause": "OWNER"}
    made = parcel(owner, "P", facts)
    recompute_sync(owner, "C", date(2022, 12, 1))
    assert owner.execute(text("select count(*) from register.finding where rule_id = 'IDLE-06'")).scalar_one() == 0
    assert kept(owner)[made, "IDLE-06"] == [(date(2023, 3, 16), NOWHERE, ("yes", "FEE_EXPOSURE", "RED"), True)]


def test_turns_follow_facts_and_go_when_their_day_has_come(owner: Connection) -> None:
    made = parcel(owner, "P", {"contract_on": date(2021, 3, 1), "agreed_start_on": date(2022, 3, 15)})
    recompute_sync(owner, "C", date(2022, 12, 1), [made])
    assert (made, "IDLE-01") in kept(owner)
    fact(owner, made, "started_on", date(2022, 11, 1), date(2022, 11, 1))
    recompute_sync(owner, "C", date(2022, 12, 1), [made])
    assert (made, "IDLE-01") not in kept(owner)
    late = parcel(owner, "Q", {"contract_on": date(2021, 3, 1), "agreed_start_on": date(2022, 3, 15)})
    recompute_sync(owner, "C", date(2023, 3, 16))
    assert (late, "IDLE-01") not in kept(owner)
    bare = parcel(owner, "R", {})
    owner.execute(
        text(
            "insert into register.finding_turn (county_code, parcel_id, rule_id, rule_version, turns_on, from_holds, holds) "
            "values ('C', :id, 'IDLE-01', 2, '2030-01-01', 'no', 'unknown')"
        ),
        {"id": bare},
    )
    owner.execute(text("delete from register.parcel where id = :id"), {"id": bare})
    assert not [key for key in kept(owner) if key[0] == bare]


def test_an_open_pause_lets_no_day_come(owner: Connection) -> None:
    made = parcel(owner, "P", {"contract_on": date(2021, 3, 1), "agreed_start_on": date(2022, 3, 15)})
    pause(owner, made, date(2022, 2, 1), None)
    recompute_sync(owner, "C", date(2022, 3, 1))
    assert not [key for key in kept(owner) if key[1] in ("IDLE-01", "UNDER-02")]


PERIOD = st.dates(date(2021, 1, 1), date(2024, 12, 31))


@given(
    facts=st.fixed_dictionaries(
        {"contract_on": PERIOD},
        optional={
            "agreed_start_on": PERIOD, "delivered_on": PERIOD, "delay_cause": st.sampled_from(["OWNER", "GOVERNMENT"]),
            "delay_cause_accepted": st.booleans(), "permit_on": PERIOD, "suspended_since_on": PERIOD, "started_on": PERIOD,
            "completed_on": PERIOD, "agreed_production_on": PERIOD, "approved_on": PERIOD,
        },
    ),
    spans=st.lists(st.tuples(PERIOD, st.integers(0, 200)), max_size=2),
    as_of=PERIOD,
    ahead=st.integers(1, 800),
    rule_id=st.sampled_from(["IDLE-01", "IDLE-03", "IDLE-06", "IDLE-07", "IDLE-10", "UNDER-01", "UNDER-02", "UNDER-04", "PERMIT-02", "PERMIT-03"]),
)  # fmt: skip
@settings(deadline=None, max_examples=60)
def test_at_any_day_ahead_the_last_turn_is_the_answer(
    facts: dict[str, object], spans: list[tuple[date, int]], as_of: date, ahead: int, rule_id: str
) -> None:
    day = as_of + ahead * DAY
    rules = catalogue().on(as_of)
    pauses = Pauses.of((first, first + n * DAY) for first, n in spans if first <= as_of)
    q = Question(as_of, facts, parameters(), calendar(), rules, as_of, pauses)  # type: ignore[arg-type]
    now = answer_to(rules[rule_id], q)
    said: Outcome = (now.holds, now.result, now.level)
    for turn in turns(rules[rule_id], q):
        if turn.on <= day:
            said = (turn.holds, turn.result, turn.level)
    then = answer_to(rules[rule_id], replace(q, as_of=day))
    assert (then.holds, then.result, then.level) == said
    assert answer(rules[rule_id], rules, facts, parameters(), calendar(), as_of, pauses) == now  # type: ignore[arg-type]


@pytest.mark.parametrize("given_days", ["0", "-1", "9999", "soon", "1.5", "３０", "90 "])
def test_days_that_are_none_are_refused(given_days: str) -> None:
    with pytest.raises(BadInput):
        Horizons((30, 90, 180), 366, 7).chosen(given_days)


def test_days_that_are_kept_are_taken() -> None:
    offered = Horizons((30, 90, 180), 366, 7)
    assert [offered.chosen(text) for text in (None, "", "1", "366")] == [90, 90, 1, 366]


@pytest.mark.parametrize(("class_code", "level"), [("nothing", None), (None, "PINK"), ("'; drop", None)])
def test_what_cannot_be_wanted_is_refused(class_code: str | None, level: str | None) -> None:
    with pytest.raises(BadInput):
        Wanted.read(None, class_code, level)


def test_the_list_goes_by_day_pages_without_gap_and_explains_each_row(database_url: str) -> None:
    """Committed in a county of its own, read as staff reads, and taken away again."""
    engine = create_engine(driver_url(database_url))
    as_of = date(2023, 1, 1)
    with engine.begin() as connection:
        county(connection)
        connection.execute(
            text("insert into register.unit (county_code, code, name, kind) values ('C', 'U9', '九', 'town')")
        )
        for n in range(12):
            made = parcel(connection, f"F{n:02}", {"contract_on": date(2021, 3, 1), "agreed_start_on": date(2022, 1, 10) + 20 * n * DAY, "delay_cause": "OWNER"})  # fmt: skip
            connection.execute(
                text("update register.parcel set unit_code = :unit, geom = st_multi(st_makeenvelope(121.9, 29.5, 121.901, 29.501, 4490)) where id = :id"),
                {"id": made, "unit": None if n % 3 else "U9"},
            )  # fmt: skip
        recompute_sync(connection, "C", as_of)
    try:
        asyncio.run(_read(database_url, as_of))
    finally:
        with engine.begin() as connection:
            connection.execute(text("alter table register.fact disable trigger user"))
            for table in ("finding_turn", "finding", "fact", "parcel", "unit"):
                connection.execute(text(f"delete from register.{table} where county_code = 'C'"))
            connection.execute(text("alter table register.fact enable trigger user"))
        engine.dispose()


async def _read(database_url: str, as_of: date) -> None:
    engine = create_async_engine(driver_url(database_url))
    until = as_of + 180 * DAY
    async with engine.begin() as connection:
        whole = await coming(connection, "C", as_of, until, Wanted(), limit=1000)
        assert whole
        assert [(c.on, c.parcel_code, c.rule_id) for c in whole] == sorted(
            (c.on, c.parcel_code, c.rule_id) for c in whole
        )
        assert all(as_of < c.on <= until for c in whole)
        for c in whole:
            assert c.told is not None
            assert c.happens is not None
            assert (c.told.holds, c.told.result, c.told.level) == (c.after.holds, c.after.result, c.after.level)
            assert c.told.as_of == c.on
            assert c.told.sentence.zh
            assert c.rule_id != "UNDER-02" or c.on.isoformat() in c.told.sentence.zh
        paged, after = [], None
        while page := await coming(connection, "C", as_of, until, Wanted(), limit=5, after=after, explained=False):
            paged += page
            after = (page[-1].on, page[-1].parcel_code, page[-1].rule_id)
        assert [(c.on, c.parcel_code, c.rule_id) for c in paged] == [(c.on, c.parcel_code, c.rule_id) for c in whole]
        red = await coming(connection, "C", as_of, until, Wanted(least_level="RED"), limit=1000)
        assert {c.after.level for c in red} == {"RED"}
        unit = await coming(connection, "C", as_of, until, Wanted(unit="U9"), limit=1000)
        assert {c.unit_code for c in unit} == {"U9"}
        waiting = await coming(connection, "C", as_of, until, Wanted(class_code="supplied"), limit=1000)
        assert {c.rule_id for c in waiting} == {"UNDER-02"}
        numbers = await counted(connection, "C", as_of, [as_of + 30 * DAY, until], Wanted())
        assert numbers[until] == (len(whole), len({c.parcel_id for c in whole}))
        assert numbers[as_of + 30 * DAY][0] == sum(c.on <= as_of + 30 * DAY for c in whole)
        points = await places(connection, "C", as_of, until, Wanted(), limit=1000)
        assert {p[0] for p in points} == {c.parcel_code for c in whole}
        assert all(121.9 <= p[1] <= 121.901 and 29.5 <= p[2] <= 29.501 for p in points)
    await engine.dispose()
