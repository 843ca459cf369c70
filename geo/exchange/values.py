"""File columns onto the target's columns, and every value checked against the column's type."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import yaml
from sqlalchemy import Boolean, Column, Date, Integer, Numeric
from sqlalchemy.dialects.postgresql import ARRAY, DATERANGE

from geo.errors import BadInput, Problem
from geo.exchange.report import RowOutcome
from geo.exchange.targets import Target

CODE = re.compile(r"[^/\\?#%\x00-\x1f\x7f]{1,64}")
"""design.md 9."""

TEXT_MAX = 4_000


@lru_cache(maxsize=1)
def aliases() -> dict[str, str]:
    """Column of the register by what files call it (folded)."""
    table: dict[str, list[str]] = yaml.safe_load(
        (Path(__file__).parent / "data" / "aliases.yaml").read_text(encoding="utf-8")
    )
    return {_fold(alias): column for column, names in table.items() for alias in names}


def _fold(name: object) -> str:
    return str(name).strip().lower().replace(" ", "")


def map_columns(frame: pd.DataFrame, target: Target, asked: dict[str, str]) -> dict[str, str]:
    """File column -> target column. What was asked for wins, then equal names, then aliases.

    Raises BadInput when a mapping names a column that is not there.
    """
    allowed = set(target.columns) | {r.column for r in target.relations}
    for source, wanted in asked.items():
        if source not in frame.columns:
            raise BadInput.at("map", Problem(zh=f"文件没有“{source}”列", en=f"the file has no column '{source}'"))
        if wanted not in allowed:
            names = ", ".join(sorted(allowed))
            raise BadInput.at(
                "map",
                Problem(
                    zh=f"没有“{wanted}”这一列；可用：{names}", en=f"there is no column '{wanted}'; there are: {names}"
                ),
            )
    mapped = dict(asked)
    taken = set(asked.values())
    for column in frame.columns:
        same = str(column) in allowed
        goal = str(column) if same else aliases().get(_fold(column))
        if column not in mapped and goal in allowed and goal not in taken:
            mapped[str(column)] = str(goal)
            taken.add(str(goal))
    return mapped


def is_code(text: str) -> bool:
    """The syntax of `code` (design.md 9); text must already be NFC."""
    return bool(CODE.fullmatch(text)) and text[0] not in ". " and text[-1] not in ". " and not text.endswith(".pdf")


def clean(value: object) -> str | None:
    """A cell as NFC text without surrounding blanks; None when empty or not a number."""
    if value is None:
        return None
    if not isinstance(value, str | int | float | bool | date) and hasattr(value, "__len__"):
        value = json.dumps(value if isinstance(value, dict) else [*value], ensure_ascii=False, default=str)  # type: ignore[misc]
    elif pd.isna(value):  # type: ignore[call-overload]
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = unicodedata.normalize("NFC", str(value)).replace("\x00", "").strip()
    return text or None


def typed(column: Column[Any], text: str) -> Any:
    """The value of a cell for a column; raises ValueError naming what would be right (zh / en)."""
    kind = column.type
    if isinstance(kind, Boolean):
        folded = text.lower()
        if folded in ("true", "t", "1", "yes", "是"):
            return True
        if folded in ("false", "f", "0", "no", "否"):
            return False
        raise ValueError("应为 true/false / expected true or false")
    if isinstance(kind, Numeric):
        try:
            number = Decimal(text.replace(",", ""))
        except InvalidOperation:
            raise ValueError("应为数字 / expected a number") from None
        if not number.is_finite() or (
            kind.precision and abs(number) >= Decimal(10) ** (kind.precision - (kind.scale or 0))
        ):
            raise ValueError("数字超出范围 / the number is out of range")
        return number
    if isinstance(kind, Integer):
        try:
            return int(Decimal(text))
        except (InvalidOperation, ValueError, OverflowError):
            raise ValueError("应为整数 / expected a whole number") from None
    if isinstance(kind, Date):
        return civil(text)
    if isinstance(kind, ARRAY):
        return [part.strip() for part in text.split(";") if part.strip()]
    if isinstance(kind, DATERANGE):
        return text
    if len(text) > TEXT_MAX:
        raise ValueError(f"文字超过 {TEXT_MAX} 字 / text longer than {TEXT_MAX} characters")
    return text


def civil(text: str) -> date:
    """A civil date written 2024-03-15, 2024/3/15, 20240315 or 2024年3月15日 (SHP-04)."""
    plain = re.sub(r"[年月/.]", "-", text.split("T")[0].split(" ")[0]).rstrip("日")
    if re.fullmatch(r"\d{8}", plain):
        plain = f"{plain[:4]}-{plain[4:6]}-{plain[6:]}"
    try:
        return datetime.strptime(plain, "%Y-%m-%d").date()  # noqa: DTZ007 - a civil date has no zone
    except ValueError:
        raise ValueError("应为日期，如 2024-03-15 / expected a date such as 2024-03-15") from None


def deterministic_code(collection: str, wkb: bytes, attributes: dict[str, Any]) -> str:
    """A code for a row of a file without codes: the same row always gets the same one."""
    text = json.dumps(attributes, sort_keys=True, ensure_ascii=False, default=str).encode()
    return f"{collection[:3].upper()}-{hashlib.sha256(wkb + text).hexdigest()[:14]}"


def bad_value(row: RowOutcome, field: str, reason: str, reason_code: str = "bad_value") -> None:
    """Mark a row as not taken because of one value."""
    row.action, row.reason_code, row.field, row.reason = "rejected", reason_code, field, reason
