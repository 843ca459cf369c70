"""What rules say, read and not kept: any rule over any parcels, as true on a day and known at an instant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, text

from geo.landuse.rules.answer import Answer
from geo.landuse.rules.numbers import ParameterRow
from geo.landuse.rules.sql_statements import Statements, statements

NO_COMPILING = text("set local jit = off")
"""Compiling these statements costs more than it saves, most of all for one parcel."""


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
    bound = {
        "county": county_code,
        "as_of": as_of,
        "known_at": known_at or "infinity",
        "ids": None if parcel_ids is None else list(parcel_ids),
    }
    rows = connection.execute((using or statements(as_of)).judge(rule_id), bound).mappings()
    return {row["parcel_id"]: _answer(dict(row), as_of) for row in rows}


def _answer(row: dict[str, Any], as_of: date) -> Answer:
    inputs = {
        name: value if isinstance(value, bool | str) else Decimal(str(value)) for name, value in row["inputs"].items()
    }
    return Answer(
        row["rule_id"], row["rule_version"], as_of, row["holds"], row["result"], row["level"], row["since_on"], row["next_on"],
        tuple(row["missing"]), inputs, row["parameters"], tuple(row["basis"]),
    )  # fmt: skip


def parameter_rows(connection: Connection) -> list[ParameterRow]:
    """Every dated value of every parameter, for the pure evaluator."""
    rows = connection.execute(
        text("select key, county_code, effective_on, value_num, value_den, unit, citation from register.parameter")
    )
    return [ParameterRow(*row) for row in rows]
