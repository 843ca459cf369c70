"""The check of GeoJSON sees what RFC 7946 forbids."""

from __future__ import annotations

import copy
from typing import Any

from tests.clients.geojson import faults

GOOD: dict[str, Any] = {
    "type": "Feature", "id": "a", "properties": None,
    "geometry": {"type": "Polygon", "coordinates": [
        [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]], [[1, 1], [1, 2], [2, 2], [2, 1], [1, 1]]]},
}  # fmt: skip


def spoilt(*path: str | int, to: Any) -> list[str]:
    """The faults of the good feature with one thing changed."""
    document = copy.deepcopy(GOOD)
    place: Any = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return faults({"type": "FeatureCollection", "features": [document]})


def test_the_check_sees_what_is_wrong() -> None:
    assert faults(GOOD) == []
    assert faults({"type": "FeatureCollection", "features": [GOOD], "numberReturned": 1, "links": []}) == []
    rings = GOOD["geometry"]["coordinates"]
    for path, value, words in (
        (("geometry", "coordinates"), [rings[0][::-1]], "exterior ring turns the wrong way"),
        (("geometry", "coordinates"), [rings[0], rings[1][::-1]], "interior ring turns the wrong way"),
        (("geometry", "coordinates"), [rings[0][:-1]], "closed"),
        (("geometry", "coordinates", 0, 1), [400, 0], "no longitude"),
        (("geometry", "coordinates", 0, 1), ["4", 0], "numbers"),
        (("geometry", "coordinates", 0, 1), [4], "numbers"),
        (("geometry", "type"), "Curve", "no geometry type"),
        (("geometry", "srid"), 4490, "members"),
        (("properties",), [], "properties"),
        (("id",), None, "id"),
        (("crs",), {}, "crs"),
        (("features",), [], "does not belong"),
    ):
        found = spoilt(*path, to=value)
        assert any(words in fault for fault in found), (path, value, found)
