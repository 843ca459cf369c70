"""Types of expressions: a wrong name, a wrong unit or a day that moves with the question is refused before anything is judged.

The day of the question, `as_of`, may stand in a condition only as one side of a comparison or inside `happened(...)`: so all days
on which an answer can change are written in the tree, and `next_on` is exact.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from geo.landuse.rules.kinds import BOOL, CODE, DATE, LITERAL, Base, Kind, common, number, product, quotient
from geo.landuse.rules.parsing import ExpressionFault
from geo.landuse.rules.tree import (
    Arithmetic,
    AsOf,
    Call,
    Choice,
    CodeLiteral,
    Compare,
    Input,
    Junction,
    Literal,
    Node,
    Not,
    OneOf,
    Parameter,
    ParameterOn,
    Reference,
    Table,
)

SIGNATURES = {
    "add_years": "add_years(day, years)",
    "add_months": "add_months(day, months)",
    "add_days": "add_days(day, days)",
    "full_years": "full_years(from, to)",
    "extended": "extended(from, to): to, and as many days later as the clock stood still after from",
    "running_years": "running_years(from, to): full years in which the clock ran",
    "working_day": "working_day(day): the day, or the next working day",
    "working_days": "working_days(from, to)",
    "calendar_covers": "calendar_covers(day): whether the holidays of its year are known",
    "min": "min(a, b, ...)",
    "max": "max(a, b, ...)",
    "coalesce": "coalesce(a, b, ...): the first that is told",
    "known": "known(x): whether it was told",
    "happened": "happened(day): told, and not after the day of the question",
    "is_true": "is_true(x): what is not known counts as no",
    "unless": "unless(x, CODE): x, but not known when it is CODE",
    "count": "count(a, b, ...): how many hold",
    "at_least": "at_least(how many, a, b, ...)",
    "mu": "mu(area in m2)",
}
UNITS = {"add_years": "year", "add_months": "month", "add_days": "day"}


@dataclass(frozen=True, slots=True)
class Names:
    """What an expression may name: inputs by type, parameters by unit (declared), and what another rule's name means."""

    inputs: Mapping[str, Kind]
    parameters: Mapping[str, str]
    reference: Callable[[Reference, bool], Kind]


def infer(node: Node, names: Names, moving: bool = False) -> Kind:
    """The type of an expression; raises ExpressionFault. `moving`: as_of may stand anywhere (values that are only shown)."""
    return _Inference(names, moving).of(node)


def close(name: str, known: Mapping[str, object]) -> str:
    """What to expect instead of an unknown name: the nearest ones, or all."""
    return ", ".join(get_close_matches(name, known, 3, 0.5) or sorted(known)[:12])


@dataclass(frozen=True, slots=True)
class _Inference:
    names: Names
    moving: bool

    def of(self, node: Node) -> Kind:
        match node:
            case Literal(bool()):
                return BOOL
            case Literal():
                return LITERAL
            case CodeLiteral(code):
                return Kind(Base.CODE, codes=None) if code else CODE
            case AsOf(at):
                if not self.moving:
                    raise ExpressionFault(at, "as_of stands alone", "as_of only as one side of a comparison with a day")
                return DATE
            case Input(name, at):
                if name not in self.names.inputs:
                    raise ExpressionFault(
                        at, f"'{name}' is not among the inputs of this rule", close(name, self.names.inputs)
                    )
                return self.names.inputs[name]
            case Parameter(key, at):
                return self._parameter(key, at)
            case ParameterOn(key, day, at):
                self._must(day, DATE)
                return self._parameter(key, at)
            case Table(prefix, code, at):
                self._must(code, CODE)
                return self._parameter(prefix, at)
            case Reference():
                return self.names.reference(node, self.moving)
            case Not(operand):
                return self._must(operand, BOOL)
            case Junction(operands=operands):
                for operand in operands:
                    self._must(operand, BOOL)
                return BOOL
            case Compare():
                return self._compare(node)
            case OneOf(operand, codes, at):
                self._codes(self._must(operand, CODE), codes, at)
                return BOOL
            case Arithmetic():
                return self._arithmetic(node)
            case Choice(condition, then, otherwise, at):
                self._must(condition, BOOL)
                return self._same((then, otherwise), at)
            case Call():
                return self._call(node)

    def _parameter(self, key: str, at: int) -> Kind:
        if key not in self.names.parameters:
            raise ExpressionFault(
                at, f"'{key}' is not among the parameters of this rule", close(key, self.names.parameters)
            )
        return number(self.names.parameters[key])

    def _must(self, node: Node, wanted: Kind) -> Kind:
        found = self.of(node)
        if common(found, wanted) is None:
            raise ExpressionFault(node.at, f"a {found} stands here", f"a {wanted}")
        return found

    def _codes(self, kind: Kind, codes: tuple[str, ...], at: int) -> None:
        for code in codes:
            if kind.codes is not None and code not in kind.codes:
                raise ExpressionFault(at, f"'{code}' is not a code of this list", ", ".join(sorted(kind.codes)))

    def _same(self, nodes: tuple[Node, ...], at: int) -> Kind:
        kind = self.of(nodes[0])
        for node in nodes[1:]:
            other = self.of(node)
            shared = common(kind, other)
            if shared is None:
                raise ExpressionFault(node.at or at, f"a {other} stands beside a {kind}", f"a {kind}")
            kind = shared
        if kind.base is Base.CODE:
            written = [n.code for n in nodes if isinstance(n, CodeLiteral)]
            if len(written) == len(nodes):
                return Kind(Base.CODE, codes=frozenset(written))
        return kind

    def _compare(self, node: Compare) -> Kind:
        moving = _Inference(self.names, True)
        sides = [n for n in (node.left, node.right) if isinstance(n, AsOf)]
        for side in (node.left, node.right):
            if not isinstance(side, AsOf):
                kind = self.of(side)
                if sides and kind != DATE:
                    raise ExpressionFault(side.at, f"a {kind} is compared with as_of", "a date")
        left, right = moving.of(node.left), moving.of(node.right)
        if common(left, right) is None:
            raise ExpressionFault(node.at, f"a {left} is compared with a {right}", f"a {left} on both sides")
        if node.op not in ("=", "!=") and left.base not in (Base.DATE, Base.NUMBER):
            raise ExpressionFault(node.at, f"'{node.op}' between two of type {left}", "= or !=")
        if len(sides) == 2:
            raise ExpressionFault(node.at, "as_of is compared with itself", "a date on one side")
        for kind, other in ((left, node.right), (right, node.left)):
            if isinstance(other, CodeLiteral):
                self._codes(kind, (other.code,), other.at)
        return BOOL

    def _arithmetic(self, node: Arithmetic) -> Kind:
        left, right = self._must(node.left, LITERAL), self._must(node.right, LITERAL)
        if node.op in "+-":
            shared = common(left, right)
            if shared is None:
                raise ExpressionFault(node.at, f"{left} {node.op} {right}", "the same unit on both sides")
            return shared
        try:
            return Kind(Base.NUMBER, (product if node.op == "*" else quotient)(left.unit, right.unit))
        except ValueError as fault:
            raise ExpressionFault(
                node.at, f"nobody has a unit for {fault}", "a ratio or a count as one factor"
            ) from None

    def _call(self, node: Call) -> Kind:
        name, given = node.name, node.arguments
        if name not in SIGNATURES:
            raise ExpressionFault(node.at, f"there is no function '{name}'", close(name, SIGNATURES))
        many = name in ("min", "max", "coalesce", "count", "at_least")
        if (
            len(given) < 2
            if many and name != "count"
            else not many and len(given) != SIGNATURES[name].split(":")[0].count(",") + 1
        ):
            raise ExpressionFault(node.at, f"{name} has {len(given)} arguments", SIGNATURES[name])
        match name:
            case "add_years" | "add_months" | "add_days":
                self._must(given[0], DATE)
                self._must(given[1], number(UNITS[name]))
                return DATE
            case "full_years" | "running_years" | "working_days":
                for day in given:
                    self._must(day, DATE)
                return number("working_day" if name == "working_days" else "year")
            case "extended":
                for day in given:
                    self._must(day, DATE)
                return DATE
            case "working_day" | "calendar_covers" | "happened":
                self._must(given[0], DATE)
                return DATE if name == "working_day" else BOOL
            case "min" | "max":
                kind = self._same(given, node.at)
                if kind.base not in (Base.DATE, Base.NUMBER):
                    raise ExpressionFault(node.at, f"{name} of {kind}", "dates or numbers")
                return kind
            case "coalesce":
                return self._same(given, node.at)
            case "known":
                self.of(given[0])
                return BOOL
            case "is_true":
                return self._must(given[0], BOOL)
            case "unless":
                kind = self._must(given[0], CODE)
                if not isinstance(given[1], CodeLiteral):
                    raise ExpressionFault(given[1].at, "the second part of unless is no code", "a code in capitals")
                self._codes(kind, (given[1].code,), given[1].at)
                return kind
            case "mu":
                self._must(given[0], number("m2"))
                return number("mu")
            case _:  # count, at_least
                rest = given if name == "count" else given[1:]
                if name == "at_least":
                    self._must(given[0], number("count"))
                for condition in rest:
                    self._must(condition, BOOL)
                return number("count") if name == "count" else BOOL
