"""What a rule says of one parcel on one day: the whole answer, explained (GEN-07)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from geo.landuse.rules.evaluate import (
    Missing,
    Question,
    Value,
    evaluate,
    inputs_of,
    reads_pauses,
    target,
)
from geo.landuse.rules.kinds import Scalar
from geo.landuse.rules.numbers import Parameters, rounded
from geo.landuse.rules.periods import NEVER, Calendar
from geo.landuse.rules.rule import Rule
from geo.landuse.rules.stopped import NONE, STOPPED, Pauses
from geo.landuse.rules.tree import Node, Parameter, ParameterOn, Reference, Table, children
from geo.landuse.rules.turns import holds_of, outcome_of, turns

Shown = str | bool | Decimal


def read_inputs(said: str) -> dict[str, Shown]:
    """`inputs` of an answer from their JSON text, every number as it stands there (GEN-06: no number passes through a float)."""
    inputs: dict[str, Shown] = json.loads(said, parse_float=Decimal, parse_int=Decimal)
    return inputs


@dataclass(frozen=True, slots=True)
class Answer:
    """`holds`: yes, no, unknown (`missing` says for want of what), not_applicable. A lead, never a determination."""

    rule_id: str
    rule_version: int
    as_of: date
    holds: str
    result: str | None
    level: str | None
    since_on: date | None
    next_on: date | None
    missing: tuple[str, ...]
    inputs: Mapping[str, Shown]
    """What was told and used, and the rule's own values (numbers of values rounded to six decimals); `pauses`, where the rule
    asks for them; CLOCK_STOPPED for a day that does not come while the clock stands."""
    parameters: Mapping[str, Mapping[str, str]]
    basis: tuple[str, ...]


def answer(
    rule: Rule,
    rules: Mapping[str, Rule],
    facts: Mapping[str, Scalar],
    parameters: Parameters,
    calendar: Calendar,
    as_of: date,
    pauses: Pauses = NONE,
) -> Answer:
    """What the rule says; `rules` are those in force on the day, `facts` what is told and usable (kinds.usable)."""
    return answer_to(rule, Question(as_of, facts, parameters, calendar, rules, as_of, pauses))


def answer_to(rule: Rule, q: Question) -> Answer:
    """What the rule says to a question."""
    holds, missing = holds_of(rule, q)
    result, level = outcome_of(rule, holds, q)
    turn = next(turns(rule, q), None)
    trees = [e.tree for e in rule.expressions().values()]
    values = {name: evaluate(e.tree, q) for name, e in rule.values.items()}
    shown: dict[str, Shown] = {n: _shown(q.facts[n]) for t in trees for n in inputs_of(t, q.rules) if n in q.facts}
    if q.pauses.spans and any(reads_pauses(t, q.rules) for t in trees):
        shown["pauses"] = q.pauses.shown()
    shown |= {name: _shown_value(v) for name, v in values.items() if not isinstance(v, Missing)}
    return Answer(
        rule_id=rule.id, rule_version=rule.version, as_of=q.as_of, holds=holds, result=result, level=level,
        since_on=_date(evaluate(rule.since_on.tree, q)) if rule.since_on else None, next_on=turn.on if turn else None,
        missing=missing, inputs=shown, parameters=_parameters(trees, q), basis=rule.basis,
    )  # fmt: skip


def _parameters(trees: list[Node], q: Question) -> dict[str, Mapping[str, str]]:
    """Every parameter value the trees use, by key."""
    found: dict[str, Mapping[str, str]] = {}

    def look(node: Node) -> None:
        match node:
            case Parameter(key):
                if key not in found and (row := q.parameters.on(key, q.as_of)):
                    found[key] = row.shown()
            case ParameterOn(key, below):
                day = evaluate(below, q)
                if isinstance(day, date) and (row := q.parameters.on(key, day)):
                    found[key] = row.shown()
            case Table(prefix, below):
                code = evaluate(below, q)
                if isinstance(code, str) and (row := q.parameters.on(f"{prefix}.{code}", q.as_of)):
                    found[f"{prefix}.{code}"] = row.shown()
            case Reference() if (below_tree := target(node, q.rules)) is not None:
                look(below_tree)
        for child in children(node):
            look(child)

    for tree in trees:
        look(tree)
    return found


def _date(value: Value) -> date | None:
    return value if isinstance(value, date) and value != NEVER else None


def _shown(value: Scalar) -> Shown:
    """A told value as it was told."""
    if isinstance(value, Fraction):
        return rounded(value, 12)
    if isinstance(value, date):
        return STOPPED if value == NEVER else value.isoformat()
    return value


def _shown_value(value: Scalar) -> Shown:
    return rounded(value) if isinstance(value, Fraction) else _shown(value)
