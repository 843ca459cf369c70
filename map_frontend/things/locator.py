"""Where in the county a thing lies: the towns as land, its own town tinted, one dot. Drawn in EPSG:3857, north up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyproj import Transformer

from geo.crs import STORAGE_SRID, TILE_SRID
from map_frontend.things.reading import Part

MARGIN = 0.04
DOT = 0.026
"""Radius of the dot, of the longer side."""

_TO_TILE = Transformer.from_crs(STORAGE_SRID, TILE_SRID, always_xy=True)


@dataclass(frozen=True, slots=True)
class Locator:
    """`land` and `own` are path data in metres; `x`, `y`, `radius` are the dot's (None without a place)."""

    view_box: str
    land: str
    own: str
    x: int | None
    y: int | None
    radius: int


def locator(parts: Sequence[Part], town_code: str | None, place: tuple[float, float] | None) -> Locator | None:
    """The picture for a place in degrees (EPSG:4490, longitude first); None where the county has no shape."""
    if not parts:
        return None
    west, south = min(p.box[0] for p in parts), min(p.box[1] for p in parts)
    east, north = max(p.box[2] for p in parts), max(p.box[3] for p in parts)
    side = max(east - west, north - south)
    pad = side * MARGIN
    view_box = f"{west - pad:.0f} {-north - pad:.0f} {east - west + 2 * pad:.0f} {north - south + 2 * pad:.0f}"
    x, y = on_locator(place) if place else (None, None)
    return Locator(
        view_box,
        " ".join(p.path for p in parts if p.code != town_code),
        " ".join(p.path for p in parts if p.code == town_code),
        x,
        y,
        round(side * DOT),
    )


def on_locator(place: tuple[float, float]) -> tuple[int, int]:
    """A place in degrees (EPSG:4490, longitude first) in the picture's own metres, y downwards."""
    x, y = _TO_TILE.transform(*place)
    return round(x), round(-y)
