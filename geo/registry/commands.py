"""Writes to the ledger: a fact is told, or taken back. The database guards types, dates and rights."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.db import Actor
from geo.errors import BadInput, Conflict, Forbidden, NotFound, Problem, StaleVersion
from geo.registry.queries import Item, item
from geo.registry.successors import successors_of


@dataclass(frozen=True, slots=True)
class Told:
    """A fact that was recorded, and the version its subject has now."""

    fact_id: int
    version: int


async def lock_seen(
    connection: AsyncConnection, actor: Actor, collection_id: str, subject_kind: str, county_code: str, code: str, version: int
) -> Item:  # fmt: skip
    """The thing the actor sees, locked to the end of the transaction, if it still has the version the actor saw.

    Raises NotFound, StaleVersion (`extra` holds the current fields and version), Forbidden.
    """
    subject = await item(connection, actor, collection_id, county_code, code)
    locked = await connection.execute(
        text("select version from register.parcel where id = :id for update") if subject_kind == "parcel" else text("select cast(:id as bigint)"),
        {"id": subject.id},
    )  # fmt: skip
    current = locked.scalar_one_or_none() if subject_kind == "parcel" else subject.version
    if current is None:
        raise Forbidden(Problem(zh="无权写入该责任单位的记录", en="no rights to write for this unit"))
    if current != version:
        fresh = await item(connection, actor, collection_id, county_code, code)
        raise StaleVersion(
            Problem(
                zh="您看到的不是最新版本，请核对后再提交",
                en="this is not the version you saw; look again and send again",
            ),
            extra={
                "current": {k: v for k, v in fresh.properties.items() if k not in ("feature", "svg_path", "extra")},
                "current_version": current,
            },
        )
    return subject


async def record_fact(
    connection: AsyncConnection, actor: Actor, collection_id: str, subject_kind: str, county_code: str, code: str, *,
    kind: str, value: str, effective_on: date, version: int, today: date, document_no: str | None = None, note: str | None = None,
) -> Told:  # fmt: skip
    """Record one fact of one thing the actor sees, if the thing still has the version the actor saw.

    Raises NotFound, StaleVersion (`extra` holds the current fields and ETag), BadInput (kind, value, date), Forbidden.
    """
    subject = await lock_seen(connection, actor, collection_id, subject_kind, county_code, code, version)
    if effective_on > today:
        raise BadInput.at(
            "effective_on",
            Problem(
                zh=f"生效日期 {effective_on} 在今天之后", en=f"the effective date {effective_on} lies in the future"
            ),
            Problem(zh=f"不晚于 {today}", en=f"no later than {today}"),
        )
    column, typed = await _typed(connection, subject_kind, kind, value)
    if kind == "succeeded_by":
        await _check_successor(connection, actor, collection_id, county_code, code, value)
    return await _insert(
        connection, subject_kind, subject,
        {"county": county_code, "kind": kind, "value": typed, "on": effective_on, "document_no": document_no, "note": note}, column,
    )  # fmt: skip


async def _check_successor(
    connection: AsyncConnection, actor: Actor, collection_id: str, county_code: str, code: str, successor: str
) -> None:
    """Say in words what the register would refuse: a successor that is not there, is the thing itself, or leads back to it."""
    if successor == code:
        raise BadInput.at("value", Problem(zh="不能由自己承接", en="a thing does not succeed itself"))
    try:
        await item(connection, actor, collection_id, county_code, successor)
    except NotFound as unseen:
        raise BadInput.at(
            "value", unseen.message, Problem(zh="已登记的新编号", en="a new code that is in the register")
        ) from None
    if code in {s.code for s in await successors_of(connection, actor, collection_id, county_code, successor)}:
        raise BadInput.at(
            "value",
            Problem(
                zh=f"“{successor[:64]}”已由“{code[:64]}”承接",
                en=f"'{successor[:64]}' was itself succeeded by '{code[:64]}'",
            ),
        )


async def retract_fact(
    connection: AsyncConnection, actor: Actor, collection_id: str, subject_kind: str, county_code: str, code: str, fact_id: int, *,
    version: int, today: date, note: str | None = None,
) -> Told:  # fmt: skip
    """Take back one fact of a thing: a new fact says so, the old one stays readable.

    Raises NotFound (thing, fact), StaleVersion, Conflict (taken back already), Forbidden.
    """
    subject = await lock_seen(connection, actor, collection_id, subject_kind, county_code, code, version)
    row = (
        await connection.execute(
            text(
                f"select kind, retracts_fact_id, retracted_by_fact_id from {actor.read_schema}.facts "
                "where id = :id and county_code = :county and subject_kind = :kind and subject_id = :subject"
            ),
            {"id": fact_id, "county": county_code, "kind": subject_kind, "subject": subject.id},
        )
    ).one_or_none()
    if row is None or row.retracts_fact_id is not None:
        raise NotFound.at("retracts", Problem(zh=f"没有编号为 {fact_id} 的事实", en=f"there is no fact {fact_id}"))
    if row.retracted_by_fact_id is not None:
        raise Conflict(Problem(zh="这条事实已经撤回", en="this fact has been taken back already"))
    return await _insert(
        connection, subject_kind, subject,
        {"county": county_code, "kind": row.kind, "on": today, "document_no": None, "note": note, "retracts_fact_id": fact_id},
    )  # fmt: skip


async def _insert(
    connection: AsyncConnection, subject_kind: str, subject: Item, values: dict[str, Any], column: str | None = None
) -> Told:
    """Write a row of the ledger; `column` is the one its value goes to, bound as `value`."""
    columns = {
        "county_code": "county",
        "kind": "kind",
        "effective_on": "on",
        "document_no": "document_no",
        "note": "note",
    }
    columns |= {column: "value"} if column else {"retracts_fact_id": "retracts_fact_id"}
    try:
        fact_id = (
            await connection.execute(
                text(f"insert into register.fact (subject_kind, subject_id, {', '.join(columns)}) "
                     f"values (:subject_kind, :subject_id, {', '.join(f':{name}' for name in columns.values())}) returning id"),
                values | {"subject_kind": subject_kind, "subject_id": subject.id},
            )
        ).scalar_one()  # fmt: skip
    except DBAPIError as error:
        if "row-level security" in str(error.orig):
            raise Forbidden(Problem(zh="无权写入该责任单位的记录", en="no rights to write for this unit")) from error
        raise
    after = (
        await connection.execute(
            text(f"select version from register.{subject_kind} where id = :id"), {"id": subject.id}
        )
    ).scalar_one()
    return Told(fact_id, after)


async def _typed(connection: AsyncConnection, subject_kind: str, kind: str, value: str) -> tuple[str, Any]:
    """The value column of a fact kind and the value in it; raises BadInput that names what would be right."""
    row = (
        await connection.execute(
            text("select value_type, code_list, subject_kinds from register.fact_kind where code = :kind"),
            {"kind": kind},
        )
    ).one_or_none()
    if row is None or subject_kind not in row.subject_kinds:
        raise BadInput.at("kind", Problem(zh=f"没有“{kind[:64]}”这种事实", en=f"there is no fact kind '{kind[:64]}'"))
    if row.value_type == "date":
        try:
            return "value_date", date.fromisoformat(value)
        except ValueError:
            raise BadInput.at(
                "value",
                Problem(zh="值不是日期", en="the value is not a date"),
                Problem(zh="如 2026-03-15", en="such as 2026-03-15"),
            ) from None
    if row.value_type == "number":
        try:
            number = Decimal(value)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            raise BadInput.at("value", Problem(zh="值不是数字", en="the value is not a number"))
        return "value_number", number
    if row.value_type == "code":
        known = (
            (
                await connection.execute(
                    text("select code from register.code_value where list_code = :list order by sort_no"),
                    {"list": row.code_list},
                )
            )
            .scalars()
            .all()
        )
        if value not in known:
            names = ", ".join(known)
            raise BadInput.at(
                "value",
                Problem(zh=f"代码表中没有“{value[:64]}”", en=f"'{value[:64]}' is not in the code list"),
                Problem(zh=names, en=names),
            )
        return "value_text", value
    if not value or len(value) > 4000 or "\x00" in value:
        raise BadInput.at("value", Problem(zh="文字为空或过长", en="the text is empty or too long"))
    return "value_text", value
