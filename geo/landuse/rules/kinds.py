"""Types of the rule language: dates, exact numbers with a unit, booleans, codes of a list; and what a fact may hold.

A number is compared and added only with one of the same unit; a product or quotient has the unit that follows. `ratio` and
`count` are plain factors. The literals 0 and 1 fit every unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

from geo.clock import EARLIEST, LATEST

Scalar: TypeAlias = date | Fraction | bool | str
"""A value of the language: date, exact number, boolean, code."""

LARGEST, DECIMALS = 10**15, 12
"""Numbers at or above, or with more decimals, are taken as not told."""
LONGEST = {"add_years": 1_000, "add_months": 12_000, "add_days": 400_000}
"""Longest period by unit; a longer one, or one that is not whole, has no end that could be told."""
PLAIN = frozenset({"ratio", "count"})


class Base(StrEnum):
    """What a value is."""

    DATE = "date"
    NUMBER = "number"
    BOOL = "bool"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Kind:
    """A type. `unit` of a number (None: a literal), `codes` of a code (None: a code written out)."""

    base: Base
    unit: str | None = None
    codes: frozenset[str] | None = None

    def __str__(self) -> str:
        if self.base is Base.NUMBER:
            return f"number in {self.unit}" if self.unit else "number"
        if self.base is Base.CODE and self.codes is not None:
            return f"code ({', '.join(sorted(self.codes)[:8])})"
        return self.base.value


DATE, BOOL, LITERAL, CODE = Kind(Base.DATE), Kind(Base.BOOL), Kind(Base.NUMBER), Kind(Base.CODE)


def number(unit: str) -> Kind:
    """The type of a number with a unit."""
    return Kind(Base.NUMBER, unit)


def common(left: Kind, right: Kind) -> Kind | None:
    """The type two values share so that they can be compared, added or stand for one another; None when there is none."""
    if left.base is not right.base:
        return None
    if left.base is Base.NUMBER and None not in (left.unit, right.unit) and left.unit != right.unit:
        return None
    if left.base is Base.CODE:
        codes = [k.codes for k in (left, right) if k.codes is not None]
        return Kind(Base.CODE, codes=frozenset().union(*codes) if codes else None)
    return left if left.unit is not None else right


def product(left: str | None, right: str | None) -> str | None:
    """Unit of a product; ValueError when the language has no name for it."""
    if left is None or right is None:
        return left or right
    if left in PLAIN or right in PLAIN:
        return right if left in PLAIN else left
    for per, other in ((left, right), (right, left)):
        if per.endswith(f"_per_{other}"):
            return per.removesuffix(f"_per_{other}")
    raise ValueError(f"{left} * {right}")


def quotient(left: str | None, right: str | None) -> str | None:
    """Unit of a quotient; equal units give a ratio."""
    if right is None or right in PLAIN:
        return "ratio" if left in PLAIN and right in PLAIN else left
    return "ratio" if left == right else f"{left or 1}_per_{right}"


def usable(value: date | Decimal | Fraction | int | bool | str | None) -> Scalar | None:
    """A told value as one of the language; None when it was not told or cannot be used."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, date):
        return value if EARLIEST <= value <= LATEST else None
    exact = Fraction(value)
    return exact if abs(exact) < LARGEST and (exact * 10**DECIMALS).denominator == 1 else None
