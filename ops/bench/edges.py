"""Boundaries that wind as surveyed ones do, the same from both sides: what an edge becomes depends on the edge alone."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

Floats = npt.NDArray[np.float64]

SHORTEST_M = 2.0
STREAM, RIVER = 0.012, 0.0010
"""Of the edges, so many follow a stream (12-52 points more) or a river bank (150-300 more)."""


def _uniform(key: npt.NDArray[np.uint64], salt: int) -> Floats:
    """A number in [0, 1) per key; the mixing steps of splitmix64."""
    with np.errstate(over="ignore"):
        x = key + np.uint64(salt) * np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        x = x ^ (x >> np.uint64(31))
    return (x >> np.uint64(11)).astype(np.float64) / 2.0**53


def winding(polygons: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Polygons without holes (metres) with points set into their edges; one whose ring would cross itself stays straight."""
    coordinates, ring = shapely.get_coordinates(polygons, return_index=True)
    inside = ring[:-1] == ring[1:]
    a, b, ring = coordinates[:-1][inside], coordinates[1:][inside], ring[:-1][inside]
    swapped = (a[:, 0] > b[:, 0]) | ((a[:, 0] == b[:, 0]) & (a[:, 1] > b[:, 1]))
    low, high = np.where(swapped[:, None], b, a), np.where(swapped[:, None], a, b)
    middle = np.round((low + high) * 50).astype(np.int64).astype(np.uint64)
    with np.errstate(over="ignore"):
        key = middle[:, 0] * np.uint64(0xD6E8FEB86659FD93) ^ middle[:, 1] * np.uint64(0xA0761D6478BD642F)
    length = np.hypot(*(high - low).T)
    kind, extra = _uniform(key, 1), _uniform(key, 2)
    points = np.floor(extra * 3.2).astype(np.int64)
    is_stream, is_river = kind < STREAM + RIVER, kind < RIVER
    points = np.where(is_stream, 12 + (extra * 40).astype(np.int64), points)
    points = np.where(is_river, 150 + (extra * 150).astype(np.int64), points)
    points[length < SHORTEST_M] = 0

    edge = np.repeat(np.arange(len(a)), points + 1)
    step = np.arange(len(edge)) - np.repeat(np.cumsum(points + 1) - points - 1, points + 1)
    share = step / (points[edge] + 1)
    share = np.where(swapped[edge], 1 - share, share)
    waves = np.where(is_stream, 5 + np.floor(_uniform(key, 3) * 6), 0)
    bend = (
        (_uniform(key, 4)[edge] - 0.5) * 0.09 * np.sin(np.pi * share)
        + (_uniform(key, 5)[edge] - 0.5) * 0.04 * np.sin(2 * np.pi * share)
        + 0.010 * np.sin(np.pi * waves[edge] * share)
    )
    along = high[edge] - low[edge]
    normal = np.column_stack([-along[:, 1], along[:, 0]])
    moved = low[edge] + along * share[:, None] + normal * bend[:, None]
    corner = step == 0
    moved[corner] = a[edge[corner]]
    out = shapely.polygons(shapely.linearrings(moved, indices=ring[edge]))
    return np.where(shapely.is_valid(out), out, polygons)
