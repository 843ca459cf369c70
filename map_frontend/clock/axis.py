"""Civil dates on a line of pixels: the window a reader chose, its ticks, and what falls outside."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

EARLIEST, LATEST = date(1890, 1, 1), date(3010, 12, 31)
"""Ends of any window; told dates lie between 1900 and 2999."""


def clamped(day: date, days: int = 0) -> date:
    """A day moved by so many days, kept within the ends of any window."""
    number = min(max(day.toordinal() + days, EARLIEST.toordinal()), LATEST.toordinal())
    return date.fromordinal(number)


def months_later(day: date, count: int) -> date:
    """The same day so many months later, or the last day of that month; kept within the ends of any window."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    if not EARLIEST.year < year < LATEST.year:
        return EARLIEST if year <= EARLIEST.year else LATEST
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Axis:
    """Days `first` to `last` (last > first) on the pixels `left` to `right`."""

    first: date
    last: date
    left: float
    right: float

    def holds(self, day: date) -> bool:
        """Whether a day lies in the window."""
        return self.first <= day <= self.last

    def x(self, day: date) -> float:
        """Where a day lies, kept within the frame; later days never lie further left."""
        share = (day - self.first).days / (self.last - self.first).days
        return round(self.left + min(max(share, 0.0), 1.0) * (self.right - self.left), 2)


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the scale. `month` None: the beginning of a year."""

    on: date
    x: float
    month: int | None


STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200)
"""Months between two ticks."""


def ticks(axis: Axis, least: float) -> list[Tick]:
    """First days of months or years, at least `least` pixels apart; the scale is chosen by the window."""
    per_month = (axis.right - axis.left) / max((axis.last - axis.first).days / 30.44, 0.1)
    step = next((s for s in STEPS if s * per_month >= least), STEPS[-1])
    day = date(axis.first.year - axis.first.year % max(step // 12, 1), 1, 1)
    found: list[Tick] = []
    while day <= axis.last:
        if day >= axis.first:
            x = axis.x(day)
            if not found or x - found[-1].x >= least * 0.9:
                found.append(Tick(day, x, None if day.month == 1 else day.month))
        after = months_later(day, step)
        if after <= day or after.day != 1:
            break
        day = after
    return found


def window(zoom: str, today: date, days: list[date], coming: list[date]) -> tuple[date, date]:
    """First and last day of a zoom: `life` (all of it), `recent` (18 months back), `ahead` (a year on)."""
    if zoom == "recent":
        return months_later(today, -18), months_later(today, 3)
    if zoom == "ahead":
        return months_later(today, -1), months_later(today, 13)
    first, last = min([*days, today]), max([*days, *coming, today])
    room = max((last - first).days // 12, 45)
    return clamped(first, -max(room // 4, 20)), clamped(last, room)


def days_between(first: date, last: date) -> int:
    """Days of a span, both ends counted."""
    return (last - first + timedelta(days=1)).days
