"""Names on a drawing: the important first, none over another, over a mark or over what stands in the corners."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from map_frontend.drawing.frame import Box
from map_frontend.drawing.text import width

LABELS_MAX = 60
CANDIDATES_MAX = 400
GAP_PX = 2.0


@dataclass(frozen=True, slots=True)
class Name:
    """A name that would like to stand at `x`, `y`: on it, or `beside` it by that many pixels. Higher `rank` goes first."""

    text: str
    x: float
    y: float
    rank: int
    size: float
    weight: int
    token: str
    beside: float = 0.0


@dataclass(frozen=True, slots=True)
class Placed:
    """A name with the middle of its baseline."""

    name: Name
    x: float
    baseline: float


def _places(name: Name, across: float) -> list[tuple[float, float]]:
    """Middles of the text box, the best first."""
    if not name.beside:
        return [(name.x, name.y)]
    far_x, far_y = name.beside + across / 2, name.beside + name.size * 0.6
    return [
        (name.x, name.y + far_y),
        (name.x + far_x, name.y),
        (name.x, name.y - far_y),
        (name.x - far_x, name.y),
    ]


def _meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def arranged(names: Iterable[Name], taken: Iterable[Box], within: Box) -> list[Placed]:
    """The names that find room inside `within` (left, top, right, bottom) beside what is `taken`, in the order of drawing."""
    boxes = list(taken)
    found: list[Placed] = []
    ordered = sorted(names, key=lambda n: (-n.rank, -n.size, n.text, n.x, n.y))[:CANDIDATES_MAX]
    for name in ordered:
        across, up = width(name.text, name.size, name.weight), name.size * 1.2
        for x, y in _places(name, across):
            box = (x - across / 2 - GAP_PX, y - up / 2, x + across / 2 + GAP_PX, y + up / 2)
            inside = within[0] <= box[0] and within[1] <= box[1] and box[2] <= within[2] and box[3] <= within[3]
            if inside and not any(_meet(box, other) for other in boxes):
                boxes.append(box)
                found.append(Placed(name, round(x, 1), round(y + name.size * 0.36, 1)))
                break
        if len(found) >= LABELS_MAX:
            break
    return found
