"""The properties of one thing in the reader's words: rows, figures with their unit, ranges with their bar."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from psycopg.types.range import Range as DateRange

from api.deps import Reader
from geo.registry.collections import Collection
from map_frontend.map_data import area_unit
from map_frontend.site import Page
from map_frontend.things.kinds import AREAS, CONTROL_FLOORS, CONTROLS, LINKED, NAMED, NOT_A_ROW, PLAIN_NUMBERS, RANGES
from map_frontend.words import Words

NUMBER_AND_UNIT = re.compile(r"((?:[≥≤] )?[\d.,]+(?:–[\d.,]+)?) (\S.*)")


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what it is called, what it says ('' = unknown), and where its name leads."""

    label: str
    text: str
    href: str | None = None

    @property
    def number(self) -> str:
        """The text up to its unit; the whole of it where it is no number."""
        found = NUMBER_AND_UNIT.match(self.text)
        return found[1] if found else self.text

    @property
    def unit(self) -> str:
        """The unit behind the number."""
        found = NUMBER_AND_UNIT.match(self.text)
        return found[2] if found else ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A range as a bar: its line, and where the bar begins and how wide it is, of 100."""

    row: Row
    begins: float
    width: float


class Writer:
    """Writes the properties of one thing in the reader's words."""

    def __init__(self, page: Page, reader: Reader, c: Collection) -> None:
        self.page, self.words, self.collection, self.audience = page, page.words, c, reader.actor.audience
        self.area_unit = area_unit(reader)

    def value(self, name: str, value: Any) -> str:
        """One property as text; '' when nothing is known."""
        words, word = self.words, self.collection.word(name)
        if value is None or value == [] or value == "":
            return ""
        if name in NAMED:
            return words.code(NAMED[name], value)
        if isinstance(value, bool):
            return words("yes" if value else "no")
        if isinstance(value, DateRange):
            return validity(words, value.lower, value.upper - timedelta(days=1) if value.upper else None)
        if isinstance(value, datetime):
            return words.instant(value)
        if isinstance(value, date):
            return words.day(value)
        if isinstance(value, Decimal | int | float):
            return self._number(name, value, word.unit)
        if isinstance(value, list | tuple):
            return words.list(word.list or "", value)
        if word.list:
            return words.code(word.list, value)
        return str(value)

    def _number(self, name: str, value: Any, unit: str | None) -> str:
        if name in AREAS:
            return self.words.area(value, self.area_unit)
        return str(value) if name in PLAIN_NUMBERS else self.words.number(value, unit)

    def row(self, name: str, properties: Mapping[str, Any]) -> Row:
        """One property, or the two of a range, as a row."""
        words = self.words
        if name in RANGES:
            both = RANGES[name]
            if name.startswith("price") and properties.get("price_negotiable"):
                return Row(words(both.word), words("price.negotiable"))
            return Row(words(both.word), self._range(properties.get(name), properties.get(both.high), both.unit))
        text = self.value(name, properties.get(name))
        href = self.page.link(f"/{LINKED[name]}/{properties[name]}") if name in LINKED and text else None
        word = self.collection.word(name)
        return Row(words.pick(word.zh, word.en), text, href)

    def _range(self, low: Any, high: Any, unit: str | None) -> str:
        words = self.words
        if low is not None and high is not None and low != high:
            return f"{words.number(low)}–{words.number(high, unit)}"
        if low is None and high is None:
            return ""
        sign = "" if low == high else "≥ " if high is None else "≤ "
        return f"{sign}{words.number(low if low is not None else high, unit)}"

    def rows(self, properties: Mapping[str, Any], names: Sequence[str]) -> list[Row]:
        """All properties worth a row and known."""
        second = {both.high for both in RANGES.values()} | {"price_negotiable"}
        found = (self.row(name, properties) for name in names if name not in NOT_A_ROW and name not in second)
        return [row for row in found if row.text]

    def controls(self, properties: Mapping[str, Any]) -> list[Bar]:
        """The control figures of a parcel that are known, as bars over their usual span."""
        bars = []
        for name in CONTROLS:
            low, high, end = properties.get(name), properties.get(RANGES[name].high), RANGES[name].ends_at
            if (low is None and high is None) or end is None:
                continue
            begins = min(100.0, float(low or 0) / end * 100)
            width = min(100.0, float(end if high is None else high) / end * 100) - begins
            bars.append(Bar(self.row(name, properties), round(begins, 1), round(max(width, 1.5), 1)))
        return bars

    def floors(self, properties: Mapping[str, Any]) -> list[Row]:
        """Control figures with one end only, where they are known."""
        rows = [self.row(name, properties) for name in CONTROL_FLOORS if name in properties]
        return [row for row in rows if row.text]


def validity(words: Words, first: date | None, last: date | None) -> str:
    """The days something holds, the last one included."""
    if first is None and last is None:
        return words("thing.valid_always")
    if last is None:
        return words("thing.valid_from", first=words.day(first))
    return words("thing.valid", first=words.day(first) or "…", last=words.day(last))


def fact_value(words: Words, fact: Mapping[str, Any]) -> str:
    """The value of a fact with its unit, in the reader's words."""
    if fact["value_date"] is not None:
        return words.day(fact["value_date"])
    if fact["value_number"] is not None:
        return words.number(fact["value_number"], fact["unit"], 4)
    if fact["value_bool"] is not None:
        return words("yes" if fact["value_bool"] else "no")
    if fact["value_zh"]:
        return words.pick(fact["value_zh"], fact["value_en"])
    return str(fact["value_text"] or "")
