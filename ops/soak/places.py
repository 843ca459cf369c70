"""Published plots to look at and to edit: where they lie, as tiles and boxes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import psycopg

from ops.bench.attributes import COUNTY

PLACES = 200
WINDOW = 2
"""Tiles of a window, across and down."""

_PLACES = """
select p.code, st_x(st_pointonsurface(p.geom)), st_y(st_pointonsurface(p.geom)) from open_data.parcels p
where p.county_code = %s and p.geometry_quality = 'shape' order by md5(p.code) limit %s"""


@dataclass(frozen=True, slots=True)
class Place:
    """A plot's code and a point of it, degrees (EPSG:4490)."""

    code: str
    longitude: float
    latitude: float

    def _at(self, zoom: int) -> tuple[int, int]:
        """Column and row in WebMercatorQuad."""
        size = 2**zoom
        radians = math.radians(self.latitude)
        column = int((self.longitude + 180) / 360 * size)
        return column, int((1 - math.asinh(math.tan(radians)) / math.pi) / 2 * size)

    def tile(self, zoom: int) -> str:
        """Path of the tile the point lies in."""
        column, row = self._at(zoom)
        return _path(zoom, row, column)

    def tiles(self, zoom: int) -> list[str]:
        """Paths of a window of tiles around it."""
        column, row = self._at(zoom)
        return [_path(zoom, row + down, column + right) for down in range(WINDOW) for right in range(WINDOW)]

    def box(self, zoom: int) -> str:
        """`bbox` of about such a window."""
        half = 360 / 2**zoom * WINDOW / 2
        edges = (self.longitude - half, self.latitude - half, self.longitude + half, self.latitude + half)
        return ",".join(f"{edge:.6f}" for edge in edges)


def _path(zoom: int, row: int, column: int) -> str:
    return f"/ogc/collections/parcels/tiles/WebMercatorQuad/{zoom}/{row}/{column}?county={COUNTY}"


def places(owner_url: str) -> list[Place]:
    """PLACES published plots, the same for the same county."""
    with psycopg.connect(owner_url) as connection:
        return [Place(*row) for row in connection.execute(_PLACES, [COUNTY, PLACES])]
