"""Works of a park on the map: states by colour, dash and shape, the card of a work, the way to its park and back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Gate, Opener, until
from tests.browser.test_map import NEAR, PAINTED, at, ready

WORKS = "l=parks,park_works"


def legend(page: Page, state: str) -> str:
    return f"[data-legend='park_works'][data-paint='{state}']"


@pytest.mark.parametrize("phone", [False, True])
def test_works_are_drawn_by_their_state_and_explained(open_page: Opener, phone: bool) -> None:
    page = open_page(f"/?{NEAR}&{WORKS}", phone=phone)
    assert page.evaluate(PAINTED, "park_works") > 100
    if phone:
        page.locator("[data-legend-panel] > summary").click()
    # the one that is late lies beyond a phone's edge
    shown = (("built", "已建成"), ("building", "在建"), *(() if phone else (("late", "逾期"),)))
    for state, word in shown:
        line = page.locator(legend(page, state))
        expect(line).to_be_visible()
        expect(line).to_contain_text(word)
        assert line.locator("svg path.tone-work-" + state).count() == 1
    expect(page.locator(legend(page, "planned"))).to_be_hidden()
    marks = page.evaluate("onemap.overlay.drawn().labels.map(({text}) => text)")
    assert {"主干路", "雨水泵站"} & set(marks)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_the_layer_is_off_at_first_and_kept_in_the_address(open_page: Opener) -> None:
    page = open_page(f"/?{NEAR}")
    box = page.locator("[data-layer='park_works']")
    expect(box).not_to_be_checked()
    page.locator("[data-layer-panel] > summary").click()
    box.check()
    ready(page)
    until(page, f"({PAINTED})('park_works') > 100")
    assert re.search(r"l=[^&]*park_works", page.url.replace("%2C", ","))
    page.locator("[data-preset*='park_works']").click()
    ready(page)
    expect(page.locator("[data-layer='parcels']")).not_to_be_checked()
    expect(box).to_be_checked()


def test_a_click_on_a_work_opens_its_card_which_leads_to_the_park_and_back(open_page: Opener) -> None:
    page = open_page(f"/?{NEAR}&l=parks,parcels,park_works")
    page.mouse.click(*at(page, -0.001, -0.0002))
    card = page.locator("[data-card]")
    expect(card.locator("h2")).to_have_text("主干路")
    expect(card).to_contain_text("比计划晚 31 天完工")
    expect(card).to_contain_text("示例数据")
    assert "id=park_works:PK-W1" in page.url.replace("%3A", ":")
    card.get_by_role("link", name="查看城东工业园").press("Enter")
    expect(card.locator("h2")).to_have_text("城东工业园")
    expect(card.locator("h2")).to_be_focused()
    assert "id=parks:PK" in page.url.replace("%3A", ":")
    works = card.locator(".works li")
    assert works.all_inner_texts()[0].startswith("逾期")
    expect(works.filter(has_text="燃气管").locator("a")).to_have_count(0)
    works.filter(has_text="雨水泵站").locator("a").press("Enter")
    expect(card.locator("h2")).to_have_text("雨水泵站")
    page.go_back()
    expect(card.locator("h2")).to_have_text("城东工业园")
    page.go_back()
    expect(card.locator("h2")).to_have_text("主干路")


def test_ground_of_a_work_yields_to_the_plot_on_it_and_speaks_where_there_is_none(open_page: Opener) -> None:
    page = open_page(f"/?{NEAR}&l=parcels,park_works")
    page.mouse.click(*at(page, -0.0085, -0.004))
    expect(page.locator("[data-card] h2")).to_have_text("城东0号地块")
    alone = open_page(f"/?{NEAR}&{WORKS}")
    alone.mouse.click(*at(alone, -0.0085, -0.004))
    expect(alone.locator("[data-card] h2")).to_have_text("场地平整")


def test_a_link_from_the_park_turns_the_layer_on(open_page: Opener) -> None:
    page = open_page("/?id=parks:PK&l=parks")
    page.locator("[data-card] .works a", has_text="主干路").click()
    expect(page.locator("[data-card] h2")).to_have_text("主干路")
    ready(page)
    expect(page.locator("[data-layer='park_works']")).to_be_checked()
    assert re.search(r"l=[^&]*park_works", page.url.replace("%2C", ","))


def test_a_work_without_a_place_says_so(open_page: Opener) -> None:
    page = open_page("/?id=park_works:PK-W4&lang=en")
    card = page.locator("[data-card]")
    expect(card).to_contain_text("Where it lies is not registered")
    expect(card).to_contain_text("Planned")
    assert not re.search(r"[\u4e00-\u9fff]", card.inner_text().replace("示例", ""))


@pytest.mark.parametrize("script", [True, False])
def test_the_park_s_page_leads_to_its_works_on_the_map(open_page: Opener, script: bool) -> None:
    page = open_page("/parks/PK", script=script, ready=False)
    link = page.locator(".works a", has_text="主干路")
    href = link.get_attribute("href") or ""
    assert "park_works%3APK-W1" in href or "park_works:PK-W1" in href
    expect(page.locator(".works li", has_text="燃气管").locator("a")).to_have_count(0)
    if script:
        link.click()
        ready(page)
        expect(page.locator("[data-card] h2")).to_have_text("主干路")
        assert page.evaluate(PAINTED, "park_works") > 100


def test_dark_and_english(open_page: Opener) -> None:
    page = open_page(f"/?{NEAR}&{WORKS}&lang=en", dark=True)
    expect(page.locator(legend(page, "late"))).to_contain_text("Late")
    assert page.evaluate(PAINTED, "park_works") > 100


def test_a_work_is_found_by_name_shown_and_told_on_a_page_of_its_own(open_page: Opener) -> None:
    page = open_page("/?l=parks")
    page.get_by_role("combobox", name="查找").fill("yushuibengzhan")
    option = page.locator("[data-search-list] [role=option]").first
    expect(option).to_contain_text("雨水泵站")
    expect(option).to_contain_text("逾期")
    page.keyboard.press("Enter")
    card = page.locator("[data-card]")
    expect(card.locator("h2")).to_have_text("雨水泵站")
    ready(page)
    expect(page.locator("[data-layer='park_works']")).to_be_checked()
    card.get_by_role("link", name="查看详情").click()
    expect(page.locator("h1")).to_have_text("雨水泵站")
    expect(page.locator(".work-dates tbody tr")).to_have_count(2)
    expect(page.get_by_role("link", name="城东工业园")).to_have_attribute("href", re.compile("^/parks/PK"))
    assert page.locator("figure.plot svg").count() == 1
    page.get_by_role("link", name="在地图上看").click()
    ready(page)
    expect(page.locator("[data-card] h2")).to_have_text("雨水泵站")
    assert page.evaluate(PAINTED, "park_works") > 100


def test_the_page_of_a_work_needs_no_script(open_page: Opener, gate: Gate) -> None:
    gate.expected = ("404",)
    page = open_page("/park_works/PK-W4?lang=en", script=False, ready=False)
    expect(page.locator("h1")).to_have_text("Gas main")
    expect(page.locator(".work-dates")).to_contain_text("Unknown")
    expect(page.locator("figure.plot")).to_be_visible()
    absent = page.request.get("/park_works/NO-W1")
    assert absent.status == 404
