"""Words on a plot's drawing: blocks of lines inside a shape, lengths along a side; none over another, none outside."""

from __future__ import annotations

import math
from collections.abc import Sequence

import shapely
from shapely import affinity
from shapely.geometry.base import BaseGeometry

from map_frontend.drawing import pens
from map_frontend.drawing.frame import Box, Frame
from map_frontend.drawing.inks import Inks
from map_frontend.drawing.text import clean, width

LEADING = 1.32
SMALLER = 0.86
"""Size of the lines after the first."""

ALONG_SIZE, ALONG_IN_PX = 12.0, 10.0
"""Text along a side, and how far its middle stands from it."""

ALONG_AT = (0.5, 0.25, 0.75)
"""Where along a side its length may stand."""


class Labels:
    """Gathers words and keeps them apart; `drawn` gives their halos and then the words."""

    def __init__(self, frame: Frame, inks: Inks) -> None:
        self.inks = inks
        self.page = shapely.box(2, 2, frame.width - 2, frame.height - 2)
        self.taken: list[BaseGeometry] = []
        self.halos: list[str] = []
        self.texts: list[str] = []

    def keep_clear(self, box: Box) -> None:
        """Nothing is written in this box (left, top, right, bottom)."""
        self.taken.append(shapely.box(*box))

    def first(self, choices: Sequence[Sequence[str]], shape: BaseGeometry, *, token: str, size: float) -> bool:
        """The first of several texts that lies in a shape and on nothing: lines one below the other, the first bold; where none
        has room, the first that has without its last lines."""
        told = [kept for kept in ([line for line in map(clean, lines) if line] for lines in choices) if kept]
        shortened = [lines[:end] for lines in told for end in range(len(lines) - 1, 0, -1)]
        for lines in (*told, *shortened):
            box = self._fitting(lines, shape, size)
            if box is not None:
                self._write(lines, box, token, size)
                return True
        return False

    def _fitting(self, lines: list[str], shape: BaseGeometry, size: float) -> BaseGeometry | None:
        sizes = _sizes(lines, size)
        across = max(width(line, s, w) for line, (s, w) in zip(lines, sizes, strict=True)) + 6
        up = sum(s for s, _ in sizes) * LEADING + 2
        for x, y in _middles(shape):
            box = shapely.box(x - across / 2, y - up / 2, x + across / 2, y + up / 2)
            if shape.contains(box) and self._is_free(box):
                return box
        return None

    def _is_free(self, box: BaseGeometry) -> bool:
        return self.page.contains(box) and not any(box.intersects(other) for other in self.taken)

    def _write(self, lines: list[str], box: BaseGeometry, token: str, size: float) -> None:
        left, top, right, _ = box.bounds
        y = top + 1
        for line, (s, weight) in zip(lines, _sizes(lines, size), strict=True):
            y += s * LEADING
            self._text((left + right) / 2, y - s * 0.36, line, s, weight, token)
        self.taken.append(box)

    def along(self, start: tuple[float, float], end: tuple[float, float], text: str, room: BaseGeometry) -> bool:
        """A length on the inner side of a side of the rectangle `room`, in its middle or nearer to one end; read from left to right
        (or upwards)."""
        told = clean(text)
        across, long = width(told, ALONG_SIZE, 600) + 8, math.dist(start, end)
        depth = room.area / long if long else 0.0
        if not told or across > long or depth < 2 * ALONG_IN_PX:
            return False
        ux, uy = (end[0] - start[0]) / long, (end[1] - start[1]) / long
        towards = (room.centroid.x - start[0]) * -uy + (room.centroid.y - start[1]) * ux
        inx, iny = (-uy, ux) if towards > 0 else (uy, -ux)
        angle = (math.degrees(math.atan2(uy, ux)) + 90) % 180 - 90
        for share in ALONG_AT:
            from_start = min(max(long * share, across / 2), long - across / 2)
            x = start[0] + ux * from_start + inx * ALONG_IN_PX
            y = start[1] + uy * from_start + iny * ALONG_IN_PX
            box = affinity.rotate(shapely.box(x - across / 2, y - 8, x + across / 2, y + 8), angle, origin=(x, y))
            if self._is_free(box):
                turn = f"rotate({angle:.1f} {x:.1f} {y:.1f})"
                self._text(x, y + ALONG_SIZE * 0.36, told, ALONG_SIZE, 600, "ink", transform=turn)
                self.taken.append(box)
                return True
        return False

    def _text(self, x: float, y: float, text: str, size: float, weight: int, token: str, **more: str) -> None:
        self.halos.append(pens.words_at(x, y, text, size, font_weight=str(weight), **more))
        self.texts.append(pens.words_at(x, y, text, size, font_weight=str(weight), text_anchor="middle", fill=self.inks(token), **more))  # fmt: skip

    def drawn(self) -> list[str]:
        """Halos of all words, then the words (WeasyPrint does not know `paint-order`)."""
        halo = pens.group(self.halos, fill="none", stroke=self.inks("label-halo"), stroke_width="3.4", stroke_linejoin="round",
                          text_anchor="middle", aria_hidden="true")  # fmt: skip
        return [halo, *self.texts]


def _sizes(lines: Sequence[str], size: float) -> list[tuple[float, int]]:
    """(size, weight) of each line."""
    return [(size, 700) if number == 0 else (size * SMALLER, 400) for number, _ in enumerate(lines)]


def _middles(shape: BaseGeometry) -> list[tuple[float, float]]:
    """Points in the shape to write around: its middle where that is inside, then the one farthest from its edge."""
    found = [shape.centroid] if shape.contains(shape.centroid) else []
    largest = max(shapely.get_parts(shape), key=lambda part: part.area, default=None)
    if isinstance(largest, shapely.Polygon) and not largest.is_empty:
        found.append(shapely.Point(shapely.maximum_inscribed_circle(largest, 1.0).coords[0]))
    return [(round(p.x, 1), round(p.y, 1)) for p in found]
