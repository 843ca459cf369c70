"""How a case shows: phases walked, days left as shape and words, steps that may come with the forms they need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from geo.landuse.cases.case import Case
from geo.landuse.cases.deadlines import Deadline, Status
from geo.landuse.cases.machine import Machine, Transition
from geo.landuse.rules.answer import Answer
from map_frontend.style.palette import UNKNOWN, Mark, Shape
from map_frontend.words import Words

SOON_DAYS = 7
"""From so many days before a deadline on its mark changes; a matter of the screen, not of the law."""

LEFT = MappingProxyType(
    {
        "overdue": Mark("light-red", Shape.SQUARE),
        "soon": Mark("light-yellow", Shape.TRIANGLE),
        "running": Mark("light-info", Shape.CIRCLE),
        "frozen": Mark("status-unknown", Shape.BAR),
        "unknown": UNKNOWN,
        "met": Mark("status-available", Shape.CIRCLE),
        "late": Mark("status-unknown", Shape.TRIANGLE),
        "dropped": Mark("status-unknown", Shape.CROSS),
    }
)
"""How a deadline stands, by colour and by shape."""

PHASES: tuple[tuple[str, frozenset[str]], ...] = (
    ("lead", frozenset({"SUSPECTED"})),
    ("investigation", frozenset({"INVESTIGATING"})),
    ("determination", frozenset({"DETERMINED"})),
    ("publication", frozenset({"PUBLISHED"})),
    ("disposal", frozenset({"DISPOSAL_APPROVED", "FEE_DECIDED", "FEE_PAID", "TAKE_BACK_DECIDED", "MONITORING"})),
    ("end", frozenset({"DISMISSED", "REMEDIED", "RECOVERED", "CLOSED"})),
)
"""The six phases people speak of, and the states in each."""

DISPUTE_STEPS = ("DISPUTE_FILED", "DEADLINES_FROZEN", "DEADLINES_THAWED", "DISPUTE_SETTLED")


@dataclass(frozen=True, slots=True)
class Left:
    """How much time a deadline leaves: mark and words."""

    status: str
    mark: Mark
    text: str


def left_of(due: Deadline, words: Words) -> Left:
    """Days left of a deadline, as shape and words."""
    status = due.status.value
    if due.status is Status.RUNNING and due.days_left is not None and due.days_left <= SOON_DAYS:
        status = "soon"
    days = abs(due.days_left or 0)
    key = "today" if status == "soon" and days == 0 else due.status.value
    met = words.day(due.met_on)
    return Left(status, LEFT[status], words(f"cases.left.{key}", days=days, on=met))


def spans(words: Words, shown: str) -> str:
    """Spans of days as a frozen answer has them (2022-02-10/2022-05-20, 2026-03-01/..), as a reader writes them."""
    told = []
    for span in shown.split(", "):
        first, _, last = span.partition("/")
        told.append(
            words("item.span_open", first=first) if last == ".." else words("item.span", first=first, last=last)
        )
    return (", " if words.lang == "en" else "、").join(told)


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase of a case: `how` is done, current, later or skipped; since when, and in which state."""

    code: str
    how: str
    since_on: date | None
    state: str | None


def phases(case: Case) -> list[Phase]:
    """The six phases as the case walked them."""
    reached: dict[str, tuple[date, str]] = {}
    for event in case.events:
        for code, states in PHASES:
            if event.to_state in states and (code not in reached or event.to_state != event.from_state):
                reached[code] = (reached[code][0] if code in reached else event.happened_on, event.to_state)
    codes = [code for code, _ in PHASES]
    current = next((code for code, states in PHASES if case.state in states), codes[0])
    at = codes.index(current)
    return [
        Phase(
            code,
            ("done" if not case.is_open else "current") if number == at else ("done" if code in reached else "skipped") if number < at else "later",
            reached[code][0] if code in reached and number <= at else None,
            case.state if number == at else None,
        )
        for number, code in enumerate(codes)
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class NextStep:
    """A step that may come next. `fields`: what its form asks; `first`: steps that must be recorded before it; `said`: what the rules
    it needs say today; `is_ready`: whether it can be recorded now."""

    event: str
    to_state: str
    keeps_state: bool
    fields: tuple[str, ...]
    causes: tuple[str, ...]
    ways: tuple[str, ...]
    first: tuple[str, ...]
    said: tuple[tuple[str, str, Answer | None], ...]
    transition: Transition

    @property
    def is_ready(self) -> bool:
        """Whether nothing else has to come first."""
        return not self.first and all(answer is not None and answer.holds in wanted for _, wanted, answer in self.said)

    @property
    def is_dispute(self) -> bool:
        """Whether it belongs to a dispute and not to the procedure."""
        return self.event in DISPUTE_STEPS


def following(case: Case, rules: Machine) -> list[Transition]:
    """Steps the machine has from here."""
    return rules.steps(
        case.state, limb=case.limb, cause=case.cause, way=case.way, is_disputed=case.is_disputed, is_frozen=case.is_frozen
    )  # fmt: skip


def next_steps(case: Case, rules: Machine, answers: Mapping[str, Answer], ways: tuple[str, ...]) -> list[NextStep]:
    """What may come next, one entry an event: those that differ by cause or way are one form."""
    grouped: dict[str, list[Transition]] = {}
    for step in following(case, rules):
        grouped.setdefault(step.event, []).append(step)
    stood = {event.event for event in case.events}
    found = []
    for event, steps in grouped.items():
        step = steps[0]
        asked = "cause" in step.evidence
        found.append(
            NextStep(
                event=event,
                to_state=step.to_state,
                keeps_state=step.to_state == case.state,
                fields=step.evidence,
                causes=tuple(cause for s in steps for cause in s.causes or ()) if asked else (),
                ways=ways if "way" in step.evidence else (),
                first=tuple(name for name in step.after if name not in stood),
                said=tuple((rule, "|".join(wanted), answers.get(rule)) for rule, wanted in step.needed_rules().items()),
                transition=step,
            )
        )
    return sorted(found, key=lambda s: (not s.is_ready, s.keeps_state))
