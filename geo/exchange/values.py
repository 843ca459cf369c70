"""Cells of a file as clean text, and text as the value of a column."""

from __future__ import annotations

import hashlib
import json
import math
import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, Numeric, SmallInteger
from sqlalchemy.dialects.postgresql import ARRAY, DATERANGE

from geo.exchange.report import RowOutcome

CODE = re.compile(r"[^/\\?#%\x00-\x1f\x7f-\x9f\u2028\u2029]{1,64}")
"""design.md 9; the last two are controls to PostgreSQL."""

TEXT_MAX = 4_000
SURROGATE = re.compile("[\ud800-\udfff]")
TRUE, FALSE = {"true", "t", "1", "yes", "y", "是", "有"}, {"false", "f", "0", "no", "n", "否", "无"}
INTEGER_BITS: tuple[tuple[type[Any], int], ...] = ((SmallInteger, 15), (BigInteger, 63), (Integer, 31))


def is_code(text: str) -> bool:
    """The syntax of `code` (design.md 9); text must already be NFC."""
    return bool(CODE.fullmatch(text)) and text[0] not in ". " and text[-1] not in ". " and not text.endswith(".pdf")


def cells_of(column: pd.Series[Any]) -> list[str | None]:
    """A column of a file as clean text, None where empty."""
    if column.dtype.kind in "iu" and not column.hasnans:
        return [str(v) for v in column.to_numpy().tolist()]
    if column.dtype.kind == "M":
        midnight = (column.dt.normalize() == column).all()
        return [None if pd.isna(v) else v.date().isoformat() if midnight else v.isoformat() for v in column]
    return [clean(cell) for cell in column.tolist()]


def clean(value: object) -> str | None:
    """A cell as NFC text without surrounding blanks; None when empty or not a number."""
    if isinstance(value, str):
        text = value
    elif value is None:
        return None
    elif isinstance(value, float | np.floating):
        number = float(value)
        if not math.isfinite(number):
            return None
        text = str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
    elif isinstance(value, dict | list | tuple | np.ndarray):
        text = json.dumps(value, ensure_ascii=False, default=_plain)
    else:
        text = "" if pd.isna(value) else str(value)  # type: ignore[call-overload]
    if not text.isascii():
        text = unicodedata.normalize("NFC", SURROGATE.sub("�", text))
    return text.replace("\x00", "").strip() or None


def _plain(value: object) -> object:
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else str(value)


def typed(column: Column[Any], text: str) -> Any:
    """The value of a cell for a column; raises ValueError naming what would be right (zh / en)."""
    return reader_of(column)(text)


def reader_of(column: Column[Any]) -> Callable[[str], Any]:
    """The function that reads a cell for a column; it raises ValueError naming what would be right (zh / en)."""
    kind = column.type
    if isinstance(kind, Boolean):
        return _boolean
    if isinstance(kind, Integer):
        bits = next(bits for known, bits in INTEGER_BITS if isinstance(kind, known))
        return lambda text: _whole(text, bits)
    if isinstance(kind, Numeric):
        limit = Decimal(10) ** (kind.precision - (kind.scale or 0)) if kind.precision else None
        return lambda text: _number(text, limit, kind.scale)
    if isinstance(kind, Date):
        return civil
    if isinstance(kind, ARRAY):
        return lambda text: [part.strip() for part in re.split("[;；、]", _short(text)) if part.strip()]
    return date_range if isinstance(kind, DATERANGE) else _short


def _short(text: str) -> str:
    if len(text) > TEXT_MAX:
        raise ValueError(f"文字超过 {TEXT_MAX} 字 / text longer than {TEXT_MAX} characters")
    return text


def _boolean(text: str) -> bool:
    folded = text.lower()
    if folded in TRUE:
        return True
    if folded in FALSE:
        return False
    raise ValueError("应为 true/false / expected true or false")


def _decimal(text: str) -> Decimal:
    try:
        number = Decimal(text.replace(",", "").replace("，", ""))
    except InvalidOperation:
        raise ValueError("应为数字 / expected a number") from None
    if not number.is_finite() or number.adjusted() > 40:
        raise ValueError("数字超出范围 / the number is out of range")
    return number


def _number(text: str, limit: Decimal | None, scale: int | None) -> Decimal:
    number = _decimal(text)
    rounded = round(number, scale) if scale is not None and limit is not None and abs(number) < limit else number
    if limit is not None and abs(rounded) >= limit:
        raise ValueError("数字超出范围 / the number is out of range")
    return number


def _whole(text: str, bits: int) -> int:
    number = _decimal(text)
    if number != number.to_integral_value():
        raise ValueError("应为整数 / expected a whole number")
    if abs(number) >= 1 << bits:
        raise ValueError("数字超出范围 / the number is out of range")
    return int(number)


def civil(text: str) -> date:
    """A civil date written 2024-03-15, 2024/3/15, 20240315 or 2024年3月15日 (SHP-04); a clock time after it is passed over."""
    plain = re.sub(r"[年月/.]", "-", re.split(r"[T ]", text.strip(), maxsplit=1)[0]).rstrip("日")
    if re.fullmatch(r"[0-9]{8}", plain):
        plain = f"{plain[:4]}-{plain[4:6]}-{plain[6:]}"
    try:
        return datetime.strptime(plain, "%Y-%m-%d").date()  # noqa: DTZ007 - a civil date has no zone
    except ValueError:
        raise ValueError("应为日期，如 2024-03-15 / expected a date such as 2024-03-15") from None


def date_range(text: str) -> str:
    """A range of dates as PostgreSQL writes it, from `[2024-01-01,2025-01-01)` or `2024-01-01/2024-12-31`; ends may be open."""
    expected = "应为日期范围，如 [2024-01-01,2025-01-01) / expected a range such as [2024-01-01,2025-01-01)"
    bounded = re.fullmatch(r"([\[(])([^,]*),([^,]*)([\])])", text.strip())
    plain = re.fullmatch(r"([^/]*)/([^/]*)", text.strip())
    if bounded:
        opens, first, last, closes = bounded.groups()
    elif plain:
        opens, first, last, closes = "[", *plain.groups(), "]"
    else:
        raise ValueError(expected)
    begins, ends = (civil(part) if part.strip(' "') else None for part in (first.strip(' "'), last.strip(' "')))
    if begins and ends and begins > ends:
        raise ValueError(expected)
    return f"{opens}{begins or ''},{ends or ''}{closes}"


def deterministic_code(collection: str, wkb: bytes, attributes: dict[str, Any]) -> str:
    """A code for a row of a file without codes: the same row always gets the same one."""
    text = json.dumps(attributes, sort_keys=True, ensure_ascii=False, default=str).encode()
    return f"{collection[:3].upper()}-{hashlib.sha256(wkb + text).hexdigest()[:14]}"


def bad_value(row: RowOutcome, field: str, reason: str, reason_code: str = "bad_value") -> None:
    """Mark a row as not taken because of one value."""
    row.action, row.reason_code, row.field, row.reason = "rejected", reason_code, field, reason
