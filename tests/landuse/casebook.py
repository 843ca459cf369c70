"""The case files that lawyers read, as questions with expected answers; both engines are held to them."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from geo.landuse.rules.answer import Answer
from geo.landuse.rules.catalogue import catalogue
from geo.landuse.rules.kinds import Base, Scalar
from geo.landuse.rules.numbers import ParameterRow, Parameters
from geo.landuse.rules.periods import Calendar
from geo.landuse.rules.stopped import Pauses

HERE = Path(__file__).parent
SEED = HERE.parents[1] / "migrations" / "seed"
TOLD = ("holds", "result", "level", "since_on", "next_on", "missing")


@dataclass(frozen=True)
class Case:
    """One question: a rule, facts, a day; and what must come out."""

    name: str
    rule_id: str
    article: str
    as_of: date
    facts: Mapping[str, Scalar]
    expected: Mapping[str, Any]
    pure_only: bool
    pauses: tuple[tuple[date, date | None], ...] = ()
    """First and last day of each pause by an act of government; no last day: the clock still stands."""

    def stopped(self) -> Pauses:
        """The days that do not count on the day of the question."""
        return Pauses.of((first, last) for first, last in self.pauses if first <= self.as_of)

    def __str__(self) -> str:
        return f"{self.rule_id} {self.name} {self.as_of}"


def typed(name: str, text: str) -> Scalar:
    """A value of a case file as the vocabulary types it."""
    match catalogue().vocabulary.inputs[name].kind.base:
        case Base.DATE:
            return date.fromisoformat(text)
        case Base.NUMBER:
            return Fraction(text)
        case Base.BOOL:
            return {"true": True, "false": False}[text]
        case _:
            return text


def _pause(written: str) -> tuple[date, date | None]:
    first, last = written.split("/")
    return date.fromisoformat(first), None if last == ".." else date.fromisoformat(last)


class _Plain(yaml.SafeLoader):
    """YAML whose scalars are all text, so that yes and no are words; `<<` still merges."""


_Plain.yaml_implicit_resolvers = {"<": [("tag:yaml.org,2002:merge", re.compile("^<<$"))]}


@lru_cache(maxsize=1)
def cases() -> list[Case]:
    """Every case of every file, one per day."""
    found = []
    for path in sorted((HERE / "cases").glob("*.yaml")):
        for section in yaml.load(path.read_text(encoding="utf-8"), Loader=_Plain):
            for case in section["cases"]:
                facts = {name: typed(name, text) for name, text in (case["facts"] or {}).items()}
                pauses = tuple(_pause(written) for written in case.get("pauses", ()))
                for day, expected in case["days"].items():
                    wanted = {"holds": expected} if isinstance(expected, str) else expected
                    found.append(
                        Case(case["name"], section["rule"], section["article"], date.fromisoformat(day), facts, wanted, "pure_only" in case, pauses)
                    )  # fmt: skip
    return found


def parameter_rows() -> list[ParameterRow]:
    """Every seeded parameter value."""
    rows = []
    for name in ("parameters.csv", "parameters_0004.csv", "parameters_0016.csv"):
        with (SEED / name).open(encoding="utf-8", newline="") as file:
            rows += [
                ParameterRow(r["key"], r["county_code"] or None, date.fromisoformat(r["effective_on"]), Decimal(r["value_num"]),
                             Decimal(r["value_den"]), r["unit"], r["citation"])
                for r in csv.DictReader(file)
            ]  # fmt: skip
    return rows


def calendar() -> Calendar:
    """The seeded working calendar."""
    with (SEED / "work_calendar_0004.csv").open(encoding="utf-8", newline="") as file:
        return Calendar({date.fromisoformat(r["day"]): r["is_working"] == "true" for r in csv.DictReader(file)})


def parameters() -> Parameters:
    """The seeded parameters, as a county without values of its own sees them."""
    return Parameters(parameter_rows())


def differences(case: Case, found: Answer) -> dict[str, tuple[Any, Any]]:
    """Where an answer is not what the case expects: name -> (expected, found)."""
    wrong = {}
    for name, wanted in case.expected.items():
        got: Any = getattr(found, name) if name in TOLD else found.inputs.get(name)
        if isinstance(got, date):
            got = got.isoformat()
        elif isinstance(got, tuple):
            got = list(got)
        if isinstance(got, bool):
            got = str(got).lower()
        if isinstance(got, Decimal):
            same = Fraction(got) == Fraction(wanted)
        else:
            same = got == (None if wanted == "null" else wanted)
        if not same:
            wrong[name] = (wanted, got)
    return wrong
