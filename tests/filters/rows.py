"""A small table with every type, its odd values, and the same rows in Python."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import shapely
from shapely import from_wkt
from sqlalchemy import Connection, text

from geo.filters import Queryable, ValueType


@dataclass(frozen=True, slots=True)
class Range:
    """A daterange: first and last day, None = unbounded; both None and `is_empty` = empty."""

    first: date | None = None
    last: date | None = None
    is_empty: bool = False


COLUMNS = {
    "name": ("text", ValueType.STRING), "code": ("text", ValueType.STRING),
    "floors": ("integer", ValueType.INTEGER), "rooms": ("bigint", ValueType.INTEGER),
    "price": ("numeric", ValueType.NUMBER), "height": ("double precision", ValueType.NUMBER),
    "vacant": ("boolean", ValueType.BOOLEAN), "listed": ("boolean", ValueType.BOOLEAN),
    "built": ("date", ValueType.DATE), "sold": ("date", ValueType.DATE),
    "seen": ("timestamptz", ValueType.TIMESTAMP), "gone": ("timestamptz", ValueType.TIMESTAMP),
    "valid": ("daterange", ValueType.DATE_RANGE), "rented": ("daterange", ValueType.DATE_RANGE),
    "tags": ("text[]", ValueType.STRING_ARRAY), "uses": ("text[]", ValueType.STRING_ARRAY),
    "geom": ("geometry(geometry, 4490)", ValueType.GEOMETRY), "site": ("geometry(geometry, 4490)", ValueType.GEOMETRY),
}  # fmt: skip

QUERYABLES = {name: Queryable(name, kind, f'x."{name}"') for name, (_, kind) in COLUMNS.items()} | {
    "状态": Queryable("name", ValueType.STRING, 'x."name"'),
    "not": Queryable("vacant", ValueType.BOOLEAN, 'x."vacant"'),
}


def _at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type]


WORDS = ["北仑", "北京 100%", "Élan", "elan", "STRASSE", "Straße", "ΟΔΟΣ", "οδος", "a_b", "a\\b", "％", "%", "", "O'Brien",
         "x\ny", "ΣΑΣ", "résumé", "E\u0301lan", None]  # fmt: skip
INTEGERS = [0, 1, -1, 2, 3, 5, 7, -4, 100, 2**31 - 1, -(2**31), None]
BIG = [0, 2**63 - 1, -(2**63), 4, -3, 9, 1, None, 6]
DECIMALS = [
    Decimal(n) for n in ("0", "1", "-1", "2.5", "0.1", "0.3", "-7.25", "1e29", "3", "12345678901234567890.5")
] + [None]
FLOATS = [0.0, -0.0, 0.5, 2.5, -1.25, 1e15, 3.0, None]
FLAGS = [True, False, None]
DAYS = [
    date(2024, 2, 29),
    date(2024, 3, 1),
    date(2020, 1, 1),
    date(1, 1, 1),
    date(9999, 12, 31),
    date(2024, 6, 1),
    None,
]
MOMENTS = [_at(2024, 2, 29, 0, 0), _at(2024, 2, 29, 23, 59, 59, 999999), _at(2024, 3, 1, 12), _at(2024, 2, 28, 16),
           _at(1, 1, 3), _at(9999, 12, 30, 23, 59, 59), _at(2020, 1, 1), None]  # fmt: skip
RANGES = [Range(date(2024, 2, 29), date(2024, 3, 1)), Range(date(2024, 3, 1), date(2024, 3, 1)), Range(None, date(2024, 6, 1)),
          Range(date(2020, 1, 1), None), Range(None, None), Range(is_empty=True), None]  # fmt: skip
TAGS = [["a", "b"], ["a"], [], ["b", "a", "a"], ["水", "电"], [None], ["a", None], None]
SHAPES = [from_wkt(w) for w in (
    "POINT(1 1)", "POINT(2 3)", "LINESTRING(0 0,4 4)", "LINESTRING(0 4,4 0)", "POLYGON((0 0,2 0,2 2,0 2,0 0))",
    "POLYGON((2 0,4 0,4 2,2 2,2 0))", "POLYGON((1 1,3 1,3 3,1 3,1 1))", "MULTIPOINT((0 0),(1 1))",
    "MULTILINESTRING((0 0,1 0),(2 2,3 3))", "MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((3 3,4 3,4 4,3 3)))",
    "GEOMETRYCOLLECTION(POINT(1 1),POLYGON((0 0,2 0,2 2,0 2,0 0)),POLYGON((1 1,3 1,3 3,1 3,1 1)))",
    "POLYGON((0 0,4 0,4 4,0 4,0 0),(1 1,3 1,3 3,1 3,1 1))",
)] + [None]  # fmt: skip

_VALUES: dict[str, tuple[list[Any], int]] = {
    "name": (WORDS, 1), "code": (WORDS, 5), "floors": (INTEGERS, 1), "rooms": (BIG, 1), "price": (DECIMALS, 1),
    "height": (FLOATS, 1), "vacant": (FLAGS, 1), "listed": (FLAGS, 2), "built": (DAYS, 1), "sold": (DAYS, 3),
    "seen": (MOMENTS, 1), "gone": (MOMENTS, 3), "valid": (RANGES, 1), "rented": (RANGES, 2), "tags": (TAGS, 1),
    "uses": (TAGS, 3), "geom": (SHAPES, 1), "site": (SHAPES, 5),
}  # fmt: skip
COUNT = 120

ROWS: list[dict[str, Any]] = [
    {name: values[(i * step + i // len(values)) % len(values)] for name, (values, step) in _VALUES.items()}
    for i in range(COUNT)
]
"""Row number -> column -> value; the steps differ so that values meet in many ways."""


def fill(connection: Connection, table: str) -> None:
    """A temporary table of ROWS with `id` = row number."""
    declared = ", ".join(f'"{name}" {sql_type}' for name, (sql_type, _) in COLUMNS.items())
    connection.execute(text(f"create temporary table {table} (id integer, {declared})"))
    targets = ", ".join(f"cast(:{name} as {sql_type.split('(')[0]})" for name, (sql_type, _) in COLUMNS.items())
    insert = text(f"insert into {table} values (:id, {targets})")
    connection.execute(insert, [{"id": i} | {c: _sent(v) for c, v in row.items()} for i, row in enumerate(ROWS)])


def _sent(value: Any) -> Any:
    if isinstance(value, Range):
        return "empty" if value.is_empty else f"[{value.first or ''},{value.last or ''}]"
    return (
        shapely.to_wkb(shapely.set_srid(value, 4490), hex=True, include_srid=True)
        if isinstance(value, shapely.Geometry)
        else value
    )
