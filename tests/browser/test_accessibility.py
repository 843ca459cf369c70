"""axe finds nothing serious on any screen, light and dark, wide and phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from map_frontend.assets.manifest import ASSETS
from tests.browser.conftest import Opener
from tests.browser.county import PLACE

AXE = ASSETS / "node_modules" / "axe-core" / "axe.min.js"
RUN = """async () => {
  const result = await axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]});
  return result.violations.filter((v) => ["serious", "critical", "moderate"].includes(v.impact))
    .map((v) => `${v.id} (${v.impact}): ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 120)).join(" | ")}`);
}"""
SCREENS = {
    "map": "/",
    "card": f"/?m=15/{PLACE[1]}/{PLACE[0]}&id=parcels:P0",
    "parcel": "/parcels/P2",
    "import": "/desk/import",
    "search": "/search?q=城东",
}


def violations(page: Page) -> list[str]:
    page.evaluate(Path(AXE).read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(RUN)
    return found


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("screen", sorted(SCREENS))
def test_no_barriers(open_page: Opener, screen: str, dark: bool) -> None:
    assert violations(open_page(SCREENS[screen], dark=dark, login="bureau")) == []


@pytest.mark.parametrize("path", ["/", "/login", "/parcels/P2?lang=en", "/search?q=xizhou&lang=en"])
def test_no_barriers_on_a_phone(open_page: Opener, path: str) -> None:
    assert violations(open_page(path, phone=True)) == []


def test_axe_sees_a_barrier(open_page: Opener) -> None:
    page = open_page("/login")
    page.evaluate(
        "document.querySelector('main').append(Object.assign(document.createElement('button'), {type: 'button'}))"
    )
    assert any(found.startswith("button-name") for found in violations(page))
