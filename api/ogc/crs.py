"""The CRSs a county's features are offered in (Features Part 2): their URIs, axis order, and boxes given in one of them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from pyproj import CRS, Transformer
from shapely.geometry.base import BaseGeometry

from geo.crs import STORAGE_SRID, TILE_SRID
from geo.errors import BadInput, Problem
from geo.registry.features import OutputCrs

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/{}"
WGS84 = 4326
DEGREE_DECIMALS, METRE_DECIMALS = 7, 3
_EPSG_CODE = re.compile(r"(?:^|[/:\[])EPSG[/:](?:[0-9.]*[/:])?([0-9]{4,6})\]?$", re.IGNORECASE)
_PREFIXED, _PLAIN = range(4513, 4534), range(4534, 4555)
METRES_MAX = 1e8
"""No coordinate of a projected CRS is further out."""

EDGE_POINTS = 32
"""A box of a projected CRS has bent edges in degrees: each gets so many points."""


@dataclass(frozen=True, slots=True)
class Offered:
    """One CRS: URI, EPSG code, whether its first axis points north. CGCS2000 and WGS 84 are taken as equal (GEO-01)."""

    uri: str
    epsg: int
    is_north_first: bool

    @property
    def is_geographic(self) -> bool:
        """Whether coordinates are degrees."""
        return self.epsg in (STORAGE_SRID, WGS84)

    @property
    def output(self) -> OutputCrs:
        """How the database writes it."""
        srid = STORAGE_SRID if self.is_geographic else self.epsg
        return OutputCrs(srid, self.is_north_first, DEGREE_DECIMALS if self.is_geographic else METRE_DECIMALS)


@lru_cache(maxsize=64)
def _offer(epsg: int) -> Offered:
    axes = CRS.from_epsg(epsg).axis_info
    return Offered(EPSG.format(epsg), epsg, axes[0].direction == "north")


@lru_cache(maxsize=64)
def offered(survey_epsg: int) -> tuple[Offered, ...]:
    """CRS84 first, then 4326, 4490, 3857 and the county's survey CRS, with and without the zone in the easting (GEO-02)."""
    survey = [survey_epsg]
    if survey_epsg in _PREFIXED:
        survey.append(survey_epsg + 21)
    elif survey_epsg in _PLAIN:
        survey.append(survey_epsg - 21)
    return (Offered(CRS84, STORAGE_SRID, False), *(_offer(n) for n in (WGS84, STORAGE_SRID, TILE_SRID, *survey)))


def crs_of(name: str, given: str | None, survey_epsg: int) -> Offered:
    """The CRS a parameter names; CRS84 without one. Raises BadInput naming those there are."""
    known = offered(survey_epsg)
    if given is None:
        return known[0]
    code = _EPSG_CODE.search(given)
    for crs in known:
        if given in (crs.uri, f"[{crs.uri}]") or (code and crs.uri == EPSG.format(code[1])):
            return crs
    uris = ", ".join(crs.uri for crs in known)
    raise BadInput.at(
        name,
        Problem(zh=f"{name} 不提供坐标系“{given[:80]}”", en=f"{name} '{given[:80]}' is not offered"),
        Problem(zh=f"可用：{uris}", en=f"there are: {uris}"),
    )


Box = tuple[float, float, float, float]


def area_of_bbox(text: str, crs: Offered) -> tuple[bytes, Box | None]:
    """The area of a bbox parameter in `crs` as WKB, EPSG:4490 longitude first, and as one upright box where it is one.

    Heights are passed over; west > east in degrees crosses 180. Raises BadInput.
    """
    numbers = _numbers(text)
    if crs.is_north_first:
        numbers = [numbers[1], numbers[0], numbers[3], numbers[2]]
    west, south, east, north = numbers
    if south > north or (west > east and not crs.is_geographic):
        raise _bad("bbox 上下或左右颠倒", "bbox is upside down")
    if not crs.is_geographic:
        return _projected(west, south, east, north, crs.epsg), None
    if not (-90 <= south <= 90 and -90 <= north <= 90 and -180 <= west <= 180 and -180 <= east <= 180):
        raise _bad("bbox 超出经纬度范围", "bbox is outside the range of longitude and latitude")
    if west <= east:
        return bytes(shapely.to_wkb(_box(west, south, east, north))), (west, south, east, north)
    parts = [_box(west, south, 180.0, north), _box(-180.0, south, east, north)]
    return bytes(shapely.to_wkb(shapely.union_all(parts))), None


def _numbers(text: str) -> list[float]:
    try:
        numbers = [float(part) for part in text.split(",")] if len(text) < 500 else []
    except ValueError:
        numbers = []
    if len(numbers) == 6:
        numbers = [numbers[0], numbers[1], numbers[3], numbers[4]]
    if len(numbers) != 4 or not all(math.isfinite(n) for n in numbers):
        raise _bad("bbox 不是四个数", "bbox is not four numbers")
    return numbers


def _bad(zh: str, en: str) -> BadInput:
    return BadInput.at(
        "bbox",
        Problem(zh=zh, en=en),
        Problem(
            zh="按坐标轴顺序：最小,最小,最大,最大，如 121.5,28.8,122.3,29.7（CRS84）",
            en="in axis order: lower,lower,upper,upper, such as 121.5,28.8,122.3,29.7 (CRS84)",
        ),
    )


def _box(west: float, south: float, east: float, north: float) -> BaseGeometry:
    """A box, or the line or point it has shrunk to."""
    if west == east and south == north:
        return shapely.Point(west, south)
    if west == east or south == north:
        return shapely.LineString([(west, south), (east, north)])
    return shapely.box(west, south, east, north)


@lru_cache(maxsize=64)
def _to_storage(epsg: int) -> Transformer:
    return Transformer.from_crs(epsg, STORAGE_SRID, always_xy=True)


def _projected(west: float, south: float, east: float, north: float, epsg: int) -> bytes:
    if max(map(abs, (west, south, east, north))) > METRES_MAX:
        raise _bad("bbox 超出该坐标系的范围", "bbox is outside the range of its CRS")
    shape = _box(west, south, east, north)
    longest = max(east - west, north - south)
    if longest > 0:
        shape = shapely.segmentize(shape, longest / EDGE_POINTS)
    moved = shapely.transform(shape, lambda points: np.column_stack(_to_storage(epsg).transform(*points.T)))
    if not np.isfinite(shapely.get_coordinates(moved)).all() or not moved.is_valid:
        raise _bad("bbox 超出该坐标系的范围", "bbox is outside the range of its CRS")
    return bytes(shapely.to_wkb(moved))
