"""The ground of a plot: what is built on, what is in use without a building, and what is left over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

MITRE_MAX = 2.0
"""Corners of a kept distance stay sharp up to twice that distance: straight edges, and few of them."""

NO_DISTANCE_M = 1e-3
"""A distance below a millimetre is none: no survey knows it, and it is not computed with."""

TOUCHING_M2 = 1e-6


@dataclass(frozen=True, slots=True)
class Limits:
    """What the county lays down (parameters `evidence.*`, `plan.sliver_m2`, `ind.high_storey_m`); metres and m2.

    `setback_m`: kept clear along the plot's edge and around buildings. `least_width_m`: a strip narrower than this is not land
    somebody could use. `sliver_m2`: a part not larger than this is an error of measurement (PLAN-00).
    """

    setback_m: float
    least_width_m: float
    sliver_m2: float
    high_storey_m: float


def polygons(shape: BaseGeometry) -> shapely.MultiPolygon:
    """The polygons of any geometry; lines and points that an operation left behind are dropped."""
    return shapely.MultiPolygon(
        [
            p
            for p in shapely.get_parts(shapely.get_parts(shape))
            if isinstance(p, shapely.Polygon) and p.area > TOUCHING_M2
        ]
    )


def built_on(plot: BaseGeometry, footprints: Iterable[BaseGeometry]) -> BaseGeometry:
    """The part of a plot under buildings, each place once however many footprints lie over it."""
    return shapely.intersection(plot, union(footprints))


def union(shapes: Iterable[BaseGeometry]) -> BaseGeometry:
    """Everything under any of the shapes."""
    return shapely.union_all(list(shapes))


def remainder(
    plot: BaseGeometry, footprints: Iterable[BaseGeometry], in_use: Iterable[BaseGeometry], limits: Limits
) -> shapely.MultiPolygon:
    """What is left of a plot (all in one metric CRS) when buildings and ground in use are taken away and setbacks are kept.

    A setback is no spare land: nothing may be built in it. Strips narrower than `least_width_m` go, and the parts that are left
    keep their corners. Empty where nothing is left.
    """
    left = shapely.difference(
        grown(plot, -limits.setback_m), union([*(grown(f, limits.setback_m) for f in footprints), *in_use])
    )
    half = limits.least_width_m / 2
    if half > NO_DISTANCE_M:
        left = shapely.intersection(left, grown(grown(left, -half), half * (1 + 1e-9)))
    return shapely.MultiPolygon([p for p in polygons(left).geoms if p.area > limits.sliver_m2])


def grown(shape: BaseGeometry, distance_m: float) -> BaseGeometry:
    """The shape with all within `distance_m` of it, or (below 0) without all that near to its edge; corners stay sharp."""
    if abs(distance_m) < NO_DISTANCE_M:
        return shape
    return shapely.buffer(shape, distance_m, join_style="mitre", mitre_limit=MITRE_MAX)
