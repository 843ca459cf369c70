"""A tree written as CQL2 text, with no more brackets than it needs."""

from __future__ import annotations

from geo.filters import wkt
from geo.filters.text_form import AND, NOT, OR, POWER, PREDICATE, PRODUCT, RESERVED, STRENGTH, SUM
from geo.filters.tokens import IDENTIFIER
from geo.filters.tree import (
    NAMED,
    Array,
    BBox,
    Boolean,
    Call,
    Date,
    Function,
    Geometry,
    Interval,
    Node,
    Number,
    Property,
    Text,
    Timestamp,
)

ATOM = POWER + 1


def to_text(node: Node) -> str:
    """CQL2 text that reads to an equal tree."""
    return _write(node, 0)


def _write(node: Node, floor: int) -> str:
    """Text of a node, in brackets unless it binds more strongly than `floor`."""
    if not isinstance(node, Call):
        return _literal(node)
    text, strength = _call(node)
    return text if strength > floor else f"({text})"


def _call(node: Call) -> tuple[str, int]:
    op, args = node.op, node.args
    if op in NAMED.values():
        return f"{op.upper()}({_list(args)})", ATOM
    if op == "not":
        return f"NOT {_write(args[0], NOT)}", NOT
    if op == "isNull":
        return f"{_write(args[0], PREDICATE)} IS NULL", PREDICATE
    if op == "between":
        left, low, high = (_write(arg, PREDICATE) for arg in args)
        return f"{left} BETWEEN {low} AND {high}", PREDICATE
    if op == "in" and isinstance(args[1], Array):
        return f"{_write(args[0], PREDICATE)} IN ({', '.join(_write(i, PREDICATE) for i in args[1].items)})", PREDICATE
    strength = STRENGTH[op]
    if strength in (OR, AND):
        return f" {op.upper()} ".join(_write(arg, strength) for arg in args), strength
    left_floor = strength - 1 if strength in (SUM, PRODUCT) else strength
    word = op.upper() if op == "like" else op
    return f"{_write(args[0], left_floor)} {word} {_write(args[1], strength)}", strength


def _literal(node: Node) -> str:
    if isinstance(node, Property):
        return node.name if _is_plain(node.name) else '"' + node.name.replace('"', '""') + '"'
    if isinstance(node, Text):
        return "'" + node.value.replace("'", "''") + "'"
    if isinstance(node, Number):
        return str(node.value)
    if isinstance(node, Boolean):
        return "TRUE" if node.value else "FALSE"
    if isinstance(node, Date | Timestamp):
        return f"{type(node).__name__.upper()}('{instant_text(node)}')"
    if isinstance(node, Interval):
        return f"INTERVAL({_interval_end(node.start)}, {_interval_end(node.end)})"
    if isinstance(node, Geometry):
        return wkt.write(node)
    if isinstance(node, BBox):
        return f"BBOX({', '.join(repr(number) for number in node.numbers)})"
    if isinstance(node, Array):
        return f"({_list(node.items)})"
    if isinstance(node, Function):
        return f"{node.name}({_list(node.args)})"
    return "'..'"


def instant_text(node: Date | Timestamp) -> str:
    """RFC 3339 text of a date or an instant in UTC."""
    return node.value.isoformat() if isinstance(node, Date) else node.value.replace(tzinfo=None).isoformat() + "Z"


def _interval_end(node: Node) -> str:
    return f"'{instant_text(node)}'" if isinstance(node, Date | Timestamp) else _write(node, ATOM)


def _list(nodes: tuple[Node, ...]) -> str:
    return ", ".join(_write(node, 0) for node in nodes)


def _is_plain(name: str) -> bool:
    return IDENTIFIER.fullmatch(name) is not None and name.lower() not in RESERVED
