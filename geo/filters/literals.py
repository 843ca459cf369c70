"""Numbers, dates and instants as they are written; both languages read them here."""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime
from decimal import Decimal

from geo.filters.faults import Place, refuse, shown
from geo.filters.limits import NUMBER_LENGTH_MAX, NUMBER_LIMIT, NUMBER_SMALLEST
from geo.filters.tree import Date, Number, Text, Timestamp

DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
TIMESTAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z")
EXPONENT_DIGITS_MAX = 3
UNSENDABLE = re.compile("[\x00\ud800-\udfff]")
"""Characters PostgreSQL cannot hold: NUL and halves of surrogate pairs."""


def decimal(text: str, at: Place) -> Decimal:
    """Exact value of a number. A fraction is read as an IEEE double and taken in its shortest form, so that JSON can hold it.

    Raises BadInput for one that is too large, too near to nought or too long.
    """
    exponent = re.split("[eE]", text, maxsplit=1)[1:]
    digits = exponent[0].lstrip("+-").lstrip("0") if exponent else ""
    if len(text) > NUMBER_LENGTH_MAX or len(digits) > EXPONENT_DIGITS_MAX:
        raise _out_of_range(text, at)
    value = Decimal(text)
    if abs(value) >= NUMBER_LIMIT or (value and abs(value) < NUMBER_SMALLEST):
        raise _out_of_range(text, at)
    if value == value.to_integral_value():
        return Decimal(int(value))
    shortest = Decimal(repr(float(value)))
    return Decimal(int(shortest)) if shortest == shortest.to_integral_value() else shortest


def number(text: str, at: Place) -> Number:
    """The node of a number."""
    return Number(decimal(text, at), at=at)


def coordinate(text: str, at: Place) -> float:
    """A coordinate; raises BadInput when it is not finite."""
    value = float(text)
    if not math.isfinite(value):
        raise _out_of_range(text, at)
    return value


def _out_of_range(text: str, at: Place) -> Exception:
    return refuse(
        at, f"数值 {shown(text)} 太大、太小或太长", f"the number {shown(text)} is too large, too small or too long",
        f"绝对值小于 {NUMBER_LIMIT}，非零时不小于 {NUMBER_SMALLEST}",
        f"smaller than {NUMBER_LIMIT}, and at least {NUMBER_SMALLEST} where not nought",
    )  # fmt: skip


def text(value: str, at: Place) -> Text:
    """The node of a string; raises BadInput for characters no database text can hold."""
    if UNSENDABLE.search(value):
        raise unsendable(at)
    return Text(value, at=at)


def unsendable(at: Place) -> Exception:
    """The error for NUL and lone surrogates."""
    return refuse(
        at, "含有 NUL 字符或不成对的代理码", "a NUL character or half of a surrogate pair",
        "有效的 UTF-8 文本，不含 NUL", "valid UTF-8 without NUL",
    )  # fmt: skip


def a_date(value: str, at: Place) -> Date:
    """The node of a civil date, YYYY-MM-DD from year 0001 to 9999."""
    if DATE.fullmatch(value):
        try:
            return Date(date.fromisoformat(value), at=at)
        except ValueError:
            pass
    raise refuse(
        at, f"“{shown(value)}”不是日期", f"'{shown(value)}' is no date",
        "YYYY-MM-DD，例如 2026-11-24", "YYYY-MM-DD, for example 2026-11-24",
    )  # fmt: skip


def a_timestamp(value: str, at: Place) -> Timestamp:
    """The node of an instant in UTC, RFC 3339 with Z and at most six digits of a second."""
    if TIMESTAMP.fullmatch(value):
        try:
            return Timestamp(datetime.fromisoformat(value.removesuffix("Z")).replace(tzinfo=UTC), at=at)
        except ValueError:
            pass
    raise refuse(
        at, f"“{shown(value)}”不是时刻", f"'{shown(value)}' is no instant",
        "UTC 时刻，例如 2026-11-24T08:30:00Z（秒最多六位小数）",
        "an instant in UTC such as 2026-11-24T08:30:00Z (at most six decimals of a second)",
    )  # fmt: skip


def an_instant(value: str, at: Place) -> Date | Timestamp:
    """A date or an instant, told apart by the T between them."""
    return a_timestamp(value, at) if "T" in value else a_date(value, at)
