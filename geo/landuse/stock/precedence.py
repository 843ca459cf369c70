"""Which flag of a parcel is its primary one, read off the rules themselves: nothing of it is written here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from geo.landuse.classes import class_of, land_classes
from geo.landuse.rules.catalogue import catalogue
from geo.landuse.rules.rule import Rule
from geo.landuse.rules.tree import CodeLiteral, walk

PRECEDENCE, PRIMARY = "UNDER-06", "primary"
IDLE = "SUSPECTED_IDLE"
"""The result that is shown on top of any class and counted beside."""


@dataclass(frozen=True, slots=True)
class Precedence:
    """`results`: flags, the one that goes first at the head, beside the `classes` they mean; `rules`: the leads that give one of
    them or suspected idle."""

    results: tuple[str, ...]
    classes: tuple[str, ...]
    rules: tuple[str, ...]
    leads: tuple[str, ...]
    """Every lead in force."""


@lru_cache(maxsize=64)
def precedence(on: date) -> Precedence:
    """By the rules in force on a day: the order of UNDER-06, and after it the classes it does not name (低效用地)."""
    rules: Mapping[str, Rule] = catalogue().on(on)
    tree = rules[PRECEDENCE].values[PRIMARY].tree
    ordered = [node.code for node in walk(tree) if isinstance(node, CodeLiteral)]
    ordered += [result for land_class in land_classes() for result in land_class.results]
    found = {result: found.code for result in ordered if (found := class_of(result))}
    leads = [rule for rule in rules.values() if rule.is_lead]
    counted = tuple(rule.id for rule in leads if _results(rule) & {*found, IDLE})
    return Precedence(tuple(found), tuple(found.values()), counted, tuple(rule.id for rule in leads))


def _results(rule: Rule) -> set[str]:
    """Every result a rule can give."""
    return {n.code for n in walk(rule.result.tree) if isinstance(n, CodeLiteral)} if rule.result else set()
