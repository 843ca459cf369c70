"""How a value is written: exact, with its unit; rounded only where it cannot be written out (GEN-06)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction

from geo.landuse.rules.kinds import Kind, Scalar
from geo.landuse.rules.numbers import rounded, written
from geo.landuse.rules.periods import NEVER
from geo.landuse.rules.wording import with_unit

PLACES = {"wan_cny": 4, "ratio": 4}
"""Decimals of a number that does not end sooner."""
DEFAULT_PLACES, MOST_PLACES = 2, 8
IN_YUAN = {"wan_cny": "yuan", "wan_cny_per_mu": "yuan per mu"}
"""English counts no ten thousands."""
YUAN_PER_WAN = 10_000
STANDS = {"zh": "停表未结束，暂无此日", "en": "no day while the clock stands still"}
YES_NO = {"zh": ("是", "否"), "en": ("yes", "no")}


def number(value: Fraction, places: int) -> str:
    """With thousands commas and a proper minus; `≈` before a number that was rounded.

    What would be rounded to a whole number keeps the decimals by which it is none: below 50 is not shown as 50.
    """
    while places < MOST_PLACES and value.denominator != 1 and Fraction(rounded(value, places)).denominator == 1:
        places += 1
    shown = rounded(value, places)
    text = written(abs(Decimal(f"{shown:f}")))
    whole, _, rest = text.partition(".")
    sign = "−" if shown < 0 else ""
    near = "" if Fraction(shown) == value else "≈ "
    return f"{near}{sign}{int(whole):,}{'.' + rest if rest else ''}"


def shown(value: Scalar, kind: Kind, lang: str, code: Callable[[str], str], how: str | None = None) -> str:
    """A value as a sentence writes it; `how` = 'pct' writes a ratio as a percentage."""
    if isinstance(value, bool):
        return YES_NO[lang][0 if value else 1]
    if isinstance(value, date):
        return STANDS[lang] if value == NEVER else value.isoformat()
    if isinstance(value, Fraction):
        if how == "pct":
            return f"{number(value * 100, DEFAULT_PLACES)}%"
        return _with_unit(value, kind.unit or "count", lang)
    return code(value)


def _with_unit(value: Fraction, unit: str, lang: str) -> str:
    if lang == "en" and unit in IN_YUAN:
        return f"{number(value * YUAN_PER_WAN, 0)} {IN_YUAN[unit]}"
    return with_unit(number(value, PLACES.get(unit, DEFAULT_PLACES)), unit, lang)


def parameter(text: str, unit: str, lang: str, how: str | None = None) -> str:
    """A number of the law as it is written there (1/3); as a percentage where it is a whole number of them."""
    exact = Fraction(text)
    if how == "pct" and (exact * 100).denominator == 1:
        return f"{exact * 100}%"
    if unit == "ratio" and exact.denominator in (1, 2, 4, 5, 10, 20, 25, 50, 100):
        return number(exact, 4)
    return with_unit(text, unit, lang) if "/" in text else _with_unit(exact, unit, lang)
