"""What is told of parcels on a day, as known at an instant, exact: for asking the pure evaluator about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.landuse.rules.catalogue import catalogue
from geo.landuse.rules.kinds import Scalar, usable
from geo.landuse.rules.stopped import DAY, Pauses

_COLUMNS = text(
    "select * from register.parcel_columns(:county, cast(:ids as bigint[]), cast(:known_at as timestamptz))"
)
_FACTS = text(
    "select subject_id, kind, value_date, value_number, value_bool, value_text "
    "from register.parcel_facts(:county, cast(:ids as bigint[]), cast(:as_of as date), cast(:known_at as timestamptz))"
)
_PAUSES = text(
    "select p.parcel_id, lower(s.span) as first, upper(s.span) as after "
    "from register.parcel_pauses(:county, cast(:ids as bigint[]), cast(:as_of as date), cast(:known_at as timestamptz)) p "
    "cross join lateral unnest(p.pauses) s(span)"
)


@dataclass(slots=True)
class ToldOf:
    """What is told of one parcel and usable: inputs of rules by name, and the days that do not count."""

    facts: dict[str, Scalar] = field(default_factory=dict)
    pauses: Pauses = field(default_factory=Pauses)


async def told_of(
    connection: AsyncConnection,
    county_code: str,
    parcel_ids: Sequence[int],
    as_of: date,
    known_at: datetime | None = None,
) -> dict[int, ToldOf]:
    """parcel id -> what rules may know of it on a day. Staff only."""
    asked = {"county": county_code, "ids": list(parcel_ids), "as_of": as_of, "known_at": known_at or "infinity"}
    columns = {name for name, spec in catalogue().vocabulary.inputs.items() if spec.is_column}
    found: dict[int, ToldOf] = {}
    for row in (await connection.execute(_COLUMNS, asked)).mappings():
        one = found.setdefault(row["id"], ToldOf())
        for name in columns & row.keys():
            if (value := usable(row[name])) is not None:
                one.facts[name] = value
    for parcel_id, kind, *values in await connection.execute(_FACTS, asked):
        value = usable(next((v for v in values if v is not None), None))
        if parcel_id in found and value is not None and kind in catalogue().vocabulary.inputs:
            found[parcel_id].facts[kind] = value
    spans: dict[int, list[tuple[date, date | None]]] = {}
    for parcel_id, first, after in await connection.execute(_PAUSES, asked):
        spans.setdefault(parcel_id, []).append((first, None if after is None else after - DAY))
    for parcel_id, told in spans.items():
        if parcel_id in found:
            found[parcel_id].pauses = Pauses.of(told)
    return found
