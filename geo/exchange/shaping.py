"""Geometry of a file made fit for the register: flat, finite, moved to EPSG:4490, repaired once, of the right type."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from pyproj import CRS, Transformer

from geo.crs import STORAGE_SRID
from geo.exchange.placing import Place, transformer_to_storage
from geo.exchange.report import RowOutcome
from geo.exchange.targets import Target

COORDINATE_MAX = 1e9
"""Larger numbers are a 'no data' mark, never a coordinate in degrees, metres or feet."""

REASONS = {
    "no_geometry": ("没有图形", "no geometry"),
    "bad_coordinates": ("坐标不是有效数值{0}", "coordinates are no usable numbers{0}"),
    "wrong_geometry_type": ("图形类型是 {0}，应为 {1}", "the geometry is a {0}; expected {1}"),
    "cannot_repair": ("图形自相交且无法修复", "the geometry crosses itself and cannot be repaired"),
    "outside_county": (
        "在县界外 5 公里以上（带号、X/Y 顺序、坐标系是否正确？）",
        "more than 5 km outside the county (zone, X/Y order, CRS?)",
    ),
}


def reject(row: RowOutcome, reason_code: str, *details: str, field: str = "geom") -> None:
    """Mark a row as not taken, with its reason in both languages."""
    zh, en = REASONS[reason_code]
    details = details or ("",)
    row.action, row.reason_code, row.field = "rejected", reason_code, field
    row.reason = f"{zh.format(*details)} / {en.format(*details)}"


def shape(
    geometry: Any, source: CRS, target: Target, place: Place, rows: list[RowOutcome], outside_max_m: float
) -> tuple[Any, str]:
    """Geometry in EPSG:4490 in the order of `rows` (None where rejected or absent) and the operation used.

    Z and M are dropped with a note; a row without geometry is taken only where the target can do without.
    """
    out = np.array(geometry, dtype=object)
    alive = np.array([row.action != "rejected" for row in rows])
    missing = shapely.is_missing(out) | shapely.is_empty(out)
    if target.needs_geometry:
        for i in np.flatnonzero(missing & alive):
            reject(rows[i], "no_geometry")
    out[missing] = None
    alive &= ~missing
    for i in np.flatnonzero(alive & (shapely.has_z(out) | shapely.has_m(out))):
        rows[i].repairs.append("Z and M dropped")
    out[alive] = shapely.force_2d(out[alive])
    _finite(out, alive, rows)
    transformer, operation = transformer_to_storage(source)
    if transformer is not None and alive.any():
        out[alive] = moved(out[alive], transformer)
        _finite(out, alive, rows)
    _repair(out, alive, rows, place)
    _right_type(out, alive, rows, target)
    _near(out, alive, rows, place, outside_max_m)
    out[~alive] = None
    return out, operation


def _finite(out: Any, alive: Any, rows: list[RowOutcome]) -> None:
    points, owner = shapely.get_coordinates(out, return_index=True)
    fine = np.isfinite(points).all(axis=1) & (np.abs(points) < COORDINATE_MAX).all(axis=1)
    for i in np.unique(owner[~fine]):
        if alive[i]:
            reject(rows[i], "bad_coordinates")
        alive[i] = False
        out[i] = None


def moved(geometry: Any, transformer: Transformer) -> Any:
    """Geometry carried through a transformation of x and y; None stays None."""

    def move(points: Any) -> Any:
        x, y = transformer.transform(points[:, 0], points[:, 1])
        return np.column_stack([x, y])

    return shapely.transform(geometry, move)


def _repair(out: Any, alive: Any, rows: list[RowOutcome], place: Place) -> None:
    broken = np.flatnonzero(alive & ~shapely.is_valid(out))
    if not len(broken):
        return
    to_metres = Transformer.from_crs(STORAGE_SRID, place.survey_srid, always_xy=True)
    for i in broken:
        before = out[i]
        repaired = shapely.make_valid(before)
        if before.geom_type in ("Polygon", "MultiPolygon"):
            repaired = _polygons_of(repaired)
        if repaired is None or repaired.is_empty or not repaired.is_valid:
            reject(rows[i], "cannot_repair")
            alive[i] = False
            continue
        reason = shapely.is_valid_reason(before).split("[")[0]
        was, now = shapely.area(moved(np.array([before, repaired], dtype=object), to_metres))
        rows[i].repairs.append(f"{reason}: repaired, area {was:.2f} m2 -> {now:.2f} m2")
        out[i] = repaired


def _polygons_of(geometry: Any) -> Any | None:
    parts = [
        p
        for p in shapely.get_parts(geometry, return_index=False).tolist()
        if p.geom_type in ("Polygon", "MultiPolygon")
    ]
    polygons = [q for p in parts for q in (p.geoms if p.geom_type == "MultiPolygon" else [p])]
    if not polygons:
        return None
    return polygons[0] if len(polygons) == 1 else shapely.multipolygons(polygons)


def _right_type(out: Any, alive: Any, rows: list[RowOutcome], target: Target) -> None:
    for i in np.flatnonzero(alive):
        kind = out[i].geom_type
        single = kind.removeprefix("Multi")
        if kind not in target.geometry and single in target.geometry and kind != single and len(out[i].geoms) == 1:
            out[i], kind = out[i].geoms[0], single
        if kind not in target.geometry:
            reject(rows[i], "wrong_geometry_type", kind, "/".join(target.geometry))
            alive[i] = False
        elif target.multi and kind == "Polygon":
            out[i] = shapely.multipolygons([out[i]])


def _near(out: Any, alive: Any, rows: list[RowOutcome], place: Place, outside_max_m: float) -> None:
    """Reject what lies farther from the outline than allowed; what does not touch it is measured in the survey CRS, in metres."""
    shapely.prepare(place.outline)
    apart = alive.copy()
    apart[alive] = ~shapely.intersects(place.outline, out[alive])
    if not apart.any():
        return
    to_metres = Transformer.from_crs(STORAGE_SRID, place.survey_srid, always_xy=True)
    outline = moved(np.array([place.outline], dtype=object), to_metres)[0].buffer(0)
    shapely.prepare(outline)
    near = shapely.dwithin(outline, moved(out[apart], to_metres), outside_max_m)
    for i, is_near in zip(np.flatnonzero(apart), near, strict=True):
        if not is_near:
            reject(rows[i], "outside_county")
            alive[i] = False
