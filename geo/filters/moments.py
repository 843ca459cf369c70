"""Dates and instants compared. Where a date meets an instant both are compared as civil dates of the county.

The column is never converted: the literal is turned into the bounds of its day. Two columns of which one holds dates and the
other instants are refused, for a conversion in the row could fail at the ends of time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from geo.filters.faults import NOWHERE, Place, refuse
from geo.filters.kinds import Kind
from geo.filters.scope import Scope
from geo.filters.tree import Date, Node, Open, Property, Timestamp

SQL_TYPE = {Kind.DATE: "date", Kind.TIMESTAMP: "timestamptz"}
_MIRRORED = {"=": "=", "<>": "<>", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
_STATIC: dict[str, Callable[[Any, Any], bool]] = {"=": eq, "<>": ne, "<": lt, ">": gt, "<=": le, ">=": ge}
_DAY = {
    "=": "({0} >= {1} and {0} < {2})", "<>": "({0} < {1} or {0} >= {2})", "<": "({0} < {1})", "<=": "({0} < {2})",
    ">": "({0} >= {2})", ">=": "({0} >= {1})",
}  # fmt: skip
"""An instant against a day that begins at {1} and ends before {2}."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A date, an instant or an open end (kind INTERVAL, value -1 for the beginning of time or 1 for its end).

    Either `sql` (a column) or `value` (a literal) is set.
    """

    kind: Kind
    sql: str | None = None
    value: date | datetime | int | None = None
    at: Place = NOWHERE


BEGINNING = Moment(Kind.INTERVAL, value=-1)
END = Moment(Kind.INTERVAL, value=1)


def moment(node: Node, scope: Scope) -> Moment:
    """The moment a date, an instant or a property of these types stands for; raises BadInput."""
    kind = scope.demand(node, Kind.DATE, Kind.TIMESTAMP)
    if isinstance(node, Date | Timestamp):
        return Moment(kind, value=node.value, at=node.at)
    assert isinstance(node, Property)
    return Moment(kind, sql=scope.column(node).sql, at=node.at)


def end_of_interval(node: Node, scope: Scope, *, is_start: bool) -> Moment:
    """The moment at one end of an interval."""
    if isinstance(node, Open):
        return BEGINNING if is_start else END
    return moment(node, scope)


def relation(op: str, left: Moment, right: Moment, scope: Scope) -> str:
    """SQL of a comparison of two moments."""
    if left.sql is None and right.sql is None:
        return "true" if _STATIC[op](*_alike(left, right, scope)) else "false"
    if left.sql is None:
        return relation(_MIRRORED[op], right, left, scope)
    if right.sql is not None:
        if left.kind is not right.kind:
            raise refuse(
                right.at, "日期属性不能与时刻属性比较", "a property that holds dates against one that holds instants",
                "两侧同为日期或同为时刻", "both of one type",
            )  # fmt: skip
        return f"({left.sql} {op} {right.sql})"
    return _with_literal(op, left, right, scope)


def _with_literal(op: str, left: Moment, right: Moment, scope: Scope) -> str:
    sql_type = SQL_TYPE[left.kind]
    if isinstance(right.value, int):
        return f"({left.sql} {op} cast('{'-' if right.value < 0 else ''}infinity' as {sql_type}))"
    if left.kind is right.kind:
        return f"({left.sql} {op} {scope.bind(right.value, sql_type)})"
    if left.kind is Kind.DATE:
        return f"({left.sql} {op} {scope.bind(_civil(right, scope), sql_type)})"
    day = _civil(right, scope)
    begins = scope.bind(_beginning(day, scope), sql_type)
    ends = (
        "cast('infinity' as timestamptz)"
        if day == date.max
        else scope.bind(_beginning(day + timedelta(days=1), scope), sql_type)
    )
    return _DAY[op].format(left.sql, begins, ends)


def _alike(left: Moment, right: Moment, scope: Scope) -> tuple[Any, Any]:
    """Values of two literals that Python can compare."""
    values = []
    for m in (left, right):
        is_open = isinstance(m.value, int)
        instant = m.value if left.kind is right.kind or is_open else _civil(m, scope)
        values.append((m.value, 0) if is_open else (0, instant))
    if values[0][0] != values[1][0]:
        return values[0][0], values[1][0]
    return values[0][1], values[1][1]


def _civil(m: Moment, scope: Scope) -> date:
    """The civil date of a literal in the zone of the scope."""
    if not isinstance(m.value, datetime):
        assert isinstance(m.value, date)
        return m.value
    try:
        return m.value.astimezone(scope.zone).date()
    except OverflowError:  # the first and the last day Python knows
        return m.value.date()


def _beginning(day: date, scope: Scope) -> datetime:
    """The instant a civil date begins."""
    local = datetime(day.year, day.month, day.day, tzinfo=scope.zone)
    try:
        return local.astimezone(UTC)
    except OverflowError:
        return local.replace(tzinfo=UTC)
