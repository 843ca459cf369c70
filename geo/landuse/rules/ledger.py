"""The facts and pauses of one parcel that hold on a day, as known at an instant, for the pure evaluator.

What register.effective_facts and register.parcel_pauses say.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from geo.landuse.rules.kinds import Scalar, usable
from geo.landuse.rules.stopped import Pauses


@dataclass(frozen=True, slots=True)
class Told:
    """One row of the ledger. A row without a value only takes back the one it names."""

    id: int
    kind: str
    value: date | Decimal | bool | str | None
    effective_on: date
    recorded_at: datetime
    retracts: int | None = None


def holding(ledger: Iterable[Told], as_of: date, known_at: datetime | None = None) -> dict[str, Scalar]:
    """By kind the value with the latest effective_on, then the latest told; unusable values are left out. None = known by now."""
    known = [row for row in ledger if known_at is None or row.recorded_at <= known_at]
    retracted = {row.retracts for row in known}
    latest: dict[str, Told] = {}
    for row in sorted(known, key=lambda r: (r.effective_on, r.id)):
        if row.value is not None and row.effective_on <= as_of and row.id not in retracted:
            latest[row.kind] = row
    values = {kind: usable(row.value) for kind, row in latest.items()}
    return {kind: value for kind, value in values.items() if value is not None}


@dataclass(frozen=True, slots=True)
class PauseTold:
    """One row of the ledger of pauses. A row without days only takes back the one it names."""

    id: int
    from_on: date | None
    to_on: date | None
    stops_clock: bool
    recorded_at: datetime
    retracts: int | None = None


def standing(ledger: Iterable[PauseTold], as_of: date, known_at: datetime | None = None) -> Pauses:
    """The days that do not count: of pauses with an accepted cause that had begun by the day. None = known by now."""
    known = [row for row in ledger if known_at is None or row.recorded_at <= known_at]
    retracted = {row.retracts for row in known}
    return Pauses.of(
        (row.from_on, row.to_on)
        for row in known
        if row.from_on is not None and row.from_on <= as_of and row.stops_clock and row.id not in retracted
    )
