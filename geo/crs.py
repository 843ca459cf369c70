"""Coordinate reference systems of the register: what is stored, what is measured in, what leaves (GEO-01 to GEO-03)."""

from __future__ import annotations

import math
from functools import lru_cache

from pyproj import CRS
from pyproj.exceptions import CRSError

from geo.errors import BadInput, Problem

STORAGE_SRID = 4490
"""CGCS2000 longitude, latitude in degrees: the one CRS geometry is kept in (GEO-09)."""

TILE_SRID = 3857
"""Web Mercator metres: drawn, never measured (GEO-08)."""

_PREFIXED_ZONE_BASE = 4488
_PLAIN_ZONE_BASE = 4509
_FIRST_ZONE, _LAST_ZONE = 25, 45


def zone_of_longitude(lon: float) -> int:
    """Number of the 3-degree Gauss-Kruger zone that holds a longitude in degrees (GEO-03)."""
    return math.floor((lon + 1.5) / 3)


def epsg_of_zone(zone: int, *, prefixed: bool) -> int:
    """EPSG code of a CGCS2000 3-degree zone, with or without the zone in the easting (GEO-02).

    Raises BadInput for a zone outside 25..45.
    """
    if not _FIRST_ZONE <= zone <= _LAST_ZONE:
        raise BadInput.at(
            "zone",
            Problem(
                zh=f"三度带带号 {zone} 不存在；应为 {_FIRST_ZONE} 至 {_LAST_ZONE}",
                en=f"3-degree zone {zone} does not exist; expected {_FIRST_ZONE} to {_LAST_ZONE}",
            ),
        )
    return (_PREFIXED_ZONE_BASE if prefixed else _PLAIN_ZONE_BASE) + zone


@lru_cache(maxsize=64)
def survey_crs(epsg: int) -> CRS:
    """The county's survey CRS; areas are measured in it, so it must be projected and in metres.

    Raises BadInput when the code is unknown, geographic, Web Mercator or not in metres.
    """
    try:
        crs = CRS.from_epsg(epsg)
    except CRSError as error:
        raise BadInput.at(
            "survey_epsg",
            Problem(zh=f"EPSG:{epsg} 不是已知坐标系", en=f"EPSG:{epsg} is not a known coordinate reference system"),
        ) from error
    in_metres = crs.is_projected and all(axis.unit_name == "metre" for axis in crs.axis_info)
    if not in_metres or epsg == TILE_SRID:
        raise BadInput.at(
            "survey_epsg",
            Problem(
                zh=f"EPSG:{epsg} 不是以米为单位的测量投影坐标系；例如象山县用 4529",
                en=f"EPSG:{epsg} is not a projected survey CRS in metres; Xiangshan, for example, uses 4529",
            ),
        )
    return crs


def zone_of_survey(epsg: int) -> int | None:
    """Number of the CGCS2000 3-degree zone an EPSG code stands for (25 to 45); None for any other CRS."""
    for base in (_PREFIXED_ZONE_BASE, _PLAIN_ZONE_BASE):
        if _FIRST_ZONE <= epsg - base <= _LAST_ZONE:
            return epsg - base
    return None
