"""What RFC 7946 asks of a GeoJSON document, checked by hand: no schema says which way a ring turns.

Every check names its section. What the standard only recommends (the right-hand rule, one world's longitudes) counts too.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

DEPTH = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
"""How deep positions lie in `coordinates`."""

GEOMETRY_MEMBERS = {"type", "coordinates", "bbox"}


def faults(document: Any) -> list[str]:
    """Every fault of a Feature or FeatureCollection, each with its section; none when it is valid."""
    if not isinstance(document, dict):
        return ["3: not an object"]
    if document.get("type") == "FeatureCollection":
        features = document.get("features")
        if not isinstance(features, list):
            return ["3.3: features is not an array"]
        found = [*_foreign(document, {"coordinates", "geometries", "geometry", "properties"}, "7.1")]
        return found + [f"{f.get('id')}: {fault}" for f in features for fault in _feature(f)]
    return list(_feature(document))


def _foreign(document: dict[str, Any], names: set[str], section: str) -> Iterator[str]:
    for name in sorted(names & document.keys()):
        yield f"{section}: {name} does not belong here"
    if "crs" in document:
        yield "4: crs is gone since RFC 7946"


def _feature(feature: dict[str, Any]) -> Iterator[str]:
    if feature.get("type") != "Feature":
        yield "3.2: type is not Feature"
    yield from _foreign(feature, {"coordinates", "geometries", "features"}, "7.1")
    if isinstance(feature.get("id", ""), bool) or not isinstance(feature.get("id", ""), str | int | float):
        yield "3.2: an id is a string or a number"
    if "properties" not in feature or not isinstance(feature["properties"], dict | None):
        yield "3.2: properties is an object or null"
    if "geometry" not in feature:
        yield "3.2: geometry is missing"
    elif feature["geometry"] is not None:
        yield from _geometry(feature["geometry"])


def _geometry(geometry: Any) -> Iterator[str]:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind == "GeometryCollection":
        for part in geometry["geometries"]:
            yield from _geometry(part)
        return
    if kind not in DEPTH:
        yield f"3.1: there is no geometry type {kind}"
        return
    if geometry.keys() - GEOMETRY_MEMBERS:
        yield f"7.1: members {sorted(geometry.keys() - GEOMETRY_MEMBERS)} in a geometry"
    misplaced = list(_positions(geometry.get("coordinates"), DEPTH[kind]))
    if misplaced:
        yield from misplaced
        return
    if kind == "LineString":
        yield from _line(geometry["coordinates"])
    for line in geometry["coordinates"] if kind == "MultiLineString" else []:
        yield from _line(line)
    polygons = {"Polygon": [geometry["coordinates"]], "MultiPolygon": geometry["coordinates"]}.get(kind, [])
    for polygon in polygons:
        for number, ring in enumerate(polygon):
            yield from _ring(ring, is_exterior=number == 0)


def _positions(coordinates: Any, depth: int) -> Iterator[str]:
    if not isinstance(coordinates, list) or (depth == 0 and not 2 <= len(coordinates) <= 3):
        yield "3.1.1: a position is two or three numbers"
    elif depth:
        for part in coordinates:
            yield from _positions(part, depth - 1)
    elif any(isinstance(n, bool) or not isinstance(n, int | float) or not math.isfinite(n) for n in coordinates):
        yield "3.1.1: a position is two or three numbers"
    elif abs(coordinates[0]) > 180 or abs(coordinates[1]) > 90:
        yield f"4: {coordinates} is no longitude and latitude"


def _line(line: list[Any]) -> Iterator[str]:
    if len(line) < 2:
        yield "3.1.4: a line has two positions or more"


def _ring(ring: list[Any], *, is_exterior: bool) -> Iterator[str]:
    if len(ring) < 4 or ring[0] != ring[-1]:
        yield "3.1.6: a ring is closed and has four positions or more"
        return
    twice_area = sum(
        a[0] * b[1] - b[0] * a[1] for a, b in pairwise([[p[0] - ring[0][0], p[1] - ring[0][1]] for p in ring])
    )
    if (twice_area > 0) != is_exterior:
        yield f"3.1.6: an {'exterior' if is_exterior else 'interior'} ring turns the wrong way"
