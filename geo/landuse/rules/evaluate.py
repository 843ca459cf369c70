"""The value of an expression for one parcel, in three-valued logic: a value, or what is missing to know it."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from geo.landuse.rules.kinds import Scalar
from geo.landuse.rules.numbers import Parameters
from geo.landuse.rules.periods import NEVER, Calendar, full_years, later
from geo.landuse.rules.rule import Rule
from geo.landuse.rules.stopped import NONE, Pauses
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
    children,
)
from geo.units import MU_PER_M2


@dataclass(frozen=True, slots=True)
class Missing:
    """Not known, for want of these facts (or parameters)."""

    names: frozenset[str]


Value = Scalar | Missing
_COMPARE: dict[str, Callable[..., object]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Question:
    """One parcel on one day: what is told of it, the law's numbers, the calendar, the rules in force."""

    as_of: date
    facts: Mapping[str, Scalar]
    parameters: Parameters
    calendar: Calendar
    rules: Mapping[str, Rule]
    parameters_on: date
    """Day whose parameters count: the day of the question, also while later days are tried (next_on)."""
    pauses: Pauses = NONE
    """When the clock stood still, as told on the day of the question."""


def holds_tree(rule: Rule) -> Node:
    """`<rule>.holds` as one tree: it applies, and its condition is met."""
    assert rule.condition is not None
    return rule.condition.tree if rule.applies is None else Junction("and", (rule.applies.tree, rule.condition.tree))


def target(node: Reference, rules: Mapping[str, Rule]) -> Node | None:
    """The tree a reference stands for; None when the rule was not in force yet, or no more."""
    rule = rules.get(node.rule_id)
    if rule is None:
        return None
    return holds_tree(rule) if node.name == "holds" else rule.values[node.name].tree


def inputs_of(node: Node, rules: Mapping[str, Rule]) -> frozenset[str]:
    """Every input a tree reads, through references."""
    if isinstance(node, Input):
        return frozenset([node.name])
    below = target(node, rules) if isinstance(node, Reference) else None
    return frozenset().union(*(inputs_of(n, rules) for n in ((below,) if below is not None else children(node))))


def _read(nodes: Iterable[Node], q: Question) -> frozenset[str]:
    return frozenset().union(*(inputs_of(n, q.rules) for n in nodes))


def reads_pauses(node: Node, rules: Mapping[str, Rule]) -> bool:
    """Whether a tree asks when the clock stood still, through references."""
    if isinstance(node, Call) and node.name in ("extended", "running_years"):
        return True
    below = target(node, rules) if isinstance(node, Reference) else None
    return any(reads_pauses(n, rules) for n in ((below,) if below is not None else children(node)))


def _lacking(values: Iterable[Value]) -> Missing:
    return Missing(frozenset().union(*(v.names for v in values if isinstance(v, Missing))))


def evaluate(node: Node, q: Question) -> Value:
    """The value of a tree; total: there is no question it raises on."""
    match node:
        case Literal(literal):
            return literal
        case CodeLiteral(written):
            return written
        case AsOf():
            return q.as_of
        case Input(name):
            return q.facts.get(name, Missing(frozenset([name])))
        case Parameter(key):
            return _parameter(key, q.parameters_on, key, q)
        case ParameterOn(key, on):
            day = evaluate(on, q)
            return _parameter(key, day, key, q) if isinstance(day, date) else day
        case Table(prefix, by):
            code = evaluate(by, q)
            return code if isinstance(code, Missing) else _parameter(f"{prefix}.{code}", q.parameters_on, prefix, q)
        case Reference():
            meant = target(node, q.rules)
            return Missing(frozenset([node.rule_id])) if meant is None else evaluate(meant, q)
        case Not(operand):
            negated = evaluate(operand, q)
            return negated if isinstance(negated, Missing) else not negated
        case Junction(op, operands):
            deciding = op == "or"
            values = [evaluate(o, q) for o in operands]
            if any(v is deciding for v in values):
                return deciding
            return _lacking(values) if any(isinstance(v, Missing) for v in values) else not deciding
        case Compare(op, left, right):
            sides = (evaluate(left, q), evaluate(right, q))
            return _lacking(sides) if any(isinstance(v, Missing) for v in sides) else bool(_COMPARE[op](*sides))
        case OneOf(operand, codes):
            found = evaluate(operand, q)
            return found if isinstance(found, Missing) else found in codes
        case Arithmetic():
            return _arithmetic(node, q)
        case Choice(condition, then, otherwise):
            chosen = evaluate(condition, q)
            return chosen if isinstance(chosen, Missing) else evaluate(then if chosen else otherwise, q)
        case Call(name, arguments):
            return _call(name, arguments, q)


def _parameter(key: str, day: Value, name: str, q: Question) -> Value:
    row = q.parameters.on(key, day) if isinstance(day, date) else None
    return row.value if row else Missing(frozenset([name]))


def _arithmetic(node: Arithmetic, q: Question) -> Value:
    left, right = evaluate(node.left, q), evaluate(node.right, q)
    if not isinstance(left, Fraction) or not isinstance(right, Fraction):
        return _lacking([left, right])
    match node.op:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case _:
            return left / right if right else Missing(inputs_of(node.right, q.rules))


def _call(name: str, arguments: tuple[Node, ...], q: Question) -> Value:
    values = [evaluate(a, q) for a in arguments]
    match name, values:
        case "known", [value]:
            return not isinstance(value, Missing)
        case "happened", [value]:
            return isinstance(value, date) and value <= q.as_of
        case "is_true", [value]:
            return value is True
        case "coalesce", _:
            return next((v for v in values if not isinstance(v, Missing)), _lacking(values))
        case "at_least", [Missing(), *_]:
            return values[0]
        case "extended", [_, Missing() as missing]:
            return missing
        case "at_least", [Fraction() as wanted, *conditions]:
            sure = sum(v is True for v in conditions)
            if sure >= wanted:
                return True
            return _lacking(conditions) if sure + sum(isinstance(v, Missing) for v in conditions) >= wanted else False
    if any(isinstance(v, Missing) for v in values):
        return _lacking(values)
    match name, values:
        case (("add_years" | "add_months" | "add_days"), [date() as day, Fraction() as count]):
            return later(name, day, count) or Missing(_read(arguments, q))
        case "extended", [date() as start, date() as end]:
            return q.pauses.extended(start, end)
        case "running_years", [date() as start, date() as end]:
            ran = q.pauses.running_years(start, end)
            return Missing(_read(arguments, q)) if ran is None else Fraction(ran)
        case (("full_years" | "working_day" | "working_days" | "calendar_covers"), _) if NEVER in values:
            return Missing(_read(arguments, q))
        case "full_years", [date() as start, date() as end]:
            return Fraction(full_years(start, end))
        case "working_day", [date() as day]:
            return q.calendar.on_or_after(day)
        case "working_days", [date() as start, date() as end]:
            days = q.calendar.between(start, end)
            return Missing(_read(arguments, q)) if days is None else Fraction(days)
        case "calendar_covers", [date() as day]:
            return q.calendar.covers(day)
        case "unless", [value, code]:
            return Missing(inputs_of(arguments[0], q.rules)) if value == code else value
        case "mu", [Fraction() as area]:
            return area * MU_PER_M2
        case "min", _:
            return min(values)  # type: ignore[type-var]
        case "max", _:
            return max(values)  # type: ignore[type-var]
        case _:  # count
            return Fraction(sum(v is True for v in values))


def turning_days(node: Node, q: Question) -> set[date]:
    """Every day on which something that the tree compares with the day of the question turns."""
    found: set[date] = set()
    match node:
        case Compare(left=left, right=right) if isinstance(left, AsOf) or isinstance(right, AsOf):
            day = evaluate(right if isinstance(left, AsOf) else left, q)
            if isinstance(day, date):
                found |= {day, min(day, date.max - timedelta(days=1)) + timedelta(days=1)}
            return found | turning_days(right if isinstance(left, AsOf) else left, q)
        case Call("happened", (below,)):
            day = evaluate(below, q)
            found |= {day} if isinstance(day, date) else set()
        case Reference():
            below_tree = target(node, q.rules)
            return turning_days(below_tree, q) if below_tree is not None else found
    for child in children(node):
        found |= turning_days(child, q)
    return found
