"""Telling of a pause: a new one, the end or the correction of one told before, or taking one back. Nothing is overwritten."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.clock import EARLIEST, LATEST
from geo.db import Actor
from geo.errors import BadInput, Conflict, NotFound, Problem
from geo.landuse.commands import recompute
from geo.registry.commands import lock_seen

LONGEST_NOTE = 4000
LONGEST_NUMBER = 200
_INSERT = text(
    "insert into register.clock_pause (county_code, parcel_id, from_on, to_on, cause, document_no, note, retracts_pause_id) "
    "values (:county, :parcel, :from_on, :to_on, :cause, :document_no, :note, :retracts) returning id"
)
_TARGET = text(
    "select from_on, to_on, cause, document_no, note, retracted_by_pause_id from staff_data.clock_pauses "
    "where county_code = :county and parcel_id = :parcel and id = :id"
)
_ROW = text(
    "select retracted_by_pause_id from staff_data.clock_pauses where county_code = :county and parcel_id = :parcel and id = :id"
)
_TAKEN_BACK_BY = text(
    "select from_on, to_on, cause, document_no, note from staff_data.clock_pauses "
    "where county_code = :county and parcel_id = :parcel and retracted_by_pause_id = :id"
)


@dataclass(frozen=True, slots=True)
class Told:
    """What a clerk says of a pause. Of one that is corrected, what is None stays as it was told."""

    from_on: date | None = None
    to_on: date | None = None
    cause: str | None = None
    document_no: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """The row of the ledger, and the version its parcel has now."""

    pause_id: int
    version: int


async def record_pause(
    connection: AsyncConnection, actor: Actor, county_code: str, code: str, told: Told, *, version: int, today: date,
    retracts: int | None = None, is_whole: bool = False,
) -> Recorded:  # fmt: skip
    """Record a pause of a parcel, or with `retracts` the end or correction of one, and bring the parcel's leads up to date.

    Of one that is corrected what `told` leaves out stays, unless it `is_whole`: then left out means not so (no last day).

    Raises NotFound (parcel, pause), StaleVersion, BadInput (days, cause), Conflict (retracted already), Forbidden.
    """
    parcel = await lock_seen(connection, actor, "parcels", "parcel", county_code, code, version)
    if retracts is not None:
        before = await _standing(connection, county_code, parcel.id, retracts)
        if not is_whole:
            given = {name: value for name in Told.__slots__ if (value := getattr(told, name)) is not None}
            told = replace(before, **given)
    await check_told(connection, told, today)
    values = {name: getattr(told, name) for name in Told.__slots__}
    return await _write(connection, county_code, parcel.id, today, values, retracts)


async def retract_pause(
    connection: AsyncConnection, actor: Actor, county_code: str, code: str, pause_id: int, *, version: int, today: date,
    note: str | None = None,
) -> Recorded:  # fmt: skip
    """Take a pause back, as if it had not been told; what was known before keeps it. Raises as record_pause does."""
    parcel = await lock_seen(connection, actor, "parcels", "parcel", county_code, code, version)
    await _standing(connection, county_code, parcel.id, pause_id)
    _check_text(Told(note=note))
    values = dict.fromkeys(Told.__slots__) | {"note": note}
    return await _write(connection, county_code, parcel.id, today, values, pause_id)


async def undo_pause(
    connection: AsyncConnection, actor: Actor, county_code: str, code: str, row_id: int, *, version: int, today: date
) -> Recorded:  # fmt: skip
    """Undo one row of the ledger by a further row: what it corrected or took back stands again, what it told anew is gone.

    Raises NotFound, StaleVersion, Conflict (it is corrected, taken back or undone already), Forbidden.
    """
    parcel = await lock_seen(connection, actor, "parcels", "parcel", county_code, code, version)
    asked = {"county": county_code, "parcel": parcel.id, "id": row_id}
    taken_back = (await connection.execute(_TAKEN_BACK_BY, asked)).one_or_none()
    row = (await connection.execute(_ROW, asked)).one_or_none()
    if row is None and taken_back is None:
        raise _no_such(row_id)
    if row is not None and row.retracted_by_pause_id is not None:
        raise _over()
    before = None if taken_back is None else {name: getattr(taken_back, name) for name in Told.__slots__}
    values: dict[str, object] = before or dict.fromkeys(Told.__slots__)
    return await _write(connection, county_code, parcel.id, today, values, None if row is None else row_id)


async def _write(
    connection: AsyncConnection, county_code: str, parcel_id: int, today: date, values: dict[str, object], retracts: int | None
) -> Recorded:  # fmt: skip
    pause_id = (
        await connection.execute(_INSERT, {"county": county_code, "parcel": parcel_id, "retracts": retracts, **values})
    ).scalar_one()
    await recompute(connection, county_code, today, [parcel_id])
    after = await connection.execute(text("select version from register.parcel where id = :id"), {"id": parcel_id})
    return Recorded(pause_id, after.scalar_one())


async def _standing(connection: AsyncConnection, county_code: str, parcel_id: int, pause_id: int) -> Told:
    """A pause of the parcel as it was told; raises NotFound, Conflict when it is retracted already."""
    asked = {"county": county_code, "parcel": parcel_id, "id": pause_id}
    row = (await connection.execute(_TARGET, asked)).one_or_none()
    if row is None:
        raise _no_such(pause_id)
    if row.retracted_by_pause_id is not None:
        raise _over()
    return Told(row.from_on, row.to_on, row.cause, row.document_no, row.note)


async def check_told(connection: AsyncConnection, told: Told, today: date) -> None:
    """Raise BadInput for days, a cause or a text that no pause can have; what recording checks, for a form that asks first."""
    span = Problem(zh=f"{EARLIEST} 至 {LATEST}", en=f"{EARLIEST} to {LATEST}")
    if told.from_on is None:
        raise BadInput.at(
            "from_on",
            Problem(zh="缺少停表首日", en="the first day of the pause is missing"),
            Problem(zh="如 2026-03-15", en="such as 2026-03-15"),
        )
    for name, day in (("from_on", told.from_on), ("to_on", told.to_on)):
        if day is not None and not EARLIEST <= day <= LATEST:
            raise BadInput.at(name, Problem(zh=f"{day} 超出范围", en=f"{day} is out of range"), span)
    if told.from_on > today:
        raise BadInput.at(
            "from_on",
            Problem(zh=f"停表首日 {told.from_on} 在今天之后", en=f"the first day {told.from_on} lies in the future"),
            Problem(zh=f"不晚于 {today}", en=f"no later than {today}"),
        )
    if told.to_on is not None and told.to_on < told.from_on:
        raise BadInput.at(
            "to_on",
            Problem(zh="停表末日早于首日", en="the last day of the pause is before its first"),
            Problem(zh=f"不早于 {told.from_on}", en=f"no earlier than {told.from_on}"),
        )
    known = (
        (await connection.execute(text("select code from staff_data.pause_causes order by sort_no"))).scalars().all()
    )
    if told.cause not in known:
        listed = ", ".join(known)
        missing = Problem(zh="缺少停表原因", en="the cause of the pause is missing")
        unknown = Problem(
            zh=f"没有“{(told.cause or '')[:64]}”这种停表原因", en=f"there is no cause '{(told.cause or '')[:64]}'"
        )
        raise BadInput.at("cause", unknown if told.cause else missing, Problem(zh=listed, en=listed))
    _check_text(told)


def _check_text(told: Told) -> None:
    for name, value, longest in (("document_no", told.document_no, LONGEST_NUMBER), ("note", told.note, LONGEST_NOTE)):
        if value is not None and (len(value) > longest or "\x00" in value):
            raise BadInput.at(
                name,
                Problem(zh="文字过长或含有控制字符", en="the text is too long or holds control characters"),
                Problem(zh=f"至多 {longest} 字", en=f"{longest} characters at most"),
            )


def _no_such(pause_id: int) -> NotFound:
    return NotFound.at(
        "retracts",
        Problem(zh=f"这宗地没有编号为 {pause_id} 的停表", en=f"this parcel has no pause with the number {pause_id}"),
    )


def _over() -> Conflict:
    return Conflict.at(
        "retracts", Problem(zh="这条停表已经被更正或撤回", en="this pause was corrected or taken back already")
    )
