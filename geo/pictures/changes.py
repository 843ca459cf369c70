"""What staff may say about a picture: words with their longest length, a day, kind, audience, place in the row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from geo.errors import BadInput, Problem
from geo.pictures.intake import KINDS

LENGTHS = {"caption": 300, "caption_en": 300, "author": 100, "place": 200, "licence": 100}
AUDIENCES = ("public", "staff")
FIELDS = (*LENGTHS, "taken_on", "kind", "audience", "position")


@dataclass(frozen=True, slots=True)
class Changes:
    """Columns to set, and `position`, the place in the row from 1, when the picture moves."""

    columns: dict[str, Any] = field(default_factory=dict)
    position: int | None = None


def read_changes(given: Mapping[str, Any], today: date) -> Changes:
    """Check what came; '' and null clear a text or the day. Raises BadInput that names the field."""
    columns: dict[str, Any] = {}
    position = None
    for name, value in given.items():
        if name not in FIELDS:
            raise BadInput.at(
                name[:64],
                Problem(zh=f"图片没有“{name[:64]}”这一项", en=f"a picture has no '{name[:64]}'"),
                Problem(zh="、".join(FIELDS), en=", ".join(FIELDS)),
            )
        if (value is not None and not isinstance(value, str | int)) or isinstance(value, bool):
            raise BadInput.at(name, Problem(zh="应为文字", en="it must be a text"))
        words = "" if value is None else str(value).strip()
        if name in LENGTHS:
            columns[name] = _text(name, words)
        elif name == "taken_on":
            columns[name] = _day(words, today)
        elif name == "position":
            position = _position(words)
        else:
            columns[name] = _one_of(name, words, KINDS if name == "kind" else AUDIENCES)
    return Changes(columns, position)


def _text(name: str, words: str) -> str | None:
    most = LENGTHS[name]
    if len(words) > most or any(ch != "\n" and not ch.isprintable() for ch in words):
        raise BadInput.at(
            name,
            Problem(zh="文字过长或含有不可见字符", en="the text is too long or has characters that cannot be shown"),
            Problem(zh=f"最多 {most} 个字符", en=f"at most {most} characters"),
        )
    return words or None


def _day(words: str, today: date) -> date | None:
    if not words:
        return None
    try:
        day = date.fromisoformat(words)
    except ValueError:
        raise BadInput.at(
            "taken_on",
            Problem(zh="拍摄日期不是日期", en="the day is not a date"),
            Problem(zh="如 2026-03-15", en="such as 2026-03-15"),
        ) from None
    if day > today:
        raise BadInput.at(
            "taken_on",
            Problem(zh=f"拍摄日期 {day} 在今天之后", en=f"the day {day} lies in the future"),
            Problem(zh=f"不晚于 {today}", en=f"no later than {today}"),
        )
    return day


def _position(words: str) -> int:
    if not words.isascii() or not words.isdigit() or not int(words[:6]) >= 1:
        raise BadInput.at(
            "position",
            Problem(zh="位置应为从 1 起的整数", en="the place must be a whole number from 1"),
        )
    return int(words[:6])


def _one_of(name: str, words: str, known: tuple[str, ...]) -> str:
    if words not in known:
        listed = ", ".join(known)
        raise BadInput.at(
            name,
            Problem(zh=f"没有“{words[:64]}”这个值", en=f"there is no '{words[:64]}'"),
            Problem(zh=listed, en=listed),
        )
    return words
