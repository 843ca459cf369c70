"""QGIS draws our vector tiles."""

from __future__ import annotations

import math
from pathlib import Path
from urllib.parse import quote

from tests.clients.conftest import Qgis, Site
from tests.clients.county import OTHER

RADIUS_M = 6378137.0


def web_mercator(lon: float, lat: float) -> tuple[float, float]:
    """Metres in EPSG:3857 of a place in degrees."""
    return RADIUS_M * math.radians(lon), RADIUS_M * math.asinh(math.tan(math.radians(lat)))


def picture(
    site: Site, qgis: Qgis, folder: Path, place: tuple[float, float], query: str, name: str = "map.png"
) -> dict[str, object]:
    """What QGIS draws of the parcels within 2 km of a place (lon, lat)."""
    x, y = web_mercator(*place)
    template = f"{site.url}/ogc/collections/parcels/tiles/WebMercatorQuad/{{z}}/{{y}}/{{x}}{query}"
    out: dict[str, object] = qgis(
        "tile_picture", uri=f"type=xyz&url={quote(template, safe=':/')}&zmin=0&zmax=16",
        box=[x - 2000, y - 2000, x + 2000, y + 2000], picture=str(folder / name),
    )  # fmt: skip
    return out


def test_it_draws_what_is_there(site: Site, qgis: Qgis, tmp_path: Path) -> None:
    corner = site.features("parcels")[0]["geometry"]["coordinates"][0][0][0]
    found = picture(site, qgis, tmp_path, (corner[0], corner[1]), "")
    assert found["valid"]
    assert found["errors"] == []
    assert int(str(found["drawn"])) > 500, found
    assert {line.status for line in site.log.of("")} <= {200, 204}
    assert any(line.status == 200 for line in site.log.lines)


def test_it_draws_nothing_where_nothing_is_and_keeps_the_county(site: Site, qgis: Qgis, tmp_path: Path) -> None:
    assert picture(site, qgis, tmp_path, (121.0, 30.5), "")["drawn"] == 0
    site.log.lines.clear()
    elsewhere = picture(site, qgis, tmp_path, (-75.17, 39.93), f"?county={OTHER}")
    assert int(str(elsewhere["drawn"])) > 500, elsewhere
    assert {line.query["county"] for line in site.log.lines} == {OTHER}
