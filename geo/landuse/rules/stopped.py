"""A clock that stands still on some days: when a period ends, and how many of its years ran (register.extended, running_years)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from geo.landuse.rules.periods import NEVER, add_months, full_years

DAY = timedelta(days=1)
STOPPED = "CLOCK_STOPPED"
"""Shown in place of a day that does not come while a pause without end stands."""


@dataclass(frozen=True, slots=True)
class Pauses:
    """Days of one parcel that do not count, in order, apart from one another; both ends included, NEVER = no end.

    Made by `of`: overlapping and adjoining pauses are one, so that no day is counted twice.
    """

    spans: tuple[tuple[date, date], ...] = field(default=())

    @classmethod
    def of(cls, pauses: Iterable[tuple[date, date | None]]) -> Pauses:
        """Pauses as they were told: first day, last day (None = still standing), in any order."""
        merged: list[tuple[date, date]] = []
        for first, last in sorted((first, last or NEVER) for first, last in pauses):
            if merged and (merged[-1][1] == NEVER or first <= merged[-1][1] + DAY):
                merged[-1] = (merged[-1][0], max(merged[-1][1], last))
            else:
                merged.append((first, last))
        return cls(tuple(merged))

    def extended(self, start: date, end: date) -> date:
        """The first day D >= end such that (start, D] has as many days outside the pauses as (start, end] has days; or NEVER."""
        if start >= end:
            return end
        for first, last in self.spans:
            lost = max(first, start + DAY)
            if end == NEVER or lost > end:
                return end
            if last == NEVER:
                return NEVER
            if last >= lost:
                days = last - lost + DAY
                if days >= NEVER - end:
                    return NEVER
                end += days
        return end

    def running_years(self, start: date, end: date) -> int | None:
        """Full years of (start, end] that ran: the greatest n for which `end` is past the n-th year with its pauses.

        None when the end never comes; no year has run of a period that never begins.
        """
        if start == NEVER or end == NEVER:
            return 0 if start == NEVER else None
        years = full_years(start, end)
        while years and end <= self.extended(start, add_months(start, 12 * years)):
            years -= 1
        return years

    def shown(self) -> str:
        """As an answer shows them: 2022-02-10/2022-05-20, 2026-03-01/.. (both days do not count)."""
        return ", ".join(f"{first}/{'..' if last == NEVER else last}" for first, last in self.spans)


NONE = Pauses()
