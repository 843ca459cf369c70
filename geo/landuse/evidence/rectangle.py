"""The largest rectangle, at any angle, that fits into a plane shape.

For each of a few directions (those of the shape's longest edges, and a fan between them) the shape is laid over a grid whose
lines pass through its vertices; the largest block of cells that no edge enters is a first answer, exact where the shape is
right-angled. The best are then polished: lines close in on the four sides while the direction is tried a little to both
sides, until nothing is gained. No direction is preferred, so the answer turns with the shape.

No exact method is used: those known for polygons with holes are long, and their gain lies below what a survey measures.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Floats = NDArray[np.float64]

EDGE_DIRECTIONS_MAX = 12
FAN_DEG = 7.5
DIRECTIONS_APART_DEG = 0.25
EVEN_LINES = 16
VERTEX_LINES_MAX = 20
WINDOW_LINES = 9
POLISHED = 12
"""How many first answers are polished."""

HALVED_AFTER = (0, 1, 2, 3)
"""Rounds after which the lesser half of them is given up."""

ROUNDS_MAX = 14
IDLE_MAX = 4
WORTH_A_ROUND = 2e-5
"""A smaller gain, as a share of the area, is not followed."""

TOUCHING_M = 1e-7
"""An edge that enters a cell by less only touches it."""


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A rectangle in the plane: four corners as `shape`, its shorter and longer side in the unit of the plane (metres)."""

    shape: shapely.Polygon
    width_m: float
    length_m: float

    @property
    def area_m2(self) -> float:
        """Width by length."""
        return self.width_m * self.length_m


@dataclass(frozen=True, slots=True)
class _Block:
    """An upright rectangle in the frame turned by `turn` (radians), and how far apart the grid's lines stood there."""

    area: float
    turn: float
    sides: tuple[float, float, float, float]
    step: float


def largest_rectangle(shape: BaseGeometry, least_side_m: float = 0.0) -> Rectangle | None:
    """The largest rectangle in one part of `shape` (Polygon, MultiPolygon; metres), None when no side of `least_side_m` fits.

    It lies inside to a millionth of a metre. Parts too small to beat what was found are not looked at.
    """
    parts = [p for p in shapely.get_parts(shape) if isinstance(p, shapely.Polygon) and not p.is_empty]
    best: Rectangle | None = None
    for part in sorted(parts, key=lambda p: -p.area):
        if best is not None and part.area <= best.area_m2:
            break
        found = _in_polygon(part, least_side_m)
        if found is not None and (best is None or found.area_m2 > best.area_m2):
            best = found
    return best


def _in_polygon(part: shapely.Polygon, least_side_m: float) -> Rectangle | None:
    middle = np.array(part.centroid.coords[0])
    rings = [np.asarray(ring.coords)[:, :2] - middle for ring in (part.exterior, *part.interiors)]
    starts = np.concatenate([ring[:-1] for ring in rings])
    ends = np.concatenate([ring[1:] for ring in rings])
    first = [_first(starts, ends, turn, least_side_m) for turn in _turns(starts, ends)]
    found = sorted((b for b in first if b is not None), key=lambda b: -b.area)[:POLISHED]
    if not found:
        return None
    best = _polished(starts, ends, found, least_side_m)
    x0, y0, x1, y1 = best.sides
    corners = np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)]) @ _turning(-best.turn) + middle
    width, length = sorted((x1 - x0, y1 - y0))
    return Rectangle(shapely.Polygon(corners), float(width), float(length))


def _turning(turn: float) -> Floats:
    """Matrix that row vectors are multiplied with to see them in a frame turned by `turn`."""
    return np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])


def _turns(starts: Floats, ends: Floats) -> list[float]:
    """Directions worth a look, radians in [0, pi/2): of the longest edges, and a fan that begins at the longest."""
    along = ends - starts
    lengths = np.hypot(along[:, 0], along[:, 1])
    quarter = np.pi / 2
    directions = np.arctan2(along[:, 1], along[:, 0]) % quarter
    apart = np.deg2rad(DIRECTIONS_APART_DEG)
    chosen: list[float] = []
    for edge in np.argsort(-lengths, kind="stable"):
        turn = float(directions[edge])
        if all(apart < abs(turn - other) < quarter - apart for other in chosen):
            chosen.append(turn)
            if len(chosen) == EDGE_DIRECTIONS_MAX:
                break
    fan = np.arange(chosen[0], chosen[0] + quarter, np.deg2rad(FAN_DEG)) % quarter
    return chosen + [float(turn) for turn in fan[1:]]


def _first(starts: Floats, ends: Floats, turn: float, least_side: float) -> _Block | None:
    frame = _turning(turn)
    a, b = starts @ frame, ends @ frame
    lengths = np.hypot(*(b - a).T)
    xs, ys = (_lines(a[:, axis], lengths) for axis in (0, 1))
    return _largest_block(a, b, xs, ys, turn, least_side)


def _lines(at: Floats, lengths: Floats) -> Floats:
    """Grid lines along one axis: evenly spaced ones and those of the vertices (of the longest edges, where there are many)."""
    vertices = np.unique(at.round(6))
    if len(vertices) > VERTEX_LINES_MAX:
        vertices = np.unique(at[np.argsort(-lengths, kind="stable")[:VERTEX_LINES_MAX]].round(6))
    return np.unique(np.concatenate([vertices, np.linspace(at.min(), at.max(), EVEN_LINES)]))


def _polished(starts: Floats, ends: Floats, blocks: list[_Block], least_side: float) -> _Block:
    """Close in on the best of some blocks until nothing is gained; after each few rounds only the better half goes on."""
    swing, idle = np.deg2rad(FAN_DEG) / 4, 0
    reaches = [block.step for block in blocks]
    for number in range(ROUNDS_MAX):
        before = max(block.area for block in blocks)
        for at, block in enumerate(blocks):
            best = block
            for turn in (block.turn, block.turn - swing, block.turn + swing):
                near = _near(starts, ends, best, turn, reaches[at], least_side)
                if near is not None and near.area > best.area:
                    best = near
            blocks[at], reaches[at] = best, max(reaches[at] / 2, 4 * TOUCHING_M)
        swing /= 2
        if number in HALVED_AFTER and len(blocks) > 1:
            order = sorted(range(len(blocks)), key=lambda at: -blocks[at].area)[: (len(blocks) + 1) // 2]
            blocks, reaches = [blocks[at] for at in order], [reaches[at] for at in order]
        gained = max(block.area for block in blocks) - before
        idle = idle + 1 if gained < WORTH_A_ROUND * before else 0
        if idle == IDLE_MAX:
            break
    return max(blocks, key=lambda block: block.area)


def _near(starts: Floats, ends: Floats, block: _Block, turn: float, reach: float, least_side: float) -> _Block | None:
    """The largest block in the frame of `turn` whose sides lie within `reach` of those of `block` turned about its middle."""
    x0, y0, x1, y1 = block.sides
    middle = np.array([(x0 + x1) / 2, (y0 + y1) / 2]) @ _turning(-block.turn) @ _turning(turn)
    frame = _turning(turn)
    a, b = starts @ frame, ends @ frame
    grid = []
    for axis, half in ((0, (x1 - x0) / 2), (1, (y1 - y0) / 2)):
        window = np.linspace(-reach, reach, WINDOW_LINES)
        sides = np.concatenate([middle[axis] - half + window, middle[axis] + half + window])
        at = a[:, axis]
        close = at[(np.abs(at - middle[axis] + half) <= reach) | (np.abs(at - middle[axis] - half) <= reach)]
        grid.append(np.unique(np.concatenate([sides, close[:VERTEX_LINES_MAX]])))
    return _largest_block(a, b, grid[0], grid[1], turn, least_side)


def _largest_block(a: Floats, b: Floats, xs: Floats, ys: Floats, turn: float, least_side: float) -> _Block | None:
    """The largest rectangle of cells between the lines `xs` and `ys` that lies in the shape with edges a-b."""
    closed = np.cumsum(np.vstack([np.zeros(len(ys) - 1, dtype=np.int32), ~_open_cells(a, b, xs, ys)]), axis=0)
    is_open = closed[None, 1:, :] == closed[:-1, None, :]  # [from strip, to strip, row]
    row = np.arange(1, len(ys))
    begun = np.maximum.accumulate(np.where(is_open, 0, row), axis=2)
    heights = ys[1:] - ys[begun]
    widths = (xs[None, 1:] - xs[:-1, None])[:, :, None]
    areas = np.where(is_open & (widths >= least_side) & (heights >= least_side), widths * heights, 0.0)
    areas[widths[:, :, 0] <= 0] = 0.0
    at = int(areas.argmax())
    i, j, k = np.unravel_index(at, areas.shape)
    area = float(areas[i, j, k])
    if area <= 0:
        return None
    low = int(begun[i, j, k])
    step = max(float(np.diff(xs).max()), float(np.diff(ys).max()))
    return _Block(area, turn, (float(xs[i]), float(ys[low]), float(xs[j + 1]), float(ys[k + 1])), step)


def _open_cells(a: Floats, b: Floats, xs: Floats, ys: Floats) -> NDArray[np.bool_]:
    """[strip, row]: whether the cell lies wholly inside: no edge enters it, and its middle is inside (even-odd)."""
    strips, rows = len(xs) - 1, len(ys) - 1
    flip = a[:, 0] > b[:, 0]
    left, right = np.where(flip[:, None], b, a), np.where(flip[:, None], a, b)
    x0, y0, x1, y1 = left[:, 0, None], left[:, 1, None], right[:, 0, None], right[:, 1, None]
    run = x1 - x0
    slope = np.divide(y1 - y0, run, out=np.zeros_like(run), where=run > TOUCHING_M)
    west, east = xs[None, :-1], xs[None, 1:]
    enters = (x0 < east - TOUCHING_M) & (x1 > west + TOUCHING_M)
    is_upright = run <= TOUCHING_M
    at_west = np.where(is_upright, y0, y0 + slope * (np.maximum(x0, west) - x0))
    at_east = np.where(is_upright, y1, y0 + slope * (np.minimum(x1, east) - x0))
    low, high = np.minimum(at_west, at_east), np.maximum(at_west, at_east)
    edge, strip = np.nonzero(enters)
    from_row = np.searchsorted(ys, low[edge, strip] + TOUCHING_M, "right") - 1
    to_row = np.searchsorted(ys, high[edge, strip] - TOUCHING_M, "left") - 1
    marks = np.zeros((strips, rows + 1), dtype=np.int32)
    is_hit = (from_row <= to_row) & (to_row >= 0) & (from_row < rows)
    strip, from_row, to_row = strip[is_hit], from_row[is_hit].clip(0), to_row[is_hit].clip(max=rows - 1)
    np.add.at(marks, (strip, from_row), 1)
    np.add.at(marks, (strip, to_row + 1), -1)
    is_entered = np.cumsum(marks, axis=1)[:, :-1] > 0

    middle = (west + east) / 2
    edge, strip = np.nonzero((x0 <= middle) & (middle < x1))
    crossing = (y0 + slope * (middle - x0))[edge, strip]
    above = np.zeros((strips, rows + 1), dtype=np.int32)
    np.add.at(above, (strip, np.searchsorted((ys[:-1] + ys[1:]) / 2, crossing)), 1)
    is_inside = np.cumsum(above, axis=1)[:, :-1] % 2 == 1
    inside: NDArray[np.bool_] = is_inside & ~is_entered
    return inside
