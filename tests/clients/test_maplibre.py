"""MapLibre GL in Chromium draws our tiles, given nothing but the address of our TileJSON."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, Route

from map_frontend.assets.manifest import ASSETS
from tests.clients.conftest import Site

DIST = ASSETS / "node_modules" / "maplibre-gl" / "dist"
PAGE = Path(__file__).with_name("maplibre.html")
DRAWN_WITHIN_S = 60
RED = """async () => {
  const {width, height} = map.getCanvas(), gl = map.getCanvas().getContext("webgl2");
  const pixels = new Uint8Array(width * height * 4);
  gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
  let red = 0;
  for (let i = 0; i < pixels.length; i += 4) if (pixels[i] > 150 && pixels[i + 1] < 60 && pixels[i + 3] > 200) red++;
  return red;
}"""
FOUND = "() => map.queryRenderedFeatures().map((f) => ({id: f.id, layer: f.sourceLayer, properties: f.properties}))"


@pytest.fixture
def page(chromium: Browser, site: Site) -> Iterator[Page]:
    """A page of the service's own origin that finds MapLibre at /maplibre/."""

    def library(route: Route) -> None:
        route.fulfill(path=DIST / route.request.url.rpartition("/")[2], content_type="text/javascript")

    context = chromium.new_context(viewport={"width": 800, "height": 600})
    opened = context.new_page()
    opened.route("**/maplibre/*.mjs", library)
    opened.route("**/maplibre/?*", lambda route: route.fulfill(path=PAGE, content_type="text/html"))
    yield opened
    context.close()


def drawn(page: Page, site: Site, collection: str, place: tuple[float, float], zoom: float) -> list[dict[str, Any]]:
    """What MapLibre has drawn of a collection around a place (lon, lat), when it has nothing left to do."""
    asked = {
        "collection": collection, "tilejson": f"{site.url}/ogc/collections/{collection}/tiles/WebMercatorQuad?f=tilejson",
        "lng": place[0], "lat": place[1], "zoom": zoom,
    }  # fmt: skip
    page.goto(f"{site.url}/maplibre/?{urlencode(asked)}")
    deadline = time.monotonic() + DRAWN_WITHIN_S
    while not page.evaluate("() => window.seen?.idle || window.seen?.errors.length > 0"):
        assert time.monotonic() < deadline, "MapLibre did not come to rest"
        page.wait_for_timeout(100)
    assert page.evaluate("() => seen.errors") == []
    found: list[dict[str, Any]] = page.evaluate(FOUND)
    return found


@pytest.mark.parametrize("collection", ["parcels", "transport", "enterprises"])
def test_it_draws_areas_lines_and_points(page: Page, site: Site, collection: str) -> None:
    features = [f for f in site.features(collection) if f["geometry"] is not None]
    place: Any = features[0]["geometry"]["coordinates"]
    while isinstance(place[0], list):
        place = place[0]
    found = drawn(page, site, collection, (place[0], place[1]), 14)
    assert features[0]["id"] in {f["properties"]["code"] for f in found}
    by_code = {f["id"]: f["properties"] for f in features}
    for one in found:
        assert one["layer"] == collection
        assert isinstance(one["id"], int)
        assert one["properties"]["name"] == by_code[one["properties"]["code"]]["name"]
    assert page.evaluate(RED) > 50
    assert site.log.of("/tiles/WebMercatorQuad")[0].status == 200
