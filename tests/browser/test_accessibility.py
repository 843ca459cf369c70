"""axe finds nothing moderate or worse on any screen, light and dark, wide and phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from map_frontend.assets.manifest import ASSETS
from tests.browser.conftest import Gate, Opener
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
    "building": f"/?m=15/{PLACE[1]}/{PLACE[0]}&l=buildings&id=buildings:B1",
    "work": f"/?m=15/{PLACE[1]}/{PLACE[0]}&l=park_works&id=park_works:PK-W2",
    "rules": "/rules",
    "import": "/desk/import",
    "search": "/search?q=城东",
    "stock": "/desk/land",
    "gaps": "/desk/land/gaps",
    "scorecard": "/parks/PK/scorecard",
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


KINDS = ("parcels:P2", "buildings:B1", "parks:PK", "featured_towns:FT", "projects:J1", "enterprises:E1", "policies:POL-1", "transport:S1", "admin_areas:T1")  # fmt: skip
PAGES = ("/catalogue", "/catalogue/parcels", "/rules", "/problems/too-heavy", "/?county=nowhere")


def test_no_barriers_on_any_state_of_the_map(open_page: Opener, gate: Gate) -> None:
    """One reader goes from state to state; light and dark, wide and narrow take turns."""
    gate.expected = ("404",)
    found: dict[str, list[str]] = {}
    for dark, phone in ((False, False), (True, True)):
        page = open_page(f"/?l=parcels&m=15/{PLACE[1]}/{PLACE[0]}", dark=dark, phone=phone)
        page.emulate_media(reduced_motion="reduce")  # nothing is caught half-way
        for name, act in (
            ("filters", "document.querySelector('[data-filter-open]').click()"),
            ("closed filters, measure", "document.querySelector('[data-filter-close]').click(); document.querySelector('[data-do=measure]').click()"),
            ("layers and legend", "document.querySelector('[data-measure-end]').click(); for (const box of document.querySelectorAll('details.box')) box.open = true"),
            ("search", "for (const box of document.querySelectorAll('details.box')) box.open = false; document.querySelector('[data-search-open]').click()"),
        ):  # fmt: skip
            page.evaluate(act)
            found[f"{name} {dark}"] = violations(page)
    for number, kind in enumerate(KINDS):
        page = open_page("/login", dark=number % 2 == 0, phone=number % 3 == 0) if number < 2 else page
        page.goto(f"/?m=15/{PLACE[1]}/{PLACE[0]}&id={kind}")
        expect(page.locator("[data-card] h2")).to_be_visible()
        found[kind] = violations(page)
    for path in PAGES:
        page.goto(path)
        found[path] = violations(page)
    assert {name: faults for name, faults in found.items() if faults} == {}
