"""Hatches as lines of their own, cut to a shape: every renderer draws them, and the same shape gives the same lines."""

from __future__ import annotations

import math

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from map_frontend.style.palette import Hatch

LINES_MAX = 400
"""Of one direction; a shape that would need more gets them wider apart."""

DASH_OF_DOTS = "0.1 5"
_DIRECTIONS = {
    Hatch.RISING: (45.0,),
    Hatch.FALLING: (135.0,),
    Hatch.LEVEL: (0.0,),
    Hatch.UPRIGHT: (90.0,),
    Hatch.CROSSED: (45.0, 135.0),
    Hatch.GRID: (0.0, 90.0),
    Hatch.DOTTED: (0.0,),
}
"""Degrees from the x axis, as they look on the paper (y downwards: rising goes up to the right)."""


def hatched(shape: BaseGeometry, form: Hatch, apart: float) -> str:
    """Path data of the lines of a hatch inside `shape` (pixels of the paper), `apart` pixels from one another."""
    if shape.is_empty:
        return ""
    found = [_d(shapely.intersection(shape, _lines(shape, degrees, apart))) for degrees in _DIRECTIONS[form]]
    return "".join(found)


def _lines(shape: BaseGeometry, degrees: float, apart: float) -> shapely.MultiLineString:
    """Lines over the box of the shape that pass through whole multiples of `apart`, so that neighbours' lines meet."""
    along = np.array([math.cos(math.radians(degrees)), -math.sin(math.radians(degrees))])
    across = np.array([along[1], -along[0]])
    west, north, east, south = shape.bounds
    corners: NDArray[np.float64] = np.array([(west, north), (east, north), (east, south), (west, south)])
    reach, offsets = corners @ along, corners @ across
    apart = max(apart, float(np.ptp(offsets)) / LINES_MAX)
    steps = np.arange(math.ceil(offsets.min() / apart), math.floor(offsets.max() / apart) + 1) * apart
    starts = steps[:, None] * across + (reach.min() - 1) * along
    ends = steps[:, None] * across + (reach.max() + 1) * along
    return shapely.MultiLineString(list(np.stack([starts, ends], axis=1)))


def _d(lines: BaseGeometry) -> str:
    parts = [p for p in shapely.get_parts(shapely.get_parts(lines)) if p.geom_type == "LineString" and p.length > 0.2]
    ends = [(p.coords[0], p.coords[-1]) for p in parts]
    return "".join(f"M{a[0]:.1f} {a[1]:.1f}L{b[0]:.1f} {b[1]:.1f}" for a, b in ends)
