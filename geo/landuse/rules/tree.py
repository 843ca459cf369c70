"""The tree of an expression. Every node knows where in its text it begins (`at`), for messages only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Literal:
    """0, 1, true or false: the only values an expression may spell out."""

    value: Fraction | bool
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class CodeLiteral:
    """A code written out: OWNER."""

    code: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class AsOf:
    """The day of the question."""

    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Input:
    """A fact, or a column of the register, by name."""

    name: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number of the law in force on the day of the question, by key."""

    key: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class ParameterOn:
    """The same, in force on another day: `in_force(key, day)`."""

    key: str
    day: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Table:
    """A number by a code: `table(ind.far_min, industry_division)` reads the parameter `ind.far_min.<code>`."""

    prefix: str
    code: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Reference:
    """What another rule says: `IDLE-01.holds`, or one of its values."""

    rule_id: str
    name: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """not x"""

    operand: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Junction:
    """`and`, `or` of two or more."""

    op: str
    operands: tuple[Node, ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Compare:
    """= != < <= > >="""

    op: str
    left: Node
    right: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class OneOf:
    """x in (A, B)"""

    operand: Node
    codes: tuple[str, ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """+ - * / of exact numbers."""

    op: str
    left: Node
    right: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Choice:
    """if(condition, then, otherwise)"""

    condition: Node
    then: Node
    otherwise: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the language; the list stands in checking.py."""

    name: str
    arguments: tuple[Node, ...]
    at: int = field(default=0, compare=False)


Node: TypeAlias = (
    Literal | CodeLiteral | AsOf | Input | Parameter | ParameterOn | Table | Reference | Not | Junction | Compare | OneOf
    | Arithmetic | Choice | Call
)  # fmt: skip


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below."""
    match node:
        case Not(operand) | OneOf(operand):
            return (operand,)
        case Junction(operands=operands) | Call(arguments=operands):
            return operands
        case Compare(left=left, right=right) | Arithmetic(left=left, right=right):
            return (left, right)
        case Choice(condition, then, otherwise):
            return (condition, then, otherwise)
        case ParameterOn(day=below) | Table(code=below):
            return (below,)
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it, in the order of the text."""
    yield node
    for child in children(node):
        yield from walk(child)
