"""What explaining needs, put together from the seeds: the words, parameters and calendar a new county starts with."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml

from geo.errors import Problem
from geo.landuse.explaining.explain import Background
from geo.landuse.explaining.wordbook import wordbook
from geo.landuse.rules.answer import Answer, answer
from geo.landuse.rules.catalogue import catalogue
from tests.landuse.casebook import SEED, Case, calendar, cases, parameters


def _rows(pattern: str) -> list[dict[str, object]]:
    return [row for path in sorted(Path(SEED).glob(pattern)) for row in yaml.safe_load(path.read_text("utf-8"))]


@lru_cache(maxsize=1)
def background() -> Background:
    """As `explaining.queries.background` reads it from a database without anything of a county's own."""
    names = {str(r["code"]): Problem(zh=str(r["name"]), en=str(r["name_en"])) for r in _rows("fact_kinds*.yaml")}
    codes = {
        (str(r["code"]), str(v["code"])): Problem(zh=v["name"], en=v["name_en"])
        for r in _rows("code_lists*.yaml")
        for v in r["values"]  # type: ignore[attr-defined]
    }
    rules = catalogue()
    return Background(rules, wordbook(), names | dict(rules.vocabulary.values), codes, parameters(), calendar())


def leads_of_cases() -> list[tuple[Case, Answer]]:
    """Every case of a lead that applies, with its answer."""
    found = []
    for case in cases():
        rules = catalogue().on(case.as_of)
        if case.rule_id in rules and rules[case.rule_id].is_lead:
            said = answer(rules[case.rule_id], rules, case.facts, parameters(), calendar(), case.as_of, case.stopped())
            if said.holds != "not_applicable":
                found.append((case, said))
    return found
