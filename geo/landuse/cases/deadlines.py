"""Days by which the law wants something done in a case: computed from its steps, never stored. Pure.

A period of N days from a step ends on a working day (GEN-03). While deadlines are frozen by hand in a dispute nothing runs; when they
thaw, what was left runs on from that day, again to a working day. A deadline that was past when they froze stays past.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from geo.errors import Problem
from geo.landuse.cases.machine import DeadlineKind, Machine
from geo.landuse.rules.numbers import ParameterRow, Parameters
from geo.landuse.rules.periods import Calendar, later

Span = tuple[date, date | None]
"""Days in which deadlines stood still: from the day of freezing to the day of thawing (None: still)."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a deadline asks of a step: what, on which day, into which state, the day it names."""

    event: str
    to_state: str
    happened_on: date
    new_due_on: date | None


class Status(StrEnum):
    """How a deadline stands on a day."""

    RUNNING = "running"
    OVERDUE = "overdue"
    FROZEN = "frozen"
    UNKNOWN = "unknown"
    MET = "met"
    LATE = "late"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Deadline:
    """One deadline on a day. `due_on` None: it stands still, or `missing` says which parameter nobody told.

    `days_left`: to the last day; what is left while it stands still; negative when it is past. `moved_days`: by how much freezing
    moved it. `is_calendar_known` False: only weekends were counted as rest days in that year (calendar = partial).
    """

    code: str
    name: Problem
    law: str | None
    article: str | None
    confidence: str
    from_on: date
    due_on: date | None
    days_left: int | None
    moved_days: int
    status: Status
    met_on: date | None
    parameter: ParameterRow | None
    missing: str | None
    is_calendar_known: bool

    @property
    def is_waiting(self) -> bool:
        """Whether something is still to be done."""
        return self.status in (Status.RUNNING, Status.OVERDUE, Status.FROZEN, Status.UNKNOWN)


def deadlines(
    steps: Sequence[Step], machine: Machine, parameters: Parameters, calendar: Calendar, as_of: date
) -> tuple[Deadline, ...]:
    """Deadlines of a case whose steps (oldest first, none after `as_of`) these are, by the day they began."""
    stood = _freezes(steps, machine)
    found = [
        _deadline(kind, steps[number:], stood, parameters, calendar, as_of)
        for kind in machine.deadlines
        for number, step in enumerate(steps)
        if step.event == kind.starts
    ]
    return tuple(sorted(found, key=lambda d: (d.from_on, d.code)))


def _deadline(
    kind: DeadlineKind,
    steps: Sequence[Step],
    stood: Sequence[Span],
    parameters: Parameters,
    calendar: Calendar,
    as_of: date,
) -> Deadline:
    start, row, missing = steps[0], None, None
    due = start.new_due_on
    if kind.parameter is not None:
        row = parameters.on(kind.parameter, start.happened_on)
        counted = later("add_days", start.happened_on, row.value) if row is not None else None
        due, missing = (calendar.on_or_after(counted), None) if counted is not None else (None, kind.parameter)
    met_on = next((s.happened_on for s in steps[1:] if s.event in kind.met_by), None)
    left_on = next((s.happened_on for s in steps[1:] if s.to_state not in kind.states), None)
    until = min((day for day in (met_on, left_on) if day is not None), default=as_of)
    first, moved, frozen_left = due, 0, None
    if due is not None:
        due, frozen_left = _frozen(due, start.happened_on, stood, until, calendar, kind.parameter is not None)
        moved = (due - first).days if due is not None and first is not None else 0
    if met_on is not None and (left_on is None or met_on <= left_on):
        status = Status.LATE if due is not None and met_on > due else Status.MET
    elif left_on is not None:
        status = Status.DROPPED
    elif missing is not None:
        status = Status.UNKNOWN
    elif due is None:
        status = Status.FROZEN
    else:
        status = Status.OVERDUE if as_of > due else Status.RUNNING
    left = frozen_left if due is None else (due - as_of).days
    return Deadline(
        kind.code, kind.name, kind.law, kind.article, kind.confidence, start.happened_on, due, left, moved, status, met_on, row,
        missing, kind.parameter is None or due is None or calendar.covers(due),
    )  # fmt: skip


def _freezes(steps: Iterable[Step], machine: Machine) -> list[Span]:
    spans: list[Span] = []
    for step in steps:
        kind = machine.events.get(step.event)
        if kind is None or kind.freezes is None:
            continue
        if kind.freezes:
            spans.append((step.happened_on, None))
        elif spans and spans[-1][1] is None:
            spans[-1] = (spans[-1][0], step.happened_on)
    return spans


def _frozen(
    due: date,
    start: date,
    spans: Iterable[Span],
    until: date,
    calendar: Calendar,
    rolls: bool,
) -> tuple[date | None, int | None]:
    """The day moved by the spans, or None with the days that are left while it stands still."""
    for froze_on, thawed_on in spans:
        begun = max(froze_on, start)
        if begun > until or due < begun or (thawed_on is not None and thawed_on <= begun):
            continue
        left = (due - begun).days
        if thawed_on is None:
            return None, left
        due = thawed_on + timedelta(days=left)
        due = calendar.on_or_after(due) if rolls else due
    return due, None
