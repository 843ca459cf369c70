"""Where everything of a timeline stands: dates and widths of words to pixels. No HTML, no words, no colours.

A lane has a line (its axis) with label rows above and below; labels are dealt out to rows so that no two ever overlap, and a lane
grows by a row where they do not fit. Bars are packed into rows in the same way. Lengths are pixels of the drawing's own frame.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from map_frontend.clock.axis import Axis

ROW = 20.0
"""Height of a row of labels."""
BAR_ROW = 30.0
BAR = 24.0
AXIS_ROOM = 15.0
"""Half the height kept free for marks on the line of a lane."""
PAD = 9.0
GAP = 9.0
"""Least room between two labels of one row."""
INSIDE = 9.0
"""Room between a bar's end and the words inside."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: left, top, right, bottom."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Box, gap: float = 0.0) -> bool:
        """Whether the two share any area, or lie closer beside one another than `gap`."""
        beside = self.left < other.right + gap and other.left < self.right + gap
        return beside and self.top < other.bottom and other.top < self.bottom


@dataclass(frozen=True, slots=True)
class Point:
    """A mark on the line of a lane and how wide its label is."""

    key: str
    on: date
    width: float


@dataclass(frozen=True, slots=True)
class Bar:
    """From the beginning of `first` to the beginning of `last`; `widths` of its label in full and ever shorter."""

    key: str
    first: date
    last: date
    widths: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane to be laid out: points with labels around a line, or bars in rows. `above_only`: no labels below the line."""

    name: str
    points: Sequence[Point] = ()
    bars: Sequence[Bar] = ()
    above_only: bool = False
    least: float = 0.0
    """Least height."""
    lines: Sequence[float] = ()
    """Upright lines (today, days to come) that words had better not stand on."""


@dataclass(frozen=True, slots=True)
class PlacedLabel:
    """A label: its box, the mark it belongs to, and the thread from the mark when the label is not right beside it."""

    key: str
    x: float
    y: float
    box: Box
    thread: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class PlacedBar:
    """A bar: its box, which of its labels is shown and where (None: none has room), and which ends lie outside the window."""

    key: str
    box: Box
    label: int | None
    label_box: Box | None
    is_inside: bool
    cut_left: bool
    cut_right: bool


@dataclass(frozen=True, slots=True)
class PlacedLane:
    """A lane laid out; `line` is the height of its axis."""

    name: str
    top: float
    bottom: float
    line: float
    labels: tuple[PlacedLabel, ...]
    bars: tuple[PlacedBar, ...]
    before: int
    after: int
    """How many of its points and bars lie before and after the window."""


@dataclass(frozen=True, slots=True)
class Layout:
    """All lanes from the top down, and how high they are together."""

    lanes: tuple[PlacedLane, ...]
    height: float

    def lane(self, name: str) -> PlacedLane:
        """A lane by its name."""
        return next(lane for lane in self.lanes if lane.name == name)

    def label_boxes(self) -> list[Box]:
        """Every box that holds words."""
        boxes = [label.box for lane in self.lanes for label in lane.labels]
        return boxes + [bar.label_box for lane in self.lanes for bar in lane.bars if bar.label_box is not None]


def lay_out(axis: Axis, lanes: Iterable[Lane], top: float = 0.0) -> Layout:
    """Every lane below the one before it."""
    placed, y = [], top
    for lane in lanes:
        done = _bars(axis, lane, y) if lane.bars else _points(axis, lane, y)
        placed.append(done)
        y = done.bottom
    return Layout(tuple(placed), y)


@dataclass(frozen=True, slots=True)
class _Try:
    """A label in a row: rows count from the line, above positive and below negative."""

    row: int
    left: float
    right: float
    x: float


def _points(axis: Axis, lane: Lane, top: float) -> PlacedLane:
    seen = [p for p in lane.points if axis.holds(p.on)]
    chosen: dict[str, _Try] = {}
    for point in sorted(seen, key=lambda p: (p.on, p.key), reverse=True):
        chosen[point.key] = _best(axis, lane, point, list(chosen.values()))
    above = max([0, *(t.row for t in chosen.values())])
    below = max([0, *(-t.row for t in chosen.values())])
    needed = PAD + above * ROW + AXIS_ROOM
    line = top + max(needed, 0.0 if lane.above_only else lane.least / 2)
    bottom = max(line + (AXIS_ROOM + below * ROW + PAD if not lane.above_only else 2.0), top + lane.least)
    labels = []
    for point in sorted(seen, key=lambda p: (p.on, p.key)):
        spot = chosen[point.key]
        foot = line - AXIS_ROOM - (spot.row - 1) * ROW if spot.row > 0 else line + AXIS_ROOM + -spot.row * ROW
        box = Box(spot.left, foot - ROW, spot.right, foot)
        near = 6.0 if spot.row > 0 else -6.0
        thread = (line - near, box.bottom if spot.row > 0 else box.top) if abs(spot.row) > 1 else None
        labels.append(PlacedLabel(point.key, spot.x, line, box, thread))
    before, after = _outside(axis, [(p.on, p.on) for p in lane.points])
    return PlacedLane(lane.name, top, bottom, line, tuple(labels), (), before, after)


def _best(axis: Axis, lane: Lane, point: Point, taken: list[_Try]) -> _Try:
    """The cheapest free place: near the line, the mark above the label's beginning, threads through nobody's words."""
    x, room = axis.x(point.on), axis.right - axis.left
    width = min(max(point.width, 14.0), room)
    lefts = [x - 7.0, x - width / 2, x - width + 7.0]
    lefts = [left for left in lefts if axis.left <= left and left + width <= axis.right]
    lefts.append(min(max(x - width / 2, axis.left), axis.right - width))
    deepest = max([0, *(abs(t.row) for t in taken)]) + 1
    rows = [r for depth in range(1, deepest + 1) for r in ((depth,) if lane.above_only else (depth, -depth))]
    best, least = None, float("inf")
    for row in rows:
        for number, left in enumerate(lefts):
            spot = _Try(row, left, left + width, x)
            if any(t.row == row and spot.left < t.right + GAP and t.left < spot.right + GAP for t in taken):
                continue
            cost = abs(row) * 10 + number * 2 + (1 if row < 0 else 0) + 25 * sum(_crosses(spot, t) for t in taken)
            cost += 8 * sum(spot.left - 2 <= line <= spot.right + 2 for line in lane.lines)
            if cost < least:
                best, least = spot, cost
    assert best is not None  # the outermost row is empty
    return best


def _crosses(one: _Try, other: _Try) -> bool:
    """Whether the thread of one runs through the words of the other."""
    if (one.row > 0) != (other.row > 0):
        return False
    outer, inner = (one, other) if abs(one.row) > abs(other.row) else (other, one)
    return inner.left - 2 <= outer.x <= inner.right + 2


def _bars(axis: Axis, lane: Lane, top: float) -> PlacedLane:
    rows: list[list[tuple[float, float]]] = []
    placed = []
    seen = [b for b in lane.bars if b.last >= axis.first and b.first <= axis.last]
    for bar in sorted(seen, key=lambda b: (b.first, b.last, b.key)):
        left, right = axis.x(bar.first), axis.x(bar.last)
        right = min(max(right, left + 3.0), axis.right)
        left = min(left, right - 3.0)
        label, spot, is_inside = _bar_label(axis, bar, left, right)
        extent = (min(left, spot[0]), max(right, spot[1])) if spot else (left, right)
        number = next(
            (n for n, row in enumerate(rows) if all(extent[0] >= r[1] or extent[1] <= r[0] for r in row)), len(rows)
        )  # fmt: skip
        if number == len(rows):
            rows.append([])
        rows[number].append(extent)
        y = top + PAD + number * BAR_ROW + (BAR_ROW - BAR) / 2
        box = Box(left, y, right, y + BAR)
        label_box = Box(spot[0], y + 2, spot[1], y + BAR - 2) if spot else None
        placed.append(
            PlacedBar(bar.key, box, label, label_box, is_inside, bar.first < axis.first, bar.last > axis.last)
        )
    bottom = max(top + 2 * PAD + max(len(rows), 1) * BAR_ROW, top + lane.least)
    before, after = _outside(axis, [(b.first, b.last) for b in lane.bars])
    return PlacedLane(lane.name, top, bottom, (top + bottom) / 2, (), tuple(placed), before, after)


def _bar_label(
    axis: Axis, bar: Bar, left: float, right: float
) -> tuple[int | None, tuple[float, float] | None, bool]:  # fmt: skip
    """Which label, from where to where, and whether inside: the longest that fits inside, else the longest beside, else none."""
    for number, width in enumerate(bar.widths):
        if width + 2 * INSIDE <= right - left:
            return number, (left + INSIDE, left + INSIDE + width), True
    for number, width in enumerate(bar.widths):
        if right + 5 + width <= axis.right:
            return number, (right + 5, right + 5 + width), False
        if left - 5 - width >= axis.left:
            return number, (left - 5 - width, left - 5), False
    return None, None, False


def _outside(axis: Axis, spans: list[tuple[date, date]]) -> tuple[int, int]:
    return sum(last < axis.first for _, last in spans), sum(first > axis.last for first, _ in spans)
