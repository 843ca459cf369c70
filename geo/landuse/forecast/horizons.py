"""How far ahead a county looks: dated parameters, the county's own before the general ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.errors import BadInput, Problem

_HORIZONS = text(
    "select distinct on (key) key, value_num from register.parameter where key like 'forecast.%' and effective_on <= :as_of "
    "and (county_code = :county or county_code is null) order by key, county_code nulls last, effective_on desc, recorded_at desc"
)
OFFERED = "forecast.within_days."


@dataclass(frozen=True, slots=True)
class Horizons:
    """Days a reader may choose from, in order; days turns are kept for; days before a date that a calendar reminds."""

    within_days: tuple[int, ...]
    kept_days: int
    alarm_days: int

    @property
    def usual(self) -> int:
        """The one shown first: in the middle."""
        return self.within_days[len(self.within_days) // 2]

    def chosen(self, given: str | None) -> int:
        """Days ahead as a reader asks for them, 1 to `kept_days`; the usual ones without. Raises BadInput."""
        if given is None or given == "":
            return self.usual
        return whole_days(given, self.kept_days)


def whole_days(given: str, most: int = 999_999) -> int:
    """A number of days from 1 to `most` as somebody writes it; raises BadInput."""
    if not (given.isascii() and given.isdigit()) or not 1 <= int(given[:7]) <= most:
        raise BadInput.at(
            "within_days",
            Problem(zh=f"within_days“{given[:32]}”不是可用的天数", en=f"within_days '{given[:32]}' is no number of days that is kept"),
            Problem(zh=f"1 至 {most} 的整数", en=f"a whole number from 1 to {most}"),
        )  # fmt: skip
    return int(given)


async def horizons(connection: AsyncConnection, county_code: str, as_of: date) -> Horizons:
    """The horizons of a county on a day."""
    rows = await connection.execute(_HORIZONS, {"county": county_code, "as_of": as_of})
    found: Mapping[str, Any] = {key: int(value) for key, value in rows}
    offered = sorted(days for key, days in found.items() if key.startswith(OFFERED))
    return Horizons(tuple(offered), found["forecast.kept_days"], found["forecast.alarm_days"])
