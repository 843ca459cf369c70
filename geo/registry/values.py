"""A value of a property written as text (in an address): typed by the property's declared type."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from geo.errors import BadInput, Problem

NUMBER_MAX = Decimal(10) ** 15
INTEGER_MAX = 2**62


def _number(text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite() or abs(number) > NUMBER_MAX:
        raise ValueError(text)
    return number


def _integer(text: str) -> int:
    number = int(text) if len(text) < 20 else INTEGER_MAX
    if abs(number) >= INTEGER_MAX:
        raise ValueError(text)
    return number


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _text(text: str) -> str:
    text.encode()  # a lone surrogate is no text
    if "\x00" in text:
        raise ValueError(text)
    return text


READERS: dict[str, tuple[Callable[[str], Any], Problem]] = {
    "string": (_text, Problem(zh="文字", en="text")),
    "number": (_number, Problem(zh="数，如 12.5", en="a number such as 12.5")),
    "integer": (_integer, Problem(zh="整数", en="a whole number")),
    "boolean": (lambda t: {"true": True, "false": False}[t.lower()], Problem(zh="true 或 false", en="true or false")),
    "date": (date.fromisoformat, Problem(zh="日期，如 2026-03-15", en="a date such as 2026-03-15")),
    "timestamp": (_instant, Problem(zh="时刻，如 2026-03-15T08:00:00Z", en="an instant such as 2026-03-15T08:00:00Z")),
}
"""Types a `property=value` filter may have; lists and ranges are asked by CQL2."""


def value_of(name: str, kind: str, text: str) -> Any:
    """`text` as a value of type `kind`; raises BadInput naming the parameter and what would be right."""
    read, expected = READERS[kind]
    try:
        return read(text)
    except (KeyError, ValueError, InvalidOperation):
        raise BadInput.at(
            name, Problem(zh=f"“{text[:64]}”不是{expected.zh}", en=f"'{text[:64]}' is not {expected.en}"), expected
        ) from None
