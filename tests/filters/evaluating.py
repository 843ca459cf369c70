"""CQL2 evaluated in Python, written apart from the compiler: three-valued logic, exact decimals, shapely for geometry."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from operator import eq, ge, gt, le, lt, ne
from typing import Any
from zoneinfo import ZoneInfo

import shapely

from geo.filters import tree
from geo.filters.tree import (
    Array,
    BBox,
    Boolean,
    Call,
    Date,
    Geometry,
    Interval,
    Node,
    Number,
    Open,
    Property,
    Text,
    Timestamp,
)
from tests.filters.rows import Range

ORDER: dict[str, Callable[[Any, Any], bool]] = {"=": eq, "<>": ne, "<": lt, ">": gt, "<=": le, ">=": ge}
LIMIT = Decimal(10) ** 30
ACCENTS = {"ß": "ss", "％": "%"}
FIRST, LAST = object(), object()


class Evaluator:
    """Answers True, False or None (unknown) for a filter and a row."""

    def __init__(self, zone: str) -> None:
        self.zone = ZoneInfo(zone)

    def truth(self, node: Node, row: dict[str, Any]) -> bool | None:
        if isinstance(node, Boolean):
            return node.value
        if isinstance(node, Property):
            return row[node.name]  # type: ignore[no-any-return]
        assert isinstance(node, Call)
        op, args = node.op, node.args
        if op == "not":
            return negate(self.truth(args[0], row))
        if op in ("and", "or"):
            return combine(op, [self.truth(arg, row) for arg in args])
        if op == "isNull":
            inner = args[0]
            is_condition = isinstance(inner, Call) and inner.op not in (*tree.ARITHMETIC, *tree.FOLDS)
            return (self.truth(inner, row) if is_condition else self.value(inner, row)) is None
        if op == "between":
            return combine("and", [self.order(">=", args[0], args[1], row), self.order("<=", args[0], args[2], row)])
        if op == "in":
            assert isinstance(args[1], Array)
            return combine("or", [self.order("=", args[0], item, row) for item in args[1].items])
        if op == "like":
            return self.like(args[0], args[1], row)
        if op in tree.SPATIAL:
            return spatial(op, *(self.value(arg, row) for arg in args), *(isinstance(arg, Property) for arg in args))
        if op in tree.TEMPORAL:
            return self.temporal(op, args[0], args[1], row)
        if op in tree.ARRAYS:
            return arrays(op, self.value(args[0], row), self.value(args[1], row))
        return self.order(op, args[0], args[1], row)

    def value(self, node: Node, row: dict[str, Any]) -> Any:
        if isinstance(node, Property):
            return row[node.name]
        if isinstance(node, Text | Number | Boolean | Date | Timestamp):
            return node.value
        if isinstance(node, Array):
            return [self.value(item, row) for item in node.items]
        if isinstance(node, Geometry | BBox):
            return geometry(node)
        assert isinstance(node, Call)
        values = [self.value(arg, row) for arg in node.args]
        if node.op in tree.FOLDS:
            return fold(node.op, values[0])
        return arithmetic(node.op, *values)

    def order(self, op: str, left: Node, right: Node, row: dict[str, Any]) -> bool | None:
        a, b = self.value(left, row), self.value(right, row)
        if isinstance(a, date) and isinstance(b, str):
            b = moment(b)
        if isinstance(b, date) and isinstance(a, str):
            a = moment(a)
        return self.compare(op, a, b)

    def compare(self, op: str, a: Any, b: Any) -> bool | None:
        if a is None or b is None:
            return None
        for x, y, sign in ((a, b, 1), (b, a, -1)):
            if x is FIRST or x is LAST:
                return ORDER[op](0 if x is y else sign * (-1 if x is FIRST else 1), 0)
        if isinstance(a, date) and isinstance(a, datetime) is not isinstance(b, datetime):
            a, b = self.civil(a), self.civil(b)
        return ORDER[op](a, b)

    def civil(self, value: date) -> date:
        if not isinstance(value, datetime):
            return value
        try:
            return value.astimezone(self.zone).date()
        except OverflowError:
            return date.max if value.year > 5000 else date.min

    def like(self, left: Node, pattern: Node, row: dict[str, Any]) -> bool | None:
        value, folds = self.value(left, row), []
        while isinstance(pattern, Call):
            folds.insert(0, pattern.op)
            pattern = pattern.args[0]
        assert isinstance(pattern, Text)
        if value is None:
            return None
        expression = ""
        for found in re.finditer(r"\\(.)|([%_])|([^\\%_]+)", pattern.value, re.DOTALL):
            escaped, wild, plain = found.groups()
            if wild:
                expression += ".*" if wild == "%" else "."
            else:
                piece = escaped or plain
                for name in folds:
                    piece = fold(name, piece)
                expression += re.escape(piece)
        return re.fullmatch(expression, value, re.DOTALL) is not None

    def temporal(self, op: str, left: Node, right: Node, row: dict[str, Any]) -> bool | None:
        (s1, e1), (s2, e2) = self.ends(left, row), self.ends(right, row)
        c = self.compare
        relations: dict[str, Callable[[], list[bool | None]]] = {
            "t_after": lambda: [c(">", s1, e2)],
            "t_before": lambda: [c("<", e1, s2)],
            "t_contains": lambda: [c("<", s1, s2), c(">", e1, e2)],
            "t_during": lambda: [c(">", s1, s2), c("<", e1, e2)],
            "t_equals": lambda: [c("=", s1, s2), c("=", e1, e2)],
            "t_finishedBy": lambda: [c("<", s1, s2), c("=", e1, e2)],
            "t_finishes": lambda: [c(">", s1, s2), c("=", e1, e2)],
            "t_meets": lambda: [c("=", e1, s2)],
            "t_metBy": lambda: [c("=", s1, e2)],
            "t_overlappedBy": lambda: [c(">", s1, s2), c("<", s1, e2), c(">", e1, e2)],
            "t_overlaps": lambda: [c("<", s1, s2), c(">", e1, s2), c("<", e1, e2)],
            "t_startedBy": lambda: [c("=", s1, s2), c(">", e1, e2)],
            "t_starts": lambda: [c("=", s1, s2), c("<", e1, e2)],
        }
        if op in ("t_intersects", "t_disjoint"):
            apart = combine("or", [c(">", s1, e2), c("<", e1, s2)])
            return apart if op == "t_disjoint" else negate(apart)
        return combine("and", relations[op]())

    def ends(self, node: Node, row: dict[str, Any]) -> tuple[Any, Any]:
        if isinstance(node, Interval):
            start = FIRST if isinstance(node.start, Open) else self.value(node.start, row)
            return start, LAST if isinstance(node.end, Open) else self.value(node.end, row)
        value = self.value(node, row)
        if isinstance(value, Range):
            if value.is_empty:
                return None, None
            return (FIRST if value.first is None else value.first), (LAST if value.last is None else value.last)
        return (moment(value),) * 2 if isinstance(value, str) else (value, value)


def negate(value: bool | None) -> bool | None:
    return None if value is None else not value


def combine(op: str, values: list[bool | None]) -> bool | None:
    decisive = op == "or"
    if decisive in values:
        return decisive
    return None if None in values else not decisive


def moment(value: str) -> date:
    return datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)


def fold(op: str, value: str | None) -> str | None:
    if value is None:
        return None
    if op == "casei":
        return value.upper().lower().replace("ς", "σ")
    composed = unicodedata.normalize("NFC", value)
    return "".join(
        ACCENTS.get(c) or "".join(d for d in unicodedata.normalize("NFD", c) if not unicodedata.combining(d))
        for c in composed
    )


def reckonable(value: Any) -> Decimal | None:
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if abs(exact) >= LIMIT:
        return None
    return exact.quantize(Decimal(1).scaleb(-20), ROUND_HALF_UP, Context(prec=200))


def arithmetic(op: str, left: Any, right: Any) -> Decimal | None:
    if left is None or right is None:
        return None
    with localcontext(Context(prec=200)):
        a, b = reckonable(left), reckonable(right)
        if a is None or b is None or (op in ("/", "%", "div") and b == 0):
            return None
        if op == "^":
            if a == 0 and b < 0:
                return None
            result = a**b if b else Decimal(1)
        else:
            result = {
                "+": lambda: a + b, "-": lambda: a - b, "*": lambda: a * b, "/": lambda: a / b, "%": lambda: a % b, "div": lambda: a // b,
            }[op]()  # fmt: skip
        return reckonable(result)


def arrays(op: str, left: list[Any] | None, right: list[Any] | None) -> bool | None:
    """As sets; NULL as an element is equal to nothing."""
    if left is None or right is None:
        return None
    a, b = set(left), set(right)
    a_in_b, b_in_a = None not in a and a <= b, None not in b and b <= a
    overlap = bool((a & b) - {None})
    return {"a_contains": b_in_a, "a_containedBy": a_in_b, "a_equals": a_in_b and b_in_a, "a_overlaps": overlap}[op]


def geometry(node: Geometry | BBox) -> shapely.Geometry:
    if isinstance(node, BBox):
        west, south, east, north = (node.numbers[i] for i in ((0, 1, 2, 3) if len(node.numbers) == 4 else (0, 1, 3, 4)))
        if west > east:
            return shapely.union_all([shapely.box(west, south, 180, north), shapely.box(-180, south, east, north)])
        return shapely.box(west, south, east, north)
    if node.kind == "GeometryCollection":
        return shapely.union_all([geometry(part) for part in node.coordinates])
    makers = {"Point": shapely.Point, "LineString": shapely.LineString, "MultiPoint": shapely.MultiPoint,
              "MultiLineString": shapely.MultiLineString}  # fmt: skip
    if node.kind in makers:
        return makers[node.kind](node.coordinates)
    polygons = [node.coordinates] if node.kind == "Polygon" else node.coordinates
    made = [shapely.Polygon(rings[0], rings[1:]) for rings in polygons]
    return made[0] if node.kind == "Polygon" else shapely.MultiPolygon(made)


def spatial(op: str, a: Any, b: Any, a_is_column: bool, b_is_column: bool) -> bool | None:
    """A column value that is a collection is unknown to all but intersects and disjoint with a literal."""
    if a is None or b is None:
        return None
    columns = [g for g, is_column in ((a, a_is_column), (b, b_is_column)) if is_column]
    boxes_meet = shapely.box(*a.bounds).intersects(shapely.box(*b.bounds))
    name = op.removeprefix("s_")
    if any(g.geom_type == "GeometryCollection" for g in columns):
        if name in ("intersects", "disjoint"):
            meets = (
                None
                if len(columns) == 2
                else any(p.intersects(q) for p in shapely.get_parts(a) for q in shapely.get_parts(b))
            )
            meets = meets if boxes_meet else False
            return negate(meets) if name == "disjoint" else meets
        return None if boxes_meet or len(columns) == 2 else False
    return bool(getattr(a, name)(b))
