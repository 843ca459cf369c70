"""What lies around the sample county: land as ground, and the names of neighbours and waters. No border is drawn."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection

from geo.registry.surroundings import Surround, put_surroundings
from ops.sample import sources
from ops.sample.geography import County

FILE = "surroundings.geojson"
ATTRIBUTION = "© OpenStreetMap contributors, ODbL 1.0"
ROUND_TO_DEG = 1e-5
NAME_WITHIN_DEG = 0.55
"""A neighbour's name stands on the part of its land that is this near to the county's extent, where it is read."""


def write_surroundings(county: County, out: Path) -> None:
    """`surroundings.geojson`: one area of land, a point per neighbour with land in reach, a point per water of the parameters."""
    given = county.places["surroundings"]
    land = shapely.set_precision(shapely.make_valid(county.around_deg), ROUND_TO_DEG)
    west, south, east, north = county.outline_deg.bounds
    near = shapely.box(
        west - NAME_WITHIN_DEG, south - NAME_WITHIN_DEG / 2, east + NAME_WITHIN_DEG, north + NAME_WITHIN_DEG / 2
    )
    features = [_feature(land, kind="land")]
    for code, name, name_en in given["neighbours"]:
        own = shapely.intersection(shapely.intersection(land, sources.outline(code)), near)
        parts = [part for part in shapely.get_parts(own) if part.geom_type == "Polygon"]
        if parts:
            widest = max(parts, key=lambda part: part.area)
            features.append(_feature(widest.representative_point(), kind="place", name=name, name_en=name_en))
    for name, name_en, lon, lat in given["waters"]:
        features.append(_feature(shapely.Point(lon, lat), kind="water", name=name, name_en=name_en))
    body = {"type": "FeatureCollection", "features": features}
    (out / FILE).write_text(json.dumps(body, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def load_surroundings(connection: Connection, county_code: str, folder: Path) -> int:
    """Put the file around the county; returns how many there are."""
    rows = [
        Surround(
            feature["properties"]["kind"],
            shapely.from_geojson(json.dumps(feature["geometry"])),
            feature["properties"].get("name"),
            feature["properties"].get("name_en"),
        )
        for feature in json.loads((folder / FILE).read_text(encoding="utf-8"))["features"]
    ]
    return put_surroundings(connection, county_code, rows, attribution=ATTRIBUTION, is_sample=True)


def _feature(shape: BaseGeometry, **properties: Any) -> dict[str, Any]:
    geometry = json.loads(shapely.to_geojson(shapely.set_precision(shape, ROUND_TO_DEG)))
    return {"type": "Feature", "geometry": geometry, "properties": properties}
