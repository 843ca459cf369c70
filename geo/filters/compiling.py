"""A tree compiled to the SQL of a WHERE condition: checked whole against the queryables, bound, and total.

Total means: no value in any row can make it raise an error (geo/README.md, rights). The views hide rows in their WHERE, and the
planner may ask a filter about a hidden row first; an error would tell of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from geo.filters import arithmetic, arrays, comparing, matching, spatial, temporal
from geo.filters.kinds import SCALAR, Kind
from geo.filters.queryables import Queryables
from geo.filters.scope import Scope
from geo.filters.tree import ARRAYS, SPATIAL, TEMPORAL, Array, Boolean, Call, Interval, Node, Property, measure


@dataclass(frozen=True, slots=True)
class Compiled:
    """`sql` for SQLAlchemy's text() (`:name` binds), and the bound values, all named `f_...`."""

    sql: str
    values: dict[str, Any]


def compile_filter(
    node: Node, queryables: Queryables, *, geometry_srid: int = 4326, is_north_first: bool = False,
    storage_srid: int = 4490, time_zone: str = "UTC",
) -> Compiled:  # fmt: skip
    """SQL that is true for the rows a filter takes; raises BadInput when it asks what cannot be asked.

    `geometry_srid` is the EPSG code of the CRS geometry literals are in, `is_north_first` whether northing or latitude comes
    first in it (the default is CRS84: longitude first). `time_zone` is whose days dates are, where they meet instants.
    """
    measure(node)
    scope = Scope(queryables, geometry_srid, is_north_first, storage_srid, ZoneInfo(time_zone))
    return Compiled(_condition(node, scope), scope.values)


def _condition(node: Node, scope: Scope) -> str:
    """SQL of type boolean. Recursion is bounded by `measure`."""
    scope.demand(node, Kind.BOOLEAN)
    if isinstance(node, Boolean):
        return "true" if node.value else "false"
    if isinstance(node, Property):
        return f"({scope.column(node).sql})"
    assert isinstance(node, Call)
    if node.op in ("and", "or"):
        return f"({f' {node.op} '.join(_condition(arg, scope) for arg in node.args)})"
    if node.op == "not":
        return f"(not {_condition(node.args[0], scope)})"
    if node.op == "isNull":
        return _is_null(node.args[0], scope)
    if node.op == "like":
        return matching.like(node, scope)
    for operators, compare in ((SPATIAL, spatial.compare), (TEMPORAL, temporal.compare), (ARRAYS, arrays.compare)):
        if node.op in operators:
            return compare(node, scope)
    return comparing.compare(node, scope)


def _is_null(node: Node, scope: Scope) -> str:
    kind = scope.kind(node)
    if isinstance(node, Property):
        return f"({scope.column(node).sql} is null)"
    if kind is Kind.BOOLEAN:
        return f"({_condition(node, scope)} is null)"
    if isinstance(node, Call):
        sql = matching.text(node, scope) if kind is Kind.TEXT else arithmetic.number(node, scope)
        return f"({sql} is null)"
    if isinstance(node, Interval | Array):
        raise scope.wrong_kind(node, *SCALAR, Kind.GEOMETRY)
    return "false"  # a literal is something
