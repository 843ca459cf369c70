"""The tree of a filter: what text and JSON are read to. Two trees are equal when they say the same, wherever it stood.

Operators are named as in CQL2 JSON ('and', 'isNull', 's_intersects', '+'). Numbers are exact decimals, instants are aware
datetimes in UTC, coordinates stand in the order they were written in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from geo.filters.faults import NOWHERE, Place, refuse
from geo.filters.limits import DEPTH_MAX, NODES_MAX, VERTICES_MAX

COMPARISONS = ("=", "<>", "<", ">", "<=", ">=")
ARITHMETIC = ("+", "-", "*", "/", "%", "div", "^")
FOLDS = ("casei", "accenti")
SPATIAL = ("s_intersects", "s_equals", "s_disjoint", "s_touches", "s_within", "s_overlaps", "s_crosses", "s_contains")
TEMPORAL = ("t_after", "t_before", "t_contains", "t_disjoint", "t_during", "t_equals", "t_finishedBy", "t_finishes",
            "t_intersects", "t_meets", "t_metBy", "t_overlappedBy", "t_overlaps", "t_startedBy", "t_starts")  # fmt: skip
ARRAYS = ("a_equals", "a_contains", "a_containedBy", "a_overlaps")
NAMED = {op.lower(): op for op in (*FOLDS, *SPATIAL, *TEMPORAL, *ARRAYS)}
"""Operators that text writes as functions: name in small letters -> name of the operator."""

ARITY = {
    **dict.fromkeys((*COMPARISONS, *ARITHMETIC, *SPATIAL, *TEMPORAL, *ARRAYS, "like", "in"), 2),
    **dict.fromkeys((*FOLDS, "not", "isNull"), 1),
    "between": 3,
}
"""Number of arguments; 'and' and 'or' take two or more."""

GEOMETRY_KINDS = (
    "Point",
    "LineString",
    "Polygon",
    "MultiPoint",
    "MultiLineString",
    "MultiPolygon",
    "GeometryCollection",
)


@dataclass(frozen=True, slots=True)
class _Placed:
    at: Place = field(default=NOWHERE, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Text(_Placed):
    value: str


@dataclass(frozen=True, slots=True)
class Number(_Placed):
    value: Decimal


@dataclass(frozen=True, slots=True)
class Boolean(_Placed):
    value: bool


@dataclass(frozen=True, slots=True)
class Date(_Placed):
    value: date


@dataclass(frozen=True, slots=True)
class Timestamp(_Placed):
    value: datetime


@dataclass(frozen=True, slots=True)
class Open(_Placed):
    """'..': the open end of an interval."""


@dataclass(frozen=True, slots=True)
class Property(_Placed):
    name: str


@dataclass(frozen=True, slots=True)
class Interval(_Placed):
    """Both ends belong to it; each is a Date, a Timestamp, a Property, a Function or Open."""

    start: Node
    end: Node


@dataclass(frozen=True, slots=True)
class Geometry(_Placed):
    """`coordinates` as in GeoJSON, in tuples; of a GeometryCollection a tuple of geometries."""

    kind: str
    coordinates: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class BBox(_Placed):
    """Four numbers, or six with heights; the first of a pair larger than the second crosses 180 degrees."""

    numbers: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Array(_Placed):
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Call(_Placed):
    """An operator of the standard with its arguments."""

    op: str
    args: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Function(_Placed):
    """A function the standard does not define. It can be read and written; there is none that can be compiled."""

    name: str
    args: tuple[Node, ...]


Node = (
    Text | Number | Boolean | Date | Timestamp | Open | Property | Interval | Geometry | BBox | Array | Call | Function
)


def call(op: str, args: tuple[Node, ...], at: Place) -> Call:
    """An operator with the right number of arguments; raises BadInput for the wrong one."""
    count = ARITY.get(op)
    if count is None and len(args) < 2:
        raise refuse(
            at, f"“{op}”至少需要 2 个参数", f"'{op}' takes at least 2 arguments", "两个以上的条件", "two or more"
        )
    if count is not None and len(args) != count:
        raise refuse(
            at, f"“{op}”有 {len(args)} 个参数", f"'{op}' has {len(args)} argument{'' if len(args) == 1 else 's'}",
            f"需要 {count} 个", f"it takes {count}",
        )  # fmt: skip
    if op == "in" and not (isinstance(args[1], Array) and args[1].items):
        raise refuse(
            at, "“in”的第二个参数不是非空列表", "the second argument of 'in' is not a list with something in it",
            "例如 (1, 2)", "for example (1, 2)",
        )  # fmt: skip
    return Call(op, args, at=at)


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below one."""
    if isinstance(node, Call | Function):
        return node.args
    if isinstance(node, Interval):
        return (node.start, node.end)
    return node.items if isinstance(node, Array) else ()


def measure(root: Node) -> None:
    """Raise BadInput for a tree with too many levels, nodes or vertices. Does not recurse."""
    waiting: list[tuple[Node, int]] = [(root, 1)]
    nodes = vertices = 0
    while waiting:
        node, depth = waiting.pop()
        nodes += 1
        if depth > DEPTH_MAX:
            raise too_deep(node.at)
        if nodes > NODES_MAX:
            raise too_many_nodes(node.at)
        if isinstance(node, Geometry):
            vertices += count_vertices(node.coordinates)
            if vertices > VERTICES_MAX:
                raise too_many_vertices(node.at)
        waiting += [(child, depth + 1) for child in children(node)]


def count_vertices(coordinates: tuple[Any, ...]) -> int:
    """Vertices in nested coordinates of at most four levels, or of the parts of a collection."""
    if coordinates and isinstance(coordinates[0], float):
        return 1
    return sum(count_vertices(part.coordinates if isinstance(part, Geometry) else part) for part in coordinates)


def too_deep(at: Place) -> Exception:
    """The error for a filter with too many levels."""
    return refuse(
        at, f"嵌套超过 {DEPTH_MAX} 层", f"nested more than {DEPTH_MAX} levels deep",
        "请减少括号或改用 IN、BETWEEN", "use fewer brackets, or IN and BETWEEN",
    )  # fmt: skip


def too_many_nodes(at: Place) -> Exception:
    """The error for a filter with too many nodes."""
    return refuse(
        at, f"条件超过 {NODES_MAX} 项", f"more than {NODES_MAX} terms", "请拆成几次查询", "ask in several queries"
    )


def too_many_vertices(at: Place) -> Exception:
    """The error for geometries with too many vertices."""
    return refuse(
        at, f"图形顶点超过 {VERTICES_MAX} 个", f"geometries with more than {VERTICES_MAX} vertices",
        "请先简化图形", "simplify the geometry first",
    )  # fmt: skip
