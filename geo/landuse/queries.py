"""What rules say, read and not kept: any rule over any parcels, as true on a day and known at an instant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.landuse.rules.answer import Answer, read_inputs
from geo.landuse.rules.numbers import ParameterRow
from geo.landuse.rules.sql_statements import Statements, statements

NO_COMPILING = text("set local jit = off")
"""Compiling these statements costs more than it saves, most of all for one parcel."""
PARAMETERS = text(
    "select distinct on (key, county_code, effective_on) key, county_code, effective_on, value_num, value_den, unit, citation "
    "from register.parameter where recorded_at <= cast(:known_at as timestamptz) "
    "order by key, county_code, effective_on, recorded_at desc"
)
"""Every dated value of every parameter, of each day the last that was recorded by an instant ('infinity' = now)."""


def judge(
    connection: Connection,
    rule_id: str,
    county_code: str,
    as_of: date,
    *,
    known_at: datetime | None = None,
    parcel_ids: Sequence[int] | None = None,
    using: Statements | None = None,
) -> dict[int, Answer]:
    """parcel id -> what the rule says (also where it does not apply), by one statement. KeyError: not in force that day."""
    connection.execute(NO_COMPILING)
    bound = _bound(county_code, as_of, known_at, parcel_ids)
    rows = connection.execute((using or statements(as_of)).judge(rule_id), bound).mappings()
    return {row["parcel_id"]: _answer(dict(row), as_of) for row in rows}


async def leads(
    connection: AsyncConnection,
    county_code: str,
    parcel_ids: Sequence[int] | None,
    as_of: date,
    known_at: datetime | None = None,
) -> dict[int, list[Answer]]:
    """parcel id -> what every lead that applies says, by rule id: one statement, with the rules in force on the day.

    Asked again with the same `known_at` (that every write up to it is seen is settled by `registry.moments.settle`) the answer
    is the same, whatever was recorded since. `parcel_ids` None: all of the county.
    """
    await connection.execute(NO_COMPILING)
    rows = await connection.execute(statements(as_of).judge_leads(), _bound(county_code, as_of, known_at, parcel_ids))
    found: dict[int, list[Answer]] = {}
    for row in rows.mappings():
        found.setdefault(row["parcel_id"], []).append(_answer(dict(row), as_of))
    return found


def _bound(
    county_code: str, as_of: date, known_at: datetime | None, parcel_ids: Sequence[int] | None
) -> dict[str, object]:
    return {
        "county": county_code,
        "as_of": as_of,
        "known_at": known_at or "infinity",
        "ids": None if parcel_ids is None else list(parcel_ids),
    }


def _answer(row: dict[str, Any], as_of: date) -> Answer:
    return Answer(
        row["rule_id"], row["rule_version"], as_of, row["holds"], row["result"], row["level"], row["since_on"], row["next_on"],
        tuple(row["missing"]), read_inputs(row["inputs"]), row["parameters"], tuple(row["basis"]),
    )  # fmt: skip


def parameter_rows(connection: Connection, known_at: datetime | None = None) -> list[ParameterRow]:
    """Every dated value of every parameter, for the pure evaluator."""
    return [ParameterRow(*row) for row in connection.execute(PARAMETERS, {"known_at": known_at or "infinity"})]
