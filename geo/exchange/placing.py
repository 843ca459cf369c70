"""Where a file's coordinates are: its CRS (declared or guessed, SHP-03), its way into CGCS2000, and whether that is here."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError
from pyproj.transformer import TransformerGroup

from geo.crs import STORAGE_SRID, epsg_of_zone, zone_of_longitude
from geo.errors import BadInput, Problem
from geo.exchange.unpacking import bad_file

WGS84 = 4326
CGCS2000_DATUM = "China 2000"
SAME_AS_STORAGE = (CGCS2000_DATUM, "World Geodetic System 1984", "WGS_1984", "WGS84")
"""What the name of a datum begins with that is equal to CGCS2000 here (GEO-01)."""

SAMPLE = 500
GOOD_SHARE = 0.9


@dataclass(frozen=True, slots=True)
class Place:
    """A county as an import needs it: outline in EPSG:4490, survey EPSG code."""

    code: str
    outline: Any
    survey_srid: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """The CRS of a file, the evidence for it, and whether its x and y stand the other way round (GEO-07)."""

    crs: CRS
    guess: dict[str, Any]
    is_swapped: bool = False


def choose_crs(declared: CRS | None, asked: int | None, geometry: Any, place: Place) -> Chosen:
    """The CRS of a file and the evidence for it.

    What was asked for wins, then what the file declares, then the first candidate that puts nine in ten features inside
    the county, as the coordinates stand or with x and y swapped. A declared CRS is never overruled; where another one would
    fit and it does not, the evidence says so. Raises BadInput with the three likely causes when none fits (GEO-10).
    """
    if asked is not None:
        try:
            return Chosen(CRS.from_epsg(asked), {"value": f"EPSG:{asked}", "evidence": ["given with the import"]})
        except CRSError:
            raise BadInput.at(
                "source_epsg", Problem(zh=f"EPSG:{asked} 不是已知坐标系", en=f"EPSG:{asked} is not a known CRS")
            ) from None
    if declared is not None and not _says_nothing(declared):
        flat = _flat(declared)
        name = f"EPSG:{flat.to_epsg()}" if flat.to_epsg() else flat.name
        evidence = ["declared by the file", *_better_than(flat, geometry, place)]
        return Chosen(flat, {"value": name, "evidence": evidence})
    found = _fitting(geometry, place)
    if found is None:
        raise bad_file(
            "文件没有坐标系，且没有一种常用坐标系能使其落在本县。常见原因：带号不对、X/Y 颠倒、缺带号前缀。请用 --source-epsg 指明",
            "the file declares no CRS and none of the usual ones puts it in this county. Likely causes: wrong zone, X and Y "
            "swapped, zone prefix missing. Name it with --source-epsg",
        )
    epsg, is_swapped, share = found
    evidence = ["no CRS in the file", f"EPSG:{epsg} puts {share:.0%} of a sample near the county"]
    if is_swapped:
        evidence.append("x and y swapped: the file writes north first (GEO-07)")
    return Chosen(CRS.from_epsg(epsg), {"value": f"EPSG:{epsg}", "evidence": evidence}, is_swapped)


def _says_nothing(crs: CRS) -> bool:
    """Whether a declared CRS has no tie to the earth: `undefined` of a GeoPackage, `NonEarth` of MapInfo."""
    return crs.name.lower().startswith("undefined") or crs.name.lower() == "nonearth"


def _flat(crs: CRS) -> CRS:
    """The horizontal part of a CRS with heights."""
    if crs.is_compound and crs.sub_crs_list:
        return _flat(crs.sub_crs_list[0])
    return crs.to_2d() if len(crs.axis_info) > 2 and not crs.is_geocentric else crs


def _better_than(declared: CRS, geometry: Any, place: Place) -> list[str]:
    """A hint, where nearly nothing lies near the county in the declared CRS and another would fit."""
    if _share_inside(geometry, declared, place) > 1 - GOOD_SHARE:
        return []
    found = _fitting(geometry, place)
    if found is None:
        return [
            "hardly anything lies near the county; likely causes: another county, wrong zone, X and Y swapped, zone prefix missing"
        ]
    epsg, is_swapped, share = found
    swap = " with x and y swapped" if is_swapped else ""
    return [
        f"hardly anything lies near the county; EPSG:{epsg}{swap} would put {share:.0%} there: if that is right, say --source-epsg {epsg}"
    ]


def _fitting(geometry: Any, place: Place) -> tuple[int, bool, float] | None:
    """EPSG code, whether swapped, and share inside, of the first candidate that fits (SHP-03, GEO-02)."""
    zone = zone_of_longitude(float(shapely.centroid(place.outline).x))
    candidates = [WGS84, place.survey_srid]
    for near in (zone, zone - 1, zone + 1):
        if 25 <= near <= 45:  # zones of China (GEO-02)
            candidates += [epsg_of_zone(near, prefixed=True), epsg_of_zone(near, prefixed=False)]
    for is_swapped in (False, True):
        for epsg in dict.fromkeys(candidates):
            share = _share_inside(geometry, CRS.from_epsg(epsg), place, is_swapped=is_swapped)
            if share >= GOOD_SHARE:
                return epsg, is_swapped, share
    return None


def _share_inside(geometry: Any, crs: CRS, place: Place, *, is_swapped: bool = False) -> float:
    known = geometry[~shapely.is_missing(geometry)][:SAMPLE]
    with np.errstate(all="ignore"):
        points = shapely.get_coordinates(shapely.centroid(known))
        if len(points) == 0:
            return 0.0
        x, y = points[:, int(is_swapped)], points[:, int(not is_swapped)]
        try:
            x, y = Transformer.from_crs(crs, STORAGE_SRID, always_xy=True).transform(x, y)
        except ProjError:
            return 0.0
    west, south, east, north = shapely.bounds(place.outline)
    margin = 0.1
    inside = (x > west - margin) & (x < east + margin) & (y > south - margin) & (y < north + margin)
    return float(np.mean(inside))


def transformer_to_storage(source: CRS) -> tuple[Transformer | None, str]:
    """The operation into EPSG:4490 (longitude first) and its name; None when nothing needs to move.

    CGCS2000 and WGS 84 are equal here (GEO-01), so other datums go through EPSG:4326. Raises BadInput when PROJ knows only
    a ballpark transformation between the datums (GEO-05: they need local parameters).
    """
    geodetic = source.geodetic_crs
    datum = geodetic.datum.name if geodetic is not None and geodetic.datum is not None else ""
    epsg = source.to_epsg()
    if epsg in (STORAGE_SRID, WGS84) or source.to_authority() == ("OGC", "CRS84"):
        return None, "none (CGCS2000 and WGS 84 are taken as equal, GEO-01)"
    goal = STORAGE_SRID if datum == CGCS2000_DATUM else WGS84
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # finer grids that are not installed: what is used stands in the report
            group = TransformerGroup(source, goal, always_xy=True)
    except (ProjError, LookupError):  # an engineering CRS without any tie to the earth
        raise bad_file(f"坐标系 {source.name} 无法换算", f"{source.name} cannot be transformed") from None
    if not group.transformers:
        raise bad_file(f"坐标系 {source.name} 无法换算", f"{source.name} cannot be transformed")
    best = group.transformers[0]
    if "ballpark" in best.description.lower() and not datum.startswith(SAME_AS_STORAGE):
        raise bad_file(
            f"{source.name} 到 CGCS2000 只有粗略换算，会差几十米以上，不能用于地籍；请先由测绘部门转换（GEO-05）",
            f"only a ballpark transformation leads from {source.name} to CGCS2000, off by tens of metres or more; have it "
            "converted by the surveyors first (GEO-05)",
        )
    return best, best.description
