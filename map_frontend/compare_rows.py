"""The rows of a comparison: one question, every thing's answer, whether they differ, and who asks least."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

from map_frontend.drawing.around import Section
from map_frontend.drawing.telling import GROUPS
from map_frontend.drawing.told import Told
from map_frontend.things.kinds import RANGES

LESS_IS_LESS = ("price_min_wan_cny_per_mu", "rent_cny_m2_month", "rent_cny_m2_day", "sale_cny_m2")
"""Properties of which the lowest may be said: what one pays. Nothing else is called better or worse."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One answer: `state` tells a value from one nobody registered and from one that such a thing cannot have."""

    text: str
    state: Literal["known", "unknown", "not_applicable"] = "known"
    note: str = ""
    lowest: str = ""
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One question with its answers in the order of the things."""

    label: str
    cells: tuple[Cell, ...]

    @property
    def differs(self) -> bool:
        """Whether those who can answer do not answer alike."""
        return len({cell.text for cell in self.cells if cell.state != "not_applicable"}) > 1

    @property
    def is_worth_it(self) -> bool:
        """Whether anyone has an answer."""
        return any(cell.state == "known" for cell in self.cells)


def groups_of(things: Sequence[Told], near: Sequence[Sequence[Section]]) -> list[tuple[str, list[Line]]]:
    """(heading, lines) in order; groups and lines nobody can answer are left out."""
    words = things[0].words
    found = [(words(f"group.{group}"), [_line(name, things) for name in names]) for group, names in GROUPS.items()]
    found += _around(near, words("compare.unknown"))
    kept = [(heading, [line for line in lines if line.is_worth_it]) for heading, lines in found]
    return [(heading, lines) for heading, lines in kept if lines]


def _line(name: str, things: Sequence[Told]) -> Line:
    words = things[0].words
    cells: list[Cell] = []
    label = ""
    for thing in things:
        offered = thing.c.properties(thing.reader.actor.audience)
        row = thing.writer.row(name, thing.item.properties) if name in offered else None
        if row is not None and row.text:
            label = label or row.label
            cells.append(Cell(row.text, href=row.href))
        elif name in offered:
            cells.append(Cell(words("compare.unknown"), "unknown"))
        else:
            cells.append(Cell(words("compare.not_applicable"), "not_applicable"))
    return Line(label, tuple(_lowest(name, things, cells) if name in LESS_IS_LESS else cells))


def _span(name: str, properties: Any) -> tuple[Decimal, Decimal] | None:
    """Least and most of a price, or None when it is not said as a number."""
    if name.startswith("price") and properties.get("price_negotiable"):
        return None
    values = [properties.get(name), properties.get(RANGES[name].high) if name in RANGES else None]
    numbers = [Decimal(str(value)) for value in values if value is not None]
    return (min(numbers), max(numbers)) if numbers else None


def _lowest(name: str, things: Sequence[Told], cells: list[Cell]) -> list[Cell]:
    """The cells with the lowest named, where one is below all others whatever its range comes to."""
    spans = [_span(name, thing.item.properties) for thing in things]
    known = [span for span in spans if span is not None]
    applies = sum(cell.state != "not_applicable" for cell in cells)
    for number, span in enumerate(spans):
        others = [other for place, other in enumerate(spans) if other is not None and place != number]
        if span is not None and others and all(span[1] < other[0] for other in others):
            key = "compare.lowest" if len(known) == applies else "compare.lowest_known"
            cells[number] = replace(cells[number], lowest=things[0].words(key))
    return cells


def _around(near: Sequence[Sequence[Section]], unknown: str) -> list[tuple[str, list[Line]]]:
    """Sections of the surroundings side by side: the same title is one group, the same key one line."""
    titles = list(dict.fromkeys(section.title for sections in near for section in sections))
    found = []
    for title in titles:
        answers = [{line.key: line for s in sections if s.title == title for line in s.lines} for sections in near]
        labels = {line.key: line.label for by_key in answers for line in by_key.values()}
        lines = [
            Line(label, tuple(Cell(by_key[key].text, note=by_key[key].note) if key in by_key else Cell(unknown, "unknown") for by_key in answers))
            for key, label in labels.items()
        ]  # fmt: skip
        found.append((title, lines))
    return found
