"""The picture of one thing's outline for its page: SVG in the county's survey CRS, north up, with a scale bar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pyproj import Transformer

from geo.crs import STORAGE_SRID

WIDTH, HEIGHT, MARGIN, FOOT = 300.0, 250.0, 26.0, 30.0
"""Size of the picture in its own units; `FOOT` is the strip for the scale bar."""

_BAR_STEPS_M = tuple(step * 10**power for power in range(0, 6) for step in (1, 2, 5))

Ring = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Picture:
    """SVG path data (`d`), whether it is an area, a way or a point, and the scale bar (`bar_m` metres = `bar_px`)."""

    d: str
    kind: str
    spots: tuple[tuple[float, float], ...]
    bar_m: int
    bar_px: float
    around: str = ""
    """Path data of what lies beside it."""

    width: float = WIDTH
    height: float = HEIGHT


@lru_cache(maxsize=8)
def _to_survey(survey_srid: int) -> Transformer:
    return Transformer.from_crs(STORAGE_SRID, survey_srid, always_xy=True)


def _rings(geometry: dict[str, Any]) -> Iterator[list[list[float]]]:
    match geometry["type"]:
        case "Polygon" | "MultiLineString":
            yield from geometry["coordinates"]
        case "MultiPolygon":
            for polygon in geometry["coordinates"]:
                yield from polygon
        case "LineString" | "MultiPoint":
            yield geometry["coordinates"]
        case "Point":
            yield [geometry["coordinates"]]
        case "GeometryCollection":
            for part in geometry["geometries"]:
                yield from _rings(part)


def picture_of(
    geometry: dict[str, Any] | None, survey_srid: int, neighbours: Sequence[dict[str, Any]] = ()
) -> Picture | None:
    """The picture of a GeoJSON geometry (EPSG:4490, longitude first), drawn in metres of `survey_srid`; None for none."""
    if geometry is None:
        return None
    transformer = _to_survey(survey_srid)
    rings = _in_metres(geometry, transformer)
    points = [point for ring in rings for point in ring]
    if not points:
        return None
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    across, up = max(east - west, 1e-6), max(north - south, 1e-6)
    room_x, room_y = WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN - FOOT
    scale = min(room_x / across, room_y / up)
    is_point = east - west < 0.01 and north - south < 0.01
    if is_point:
        scale = room_x / 1000.0
    left = (WIDTH - (east - west) * scale) / 2
    top = (HEIGHT - FOOT - (north - south) * scale) / 2

    def place(point: tuple[float, float]) -> tuple[float, float]:
        return round(left + (point[0] - west) * scale, 1), round(top + (north - point[1]) * scale, 1)

    kind = "spot" if "Point" in geometry["type"] else "way" if "Line" in geometry["type"] else "area"
    bar_m = max((step for step in _BAR_STEPS_M if step * scale <= WIDTH / 3), default=1)

    def path(drawn: list[Ring], close: str) -> str:
        return "".join("M" + "L".join(f"{x:g} {y:g}" for x, y in map(place, ring)) + close for ring in drawn)

    beside = "".join(
        path(_in_metres(other, transformer), "Z" if "Polygon" in other["type"] else "") for other in neighbours
    )
    if kind == "spot":
        return Picture("", kind, tuple(place(p) for p in points), bar_m, bar_m * scale, beside)
    return Picture(path(rings, "Z" if kind == "area" else ""), kind, (), bar_m, bar_m * scale, beside)


def _in_metres(geometry: dict[str, Any], transformer: Transformer) -> list[Ring]:
    rings: list[Ring] = []
    for ring in _rings(geometry):
        xs, ys = transformer.transform([p[0] for p in ring], [p[1] for p in ring])
        rings.append(list(zip(xs, ys, strict=True)))
    return rings
