"""Geometry literals made into shapes PostGIS cannot stumble over: flat, finite, valid, in range, moved to the storage CRS."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError
from shapely.geometry import shape as shape_of_geojson
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from geo.filters.faults import Place, refuse
from geo.filters.scope import Scope
from geo.filters.tree import BBox, Geometry

WORLD = (-180.0, -90.0, 180.0, 90.0)
WGS84 = 4326
"""Longitude and latitude of WGS84 are taken for those of the storage CRS (CGCS2000): they differ by less than register data do."""

RETURN_MAX_DEG = 1e-6
"""What a CRS can hold comes back from the storage CRS to where it was, within about 0.1 m."""

EDGE_PARTS = 64
ADDED_VERTICES_MAX = 5_000
"""Edges of a projected CRS are not straight in degrees: they get vertices, 64 along the extent, 5,000 at most in all."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A literal in the storage CRS. `whole` is one geometry, or None when the parts of a collection have different dimensions;
    `parts` are together the same set of points, none a collection: points, lines, polygons, and their multi kinds."""

    whole: BaseGeometry | None
    parts: tuple[BaseGeometry, ...]


def shape(node: Geometry | BBox, scope: Scope) -> Shape:
    """The shape of a literal; raises BadInput naming the fault."""
    try:
        return _shape(node, scope)
    except shapely.errors.GEOSException as error:  # parts of a collection so close that their union cannot be computed
        raise invalid(node.at, str(error)[:100]) from None
    except CRSError:
        code = scope.geometry_srid
        raise refuse(
            node.at, f"EPSG:{code} 不是已知坐标系", f"EPSG:{code} is not a known CRS",
            "集合列出的坐标系", "a CRS the collection lists",
        ) from None  # fmt: skip


def _shape(node: Geometry | BBox, scope: Scope) -> Shape:
    if isinstance(node, BBox):
        boxes = _boxes(node, scope)
        parts = tuple(_moved(box, node.at, scope) for box in boxes)
        return Shape(parts[0] if len(parts) == 1 else _same_kind(parts), parts)
    if node.kind != "GeometryCollection":
        moved = _moved(_flat(node, scope), node.at, scope)
        return Shape(moved, (moved,))
    union = shapely.union_all([_moved(_flat(part, scope), part.at, scope) for part in node.coordinates])
    if union.geom_type != "GeometryCollection":
        return Shape(_checked(union, node.at), (union,))
    by_dimension = [[g for g in shapely.get_parts(union) if shapely.get_dimensions(g) == d] for d in range(3)]
    return Shape(None, tuple(_checked(shapely.union_all(parts), node.at) for parts in by_dimension if parts))


def _flat(node: Geometry, scope: Scope) -> BaseGeometry:
    """Shapely geometry with x before y and without heights."""
    _check_rings(node)
    try:
        flat = shapely.force_2d(shape_of_geojson({"type": node.kind, "coordinates": node.coordinates}))
    except (ValueError, shapely.errors.GEOSException) as error:
        raise invalid(node.at, str(error)[:100]) from None
    return shapely.transform(flat, lambda xy: xy[:, ::-1]) if scope.is_north_first else flat


def _check_rings(node: Geometry) -> None:
    """Lines have two vertices, rings four and are closed."""
    if node.kind in ("LineString", "MultiLineString"):
        lines = [node.coordinates] if node.kind == "LineString" else node.coordinates
        if any(len(line) < 2 for line in lines):
            raise refuse(node.at, "线只有一个顶点", "a line of one vertex", "至少两个顶点", "two vertices or more")
    if node.kind in ("Polygon", "MultiPolygon"):
        polygons = [node.coordinates] if node.kind == "Polygon" else node.coordinates
        for ring in (ring for polygon in polygons for ring in polygon):
            if ring[0][:2] != ring[-1][:2]:
                raise refuse(
                    node.at, "面的环没有闭合", "a ring of a polygon that is not closed",
                    "最后一个顶点与第一个相同", "the last vertex equal to the first",
                )  # fmt: skip
            if len(ring) < 4:
                raise refuse(
                    node.at, "面的环少于四个顶点", "a ring of fewer than four vertices", "至少四个顶点", "four or more"
                )


def _boxes(node: BBox, scope: Scope) -> list[BaseGeometry]:
    """One box, or two on both sides of 180 degrees; a box without width or height is a line or a point."""
    half = len(node.numbers) // 2
    low, high = list(node.numbers[:2]), list(node.numbers[half : half + 2])
    if scope.is_north_first:
        low.reverse()
        high.reverse()
    (west, south), (east, north) = low, high
    if south > north:
        raise _bad_box(node.at, "下界大于上界", "its lower bound above the upper one")
    if west <= east:
        return [_box(west, south, east, north)]
    if not _crs(scope.geometry_srid).is_geographic:
        raise _bad_box(node.at, "左界大于右界", "its left bound right of the right one")
    boxes = [_box(west, south, WORLD[2], north), _box(WORLD[0], south, east, north)]
    most = max(shapely.get_dimensions(box) for box in boxes)
    return [box for box in boxes if shapely.get_dimensions(box) == most]


def _bad_box(at: Place, zh: str, en: str) -> Exception:
    return refuse(
        at, f"BBOX 的{zh}", f"a BBOX with {en}", "先最小值，后最大值（经度可跨 180 度）",
        "the smaller first (longitudes may cross 180 degrees)",
    )  # fmt: skip


def _box(west: float, south: float, east: float, north: float) -> BaseGeometry:
    corners = [(west, south), (east, south), (east, north), (west, north)]
    if west == east and south == north:
        return shapely.Point(corners[0])
    return shapely.LineString([corners[0], corners[2]]) if west == east or south == north else shapely.Polygon(corners)


def _same_kind(parts: tuple[BaseGeometry, ...]) -> BaseGeometry:
    makers: tuple[Any, ...] = (shapely.MultiPoint, shapely.MultiLineString, shapely.MultiPolygon)
    made: BaseGeometry = makers[int(shapely.get_dimensions(parts[0]))](list(parts))
    return made


def _moved(flat: BaseGeometry, at: Place, scope: Scope) -> BaseGeometry:
    """A valid geometry in the storage CRS."""
    _checked(flat, at)
    if scope.geometry_srid in (WGS84, scope.storage_srid):
        return _in_world(flat, at)
    forth = _transformer(scope.geometry_srid, scope.storage_srid)
    back = _transformer(scope.storage_srid, scope.geometry_srid)
    if not _crs(scope.geometry_srid).is_geographic:
        flat = _with_vertices(flat)
    before = shapely.get_coordinates(flat)
    try:
        after = np.column_stack(forth.transform(before[:, 0], before[:, 1]))
        again = np.column_stack(forth.transform(*back.transform(after[:, 0], after[:, 1])))
        source = np.column_stack(back.transform(after[:, 0], after[:, 1]))
    except ProjError:
        raise _out_of_crs(at, scope) from None
    size = max(1.0, float(np.abs(before).max()))
    is_back = (
        np.isfinite(after).all()
        and np.isfinite(source).all()
        and (np.abs(source - before) <= size * RETURN_MAX_DEG).all()
    )
    if not is_back or not (np.abs(again - after) <= RETURN_MAX_DEG).all():
        raise _out_of_crs(at, scope)
    return _in_world(_checked(shapely.set_coordinates(shapely.from_wkb(shapely.to_wkb(flat)), after), at), at)


def _with_vertices(flat: BaseGeometry) -> BaseGeometry:
    west, south, east, north = flat.bounds
    extent, length = max(east - west, north - south), flat.length
    step = max(extent / EDGE_PARTS, length / ADDED_VERTICES_MAX)
    return shapely.segmentize(flat, step) if step > 0 else flat


def _checked(geometry: BaseGeometry, at: Place) -> BaseGeometry:
    if geometry.is_empty or not np.isfinite(shapely.get_coordinates(geometry)).all():
        raise invalid(at, "empty or not finite")
    if not geometry.is_valid:
        raise invalid(at, explain_validity(geometry)[:100])
    return geometry


def invalid(at: Place, reason: str) -> Exception:
    """The error for a geometry that is not valid."""
    return refuse(
        at, f"图形无效（{reason}）", f"a geometry that is not valid ({reason})",
        "不自相交、环闭合的图形", "one that does not cross itself, its rings closed",
    )  # fmt: skip


def _in_world(geometry: BaseGeometry, at: Place) -> BaseGeometry:
    west, south, east, north = geometry.bounds
    if west < WORLD[0] or south < WORLD[1] or east > WORLD[2] or north > WORLD[3]:
        raise refuse(
            at, "坐标超出经度 ±180 度、纬度 ±90 度", "coordinates beyond 180 degrees of longitude or 90 of latitude",
            "按坐标系规定的顺序书写；CRS84 先经度后纬度", "the axis order of the CRS; CRS84 has longitude first",
        )  # fmt: skip
    return geometry


def _out_of_crs(at: Place, scope: Scope) -> Exception:
    code = scope.geometry_srid
    return refuse(
        at, f"坐标超出 EPSG:{code} 的适用范围", f"coordinates outside the area EPSG:{code} is made for",
        f"EPSG:{code} 的坐标，轴顺序正确", f"coordinates of EPSG:{code} in its axis order",
    )  # fmt: skip


@lru_cache(maxsize=64)
def _crs(srid: int) -> CRS:
    return CRS.from_epsg(srid)


@lru_cache(maxsize=64)
def _transformer(source: int, target: int) -> Transformer:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Transformer.from_crs(_crs(source), _crs(target), always_xy=True)
