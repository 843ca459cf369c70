"""Each document of /ogc and the catalogue has a face for people: whole in both languages, without barriers, leading onwards."""

from __future__ import annotations

import re

import pytest

from tests.browser.conftest import Opener
from tests.browser.test_accessibility import violations

FACES = {
    "/ogc": "service-doc",
    "/ogc/conformance": "conf/core",
    "/ogc/collections": "parcels",
    "/ogc/collections/parcels": "EPSG/0/4490",
    "/ogc/collections/parcels/queryables": "registered_area_m2",
    "/ogc/collections/parcels/sortables": "area_m2",
    "/ogc/collections/parcels/items": "P0",
    "/ogc/collections/parcels/tiles": "{tileMatrix}",
    "/ogc/collections/parcels/tiles/WebMercatorQuad": "{tileMatrix}",
    "/ogc/tileMatrixSets": "WebMercatorQuad",
    "/ogc/tileMatrixSets/WebMercatorQuad": "559,082,264",
    "/catalogue": "parcels",
    "/catalogue/parcels": "registered_area_m2",
}
CHINESE = re.compile("[\u4e00-\u9fff]+")
NAMES = ("象山", "示例", "地块", "中文")
"""Names of things, the mark of samples and the switch to the other language stay Chinese."""


@pytest.mark.parametrize("path", sorted(FACES))
def test_a_face_is_whole_in_both_languages(open_page: Opener, path: str) -> None:
    for lang in ("zh", "en"):
        page = open_page(f"{path}?f=html&lang={lang}" if path.startswith("/ogc") else f"{path}?lang={lang}")
        html = page.content()
        assert FACES[path] in html or path == "/ogc"
        assert page.locator("h1").count() == 1
        main = page.locator("main").inner_text()
        if lang == "en":
            left = [word for word in CHINESE.findall(main) if not any(name in word for name in NAMES)]
            assert left == [] or path in ("/ogc/collections/parcels/items", "/catalogue/parcels"), left
        else:
            assert CHINESE.search(main)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(
    "path", ["/ogc?f=html", "/ogc/collections/parcels/items?f=html", "/ogc/collections/parcels/queryables?f=html", "/catalogue/parcels"]
)  # fmt: skip
def test_faces_have_no_barriers(open_page: Opener, path: str, dark: bool) -> None:
    assert violations(open_page(path, dark=dark)) == []


def test_a_browser_gets_the_page_and_walks_from_the_map_to_a_thing(open_page: Opener) -> None:
    page = open_page("/")
    page.locator(".credits a").click()
    page.wait_for_url("**/catalogue?**")
    page.get_by_role("link", name="地块", exact=True).click()
    page.wait_for_url("**/catalogue/parcels?**")
    page.get_by_role("link", name="要素", exact=True).click()
    page.wait_for_url("**/ogc/collections/parcels/items?**")
    page.locator("tbody a").first.click()
    page.wait_for_url("**/parcels/**")
    assert page.locator("h1").inner_text()


def test_pages_follow_one_another(open_page: Opener) -> None:
    page = open_page("/ogc/collections/parcels/items?f=html&limit=3")
    first = page.locator("tbody tr").all_inner_texts()
    page.get_by_role("link", name="下一页").click()
    page.wait_for_url("**cursor=**")
    assert set(first).isdisjoint(page.locator("tbody tr").all_inner_texts())


def test_a_feature_leads_to_the_page_of_its_thing(open_page: Opener) -> None:
    page = open_page("/ogc/collections/parcels/items/P0?f=html")
    assert "/parcels/P0" in page.url
