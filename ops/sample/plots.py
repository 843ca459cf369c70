"""Plots of a platform by uneven cuts along and across, with streets between; buildings that keep their setback."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

STREET_M = 9.0
SETBACK_M = 8.0


def axis_of(shape: BaseGeometry) -> tuple[np.ndarray, np.ndarray, float, float]:
    """Unit vectors along and across the smallest turned rectangle, and its two lengths in metres."""
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(shape))
    a, b = corners[1] - corners[0], corners[2] - corners[1]
    if np.hypot(*a) < np.hypot(*b):
        a, b = b, a
    return a / np.hypot(*a), b / np.hypot(*b), float(np.hypot(*a)), float(np.hypot(*b))


def subdivide(block: shapely.Polygon, goal_m2: float, rng: np.random.Generator) -> list[shapely.Polygon]:
    """Cut a block in two across its long side, never in the middle, never quite square, until pieces are small enough."""
    if block.area < goal_m2 * rng.uniform(0.7, 2.2):
        return [block]
    along, across, length, width = axis_of(block)
    centre = np.array(block.centroid.coords[0])
    at = centre + along * length * rng.uniform(-0.14, 0.14)
    tilt = rng.normal(0, 0.05)
    direction = across + along * tilt
    reach = (length + width) * direction / np.hypot(*direction)
    knife = shapely.LineString([at - reach, at + reach])
    street = STREET_M if block.area > goal_m2 * 4 else STREET_M / 2.5
    pieces = [
        p
        for p in shapely.get_parts(shapely.difference(block, knife.buffer(street)))
        if p.geom_type == "Polygon" and p.area > 2_500
    ]
    if len(pieces) < 2:
        return [block]
    return [plot for piece in pieces for plot in subdivide(piece, goal_m2, rng)]


def plots_of(
    platform: shapely.Polygon, ways: BaseGeometry, how_many: int, rng: np.random.Generator
) -> list[shapely.Polygon]:
    """About `how_many` plots inside a platform, each of usable shape and size; `ways`: ground of roads and rails, kept free."""
    inner = shapely.difference(platform.buffer(-14), ways)
    blocks = [p for p in shapely.get_parts(inner) if p.geom_type == "Polygon"]
    goal = sum(b.area for b in blocks) / how_many / 1.15
    found = [p for b in blocks for p in subdivide(b, goal, rng)]
    shaped = [shapely.set_precision(shapely.simplify(p, 0.8), 0.01) for p in found]
    return [p for p in shaped if p.geom_type == "Polygon" and p.area > 2_500 and _is_usable(p)]


def _is_usable(plot: shapely.Polygon) -> bool:
    _, _, length, width = axis_of(plot)
    return width > 28 and length / width < 6 and plot.area / (length * width) > 0.5


def footprints(plot: shapely.Polygon, how_many: int, share: float, rng: np.random.Generator) -> list[shapely.Polygon]:
    """Up to `how_many` rectangular footprints, parallel to the plot, together about `share` of it, all inside the setback."""
    inner = plot.buffer(-SETBACK_M)
    if inner.is_empty or inner.geom_type != "Polygon":
        return []
    along, across, length, width = axis_of(inner)
    centre = np.array(inner.centroid.coords[0])
    step = length / how_many
    found: list[shapely.Polygon] = []
    for k in range(how_many):
        middle = centre + along * (-length / 2 + step * (k + 0.5)) + across * rng.normal(0, width * 0.03)
        for shrink in (1.0, 0.94, 0.88, 0.82, 0.76, 0.7, 0.62, 0.55, 0.4):
            half_a = step * 0.5 * 0.9 * shrink
            half_b = min(width * 0.5 * 0.96 * shrink, share * plot.area / how_many / (4 * half_a) if half_a else 0)
            corners = [
                middle + along * sa * half_a + across * sb * half_b for sa, sb in ((-1, -1), (1, -1), (1, 1), (-1, 1))
            ]
            shape = shapely.Polygon(corners)
            if shape.area > 120 and inner.contains(shape) and all(shape.distance(o) > 6 for o in found):
                found.append(shapely.set_precision(shape, 0.01))
                break
    return found
