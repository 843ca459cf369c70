"""Drawing without fonts or photographs: gradients, hills and signs written in strokes, so that bytes depend on code alone."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from PIL import Image, ImageDraw

Colour = tuple[int, int, int]
Point = tuple[float, float]
FINER = 2
"""Everything is drawn this much larger and made small again, which smooths edges."""

STROKES: dict[str, tuple[tuple[Point, ...], ...]] = {
    "N": (((0.1, 1), (0.1, 0), (0.9, 1), (0.9, 0)),),
    "E": (((0.9, 0), (0.1, 0), (0.1, 1), (0.9, 1)), ((0.1, 0.5), (0.75, 0.5))),
    "S": (((0.9, 0.1), (0.7, 0), (0.3, 0), (0.1, 0.15), (0.1, 0.35), (0.3, 0.5), (0.7, 0.5), (0.9, 0.65), (0.9, 0.85), (0.7, 1), (0.3, 1), (0.1, 0.9)),),
    "W": (((0, 0), (0.25, 1), (0.5, 0.3), (0.75, 1), (1, 0)),),
    "示": (((0.2, 0.08), (0.8, 0.08)), ((0.04, 0.38), (0.96, 0.38)), ((0.5, 0.38), (0.5, 0.96), (0.38, 0.88)),
          ((0.3, 0.56), (0.1, 0.84)), ((0.7, 0.56), (0.9, 0.84))),
    "例": (((0.2, 0.02), (0.04, 0.4)), ((0.14, 0.26), (0.14, 0.98)), ((0.3, 0.1), (0.7, 0.1)), ((0.48, 0.1), (0.32, 0.5)),
          ((0.43, 0.32), (0.64, 0.32), (0.54, 0.66), (0.3, 0.96)), ((0.4, 0.5), (0.5, 0.62)), ((0.79, 0.14), (0.79, 0.7)),
          ((0.96, 0.04), (0.96, 0.96), (0.85, 0.88))),
}  # fmt: skip


class Canvas:
    """A picture being drawn; coordinates in pixels of the finished picture."""

    def __init__(self, width_px: int, height_px: int, ground: Colour) -> None:
        self.width_px, self.height_px = width_px, height_px
        self._image = Image.new("RGB", (width_px * FINER, height_px * FINER), ground)
        self._draw = ImageDraw.Draw(self._image)

    def fade(self, top: float, bottom: float, first: Colour, last: Colour) -> None:
        """Horizontal bands from one colour to another."""
        start, end = round(top * FINER), round(bottom * FINER)
        for y in range(start, end):
            self._draw.line(
                [(0, y), (self.width_px * FINER, y)], fill=mixed(first, last, (y - start) / max(1, end - start))
            )

    def area(self, points: Iterable[Point], colour: Colour) -> None:
        """A filled shape."""
        self._draw.polygon([(x * FINER, y * FINER) for x, y in points], fill=colour)

    def box(self, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
        """A filled rectangle."""
        self.area(((left, top), (right, top), (right, bottom), (left, bottom)), colour)

    def line(self, points: Iterable[Point], colour: Colour, width_px: float) -> None:
        """A line with rounded joints."""
        self._draw.line(
            [(x * FINER, y * FINER) for x, y in points],
            fill=colour,
            width=max(1, round(width_px * FINER)),
            joint="curve",
        )

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """A filled circle."""
        self._draw.ellipse(
            [(x - radius) * FINER, (y - radius) * FINER, (x + radius) * FINER, (y + radius) * FINER], fill=colour
        )

    def sign(self, text: str, left: float, top: float, height: float, colour: Colour) -> None:
        """Signs written in strokes, one beside the other."""
        for number, sign in enumerate(text):
            x = left + number * height * 1.15
            for stroke in STROKES[sign]:
                self.line(((x + px * height, top + py * height) for px, py in stroke), colour, height * 0.1)

    def mark_sample(self) -> None:
        """示例 in the lower right corner, on a plate."""
        height = self.height_px * 0.045
        left, top = self.width_px - height * 3.2, self.height_px - height * 2.1
        self.box(left - height * 0.5, top - height * 0.4, left + height * 2.65, top + height * 1.4, (255, 244, 214))
        self.sign("示例", left, top, height, (122, 75, 0))

    def finished(self) -> Image.Image:
        """The picture in its own size."""
        return self._image.resize((self.width_px, self.height_px), Image.Resampling.BOX)


def mixed(first: Colour, second: Colour, share: float) -> Colour:
    """A colour between two; share 0 is the first."""
    return tuple(round(a + (b - a) * share) for a, b in zip(first, second, strict=True))  # type: ignore[return-value]


def ridge(turn: float, waves: Sequence[tuple[int, float, float]]) -> float:
    """A height from 0 up along a full circle (`turn` 0 to 1) that closes on itself; waves are (number, phase, height)."""
    return sum(height * (1 + math.sin(2 * math.pi * (number * turn + phase))) / 2 for number, phase, height in waves)
