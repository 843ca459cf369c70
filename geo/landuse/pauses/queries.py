"""Which days of a parcel do not count, and why: as told on a day and known at an instant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.errors import Problem
from geo.landuse.rules.stopped import Pauses

_COLUMNS = (
    "p.id, p.from_on, p.to_on, p.cause, p.kind, p.stops_clock, p.cause_zh, p.cause_en, p.law, p.article, p.document_no, p.note, "
    "p.recorded_at, p.recorded_by"
)
_OF_PARCEL = text(
    f"select {_COLUMNS} from staff_data.clock_pauses p "
    "where p.parcel_id = :parcel and p.from_on <= :as_of and p.recorded_at <= cast(:known_at as timestamptz) "
    "and (p.retracted_at is null or p.retracted_at > cast(:known_at as timestamptz)) order by p.from_on, p.id"
)
_EVERY = text(
    f"select {_COLUMNS}, p.retracts_pause_id, p.retracted_by_pause_id, p.retracted_at, p.retracted_by "
    "from staff_data.clock_pauses p where p.parcel_id = :parcel order by p.id desc"
)
_CAUSES = text(
    "select code, kind, stops_clock, name, name_en, law, article from staff_data.pause_causes order by sort_no"
)


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a clock may stand. `stops_clock`: the law accepts it (`law`: id in the rules' vocabulary, `article`)."""

    code: str
    kind: str
    stops_clock: bool
    name: Problem
    law: str | None
    article: str | None


@dataclass(frozen=True, slots=True)
class Pause:
    """One pause of one parcel, not retracted. `from_on` and `to_on` both do not count; `to_on` None: the clock still stands."""

    id: int
    from_on: date
    to_on: date | None
    cause: str
    kind: str
    stops_clock: bool
    cause_name: Problem
    law: str | None
    article: str | None
    document_no: str | None
    note: str | None
    recorded_at: datetime
    recorded_by: str

    def days(self) -> int | None:
        """How many days it has, both ends counted; None while it stands."""
        return None if self.to_on is None else (self.to_on - self.from_on).days + 1


async def pauses_of(
    connection: AsyncConnection, parcel_id: int, *, as_of: date, known_at: datetime | None = None
) -> list[Pause]:
    """The pauses of a parcel that had begun by a civil date, as known at an instant (None: now), by their first day.

    For staff: the public has no right to ask. Pauses that do not stop the clock are among them, `stops_clock` tells.
    """
    rows = await connection.execute(
        _OF_PARCEL, {"parcel": parcel_id, "as_of": as_of, "known_at": known_at or "infinity"}
    )
    return [
        Pause(r.id, r.from_on, r.to_on, r.cause, r.kind, r.stops_clock, Problem(zh=r.cause_zh, en=r.cause_en), r.law, r.article,
              r.document_no, r.note, r.recorded_at, r.recorded_by)
        for r in rows
    ]  # fmt: skip


async def every_pause_of(connection: AsyncConnection, parcel_id: int) -> list[dict[str, object]]:
    """The ledger of one parcel, the newest first: retracted pauses too, with what retracted them, when and by whom."""
    return [dict(row) for row in (await connection.execute(_EVERY, {"parcel": parcel_id})).mappings()]


async def causes(connection: AsyncConnection) -> list[Cause]:
    """Every cause a pause may have, in order."""
    return [
        Cause(r.code, r.kind, r.stops_clock, Problem(zh=r.name, en=r.name_en), r.law, r.article)
        for r in await connection.execute(_CAUSES)
    ]


def stopped(pauses: Iterable[Pause]) -> Pauses:
    """The days that do not count, for the pure evaluator: overlapping pauses once, only those with an accepted cause."""
    return Pauses.of((p.from_on, p.to_on) for p in pauses if p.stops_clock)
