"""A rule of the law as data: what it reads, what it asks, what follows, and where that is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from geo.errors import Problem
from geo.landuse.rules.kinds import Kind
from geo.landuse.rules.tree import Node

LEVELS = ("INFO", "YELLOW", "RED")


@dataclass(frozen=True, slots=True)
class Law:
    """A law, order, standard or county default, with the days it is in force."""

    id: str
    name: Problem
    number: str | None
    in_force_from: date
    in_force_to: date | None


@dataclass(frozen=True, slots=True)
class Citation:
    """An article of a law."""

    law: Law
    article: str
    paragraph: str | None = None

    def text(self, lang: str) -> str:
        """《闲置土地处置办法》第2条第1款 / Measures for ..., Art. 2(1)."""
        if not self.article[0].isdigit():
            return f"{self.law.name.text(lang)} {self.article}"
        if lang == "en":
            return f"{self.law.name.en}, Art. {self.article}" + (f"({self.paragraph})" if self.paragraph else "")
        return f"《{self.law.name.zh}》第{self.article}条" + (f"第{self.paragraph}款" if self.paragraph else "")


@dataclass(frozen=True, slots=True)
class InputSpec:
    """What may be known of a parcel: a fact kind of the ledger, or a column of the register (`is_column`)."""

    name: str
    kind: Kind
    code_list: str | None = None
    is_column: bool = False


@dataclass(frozen=True, slots=True)
class Expression:
    """Text and tree; `line` is where the text begins in its file."""

    text: str
    tree: Node
    line: int


@dataclass(frozen=True, slots=True)
class Rule:
    """One version of a rule. `is_lead`: its answers are kept as findings and shown; else it defines something others use.

    `method` names a function over a group, for what is no condition on one parcel's facts (per_mu.py, projects.py).
    """

    id: str
    version: int
    group: str
    title: Problem
    is_lead: bool
    in_force_from: date
    in_force_to: date | None
    confidence: str
    reviewed_on: date
    citations: tuple[Citation, ...]
    inputs: Mapping[str, InputSpec]
    parameters: Mapping[str, str]
    """Key -> unit; `table(...)` prefixes stand here as well."""
    note: Problem | None
    method: str | None
    applies: Expression | None
    condition: Expression | None
    result: Expression | None
    level: Expression | None
    since_on: Expression | None
    values: Mapping[str, Expression]
    file: str
    lines: Mapping[str, int] = field(compare=False)

    @property
    def basis(self) -> tuple[str, ...]:
        """The articles, as a finding names them."""
        return tuple(c.text("zh") for c in self.citations)

    def is_in_force(self, day: date) -> bool:
        """Whether this version is in force on a day."""
        return self.in_force_from <= day and (self.in_force_to is None or day < self.in_force_to)

    def expressions(self) -> dict[str, Expression]:
        """All that is written, by the name of its place."""
        own = {name: getattr(self, name) for name in ("applies", "condition", "result", "level", "since_on")}
        return {name: e for name, e in own.items() if e is not None} | {
            f"values.{n}": e for n, e in self.values.items()
        }
