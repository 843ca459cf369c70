"""The comparison: side by side at one scale, honest about what is not known, without scripts, on a phone, on paper."""

from __future__ import annotations

import io

from playwright.sync_api import expect
from pypdf import PdfReader

from map_frontend.compare_page import asked_for
from tests.browser.conftest import Opener
from tests.browser.county import HOSTILE
from tests.browser.test_accessibility import violations

THREE = "/compare?ids=parcels:P0,parcels:W1,buildings:B1"


def test_an_address_is_read_with_care() -> None:
    asked = asked_for(
        ["parcels:A,1,buildings:B", "parcels:A,1", "controls:L1", "parcels:", "x", "parks:C,parks:D,parks:E"]
    )
    assert asked.ids == (("parcels", "A,1"), ("buildings", "B"), ("parks", "C"), ("parks", "D"))
    assert asked.too_many == ("parks:E",)
    assert asked.malformed == ("controls:L1", "parcels:", "x")


def test_things_stand_side_by_side_with_and_without_a_script(open_page: Opener) -> None:
    for script in (True, False):
        page = open_page(THREE, script=script)
        expect(page.locator("thead th")).to_have_count(3)
        price = page.locator("tr", has=page.locator("th", has_text="参考价"))
        expect(price.locator("td")).to_have_text(["20–30 万元/亩", "未登记", "—不适用"])
        assert "differs" in (price.get_attribute("class") or "")
        same = page.locator("tr", has=page.locator("th", has_text="陆海"))
        assert "differs" not in (same.get_attribute("class") or "")
        bars = page.locator(".compare-card svg .scale-bar").evaluate_all(
            "all => all.map((bar) => bar.getAttribute('d').split('h')[1])"
        )
        assert len(bars) == 3
        assert len(set(bars)) == 1, "all at one scale"
        expect(page.locator(".compare-page")).to_contain_text("未经地图审核")


def test_one_is_removed_and_another_added(open_page: Opener) -> None:
    page = open_page(THREE)
    page.get_by_role("link", name="移除 1号厂房").click()
    expect(page.locator("thead th")).to_have_count(2)
    page.locator(".compare-suggested a", has_text="城东1号地块").click()
    expect(page.locator("thead th")).to_have_count(3)
    page.get_by_label("编号").fill("P3")
    page.get_by_role("button", name="添加").click()
    page.wait_for_url("**parcels%3AP3**")
    expect(page.locator("thead th")).to_have_count(4)
    expect(page.locator(".compare-add")).to_contain_text("已满 4 个")


def test_what_is_not_there_is_said_and_nothing_hidden_shows(open_page: Opener) -> None:
    page = open_page("/compare?ids=parcels:INT,parcels:P7,nonsense:1&lang=en")
    expect(page.locator("main")).to_contain_text("Not found, or not public: parcels:INT")
    expect(page.locator("main")).to_contain_text("Not understood: nonsense:1")
    expect(page.locator(".compare-name a")).to_have_text(["East 7"])
    assert "内部地块" not in page.content()
    page.goto("/compare?ids=parcels:P7&lang=zh")
    expect(page.locator(".compare-name a")).to_have_text([HOSTILE])
    page.goto("/compare")
    expect(page.locator("h1")).to_have_text("还没有要对比的对象")


def test_no_barriers_and_no_sideways_page(open_page: Opener) -> None:
    for dark, phone in ((False, False), (True, True)):
        page = open_page(THREE, dark=dark, phone=phone)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    cell, scroll = page.locator("tbody th[scope=row]").first, page.locator(".compare-scroll")
    before = cell.bounding_box()
    scroll.evaluate("box => { box.scrollLeft = 120; }")
    after = cell.bounding_box()
    assert before is not None
    assert after is not None
    assert after["x"] == before["x"], "the questions stay while the answers move"


def test_it_prints_on_a4_landscape_in_light(open_page: Opener) -> None:
    page = open_page(THREE, dark=True)
    reader = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    width, height = reader.pages[0].mediabox.width, reader.pages[0].mediabox.height
    assert (round(width), round(height)) == (842, 595)
    assert "城东0号地块" in reader.pages[0].extract_text()
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(20, 32, 43)"
