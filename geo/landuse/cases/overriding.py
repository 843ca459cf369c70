"""Saying of one lead that it is wrong, and taking that back. The lead stays; a row is kept beside it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.db import Actor
from geo.errors import BadInput, Conflict, NotFound, Problem
from geo.landuse.cases.queries import overrides_of
from geo.landuse.commands import recompute
from geo.registry.commands import lock_seen

LONGEST = 4000
_INSERT = text(
    "insert into register.finding_override (county_code, parcel_id, rule_id, reason, document_no, note, retracts_override_id) "
    "values (:county, :parcel, :rule, :reason, :document_no, :note, :retracts)"
)
_LEAD = text(
    "select f.holds from staff_data.findings f "
    "where f.subject_kind = 'parcel' and f.subject_id = :parcel and f.rule_id = :rule and f.holds in ('yes', 'unknown')"
)


async def override(
    connection: AsyncConnection, actor: Actor, county_code: str, code: str, rule_id: str, reason: str | None,
    document_no: str | None, *, version: int, today: date,
) -> int:  # fmt: skip
    """Say of a lead as it stands now that it is wrong; one that has lapsed is replaced. Returns the parcel's version.

    Raises NotFound (parcel, lead), StaleVersion, BadInput (reason), Conflict (there is one already), Forbidden.
    """
    parcel = await lock_seen(connection, actor, "parcels", "parcel", county_code, code, version)
    if not reason or not reason.strip():
        raise BadInput.at("reason", Problem(zh="请写明为什么不对", en="say why it is wrong"))
    _check(reason=reason, document_no=document_no)
    await recompute(connection, county_code, today, [parcel.id])
    if (await connection.execute(_LEAD, {"parcel": parcel.id, "rule": rule_id})).one_or_none() is None:
        raise _no_lead(rule_id)
    stands = (await overrides_of(connection, [parcel.id])).get((parcel.id, rule_id))
    if stands is not None and not stands.is_lapsed:
        raise Conflict.at(
            "rule_id", Problem(zh="这条线索已有人说过不对", en="somebody has said already that this lead is wrong")
        )
    return await _write(
        connection, county_code, parcel.id, rule_id, reason, document_no, None, stands.id if stands is not None else None
    )  # fmt: skip


async def take_override_back(
    connection: AsyncConnection,
    actor: Actor,
    county_code: str,
    code: str,
    rule_id: str,
    note: str | None,
    *,
    version: int,
) -> int:
    """Take back what was said of a lead. Returns the parcel's version; raises as override does."""
    parcel = await lock_seen(connection, actor, "parcels", "parcel", county_code, code, version)
    stands = (await overrides_of(connection, [parcel.id])).get((parcel.id, rule_id))
    if stands is None:
        raise NotFound.at(
            "rule_id",
            Problem(zh="没有可撤回的说明", en="nothing was said of this lead that could be taken back"),
        )
    _check(note=note)
    return await _write(connection, county_code, parcel.id, rule_id, None, None, note, stands.id)


async def _write(
    connection: AsyncConnection, county_code: str, parcel_id: int, rule_id: str, reason: str | None, document_no: str | None,
    note: str | None, retracts: int | None,
) -> int:  # fmt: skip
    await connection.execute(
        _INSERT,
        {
            "county": county_code, "parcel": parcel_id, "rule": rule_id, "reason": reason, "document_no": document_no, "note": note,
            "retracts": retracts,
        },
    )  # fmt: skip
    after = await connection.execute(text("select version from register.parcel where id = :id"), {"id": parcel_id})
    version: int = after.scalar_one()
    return version


def _no_lead(rule_id: str) -> NotFound:
    return NotFound.at(
        "rule_id",
        Problem(zh=f"这宗地现在没有 {rule_id[:64]} 的线索", en=f"this parcel has no lead of {rule_id[:64]} at present"),
    )


def _check(**given: str | None) -> None:
    for name, value in given.items():
        longest = 200 if name == "document_no" else LONGEST
        if value is not None and (len(value) > longest or "\x00" in value):
            raise BadInput.at(
                name,
                Problem(zh="文字过长或含有控制字符", en="the text is too long or holds control characters"),
                Problem(zh=f"至多 {longest} 字", en=f"{longest} characters at most"),
            )
