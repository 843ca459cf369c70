"""Where in a filter something is wrong, and the error that says so: BadInput for the field `filter`."""

from __future__ import annotations

from dataclasses import dataclass

from geo.errors import BadInput, Problem
from geo.filters.limits import SHOWN_MAX

FIELD = "filter"


@dataclass(frozen=True, slots=True)
class Place:
    """A position in a filter: line and column of the text (both from 1), or a JSON pointer; neither for a tree made by hand."""

    line: int = 0
    column: int = 0
    pointer: str | None = None

    @property
    def problem(self) -> Problem:
        """The position as the beginning of a sentence."""
        if self.pointer is not None:
            return Problem(zh=f"JSON 位置“{self.pointer}”：", en=f"at JSON pointer '{self.pointer}': ")
        if self.line:
            return Problem(
                zh=f"第 {self.line} 行第 {self.column} 个字符：", en=f"line {self.line}, character {self.column}: "
            )
        return Problem(zh="", en="")

    def below(self, *steps: str | int) -> Place:
        """The place of a member or element; a place in text stays what it is."""
        if self.pointer is None:
            return self
        escaped = (shown(str(step)).replace("~", "~0").replace("/", "~1") for step in steps)
        return Place(pointer="/".join((self.pointer, *escaped)))


NOWHERE = Place()


def refuse(at: Place, zh: str, en: str, right_zh: str | None = None, right_en: str | None = None) -> BadInput:
    """The error for one place: what is wrong there, and what would be right."""
    where = at.problem
    expected = Problem(zh=right_zh, en=right_en) if right_zh is not None and right_en is not None else None
    return BadInput.at(FIELD, Problem(zh=f"{where.zh}{zh}", en=f"{where.en}{en}"), expected)


def shown(text: str) -> str:
    """A piece of a filter as a message may repeat it: short, printable, valid UTF-8."""
    cut = text if len(text) <= SHOWN_MAX else text[: SHOWN_MAX - 1] + "…"
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in cut)
