"""Files to rules: what each entry must be. Types of expressions are checked by the catalogue, when all rules are known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from geo.errors import Problem
from geo.landuse.rules.checking import close
from geo.landuse.rules.kinds import BOOL, DATE, Base, Kind, number
from geo.landuse.rules.parsing import RULE_ID, ExpressionFault, parse
from geo.landuse.rules.rule import Citation, Expression, InputSpec, Law, Rule
from geo.landuse.rules.yaml_lines import Part

REQUIRED = ("id", "version", "kind", "title", "confidence", "reviewed_on", "citations")
OPTIONAL = (
    "in_force",
    "note",
    "inputs",
    "parameters",
    "applies",
    "condition",
    "result",
    "level",
    "since_on",
    "values",
    "method",
)
CONFIDENCE = ("law", "likely", "verify", "default", "example")
KINDS = ("lead", "definition", "method")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What all rules share: laws, inputs, result codes, and what values are called."""

    laws: Mapping[str, Law]
    inputs: Mapping[str, InputSpec]
    results: tuple[str, ...]
    values: Mapping[str, Problem]


def _words(part: Part) -> Problem:
    both = part.entries(required=("zh", "en"))
    return Problem(zh=both["zh"].text(), en=both["en"].text())


def _period(part: Part | None) -> tuple[date | None, date | None]:
    if part is None:
        return None, None
    both = part.entries(required=("from",), optional=("to",))
    to = both.get("to")
    return both["from"].day(), to.day() if to is not None and not to.is_null() else None


def read_vocabulary(part: Part) -> Vocabulary:
    """data/vocabulary.yaml."""
    entries = part.entries(required=("laws", "inputs", "results", "values"))
    laws = {}
    for law_id, given in entries["laws"].entries().items():
        law = given.entries(required=("zh", "en", "in_force"), optional=("number",))
        start, end = _period(law["in_force"])
        laws[law_id] = Law(law_id, Problem(zh=law["zh"].text(), en=law["en"].text()), law["number"].text() if "number" in law else None,
                           start or date.min, end)  # fmt: skip
    inputs = {name: _input(name, given) for name, given in entries["inputs"].entries().items()}
    values = {name: _words(given) for name, given in entries["values"].entries().items()}
    return Vocabulary(laws, inputs, tuple(r.text() for r in entries["results"].items()), values)


def _input(name: str, part: Part) -> InputSpec:
    given = part.entries(required=("type",), optional=("unit", "list", "codes", "column"))
    base = given["type"].one_of(tuple(b.value for b in Base))
    column = "column" in given and given["column"].one_of(("true", "false")) == "true"
    if (base == "number") != ("unit" in given):
        part.fail("a unit belongs to numbers, and to each of them", "unit: m2, wan_cny, ratio ...")
    if base == "code":
        if not {"list", "codes"} <= given.keys():
            part.fail("a code without its list", "list: name of a code list; codes: [A, B]")
        codes = frozenset(c.text() for c in given["codes"].items())
        return InputSpec(name, Kind(Base.CODE, codes=codes), given["list"].text(), column)
    kind = number(given["unit"].text()) if base == "number" else DATE if base == "date" else BOOL
    return InputSpec(name, kind, None, column)


def read_rule(part: Part, group: str, words: Vocabulary) -> Rule:
    """One rule file; raises Broken at the first fault."""
    given = part.entries(required=REQUIRED, optional=OPTIONAL)
    rule_id = given["id"].text()
    if parse_id(rule_id) is None:
        given["id"].fail(f"'{rule_id}' is no rule id", "such as IDLE-01")
    kind = given["kind"].one_of(KINDS)
    citations = tuple(_citation(c, words) for c in given["citations"].items())
    if not citations:
        given["citations"].fail("no article is cited", "at least one")
    start, end = _period(given.get("in_force"))
    inputs = {}
    for entry in given["inputs"].items() if "inputs" in given else ():
        if entry.text() not in words.inputs:
            entry.fail(f"unknown input '{entry.text()}'", close(entry.text(), words.inputs))
        inputs[entry.text()] = words.inputs[entry.text()]
    parameters = (
        {key: unit.text() for key, unit in given["parameters"].entries().items()} if "parameters" in given else {}
    )
    wanted = {"lead": ("condition", "result", "level"), "definition": ("condition",), "method": ("method",)}[kind]
    for name in wanted:
        if name not in given:
            part.fail(f"a {kind} without '{name}'", f"{name}: ...")
    expressions = {
        name: _expression(given[name])
        for name in ("applies", "condition", "result", "level", "since_on")
        if name in given
    }
    return Rule(
        id=rule_id, version=given["version"].whole(), group=group, title=_words(given["title"]), is_lead=kind == "lead",
        in_force_from=start or max(c.law.in_force_from for c in citations), in_force_to=end,
        confidence=given["confidence"].one_of(CONFIDENCE), reviewed_on=given["reviewed_on"].day(), citations=citations, inputs=inputs,
        parameters=parameters, note=_words(given["note"]) if "note" in given else None,
        method=given["method"].text() if "method" in given else None, applies=expressions.get("applies"),
        condition=expressions.get("condition"), result=expressions.get("result"), level=expressions.get("level"),
        since_on=expressions.get("since_on"),
        values={n: _expression(e) for n, e in given["values"].entries().items()} if "values" in given else {},
        file=part.file, lines={name: entry.line for name, entry in given.items()},
    )  # fmt: skip


def parse_id(text: str) -> str | None:
    """The rule id, or None when it is none."""
    return text if re.fullmatch(RULE_ID, text) else None


def _citation(part: Part, words: Vocabulary) -> Citation:
    given = part.entries(required=("law", "article"), optional=("paragraph",))
    law = given["law"].text()
    if law not in words.laws:
        given["law"].fail(f"unknown law '{law}'", close(law, words.laws))
    return Citation(
        words.laws[law], given["article"].text(), given["paragraph"].text() if "paragraph" in given else None
    )


def _expression(part: Part) -> Expression:
    text = part.text()
    try:
        return Expression(text, parse(text), part.line)
    except ExpressionFault as fault:
        part.fail(fault.detail, fault.expected, text.count("\n", 0, fault.at))
