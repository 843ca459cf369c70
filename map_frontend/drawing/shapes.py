"""Geometries (shapely, survey metres) as SVG path data on the paper, clipped to the frame and bounded in vertices."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from map_frontend.drawing.frame import Coordinates, Frame

OVERHANG_PX = 8
"""Shapes are cut this far outside the frame, so that the cut's own edge is not seen."""

Path = tuple[str, int]
"""Path data, and how many vertices it has."""


def clipped(geometry: BaseGeometry, frame: Frame) -> BaseGeometry:
    """What of a geometry lies in the frame (and a little around it)."""
    over = OVERHANG_PX * frame.m_per_px
    west, south, east, north = frame.box_m
    return shapely.clip_by_rect(geometry, west - over, south - over, east + over, north + over)


def parts(geometry: BaseGeometry) -> Iterator[BaseGeometry]:
    """The simple parts of a geometry."""
    if hasattr(geometry, "geoms"):
        for part in geometry.geoms:
            yield from parts(part)
    elif not geometry.is_empty:
        yield geometry


def _steps(coordinates: Coordinates, frame: Frame, end: str) -> Path:
    """One ring or line; points that fall on the same tenth of a pixel are one."""
    tenths = np.rint(frame.place(coordinates[:, :2]) * 10).astype(np.int64)
    kept = np.ones(len(tenths), dtype=bool)
    kept[1:] = (tenths[1:] != tenths[:-1]).any(axis=1)
    points = tenths[kept]
    if end == "Z" and len(points) > 1 and (points[0] == points[-1]).all():
        points = points[:-1]
    if len(points) < 2:
        return "", 0
    return "M" + "L".join(f"{x / 10:g} {y / 10:g}" for x, y in points.tolist()) + end, len(points)


def path(geometry: BaseGeometry, frame: Frame) -> Path:
    """Path data of areas and ways; points have none."""
    found: list[Path] = []
    for part in parts(geometry):
        if isinstance(part, shapely.Polygon):
            found += [_steps(shapely.get_coordinates(ring), frame, "Z") for ring in (part.exterior, *part.interiors)]
        elif part.geom_type in ("LineString", "LinearRing"):
            found.append(_steps(shapely.get_coordinates(part), frame, ""))
    return "".join(d for d, _ in found), sum(n for _, n in found)


def is_area(geometry: BaseGeometry) -> bool:
    """Whether a geometry covers ground."""
    return geometry.geom_type in ("Polygon", "MultiPolygon") or any(p.geom_type == "Polygon" for p in parts(geometry))


def spot(geometry: BaseGeometry, frame: Frame) -> tuple[float, float] | None:
    """Where the mark or the label of a geometry goes: a point of it inside the frame, in pixels; None when it is outside."""
    if geometry.is_empty:
        return None
    largest = max(parts(geometry), key=lambda part: (part.area, part.length), default=None)
    if largest is None:
        return None
    if largest.geom_type in ("LineString", "LinearRing"):
        point = largest.interpolate(0.5, normalized=True)
    else:
        point = largest.representative_point()
    x, y = frame.place(np.array([[point.x, point.y]]))[0]
    inside = frame.left <= x <= frame.left + frame.width and 0 <= y <= frame.height
    return (round(float(x), 1), round(float(y), 1)) if inside else None
