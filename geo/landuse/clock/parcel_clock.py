"""The clock of one parcel at a moment: facts, pauses and parameters, ready for the pure evaluator, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.db import Actor
from geo.landuse.clock.events import EventKind, event_kinds
from geo.landuse.pauses.queries import Pause, pauses_of, stopped
from geo.landuse.queries import PARAMETERS
from geo.landuse.rules.answer import Answer, answer
from geo.landuse.rules.catalogue import catalogue
from geo.landuse.rules.evaluate import Question, evaluate, reads_pauses
from geo.landuse.rules.kinds import Scalar, usable
from geo.landuse.rules.numbers import ParameterRow, Parameters
from geo.landuse.rules.periods import NEVER, Calendar
from geo.landuse.rules.rule import Rule
from geo.landuse.rules.stopped import NONE, Pauses
from geo.registry.queries import facts_of

_COLUMNS = text(
    "select * from register.parcel_columns(:county, cast(array[:parcel] as bigint[]), cast(:known_at as timestamptz))"
)
_CALENDAR = text(
    "select distinct on (day) day, is_working from register.work_calendar "
    "where calendar = 'cn' and recorded_at <= cast(:known_at as timestamptz) order by day, recorded_at desc"
)
LONGEST_CHAIN = 24
"""So many turns of one rule are followed at most; a light turns four or five times in a parcel's life."""


@dataclass(frozen=True, slots=True)
class Due:
    """A day laid down: `agreed_on` as told (None: the rule's own default), `plain_on` without pauses, `on` with them.

    `on` None: the clock stands still, nobody knows the day yet.
    """

    kind: EventKind
    agreed_on: date | None
    plain_on: date
    on: date | None

    @property
    def days_moved(self) -> int | None:
        """By how many days pauses moved it; None while the clock stands."""
        return None if self.on is None else (self.on - self.plain_on).days


@dataclass(frozen=True, slots=True)
class Light:
    """One rule over some days, facts and parameters as they are: `until` is the last day, None = no end is known."""

    rule: Rule
    first: date
    until: date | None
    result: str | None
    level: str | None


@dataclass(frozen=True, slots=True)
class Turn:
    """A later day on which what a lead says changes by itself, and what it says then."""

    on: date
    rule: Rule
    holds: str
    result: str | None
    level: str | None


@dataclass(frozen=True)
class ParcelClock:
    """All that the rules know of one parcel on a civil date. `told`: the row of the ledger behind each fact."""

    as_of: date
    told: Mapping[str, Mapping[str, Any]]
    facts: Mapping[str, Scalar]
    parameters: Parameters
    calendar: Calendar
    pauses: Sequence[Pause]
    rules: Mapping[str, Rule] = field(repr=False)
    stopped: Pauses = NONE

    @property
    def dates(self) -> dict[str, date]:
        """Every told date, by fact kind, usable or not in the rules' sense."""
        return {kind: row["value_date"] for kind, row in self.told.items() if row["value_date"] is not None}

    @property
    def leads(self) -> list[Rule]:
        """The leads in force, by id."""
        return [rule for rule in self.rules.values() if rule.is_lead and rule.method is None]

    def question(self, *, without_pauses: bool = False) -> Question:
        """The question the evaluator answers."""
        pauses = NONE if without_pauses else self.stopped
        return Question(self.as_of, self.facts, self.parameters, self.calendar, self.rules, self.as_of, pauses)

    def with_pauses(self, pauses: Sequence[Pause]) -> ParcelClock:
        """The same parcel, had these pauses been told and no others. Nothing is written."""
        return replace(self, pauses=tuple(pauses), stopped=stopped(pauses))

    def says(self, rule: Rule, on: date | None = None) -> Answer:
        """What a rule says on a day, facts as they are told on the day of the question."""
        day = on or self.as_of
        return answer(rule, self.rules, self.facts, self.parameters, self.calendar, day, self.stopped)

    def dues(self) -> list[Due]:
        """The days laid down that are known, in the order of a parcel's life."""
        plain, moved = self.question(without_pauses=True), self.question()
        found = []
        for kind in event_kinds():
            if kind.due is None or kind.due[0] not in self.rules:
                continue
            tree = self.rules[kind.due[0]].values[kind.due[1]].tree
            before, after = evaluate(tree, plain), evaluate(tree, moved)
            if isinstance(before, date) and isinstance(after, date) and before != NEVER:
                found.append(Due(kind, self.dates.get(kind.fact), before, None if after == NEVER else after))
        return found

    def lights(self, rule: Rule, first: date) -> list[Light]:
        """When a lead holds, from `first` on and as far as it can be told: one piece for each result and level."""
        pieces, day = [], first
        for _ in range(LONGEST_CHAIN):
            said = self.says(rule, day)
            until = None if said.next_on is None else said.next_on - _DAY
            if said.holds == "yes":
                pieces.append(Light(rule, day, until, said.result, said.level))
            if said.next_on is None:
                break
            day = said.next_on
        return pieces

    def turns(self) -> list[Turn]:
        """The days after the day of the question on which a lead turns, the next first."""
        found = []
        for rule in self.leads:
            day = self.says(rule).next_on
            for _ in range(LONGEST_CHAIN):
                if day is None:
                    break
                then = self.says(rule, day)
                found.append(Turn(day, rule, then.holds, then.result, then.level))
                day = then.next_on
        return sorted(found, key=lambda turn: (turn.on, turn.rule.id))

    def moved_values(self) -> dict[tuple[str, str], date]:
        """(rule, value) -> day, for every day of every rule that waits while the clock stands; NEVER: it does not come."""
        q, found = self.question(), {}
        for rule in self.rules.values():
            for name, expression in rule.values.items():
                if reads_pauses(expression.tree, self.rules):
                    value = evaluate(expression.tree, q)
                    if isinstance(value, date):
                        found[rule.id, name] = value
        return found


_DAY = date(2000, 1, 2) - date(2000, 1, 1)


async def parcel_clock(
    connection: AsyncConnection, actor: Actor, county_code: str, parcel_id: int, as_of: date, known_at: datetime | None = None
) -> ParcelClock:  # fmt: skip
    """The clock of a parcel as told on a civil date and known at an instant (None: now); for staff."""
    bound = {"county": county_code, "parcel": parcel_id, "known_at": known_at or "infinity"}
    told = _holding(await facts_of(connection, actor, "parcel", parcel_id), as_of, known_at)
    columns = (await connection.execute(_COLUMNS, bound)).mappings().one_or_none()
    inputs = catalogue().vocabulary.inputs
    facts: dict[str, Scalar] = {}
    for name, row in told.items():
        value = usable(next((row[c] for c in _VALUES if row[c] is not None), None))
        if value is not None and name in inputs:
            facts[name] = value
    for name, column in (columns or {}).items():
        found = usable(column) if isinstance(column, Decimal | int) and name in inputs else None
        if found is not None:
            facts[name] = Fraction(found) if isinstance(found, int) else found
    rows = await connection.execute(PARAMETERS, {"known_at": known_at or "infinity"})
    parameters = Parameters((ParameterRow(*row) for row in rows), county_code)
    calendar = Calendar(dict((await connection.execute(_CALENDAR, bound)).tuples().all()))
    pauses = await pauses_of(connection, parcel_id, as_of=as_of, known_at=known_at)
    rules = {rule.id: rule for rule in catalogue().on(as_of).values() if rule.method is None} if columns else {}
    return ParcelClock(as_of, told, facts, parameters, calendar, tuple(pauses), rules, stopped(pauses))


_VALUES = ("value_date", "value_number", "value_bool", "value_text")


def _holding(
    ledger: Sequence[Mapping[str, Any]], as_of: date, known_at: datetime | None
) -> dict[str, Mapping[str, Any]]:
    """By kind the row that holds: latest effective_on, then latest told; as register.effective_facts chooses."""
    known = [row for row in ledger if known_at is None or row["recorded_at"] <= known_at]
    retracted = {row["retracts_fact_id"] for row in known}
    latest: dict[str, Mapping[str, Any]] = {}
    for row in sorted(known, key=lambda r: (r["effective_on"], r["id"])):
        has_value = any(row[column] is not None for column in _VALUES)
        if has_value and row["effective_on"] <= as_of and row["id"] not in retracted:
            latest[row["kind"]] = row
    return latest
