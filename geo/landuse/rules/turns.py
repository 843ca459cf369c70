"""The days on which a rule's answer changes by itself, one after another, if no fact and no parameter does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from geo.landuse.rules.evaluate import Missing, Question, evaluate, holds_tree, turning_days
from geo.landuse.rules.periods import NEVER
from geo.landuse.rules.rule import Rule


@dataclass(frozen=True, slots=True)
class Turn:
    """What a rule says from a day on."""

    on: date
    holds: str
    result: str | None
    level: str | None


def turns(rule: Rule, q: Question) -> Iterator[Turn]:
    """Every later day with another outcome than the day before it, in order; the first is `next_on`."""
    trees = [e.tree for e in (rule.applies, rule.condition, rule.result, rule.level) if e is not None]
    days = set().union(*(turning_days(tree, q) for tree in trees))
    before = _said(rule, q)
    for day in sorted(day for day in days if q.as_of < day < NEVER):
        said = _said(rule, replace(q, as_of=day))
        if said != before:
            yield Turn(day, *said)
            before = said


def _said(rule: Rule, q: Question) -> tuple[str, str | None, str | None]:
    holds, _ = holds_of(rule, q)
    return (holds, *outcome_of(rule, holds, q))


def holds_of(rule: Rule, q: Question) -> tuple[str, tuple[str, ...]]:
    """Whether the rule holds, and what is missing to know it."""
    assert rule.condition is not None
    applies = evaluate(rule.applies.tree, q) if rule.applies else True
    if applies is False:
        return "not_applicable", ()
    both = evaluate(holds_tree(rule), q)
    if isinstance(both, Missing):
        return "unknown", tuple(sorted(both.names))
    return ("yes" if both else "no"), ()


def outcome_of(rule: Rule, holds: str, q: Question) -> tuple[str | None, str | None]:
    """Result and level, of a rule that holds."""
    if holds != "yes":
        return None, None
    result, level = (evaluate(e.tree, q) if e else None for e in (rule.result, rule.level))
    return (result if isinstance(result, str) else None), (level if isinstance(level, str) else None)
