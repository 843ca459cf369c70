"""The screen's state in words: one chip per wish, each with the address without it, and one line for what was not understood."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from map_frontend.screen.address import Screen, write
from map_frontend.screen.filters import Filter
from map_frontend.words import Words

SHOWN_MAX = 24


@dataclass(frozen=True, slots=True)
class Chip:
    """One wish in words. `change`: the parameters that take it back (None = the parameter goes); `applies`: whether the kind listed has it."""

    text: str
    change: dict[str, str | None]
    query: str
    applies: bool


def unit_of(f: Filter, words: Words, area_unit: str) -> str:
    """The unit of a filter's number as it is written."""
    return words.unit(area_unit if f.unit == "area" else f.unit)


def _amount(f: Filter, screen: Screen, words: Words, unit: str) -> str:
    low, high = (screen.number(name) for name in f.parameters)
    said = {name: words.number(n, digits=4) for name, n in (("low", low), ("high", high)) if n is not None}
    form = "between" if len(said) == 2 else "from" if "low" in said else "to"
    if form == "between" and low == high:
        form, said = "just", {"low": said["low"]}
    return words(f"filter.{form}", **said, unit=unit).strip()


def _wish(f: Filter, screen: Screen, words: Words, area_unit: str) -> str:
    unit = unit_of(f, words, area_unit)
    if f.form == "text":
        text = screen.values[f.key]
        return words("filter.quoted", text=text if len(text) <= SHOWN_MAX else f"{text[: SHOWN_MAX - 1]}…")
    if f.form == "within":
        return words(f"filter.chip.{f.key}", km=words.number(screen.number(f.key) or Decimal(0)))
    if f.form == "at_least":
        least = words("filter.from", low=words.number(screen.number(f.key) or Decimal(0)), unit=unit)
        return f"{words(f'filter.{f.key}')} {least}"
    amount = _amount(f, screen, words, unit)
    # Areas speak for themselves; other numbers say what they are of.
    return amount if f.unit == "area" else f"{words(f'filter.{f.key}')} {amount}"


def chips(screen: Screen, words: Words, area_unit: str, more: dict[str, str]) -> list[Chip]:
    """The chips, one per code of a list filter, else one per filter. `more`: parameters every address carries (county, lang)."""
    made: list[Chip] = []
    for f in screen.active():
        applies = screen.kind.key in f.kinds
        if not f.is_list:
            change: dict[str, str | None] = dict.fromkeys(f.parameters)
            made.append(
                Chip(_wish(f, screen, words, area_unit), change, write(screen, without=f.parameters, **more), applies)
            )
            continue
        codes = screen.codes(f.key)
        for code in codes:
            left = ",".join(other for other in codes if other != code)
            query = write(screen, without=(f.key,), **({f.key: left} if left else {}), **more)
            name = words.code("chain" if f.code_list == "sector" else f.code_list or "", code)
            made.append(Chip(name[:64], {f.key: left or None}, query, applies))
    return made


def not_understood(screen: Screen, words: Words) -> str:
    """One line about the parts of the address that were left out; '' when all was understood."""
    if not screen.strange:
        return ""
    parts = [f"{name[:20]}={value[:20]}{'…' if len(value) > 20 else ''}" for name, value in screen.strange[:3]]
    more = "…" if len(screen.strange) > 3 else ""
    key = "list.strange_newer" if screen.is_newer else "list.strange"
    return words(key, parts=("、" if words.lang == "zh" else ", ").join(parts) + more)
