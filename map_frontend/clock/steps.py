"""The steps of a parcel's case, and the deadlines that run, as events of its story."""

from __future__ import annotations

from collections.abc import Iterable

from geo.landuse.cases.case import Case
from map_frontend.clock.story import Event
from map_frontend.words import Words

LANE = "case"


def steps_of(case: Case | None, words: Words) -> Iterable[Event]:
    """What was done in the case by the day it was read for, and by when the next step is due; nothing without a case."""
    if case is None:
        return
    for step in case.events:
        yield Event(
            key=f"step-{step.id}", lane=LANE, kind=step.event, on=step.happened_on, until=None,
            title=words.code("idle_case_event", step.event), when=words.day(step.happened_on), source=step.document_no or "",
        )  # fmt: skip
    for deadline in case.deadlines if case.is_open else ():
        if deadline.is_waiting and deadline.due_on is not None:
            due = words.day(deadline.due_on)
            late = deadline.days_left is not None and deadline.days_left < 0
            yield Event(
                key=f"due-{deadline.code}", lane=LANE, kind="deadline", on=deadline.due_on, until=None,
                title=deadline.name.text(words.lang), when=due, is_hollow=True,
                note=words("clock.step_late", n=-(deadline.days_left or 0)) if late else words("clock.step_due"),
            )  # fmt: skip
