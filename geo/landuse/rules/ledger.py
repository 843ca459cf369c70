"""The facts of one parcel that hold on a day, as known at an instant: what register.effective_facts says, for the pure evaluator."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from geo.landuse.rules.kinds import Scalar, usable


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
