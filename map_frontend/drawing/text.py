"""Text in a drawing: cleaned of what an SVG may not hold or what would turn its neighbours round, measured, cut, wrapped."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from markupsafe import escape

_JOINER = "\u200d"
_NARROW, _WIDE = 0.58, 1.0
"""Widths in em: a little more than Noto Sans needs on average, so that what was measured fits."""

_FORBIDDEN_END = "，。、；：？！）》」』】〕％%·,.;:?!)"
"""What does not begin a line (GB/T 15834)."""


def clean(text: str | None, most: int = 400) -> str:
    """NFC on one line, without controls, marks of direction and what XML forbids; cut after `most` characters."""
    if not text:
        return ""
    kept = []
    for ch in unicodedata.normalize("NFC", text[: most * 2]):
        category = unicodedata.category(ch)
        if ch.isspace():
            kept.append(" ")
        elif category in ("Cc", "Cs", "Cn", "Co") or (category == "Cf" and ch != _JOINER):
            continue
        else:
            kept.append(ch)
    return " ".join("".join(kept).split())[:most]


def safe(text: str) -> str:
    """Text for an element or an attribute of an SVG."""
    return str(escape(clean(text)))


def _em(ch: str) -> float:
    if unicodedata.combining(ch) or ch == _JOINER:
        return 0.0
    if unicodedata.east_asian_width(ch) in ("W", "F", "A"):
        return _WIDE
    return 0.32 if ch in " .,:;'|!()[]ijlI" else 0.68 if ch.isupper() or ch in "mwMW%@" else _NARROW


def width(text: str, size: float, weight: int = 400) -> float:
    """About how wide `text` is at `size`, in the unit of `size`."""
    return sum(map(_em, text)) * size * (1.05 if weight >= 600 else 1.0)


def cut(text: str, most: float, size: float, weight: int = 400) -> str:
    """`text`, or as much of it as fits into `most` with an ellipsis."""
    if width(text, size, weight) <= most:
        return text
    kept, used = [], size * _WIDE
    for ch in text:
        used += width(ch, size, weight)
        if used > most:
            break
        kept.append(ch)
    return "".join(kept).rstrip() + "…"


def _pieces(text: str) -> Iterator[str]:
    """Where a line may break: between wide characters, after spaces."""
    word = ""
    for ch in text:
        if unicodedata.east_asian_width(ch) in ("W", "F") and ch not in _FORBIDDEN_END:
            if word:
                yield word
            word = ch
        elif ch == " ":
            yield word + ch
            word = ""
        elif word and unicodedata.east_asian_width(word[-1]) in ("W", "F") and ch not in _FORBIDDEN_END:
            yield word
            word = ch
        else:
            word += ch
    if word:
        yield word


def wrapped(text: str, most: float, size: float, lines: int, weight: int = 400) -> list[str]:
    """`text` in at most `lines` lines no wider than `most`; the last is cut when there is more."""
    found: list[str] = []
    line = ""
    pieces = list(_pieces(text))
    for number, piece in enumerate(pieces):
        if line and width(line + piece.rstrip(), size, weight) > most:
            if len(found) == lines - 1:
                return [*found, cut(line + "".join(pieces[number:]), most, size, weight)]
            found.append(cut(line.rstrip(), most, size, weight))
            line = ""
        line += piece
    return [*found, cut(line.rstrip(), most, size, weight)] if line else found
