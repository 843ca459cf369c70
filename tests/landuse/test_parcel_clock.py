"""The clock of one parcel: lights over time are what the evaluator says day by day, a preview says what saving will say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from geo.clock import now
from geo.errors import Problem
from geo.landuse.clock.effect import effect
from geo.landuse.clock.events import Contradiction, contradictions, event_kinds, expected_order
from geo.landuse.clock.parcel_clock import ParcelClock
from geo.landuse.pauses.queries import Pause, stopped
from geo.landuse.rules.answer import answer
from geo.landuse.rules.catalogue import catalogue
from geo.landuse.rules.kinds import DATE
from tests.landuse.told import background

AS_OF = date(2026, 11, 24)
RULES = {rule.id: rule for rule in catalogue().on(AS_OF).values() if rule.method is None}
BACKGROUND = background()
days = st.dates(date(2019, 12, 1), date(2027, 12, 1)) | st.sampled_from(
    [date(2020, 2, 29), date(2024, 2, 29), date(2024, 3, 1)]
)
DATED = ("contract_on", "delivered_on", "agreed_start_on", "started_on", "suspended_since_on", "agreed_completion_on", "completed_on",
         "agreed_production_on", "produced_on", "approved_on", "permit_on")  # fmt: skip


def pause(first: date, last: date | None, *, stops: bool = True) -> Pause:
    name = Problem(zh="原因", en="cause")
    return Pause(
        1,
        first,
        last,
        "PETITION" if stops else "OWNER",
        "GOVERNMENT",
        stops,
        name,
        "o53",
        "8",
        None,
        None,
        now(),
        "clerk",
    )


def clock(dates: dict[str, date], pauses: tuple[Pause, ...] = (), **facts: Any) -> ParcelClock:
    told = {kind: {"value_date": day, "document_no": None, "effective_on": day} for kind, day in dates.items()}
    return ParcelClock(AS_OF, told, {**dates, **facts}, BACKGROUND, pauses, RULES, stopped(pauses))


spans = st.tuples(st.dates(date(2020, 1, 1), AS_OF), st.none() | st.integers(0, 500)).map(
    lambda s: pause(s[0], None if s[1] is None else s[0] + timedelta(days=s[1]))
)


@settings(max_examples=20, deadline=None)
@given(
    st.fixed_dictionaries({}, optional=dict.fromkeys(DATED, days)),
    st.lists(spans, max_size=2),
    st.lists(days, min_size=3, max_size=8),
)
def test_lights_are_what_the_evaluator_says_day_by_day(
    told: dict[str, date], pauses: list[Pause], asked: list[date]
) -> None:
    one = clock(told, tuple(pauses))
    born = min([*told.values(), AS_OF])
    for rule in one.leads:
        pieces = one.lights(rule, born)
        for before, after in zip(pieces, pieces[1:], strict=False):
            assert before.until is not None
            assert before.until < after.first
        for day in [*asked, born, AS_OF]:
            if day < born:
                continue
            said = answer(rule, RULES, one.facts, BACKGROUND.parameters, BACKGROUND.calendar, day, one.stopped)
            lit = [p for p in pieces if p.first <= day and (p.until is None or day <= p.until)]
            assert [(p.result, p.level) for p in lit] == ([(said.result, said.level)] if said.holds == "yes" else []), (
                rule.id,
                day,
            )


@settings(max_examples=20, deadline=None)
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(DATED, days)), st.lists(spans, max_size=2), spans)
def test_a_preview_says_what_saving_will_say(told: dict[str, date], standing: list[Pause], added: Pause) -> None:
    before = clock(told, tuple(standing))
    found = effect(before, before.with_pauses([*standing, added]))
    saved = clock(told, (*standing, added))
    for moved in found.moved:
        assert saved.moved_values()[moved.rule.id, moved.value] == (moved.after or date.max)
        assert moved.days is None or moved.days > 0, "a pause never brings a day forward"
    changed = {one.rule.id: one.after for one in found.changed}
    for rule in saved.leads:
        was, would = before.says(rule), saved.says(rule)
        assert ((was.holds, was.result, was.level) != (would.holds, would.result, would.level)) == (rule.id in changed)
    assert effect(saved, saved.with_pauses(standing)).moved == tuple(
        replace(m, before=m.after, after=m.before) for m in found.moved
    )
    idle = before.with_pauses([*standing, replace(added, stops_clock=False)])
    assert effect(before, idle).moved == ()


def test_a_day_moves_by_the_days_of_the_pause() -> None:
    told = {"contract_on": date(2023, 1, 10), "agreed_start_on": date(2024, 3, 1)}
    one = clock(told)
    found = effect(one, one.with_pauses([pause(date(2024, 1, 1), date(2024, 6, 15))]))
    start = next(m for m in found.moved if m.value == "start_due_on")
    assert (start.before, start.after, start.days) == (date(2024, 3, 1), date(2024, 8, 15), 167)
    (due,) = one.with_pauses([pause(date(2024, 1, 1), date(2024, 6, 15))]).dues()
    assert (due.agreed_on, due.plain_on, due.on, due.days_moved) == (
        date(2024, 3, 1),
        date(2024, 3, 1),
        date(2024, 8, 15),
        167,
    )
    (open_,) = one.with_pauses([pause(date(2024, 1, 1), None)]).dues()
    assert (open_.on, open_.days_moved) == (None, None)


def test_contradictions_are_told_with_their_days() -> None:
    told = {"delivered_on": date(2022, 5, 1), "started_on": date(2022, 2, 1), "contract_on": date(2022, 2, 1)}
    assert contradictions(told) == [Contradiction("delivered_on", "started_on", 89)]
    assert contradictions({"delivered_on": date(2022, 2, 1), "started_on": date(2022, 2, 1)}) == [], (
        "the same day is none"
    )
    assert contradictions({}) == []


def test_the_events_are_dates_the_rules_know() -> None:
    inputs = catalogue().vocabulary.inputs
    kinds = {kind.fact: kind for kind in event_kinds()}
    for kind in kinds.values():
        assert kind.fact not in inputs or inputs[kind.fact].kind == DATE
        assert kind.lane in ("agreed", "actual")
        if kind.due is not None:
            assert kind.due[1] in RULES[kind.due[0]].values
        assert kind.against is None or kind.against in kinds
    assert {fact for pair in expected_order() for fact in pair} <= set(kinds)
