"""Scalars compared: = <> < > <= >=, BETWEEN, IN. Types are decided here, before any row is looked at.

Text has the order of code points (collation "C"). A string against a date or an instant is read as one.
"""

from __future__ import annotations

from geo.filters import arithmetic, literals, matching, moments
from geo.filters.faults import Place, refuse
from geo.filters.kinds import SCALAR, TEMPORAL, Kind
from geo.filters.queryables import ValueType
from geo.filters.scope import Scope
from geo.filters.tree import ARITHMETIC, COMPARISONS, FOLDS, Array, Boolean, Call, Node, Number, Property, Text

BIGINT_LIMIT = 2**63
_INSTEAD = {
    Kind.GEOMETRY: ("S_INTERSECTS 等空间函数", "a spatial function such as S_INTERSECTS"),
    Kind.ARRAY: ("A_CONTAINS 等数组函数", "an array function such as A_CONTAINS"),
    Kind.INTERVAL: ("T_INTERSECTS 等时间函数", "a temporal function such as T_INTERSECTS"),
}


def compare(node: Call, scope: Scope) -> str:
    """SQL of a comparison, BETWEEN or IN; raises BadInput for operands that cannot be compared."""
    if node.op in COMPARISONS:
        return _pair(node.op, node.args[0], node.args[1], node.at, scope)
    if node.op == "between":
        value, low, high = node.args
        return f"({_pair('>=', value, low, node.at, scope)} and {_pair('<=', value, high, node.at, scope)})"
    assert isinstance(node.args[1], Array)
    return _among(node.args[0], node.args[1].items, node.at, scope)


def _pair(op: str, left: Node, right: Node, at: Place, scope: Scope) -> str:
    left, right, kind = _alike(left, right, at, scope)
    if kind is Kind.TEXT:
        collation = "" if op in ("=", "<>") and not (_is_folded(left) or _is_folded(right)) else ' collate "C"'
        return f"({matching.text(left, scope)}{collation} {op} {matching.text(right, scope)}{collation})"
    if kind is Kind.NUMBER:
        return f"({_number(left, right, scope)} {op} {_number(right, left, scope)})"
    if kind is Kind.BOOLEAN:
        if op not in ("=", "<>"):
            raise refuse(at, "是/否值没有大小", "booleans have no order", "= 或 <>", "= or <>")
        return f"({_boolean(left, scope)} {op} {_boolean(right, scope)})"
    return moments.relation(op, moments.moment(left, scope), moments.moment(right, scope), scope)


def _among(value: Node, items: tuple[Node, ...], at: Place, scope: Scope) -> str:
    """IN. The value is written once for text and numbers, whose expressions may be long."""
    alike = [_alike(value, item, at, scope) for item in items]
    kind = alike[0][2]
    if kind is Kind.TEXT and all(k is kind for *_, k in alike):
        collation = ' collate "C"' if any(_is_folded(n) for n in (value, *items)) else ""
        if all(isinstance(item, Text) for item in items):
            listed = f"any({scope.bind([i.value for i in items if isinstance(i, Text)], 'text[]')})"
            return f"({matching.text(value, scope)}{collation} = {listed})"
        words = ", ".join(matching.text(item, scope) + collation for item in items)
        return f"({matching.text(value, scope)}{collation} in ({words}))"
    if kind is Kind.NUMBER and all(k is kind for *_, k in alike):
        numbers = [i.value for i in items if isinstance(i, Number)]
        if len(numbers) == len(items) and all(_is_bigint(value, item, scope) for item in items):
            return f"({scope.column_sql(value)} = any({scope.bind([int(n) for n in numbers], 'bigint[]')}))"
        if len(numbers) == len(items) and isinstance(value, Property):
            return f"({scope.column_sql(value)} = any({scope.bind(numbers, 'numeric[]')}))"
        return f"({arithmetic.number(value, scope)} in ({', '.join(arithmetic.number(i, scope) for i in items)}))"
    return f"({' or '.join(_pair('=', value, item, at, scope) for item in items)})"


def _alike(left: Node, right: Node, at: Place, scope: Scope) -> tuple[Node, Node, Kind]:
    """Both operands with strings read as dates where the other side is one, and the kind to compare as."""
    kinds = []
    for node in (left, right):
        kind = scope.kind(node)
        if kind in _INSTEAD:
            raise refuse(
                node.at, f"{kind.value.zh}不能这样比较", f"{kind.value.en} cannot be compared so", *_INSTEAD[kind]
            )
        if isinstance(node, Call) and node.op not in (*ARITHMETIC, *FOLDS):
            raise refuse(
                node.at, "条件的结果不能再比较", "a condition cannot be compared",
                "用 AND、OR、NOT 连接", "join conditions with AND, OR and NOT",
            )  # fmt: skip
        kinds.append(kind)
    if kinds[0] in TEMPORAL and isinstance(right, Text):
        right = literals.an_instant(right.value, right.at)
    elif kinds[1] in TEMPORAL and isinstance(left, Text):
        left = literals.an_instant(left.value, left.at)
    elif kinds[0] is not kinds[1] and not (kinds[0] in TEMPORAL and kinds[1] in TEMPORAL):
        raise refuse(
            at, f"{kinds[0].value.zh}与{kinds[1].value.zh}不能比较", f"{kinds[0].value.en} against {kinds[1].value.en}",
            "两侧类型相同", "both sides of one type",
        )  # fmt: skip
    return left, right, scope.demand(left, *SCALAR)


def _number(node: Node, other: Node, scope: Scope) -> str:
    """A number beside another: a column stands as it is beside a literal, so that its index serves."""
    if isinstance(node, Property) and isinstance(other, Number):
        return scope.column_sql(node)
    if isinstance(node, Number) and _is_bigint(other, node, scope):
        return scope.bind(int(node.value), "bigint")
    return arithmetic.number(node, scope)


def _is_bigint(column: Node, literal: Node, scope: Scope) -> bool:
    """Is this a whole number beside a column of whole numbers?"""
    return (
        isinstance(column, Property)
        and scope.column(column).type is ValueType.INTEGER
        and isinstance(literal, Number)
        and literal.value == literal.value.to_integral_value()
        and abs(literal.value) < BIGINT_LIMIT
    )


def _boolean(node: Node, scope: Scope) -> str:
    if isinstance(node, Boolean):
        return scope.bind(node.value, "boolean")
    return scope.column_sql(node)


def _is_folded(node: Node) -> bool:
    return isinstance(node, Call) and node.op in FOLDS
