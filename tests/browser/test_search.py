"""The search box in Chromium: by keys, by pinyin, while an input method composes, on a phone, without scripts, without a network."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from tests.browser.conftest import Gate, Opener
from tests.browser.test_accessibility import violations

QUIET = "l=parcels"


def box(page: Page) -> Locator:
    return page.get_by_role("combobox", name="查找")


def options(page: Page) -> Locator:
    return page.locator("[data-search-list] [role=option]")


def test_by_keys_from_the_slash_to_the_card_and_back(open_page: Opener) -> None:
    page = open_page(f"/?{QUIET}")
    page.keyboard.press("/")
    expect(box(page)).to_be_focused()
    page.keyboard.type("chengdong")
    expect(options(page).first).to_have_attribute("aria-selected", "true")
    expect(options(page).first).to_contain_text("城东工业园")
    expect(options(page).first.locator("mark")).to_have_text("城东")
    expect(page.locator("[data-search-status]")).to_contain_text("个结果")
    assert violations(page) == []
    page.keyboard.press("ArrowDown")
    chosen = options(page).nth(1)
    expect(chosen).to_have_attribute("aria-selected", "true")
    expect(box(page)).to_have_attribute("aria-activedescendant", chosen.get_attribute("id") or "")
    expect(chosen).to_contain_text("城东")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.locator("[data-card] h2")).to_have_text("城东工业园")
    expect(page.locator("[data-card] h2")).to_be_focused()
    assert "id=parks:PK" in page.url
    page.keyboard.press("Escape")
    expect(page.locator("[data-card]")).to_be_hidden()
    expect(box(page)).to_be_focused()
    expect(box(page)).to_have_value("chengdong")


def test_a_town_moves_the_map_and_recent_searches_can_be_forgotten(open_page: Opener) -> None:
    page = open_page(f"/?{QUIET}")
    box(page).fill("xizhou")
    expect(options(page).first).to_contain_text("西周镇")
    page.keyboard.press("Enter")
    page.wait_for_selector('html[data-ready="1"]', state="attached")
    assert page.evaluate("onemap.map.getBounds().contains([29.48, 121.79])")
    assert page.evaluate("onemap.map.getZoom()") > 10
    expect(page.locator("[data-card]")).to_be_hidden()
    box(page).fill("")
    box(page).focus()
    expect(options(page)).to_have_text(["xizhou"])
    page.get_by_role("button", name="清除记录").click()
    expect(options(page)).to_have_count(0)
    assert page.evaluate("localStorage.getItem('yzt.search.recent')") is None


def test_nothing_is_asked_while_an_input_method_composes(open_page: Opener) -> None:
    page = open_page(f"/?{QUIET}")
    asked: list[str] = []

    def hear(request: Request) -> None:
        if "/v1/search" in request.url:
            asked.append(request.url)

    page.on("request", hear)
    box(page).focus()
    session = page.context.new_cdp_session(page)
    for letters in ("x", "xi", "xi zhou"):
        session.send(
            "Input.imeSetComposition", {"text": letters, "selectionStart": len(letters), "selectionEnd": len(letters)}
        )
        page.keyboard.press("ArrowDown")
    assert asked == []
    session.send("Input.insertText", {"text": "西周"})
    expect(options(page).first).to_contain_text("西周镇")
    assert len(asked) == 1


def test_nothing_found_says_so_and_a_slip_is_forgiven(open_page: Opener) -> None:
    page = open_page(f"/?{QUIET}")
    box(page).fill("zzqqxxww")
    expect(page.locator("[data-search-status]")).to_have_text("没有找到“zzqqxxww”")
    box(page).fill("chengdonggongyeyaun")
    expect(options(page).first).to_contain_text("城东工业园")
    expect(page.locator("[data-search-status]")).to_contain_text("相近")


def test_without_a_network_it_says_so_and_tries_again(open_page: Opener, gate: Gate) -> None:
    gate.expected = ("ERR_FAILED", "Failed to load")
    page = open_page(f"/?{QUIET}")
    page.route("**/v1/search*", lambda route: route.abort())
    box(page).fill("城东")
    expect(page.locator("[data-search-more]")).to_contain_text("没有网络")
    page.unroute("**/v1/search*")
    page.locator("[data-search-more]").get_by_role("button", name="重试").click()
    expect(options(page).first).to_contain_text("城东工业园")


def test_on_a_phone_it_is_a_sheet_over_everything(open_page: Opener) -> None:
    page = open_page(f"/?{QUIET}", phone=True)
    page.get_by_role("button", name="打开查找").click()
    expect(box(page)).to_be_focused()
    shown = page.locator("[data-search-body]").bounding_box()
    assert shown is not None
    assert (shown["x"], shown["y"], shown["width"], shown["height"]) == (0, 0, 390, 844)
    box(page).fill("城东")
    expect(options(page).first).to_be_visible()
    for target in (*options(page).all(), *page.locator("[data-search-body] button:visible").all()):
        size = target.bounding_box()
        assert size is not None
        assert size["height"] >= 44, target.inner_text()
    assert violations(page) == []
    options(page).first.click()
    expect(page.locator("[data-search-body]")).to_be_hidden()
    expect(page.locator("[data-card] h2")).to_have_text("城东工业园")


@pytest.mark.parametrize(("lang", "heading"), [("zh-CN", "查找“xizhou”"), ("en-GB", "Search for “xizhou”")])
def test_without_scripts_the_box_leads_to_a_page_of_results(open_page: Opener, lang: str, heading: str) -> None:
    page = open_page("/", script=False, lang=lang)
    page.locator("[data-search-input]").fill("xizhou")
    page.locator("[data-search-input]").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    link = page.locator(".search-result").first
    expect(link).to_contain_text("Xizhou" if lang.startswith("en") else "西周镇")
    link.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("西周" if lang.startswith("zh") else "Xizhou")


def test_a_hostile_query_and_a_hostile_name_stay_text(open_page: Opener) -> None:
    page = open_page("/search?q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E")
    expect(page.get_by_role("heading", level=1)).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.locator("main img").count() == 0
    page.goto("/search?q=P7")
    expect(page.locator(".search-result").first).to_contain_text("<")
