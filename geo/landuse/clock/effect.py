"""What telling, ending or taking back a pause would change: the same rules asked twice, before and after. Nothing is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from geo.landuse.clock.parcel_clock import ParcelClock
from geo.landuse.rules.answer import Answer
from geo.landuse.rules.periods import NEVER
from geo.landuse.rules.rule import Rule


@dataclass(frozen=True, slots=True)
class MovedDay:
    """A day of a rule that would move. None: it does not come while the clock stands."""

    rule: Rule
    value: str
    before: date | None
    after: date | None

    @property
    def days(self) -> int | None:
        """By how many days it moves, positive for later; None where one of the two does not come."""
        return None if self.before is None or self.after is None else (self.after - self.before).days


@dataclass(frozen=True, slots=True)
class ChangedLead:
    """A lead that would answer otherwise today."""

    rule: Rule
    before: Answer
    after: Answer


@dataclass(frozen=True, slots=True)
class Effect:
    """Days that would move, in the order of their rules, and leads that would change."""

    moved: tuple[MovedDay, ...]
    changed: tuple[ChangedLead, ...]


def effect(before: ParcelClock, after: ParcelClock) -> Effect:
    """The difference between two clocks of one parcel on one day."""
    one, two = before.moved_values(), after.moved_values()
    moved = [
        MovedDay(before.rules[key[0]], key[1], _day(one[key]), _day(two[key]))
        for key in one
        if key in two and one[key] != two[key]
    ]
    changed = []
    for rule in before.leads:
        was, would = before.says(rule), after.says(rule)
        if (was.holds, was.result, was.level) != (would.holds, would.result, would.level):
            changed.append(ChangedLead(rule, was, would))
    return Effect(tuple(moved), tuple(changed))


def _day(value: date) -> date | None:
    return None if value == NEVER else value
