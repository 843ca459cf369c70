"""A case and its steps, as true on a day. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from geo.errors import Problem
from geo.landuse.cases.deadlines import Deadline, Step
from geo.landuse.cases.machine import Machine

LEAD = Problem(zh="线索/预警", en="Lead (warning)")


@dataclass(frozen=True, slots=True)
class Event(Step):
    """A step of a case with its paper. `judged`: what rules said of the parcel on the day, by rule."""

    id: int
    from_state: str | None
    document_no: str | None
    url: str | None
    holder: str | None
    cause: str | None
    way: str | None
    judged: Mapping[str, Any]
    note: str | None
    recorded_at: datetime
    recorded_by: str
    is_sample: bool


@dataclass(frozen=True)
class Case:
    """A case on a civil date: state and flags follow from the steps that stand and had happened by then.

    `finding` is the lead as it stood when the case was opened. `limb`: A not begun, B works stopped. `events`: oldest first.
    """

    id: int
    code: str
    parcel_id: int
    parcel_code: str
    parcel_name: str
    parcel_name_en: str | None
    unit_code: str | None
    town_code: str | None
    as_of: date
    state: str
    is_open: bool
    limb: str | None
    cause: str | None
    way: str | None
    holder: str | None
    opened_on: date
    closed_on: date | None
    idle_since_on: date | None
    finding: Mapping[str, Any]
    determination_no: str | None
    determined_on: date | None
    published_on: date | None
    is_disputed: bool
    is_frozen: bool
    is_sample: bool
    version: int
    events: tuple[Event, ...]
    deadlines: tuple[Deadline, ...]

    @property
    def is_determined(self) -> bool:
        """Whether the determination letter is recorded: only then is it called idle land."""
        return self.determined_on is not None

    @property
    def title(self) -> Problem:
        """线索/预警, or 闲置土地 with the number of the letter (domain.md 1.3)."""
        if not self.is_determined:
            return LEAD
        return Problem(
            zh=f"闲置土地（认定书 {self.determination_no}）", en=f"Idle land (letter {self.determination_no})"
        )

    @property
    def next_deadline(self) -> Deadline | None:
        """The deadline that comes first of those that run or are past; then those that stand still."""
        waiting = [d for d in self.deadlines if d.is_waiting]
        return min(waiting, key=lambda d: (d.due_on is None, d.due_on or date.max, d.code), default=None)


def folded(events: Sequence[Event], machine: Machine) -> dict[str, Any]:
    """What the steps of a case make of it, as register.follow_case_event does: state, flags, cause, way, holder, letter, days."""
    told: dict[str, Any] = dict.fromkeys(
        ("cause", "way", "holder", "determination_no", "determined_on", "published_on")
    )
    told |= {"is_disputed": False, "is_frozen": False}
    for event in events:
        told |= {name: value for name in ("cause", "way", "holder") if (value := getattr(event, name)) is not None}
        kind = machine.events.get(event.event)
        if kind is not None and kind.disputes is not None:
            told["is_disputed"] = kind.disputes
        if kind is not None and kind.freezes is not None:
            told["is_frozen"] = kind.freezes
        if event.event == "LETTER_ISSUED":
            told |= {"determination_no": event.document_no, "determined_on": event.happened_on}
        if event.event == "PUBLICATION":
            told["published_on"] = event.happened_on
    state = events[-1].to_state
    is_open = machine.states[state].is_open if state in machine.states else True
    return told | {"state": state, "is_open": is_open, "closed_on": None if is_open else events[-1].happened_on}
