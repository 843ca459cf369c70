"""What stands under a plot's drawing: why something is not known, the legend, figures, notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from map_frontend.drawing import pens
from map_frontend.drawing.frame import Frame
from map_frontend.drawing.inks import Inks
from map_frontend.drawing.text import clean, cut, width, wrapped

MARGIN = 12.0
KEY_ROW, FIGURE_ROW, NOTE_ROW, UNKNOWN_ROW = 22.0, 24.0, 16.0, 18.0
KEY_SIZE, NOTE_SIZE, UNKNOWN_SIZE = 12.0, 11.0, 13.0
FIGURE_SIZES = ((12.0, 13.0), (11.5, 12.0), (11.0, 11.0))
"""Of a figure's label and value, the smaller where a line would be too long."""

NOTE_LINES = 6
SWATCH_PX = 22.0


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of the legend: a swatch 22 by 14 and its word."""

    swatch: str
    word: str


def foot_px(frame: Frame, keys: Sequence[Key], figures: Sequence[tuple[str, str]], notes: Sequence[str], unknown: str) -> float:  # fmt: skip
    """Its height."""
    told = len(_wrapped_unknown(unknown, frame)) * UNKNOWN_ROW
    rows = len(_rows(keys, frame)) * KEY_ROW + len(figures) * FIGURE_ROW
    lines = len(_wrapped(notes, frame)) * NOTE_ROW
    return 6 + (told + 12 if told else 0) + rows + 4 + (lines + 10 if lines else 0)


def foot(frame: Frame, keys: Sequence[Key], figures: Sequence[tuple[str, str]], notes: Sequence[str], unknown: str, inks: Inks) -> str:  # fmt: skip
    """As SVG, beginning at the lower edge of the frame."""
    height = foot_px(frame, keys, figures, notes, unknown)
    body = [pens.rect(0, frame.height, frame.width, height, fill=inks("surface"))]
    y = frame.height + 6
    told = _wrapped_unknown(unknown, frame)
    if told:
        body.append(pens.rect(0, y - 6, frame.width, len(told) * UNKNOWN_ROW + 12, fill=inks("warn-tint")))
        for line in told:
            body.append(pens.words_at(MARGIN, y + 13, line, UNKNOWN_SIZE, fill=inks("warn"), font_weight="600"))
            y += UNKNOWN_ROW
        y += 12
    for row in _rows(keys, frame):
        x = MARGIN
        for key, across in row:
            body.append(f'<g transform="translate({pens.n(x)} {pens.n(y + 4)})">{key.swatch}</g>')
            body.append(pens.words_at(x + SWATCH_PX + 5, y + 15.5, key.word, KEY_SIZE, fill=inks("ink")))
            x += across
        y += KEY_ROW
    y += 4
    for label, value in figures:
        body += _figure(label, value, y, frame, inks)
        y += FIGURE_ROW
    y += 4
    for line in _wrapped(notes, frame):
        body.append(pens.words_at(MARGIN, y + 12, line, NOTE_SIZE, fill=inks("muted")))
        y += NOTE_ROW
    return "".join(body)


def _figure(label: str, value: str, y: float, frame: Frame, inks: Inks) -> list[str]:
    room = frame.width - 2 * MARGIN
    label, value = clean(label), clean(value)
    sizes = next(
        (s for s in FIGURE_SIZES if width(label, s[0]) + width(value, s[1], 600) + 10 <= room), FIGURE_SIZES[-1]
    )
    small, size = sizes
    told = cut(value, room * 0.75, size, 600)
    label = cut(label, room - width(told, size, 600) - 10, small)
    return [
        pens.rect(MARGIN, y, room, 1, fill=inks("hair")),
        pens.words_at(MARGIN, y + 17, label, small, fill=inks("muted")),
        pens.words_at(frame.width - MARGIN, y + 17, told, size, font_weight="600", text_anchor="end", fill=inks("ink")),
    ]  # fmt: skip


def _rows(keys: Sequence[Key], frame: Frame) -> list[list[tuple[Key, float]]]:
    """The legend in rows no wider than the frame; each entry with its own width."""
    rows: list[list[tuple[Key, float]]] = []
    used = frame.width
    for key in keys:
        across = SWATCH_PX + 5 + width(clean(key.word), KEY_SIZE) + 14
        if used + across > frame.width - 2 * MARGIN + 14:
            rows.append([])
            used = 0
        rows[-1].append((key, across))
        used += across
    return rows


def _wrapped(notes: Sequence[str], frame: Frame) -> list[str]:
    return [line for note in notes for line in wrapped(clean(note), frame.width - 2 * MARGIN, NOTE_SIZE, NOTE_LINES)]


def _wrapped_unknown(unknown: str, frame: Frame) -> list[str]:
    return wrapped(clean(unknown), frame.width - 2 * MARGIN, UNKNOWN_SIZE, 4, 600) if unknown else []
