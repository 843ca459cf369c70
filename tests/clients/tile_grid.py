"""Which WebMercatorQuad tiles a place lies in (OGC 17-083r4: row 0 in the north, column 0 at 180 degrees west)."""

from __future__ import annotations

import math

from tests.clients.conftest import Site

Address = tuple[int, int, int]
"""Zoom, row, column."""

WHOLE = (10,)
"""Zooms at which all tiles of the county are asked for."""

NEAR = (13, 16)
"""Zooms at which only tiles with a thing in them are asked for."""

THINGS = 6


def tile_at(zoom: int, lon: float, lat: float) -> Address:
    """The tile of a zoom that a place (degrees, WGS 84) lies in."""
    count = 2**zoom
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return zoom, min(int(y * count), count - 1), min(int((lon + 180) / 360 * count), count - 1)


def addresses(site: Site, collection: str, token: str | None) -> list[Address]:
    """Tiles to look at: the whole county from afar, some things from near."""
    described = site.get(f"/ogc/collections/{collection}", token).json()
    west, south, east, north = described["extent"]["spatial"]["bbox"][0]
    found: set[Address] = set()
    for zoom in WHOLE:
        _, top, left = tile_at(zoom, west, north)
        _, bottom, right = tile_at(zoom, east, south)
        found |= {(zoom, row, col) for row in range(top, bottom + 1) for col in range(left, right + 1)}
    features = [f for f in site.features(collection, token=token) if f["geometry"] is not None]
    for feature in features[:: max(1, len(features) // THINGS)]:
        place = feature["geometry"]["coordinates"]
        while isinstance(place[0], list):
            place = place[0]
        found |= {tile_at(zoom, place[0], place[1]) for zoom in NEAR}
    return sorted(found)


def tiles(site: Site, collection: str, token: str | None = None) -> dict[Address, bytes]:
    """The tiles of a collection that are not empty."""
    out = {}
    for z, row, col in addresses(site, collection, token):
        answer = site.get(f"/ogc/collections/{collection}/tiles/WebMercatorQuad/{z}/{row}/{col}", token)
        assert answer.status_code in (200, 204), answer.text
        assert (answer.status_code == 204) == (answer.content == b"")
        if answer.content:
            assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
            out[z, row, col] = answer.content
    return out
