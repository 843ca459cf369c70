"""Base maps of a provider that runs on this machine: what reaches the browser, what a bad provider cannot do, and the datum."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Page, expect

from api.base_maps import base_maps_of
from api.settings import MapSettings
from map_frontend.base_tiles import Provider
from tests.browser.conftest import Gate, Opener, until
from tests.browser.county import PLACE
from tests.plugins.door import open_door, whole_service
from tests.plugins.tile_provider import TOKEN, TileProvider, tile_provider

KINDS = ("good", "moody", "broken", "slow", "text", "huge", "redirect")


@pytest.fixture(scope="module")
def provider() -> Iterator[TileProvider]:
    """The provider."""
    with tile_provider() as running:
        yield running


@pytest.fixture(scope="module")
def door(service_url: str, provider: TileProvider) -> Iterator[str]:
    """A service with a base map for each way of behaving, one in GCJ-02 and one with a token and two parts."""
    entries = [
        {"id": kind, "name": f"底图{kind}", "name_en": f"Base {kind}", "attribution": f"© {kind}", "max_zoom": 18,
         "urls": [f"{provider.address}/{kind}/{{z}}/{{x}}/{{y}}"]}
        for kind in KINDS
    ]  # fmt: skip
    entries.append({**entries[0], "id": "shifted", "crs": "gcj02", "name": "偏移", "name_en": "Shifted"})
    entries.append(
        {**entries[0], "id": "tokened", "name": "令牌", "token_env": "TEST_TILE_TOKEN", "urls": [f"{provider.address}/good/{part}/{{z}}/{{x}}/{{y}}?tk={{token}}" for part in "ab"]}
    )  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TEST_TILE_TOKEN", TOKEN)
        patch.setenv("NO_PROXY", "127.0.0.1")
        app = whole_service(service_url, MapSettings(base_maps=json.dumps(entries)))
        app.state.base_provider = Provider(app.state.base_maps, timeout_s=1.0)
        with open_door(app) as address:
            yield address


def test_a_tile_comes_through_our_server_and_is_kept(door: str, provider: TileProvider) -> None:
    provider.asked.clear()
    first = httpx.get(f"{door}/base/good/10/850/420")
    assert first.status_code == 200
    assert first.headers["content-type"] == "image/png"
    assert httpx.get(f"{door}/base/good/10/850/420").content == first.content
    assert provider.asked == ["/good/10/850/420"]


@pytest.mark.parametrize("kind", ["broken", "slow", "text", "huge", "redirect"])
def test_a_bad_provider_reaches_nobody(door: str, provider: TileProvider, kind: str) -> None:
    provider.asked.clear()
    provider.release.clear()
    answer = httpx.get(f"{door}/base/{kind}/3/1/2", headers={"Accept": "application/problem+json"}, timeout=10)
    provider.release.set()
    assert answer.status_code == 503
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert "127.0.0.1" not in answer.text
    assert provider.asked == [f"/{kind}/3/1/2"], "a redirect is not followed"


@pytest.mark.parametrize(
    "path",
    ["good/10/1024/0", "good/19/1/1", "good/3/1/2?part=1", "nobody/3/1/2", "good/-1/0/0", "good/3/1/x", "..%2f..%2fetc/1/1/1", "good/3/1/2?part=9"],
)  # fmt: skip
def test_what_is_no_tile_is_asked_of_nobody(door: str, provider: TileProvider, path: str) -> None:
    provider.asked.clear()
    assert httpx.get(f"{door}/base/{path}").status_code in (400, 404, 422)
    assert provider.asked == []


def test_a_token_stays_on_the_server(door: str, provider: TileProvider, open_page: Opener) -> None:
    provider.asked.clear()
    page = open_page(f"/?l=parcels&m=15/{PLACE[1]}/{PLACE[0]}&b=tokened", door=door)
    until(page, "onemap.bases.layers().length === 2 && onemap.bases.layers().every((l) => !l.isLoading())")
    assert TOKEN not in page.content()
    assert any(asked.startswith("/good/b/") and asked.endswith(TOKEN) for asked in provider.asked)


def test_a_base_map_is_chosen_kept_in_the_address_and_left_again(door: str, open_page: Opener) -> None:
    page = open_page(f"/?l=parcels&m=15/{PLACE[1]}/{PLACE[0]}", door=door)
    page.locator("[data-layer-panel] > summary").click()
    page.get_by_label("底图good").check()
    assert "b=good" in page.url
    expect(page.locator("[data-base-credit]")).to_contain_text("© good")
    until(page, "document.querySelectorAll('.leaflet-base-pane img.leaflet-tile-loaded').length > 0")
    assert not page.evaluate("onemap.map.hasLayer(onemap.layers.get('admin_areas'))"), (
        "the county's own ground would cover it"
    )
    page.reload()
    page.wait_for_selector('html[data-ready="1"]', state="attached")
    assert page.evaluate("onemap.bases.current().id") == "good"
    page.locator("[data-layer-panel] > summary").click()
    page.get_by_label("离线底图").check()
    assert "b=" not in page.url
    expect(page.locator("[data-base-credit]")).to_be_hidden()
    assert page.evaluate("onemap.map.hasLayer(onemap.layers.get('admin_areas'))")


def test_a_provider_that_fails_gives_way_to_the_offline_map_and_one_line_says_so(
    door: str, provider: TileProvider, open_page: Opener, gate: Gate
) -> None:
    gate.expected = ("503",)
    page = open_page(f"/?l=parcels&m=14/{PLACE[1]}/{PLACE[0]}&b=moody", door=door)
    until(page, "document.querySelectorAll('.leaflet-base-pane img.leaflet-tile-loaded').length > 3")
    provider.is_down = True
    page.evaluate("onemap.map.setView([29.2, 121.5], 16, {animate: false})")
    expect(page.locator("[data-status-line]")).to_have_text("底图“底图moody”没能载入，已换回离线底图。关闭")
    assert page.evaluate("onemap.bases.current()") is None
    assert "b=" not in page.url
    page.locator("[data-status-line] button").click()
    expect(page.locator("[data-status-line]")).to_be_hidden()
    provider.is_down = False


def test_an_unknown_base_map_in_an_address_is_the_offline_one(door: str, open_page: Opener) -> None:
    page = open_page("/?l=parcels&b=nonsense", door=door)
    assert page.evaluate("onemap.bases.current()") is None


def gcj02(lon: float, lat: float) -> tuple[float, float]:
    """GCJ-02 of WGS 84, degrees, written apart from the script's; the next test ties it to published pairs."""
    x, y = lon - 105, lat - 35
    wave = 20 * (math.sin(6 * math.pi * x) + math.sin(2 * math.pi * x))
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    north += (
        (
            wave
            + 20 * math.sin(math.pi * y)
            + 40 * math.sin(math.pi * y / 3)
            + 160 * math.sin(math.pi * y / 12)
            + 320 * math.sin(math.pi * y / 30)
        )
        * 2
        / 3
    )
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    east += (
        (
            wave
            + 20 * math.sin(math.pi * x)
            + 40 * math.sin(math.pi * x / 3)
            + 150 * math.sin(math.pi * x / 12)
            + 300 * math.sin(math.pi * x / 30)
        )
        * 2
        / 3
    )
    a, e2, phi = 6378245.0, 0.00669342162296594323, math.radians(lat)
    w = math.sqrt(1 - e2 * math.sin(phi) ** 2)
    return lon + math.degrees(east / (a / w * math.cos(phi))), lat + math.degrees(north / (a * (1 - e2) / w**3))


def test_the_reference_agrees_with_published_pairs() -> None:
    assert gcj02(116.404, 39.915) == pytest.approx((116.41024449916938, 39.91640428150164), abs=1e-9)


OFFSET = """([lng, lat, gcjLng, gcjLat]) => {
  const map = onemap.map, wanted = map.project([lat, lng]).subtract(map.getPixelOrigin()).add(map._getMapPanePos()), home = map.getContainer().getBoundingClientRect();
  const layer = onemap.bases.layers()[0], zoom = layer._tileZoom, p = map.project([gcjLat, gcjLng], zoom);
  const x = Math.floor(p.x / 256), y = Math.floor(p.y / 256), tile = layer._tiles[`${x}:${y}:${zoom}`];
  if (!tile) return null;
  const box = tile.el.getBoundingClientRect();
  return Math.hypot(box.left - home.left + (p.x - x * 256) / 256 * box.width - wanted.x, box.top - home.top + (p.y - y * 256) / 256 * box.height - wanted.y);
}"""


def errors_at(page: Page, zoom: float, middle: tuple[float, float]) -> list[float]:
    """Pixels between where a GCJ-02 tile shows a place and where our map has it: in the middle and near the corners."""
    page.evaluate("([lng, lat, z]) => onemap.map.setView([lat, lng], z, {animate: false})", [*middle, zoom])
    until(page, "!onemap.bases.layers()[0].isLoading()")
    return errors_here(page)


def errors_here(page: Page) -> list[float]:
    """The same at the present view."""
    found = []
    for fx, fy in ((0.5, 0.5), (0.1, 0.15), (0.9, 0.85)):
        lng, lat = page.evaluate(
            "([fx, fy]) => { const s = onemap.map.getSize(), p = onemap.map.containerPointToLatLng([s.x * fx, s.y * fy]); return [p.lng, p.lat]; }",
            [fx, fy],
        )
        found.append(page.evaluate(OFFSET, [lng, lat, *gcj02(lng, lat)]))
    return found


def test_tiles_in_gcj02_lie_within_a_pixel_at_every_zoom(door: str, open_page: Opener) -> None:
    page = open_page(f"/?l=-&m=12/{PLACE[1]}/{PLACE[0]}&b=shifted", door=door)
    worst = {zoom: max(errors_at(page, zoom, PLACE)) for zoom in (12, 13, 14, 14.5, 15, 16, 17, 18)}
    assert max(worst.values()) < 1.0, worst
    page.evaluate("onemap.map.panBy([900, 500], {animate: false})")
    until(page, "!onemap.bases.layers()[0].isLoading()")
    middle = page.evaluate("[onemap.map.getCenter().lng, onemap.map.getCenter().lat]")
    assert max(errors_here(page)) < 1.0, "after a pan too"
    assert middle != list(PLACE)
    page.evaluate("onemap.bases.choose('good')")
    assert min(errors_at(page, 15, PLACE)) > 50, "tiles in WGS 84 are not moved, so the shift is seen"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{a: 1}", "list"),
        ("/nowhere/bases.yaml", "no file"),
        ("[{id: A}]", "entry 1"),
        ('[{id: a, name: x, name_en: x, attribution: x, urls: ["file:///etc/{z}/{x}/{y}"]}]', "fixed host"),
        ('[{id: a, name: x, name_en: x, attribution: x, urls: ["https://{x}.example/{z}/{x}/{y}"]}]', "fixed host"),
        ('[{id: a, name: x, name_en: x, attribution: x, urls: ["https://t.example/{z}/{y}"]}]', "{x}"),
        ('[{id: a, name: x, name_en: x, attribution: x, token_env: NOT_SET, urls: ["https://t.example/{z}/{x}/{y}?k={token}"]}]', "NOT_SET"),
        ('[{id: a, name: x, name_en: x, attribution: x, token: abc, urls: ["https://t.example/{z}/{x}/{y}"]}]', "token_env"),
    ],
)  # fmt: skip
def test_a_wrong_setting_says_what_is_wrong(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said.replace("{", r"\{").replace("}", r"\}")):
        base_maps_of(text)
