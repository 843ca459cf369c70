"""Two layers for staff: land that waits by class, and where the undeveloped land lies; the drawing on a plot's page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener, until
from tests.browser.test_map import NEAR, PAINTED, at, ready

LAYERS = "l=parcels,waiting_land,spare_land"


def legend(page: Page, layer: str, paint: str) -> str:
    return f"[data-legend='{layer}'][data-paint='{paint}']"


@pytest.mark.parametrize("phone", [False, True])
def test_staff_see_where_spare_land_lies_and_which_land_waits(open_page: Opener, phone: bool) -> None:
    page = open_page(f"/?{NEAR}&{LAYERS}", login="bureau", phone=phone)
    for layer in ("waiting_land", "spare_land"):
        assert page.evaluate(PAINTED, layer) > 10, layer
    if phone:
        page.locator("[data-legend-panel] > summary").click()
    supplied = page.locator(legend(page, "waiting_land", "supplied"))
    expect(supplied).to_be_visible()
    expect(supplied.locator("svg.seal text")).to_have_text("供")
    expect(supplied.locator("small")).to_have_text("1")
    expect(page.locator(legend(page, "spare_land", "REMAINDER"))).to_contain_text("未开发部分")
    expect(page.locator(legend(page, "waiting_land", "low"))).to_be_hidden()
    width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert width <= 0


def test_classes_are_chosen_in_the_address_and_in_the_panel(open_page: Opener) -> None:
    page = open_page(f"/?{NEAR}&l=waiting_land.low,parks", login="bureau")
    assert page.evaluate(PAINTED, "waiting_land") == 0
    page.locator("[data-layer-panel] > summary").click()
    box = page.locator("[data-layer='waiting_land.supplied']")
    expect(box).not_to_be_checked()
    box.check()
    ready(page)
    until(page, f"({PAINTED})('waiting_land') > 10")
    assert re.search(r"l=[^&]*waiting_land\.supplied", page.url.replace("%2C", ","))
    page.locator("[data-preset*='waiting_land']").click()
    ready(page)
    expect(page.locator("[data-layer='spare_land']")).to_be_checked()


def test_spare_land_is_told_as_its_plot_with_area_and_rectangle(open_page: Opener) -> None:
    page = open_page(f"/?{NEAR}&l=spare_land", login="bureau")
    page.mouse.click(*at(page, 0.0026, 0.0058))
    card = page.locator("[data-card]")
    expect(card.locator("h2")).to_have_text("城东6号地块")
    expect(card).to_contain_text("可用最大矩形")
    expect(card).to_contain_text(re.compile(r"未开发\s*[\d.]+ 亩"))
    assert "id=spare_land:P6." in page.url.replace("%3A", ":")


def test_english_and_dark_have_their_own_letters_and_colours(open_page: Opener) -> None:
    page = open_page(f"/?{NEAR}&{LAYERS}&lang=en", login="bureau", dark=True)
    expect(page.locator(legend(page, "waiting_land", "supplied")).locator("svg.seal text")).to_have_text("S")
    expect(page.locator(legend(page, "waiting_land", "supplied"))).to_contain_text("Supplied, not begun")


def test_the_public_has_neither_layer_nor_word_of_them(open_page: Opener) -> None:
    page = open_page(f"/?{NEAR}&{LAYERS}")
    assert page.locator("[data-layer^=waiting_land], [data-layer=spare_land], [data-legend=spare_land]").count() == 0
    assert not page.evaluate("onemap.layers.has('waiting_land') || onemap.layers.has('spare_land')")
    assert "waiting_land" not in open_page(f"/?{NEAR}&l=parcels").content()


@pytest.mark.parametrize("script", [True, False])
def test_the_page_of_a_plot_shows_what_was_measured_to_staff(open_page: Opener, script: bool) -> None:
    page = open_page("/parcels/P6", login="bureau", phone=True, script=script, ready=False)
    section = page.locator("section.evidence")
    expect(section.locator("svg path.plot-left")).to_have_count(1)
    expect(section).to_contain_text("测绘 2025-06-01")
    expect(section).to_contain_text("B2")  # its storeys are not told, so the plot ratio is not known
    box = section.locator("figure svg").bounding_box()
    assert box
    assert box["width"] <= 390
    unknown = open_page("/parcels/P2", login="bureau", script=script, ready=False).locator("section.evidence")
    expect(unknown).to_contain_text("整宗地的场地测绘日期")
    assert open_page("/parcels/P6", script=script, ready=False).locator("section.evidence").count() == 0
