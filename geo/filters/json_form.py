"""CQL2 JSON read to a tree."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from geo.filters import literals
from geo.filters.faults import Place, refuse, shown
from geo.filters.limits import DEPTH_MAX, NODES_MAX, VERTICES_MAX
from geo.filters.tokens import IDENTIFIER
from geo.filters.tree import (
    ARITY,
    GEOMETRY_KINDS,
    Array,
    BBox,
    Boolean,
    Function,
    Geometry,
    Interval,
    Node,
    Open,
    Property,
    call,
    too_deep,
    too_many_nodes,
    too_many_vertices,
)

OPERATORS = {*ARITY, "and", "or"}
SPELLINGS = {op.lower(): op for op in OPERATORS}
BRACKETS_MAX = 2 * DEPTH_MAX + 8
"""Open brackets: a level of the tree is an object and a list, a geometry has up to five more."""

ROOT = Place(pointer="")
_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)
_LEVELS = {"Point": 0, "LineString": 1, "MultiPoint": 1, "Polygon": 2, "MultiLineString": 2, "MultiPolygon": 3}


class _NumberText(str):
    """A number of a JSON document, as it stands there."""


def read(text: str) -> Node:
    """The tree of a CQL2 JSON document; raises BadInput naming the JSON pointer (or line and character of bad JSON)."""
    depth = 0
    for found in _STRING_OR_BRACKET.finditer(text):
        sign = found.group()[0]
        depth += (sign in "[{") - (sign in "]}")
        if depth > BRACKETS_MAX:
            raise too_deep(ROOT)
    try:
        document = json.loads(
            text, parse_int=_NumberText, parse_float=_NumberText, parse_constant=_no_number, object_pairs_hook=_object
        )
    except json.JSONDecodeError as error:
        raise refuse(
            Place(line=error.lineno, column=error.colno), "不是有效的 JSON", f"no valid JSON ({error.msg})",
            "CQL2 JSON 对象", "an object of CQL2 JSON",
        ) from None  # fmt: skip
    return _Reader().node(document, ROOT)


def _no_number(name: str) -> Any:
    raise refuse(ROOT, f"{name} 不是数值", f"{name} is no number", "有限的数值", "a finite number")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for name, value in pairs:
        if name in members:
            raise refuse(
                ROOT,
                f"成员“{shown(name)}”出现两次",
                f"the member '{shown(name)}' twice",
                "每个成员一次",
                "each member once",
            )
        members[name] = value
    return members


class _Reader:
    """Recursion is bounded by the brackets counted before."""

    def __init__(self) -> None:
        self.nodes = 0
        self.vertices = 0

    def node(self, value: Any, at: Place) -> Node:
        self.nodes += 1
        if self.nodes > NODES_MAX:
            raise too_many_nodes(at)
        if isinstance(value, bool):
            return Boolean(value, at=at)
        if isinstance(value, _NumberText):
            return literals.number(value, at)
        if isinstance(value, str):
            return literals.text(value, at)
        if isinstance(value, list):
            return Array(self.nodes_of(value, at), at=at)
        if not isinstance(value, dict):
            raise refuse(at, "null 不是值", "null is no value", '用 {"op": "isNull", ...}', 'use {"op": "isNull", ...}')
        return self.object(value, at)

    def nodes_of(self, values: list[Any], at: Place) -> tuple[Node, ...]:
        return tuple(self.node(value, at.below(i)) for i, value in enumerate(values))

    def object(self, value: dict[str, Any], at: Place) -> Node:
        if "op" in value:
            return self.operation(value, at)
        if "type" in value:
            return self.geometry(value, at)
        if len(value) == 1:
            ((name, inner),) = value.items()
            below = at.below(name)
            if name == "property":
                return Property(_string(inner, below), at=at)
            if name == "date":
                return literals.a_date(_string(inner, below), at)
            if name == "timestamp":
                return literals.a_timestamp(_string(inner, below), at)
            if name == "interval":
                return self.interval(inner, at, below)
            if name == "bbox":
                return self.bbox(inner, at, below)
        names = "、".join(shown(name) for name in list(value)[:5])
        raise refuse(
            at, f"不认识的对象（成员：{names or '无'}）", f"an object that means nothing here (members: {names or 'none'})",
            "op 与 args，或 property、date、timestamp、interval、bbox、GeoJSON 之一",
            "op and args, or one of property, date, timestamp, interval, bbox, or GeoJSON",
        )  # fmt: skip

    def operation(self, value: dict[str, Any], at: Place) -> Node:
        op, args = value["op"], value.get("args")
        if not isinstance(op, str) or isinstance(op, _NumberText) or not isinstance(args, list) or len(value) != 2:
            raise refuse(
                at, "运算应有且只有 op（字符串）和 args（数组）", "an operation has op (a string) and args (a list), nothing else",
                '{"op": "=", "args": [...]}', '{"op": "=", "args": [...]}',
            )  # fmt: skip
        if op in OPERATORS:
            return call(op, self.nodes_of(args, at.below("args")), at)
        if op.lower() in SPELLINGS or IDENTIFIER.fullmatch(op) is None:
            right = SPELLINGS.get(op.lower(), "op")
            raise refuse(at.below("op"), f"没有运算“{shown(op)}”", f"there is no operation '{shown(op)}'", right, right)
        return Function(op, self.nodes_of(args, at.below("args")), at=at)

    def interval(self, value: Any, at: Place, below: Place) -> Node:
        if not isinstance(value, list) or len(value) != 2:
            raise refuse(
                below,
                "interval 应为两个端点",
                "an interval has two ends",
                '["..", "2026-11-24"]',
                '["..", "2026-11-24"]',
            )
        ends = [self.interval_end(end, below.below(i)) for i, end in enumerate(value)]
        return Interval(ends[0], ends[1], at=at)

    def interval_end(self, value: Any, at: Place) -> Node:
        if isinstance(value, str) and not isinstance(value, _NumberText):
            self.nodes += 1
            return Open(at=at) if value == ".." else literals.an_instant(value, at)
        return self.node(value, at)

    def bbox(self, value: Any, at: Place, below: Place) -> Node:
        if not isinstance(value, list) or len(value) not in (4, 6):
            raise refuse(below, "bbox 应为 4 或 6 个数值", "a bbox has 4 or 6 numbers", "[121.5, 29.1, 121.9, 29.6]",
                         "[121.5, 29.1, 121.9, 29.6]")  # fmt: skip
        return BBox(tuple(_number(n, below.below(i)) for i, n in enumerate(value)), at=at)

    def geometry(self, value: dict[str, Any], at: Place) -> Geometry:
        kind = value["type"]
        if not isinstance(kind, str) or kind not in GEOMETRY_KINDS:
            raise refuse(
                at.below("type"), "不认识的图形类型", "a kind of geometry that is not known",
                "、".join(GEOMETRY_KINDS), ", ".join(GEOMETRY_KINDS),
            )  # fmt: skip
        if kind == "GeometryCollection":
            below = at.below("geometries")
            return Geometry(kind, tuple(self.part(p, b) for p, b in _items(value.get("geometries"), below)), at=at)
        below = at.below("coordinates")
        coordinates = value.get("coordinates")
        level = _LEVELS[kind]
        return Geometry(
            kind, self.nested(coordinates, level, below) if level else self.position(coordinates, below), at=at
        )

    def part(self, value: Any, at: Place) -> Geometry:
        if not isinstance(value, dict) or value.get("type") not in GEOMETRY_KINDS[:-1]:
            raise refuse(
                at, "集合的成员应为非集合图形", "a member of a collection is a geometry and no collection",
                "、".join(GEOMETRY_KINDS[:-1]), ", ".join(GEOMETRY_KINDS[:-1]),
            )  # fmt: skip
        return self.geometry(value, at)

    def nested(self, value: Any, level: int, at: Place) -> tuple[Any, ...]:
        if level == 1:
            return tuple(self.position(item, below) for item, below in _items(value, at))
        return tuple(self.nested(item, level - 1, below) for item, below in _items(value, at))

    def position(self, value: Any, at: Place) -> tuple[float, ...]:
        self.vertices += 1
        if self.vertices > VERTICES_MAX:
            raise too_many_vertices(at)
        if not isinstance(value, list) or len(value) not in (2, 3):
            raise refuse(
                at, "坐标应为 2 或 3 个数值", "a position has 2 or 3 numbers", "[121.9, 29.5]", "[121.9, 29.5]"
            )
        return tuple(_number(n, at) for n in value)


def _items(value: Any, at: Place) -> Iterator[tuple[Any, Place]]:
    if not isinstance(value, list) or not value:
        raise refuse(
            at, "应为非空数组", "a list with something in it is missing", "[[121.9, 29.5], ...]", "[[121.9, 29.5], ...]"
        )
    return ((item, at.below(i)) for i, item in enumerate(value))


def _number(value: Any, at: Place) -> float:
    if not isinstance(value, _NumberText):
        raise refuse(at, "此处应为数值", "a number should stand here", "例如 121.9", "for example 121.9")
    return literals.coordinate(value, at)


def _string(value: Any, at: Place) -> str:
    if not isinstance(value, str) or isinstance(value, _NumberText):
        raise refuse(at, "此处应为字符串", "a string should stand here", '例如 "code"', 'for example "code"')
    return literals.text(value, at).value
