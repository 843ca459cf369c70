"""Periods of the Civil Code, exactly as the register's own functions count them (GEN-02, GEN-03).

The starting day is not counted; the last day is the same day N years or months later, or the last day of that month.
"""

from __future__ import annotations

import calendar as months
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from geo.landuse.rules.kinds import LONGEST

NEVER = date.max
"""A day that does not come while the clock stands still (stopped.py); 'infinity' in SQL. No told date is as late."""


def add_months(day: date, count: int) -> date:
    """The last day of a period of months (CIV 201, 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def later(how: str, day: date, count: Fraction) -> date | None:
    """`add_years`, `add_months`, `add_days`; None for a period that is not whole or too long. After NEVER is NEVER."""
    if count.denominator != 1 or abs(count) > LONGEST[how]:
        return None
    if day == NEVER:
        return NEVER
    try:
        if how == "add_days":
            return day + timedelta(days=count.numerator)
        return add_months(day, count.numerator * (12 if how == "add_years" else 1))
    except (OverflowError, ValueError):
        return None


def full_years(start: date, end: date) -> int:
    """Years fully elapsed: the anniversary itself still belongs to the period."""
    years = end.year - start.year
    if end <= add_months(start, 12 * years):
        years -= 1
    return max(0, years)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working days: weekends rest, but for the days the yearly notice of the State Council names."""

    days: Mapping[date, bool] = field(default_factory=dict)
    """Day -> whether people work on it."""

    def is_working(self, day: date) -> bool:
        """Whether people work on a day."""
        return self.days.get(day, day.isoweekday() < 6)

    def covers(self, day: date) -> bool:
        """Whether the notice of that year is known; if not, weekends are all that is known (calendar = partial)."""
        return any(known.year == day.year for known in self.days)

    def on_or_after(self, day: date) -> date:
        """The day, or the next working day when it is a rest day (CIV 203)."""
        while not self.is_working(day):
            day += timedelta(days=1)
        return day

    def between(self, start: date, end: date) -> int | None:
        """Working days after `start` up to and with `end`; None when the two lie over ten years apart."""
        if end - start > timedelta(days=3660):
            return None
        return sum(self.is_working(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))
