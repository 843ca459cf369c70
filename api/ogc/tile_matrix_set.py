"""WebMercatorQuad, computed: the square of Web Mercator halved at every level (OGC 17-083r4, annex D.1)."""

from __future__ import annotations

import math
from typing import Any

from api.ogc.crs import EPSG
from geo.crs import TILE_SRID

ID = "WebMercatorQuad"
TITLE = "Google Maps Compatible for the World"
URI = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
EARTH_RADIUS_M = 6378137.0
HALF_M = math.pi * EARTH_RADIUS_M
PIXEL_M = 0.00028
"""The standardized rendering pixel that scale denominators are given for."""

TILE_PX = 256


def document(max_zoom: int) -> dict[str, Any]:
    """The definition as JSON, levels 0 to `max_zoom`."""
    matrices = []
    for zoom in range(max_zoom + 1):
        cell_m = 2 * HALF_M / TILE_PX / 2**zoom
        matrices.append(
            {
                "id": str(zoom), "scaleDenominator": cell_m / PIXEL_M, "cellSize": cell_m, "pointOfOrigin": [-HALF_M, HALF_M],
                "tileWidth": TILE_PX, "tileHeight": TILE_PX, "matrixWidth": 2**zoom, "matrixHeight": 2**zoom,
            }
        )  # fmt: skip
    return {
        "id": ID,
        "title": TITLE,
        "uri": URI,
        "crs": EPSG.format(TILE_SRID),
        "orderedAxes": ["X", "Y"],
        "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "tileMatrices": matrices,
        "links": [],
    }
