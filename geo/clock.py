"""The only place that asks what time it is: civil dates of a county's zone, and instants in UTC."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

Now: TypeAlias = Callable[[], datetime]
EARLIEST, LATEST = date(1900, 1, 1), date(2999, 12, 31)
"""The civil dates the register reckons with; others are a slip of the pen."""


def now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)


def civil_date(instant: datetime, time_zone: str) -> date:
    """The civil date of an instant in an IANA time zone; a naive instant is refused."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs its offset from UTC")
    return instant.astimezone(ZoneInfo(time_zone)).date()


def today(time_zone: str, at: Now = now) -> date:
    """Today's civil date in an IANA time zone."""
    return civil_date(at(), time_zone)
