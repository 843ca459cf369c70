"""The drawer and the pages of things: the same told in both, with the keyboard, on a phone, on paper, and when it fails."""

from __future__ import annotations

import re
from collections.abc import Iterator

import psycopg
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Gate, Opener, until
from tests.browser.county import COUNTY, PLACE, Builder, _box
from tests.browser.pdf_text import pdf_pages
from tests.browser.test_accessibility import violations

HERE = f"/?l=parcels&m=15/{PLACE[1]}/{PLACE[0]}"
TOLD = (
    "交通距离",
    "直线距离",
    "示例站",
    "规划",
    "适用政策",
    "弹性年期",
    "2025-01-01 至 2029-12-31 有效",
    "周边企业",
    "示例机电有限公司",
    "联系",
    "丹东街道",
)


@pytest.fixture(scope="module", autouse=True)
def odd(county_url: str) -> Iterator[None]:
    """A plot of which nothing is known, one whose name never ends, and works of the park; gone again afterwards."""
    with psycopg.connect(county_url, autocommit=True) as connection:
        b = Builder(connection)
        b.thing("parcel", "BARE", "空白地块", "Bare plot", None)
        b.thing("parcel", "LONG", "很长" * 2500, "Long" * 1250, _box(-0.02, 0.02, 0.004, 0.004))
        works = (("W1", "供水管线", "2024-01-01", "2026-01-01"), ("W2", "路网", "2090-01-01", "2091-01-01"))
        for code, name, start, end in works:
            b.add("park_work", county_code=COUNTY, code=code, park_code="PK", name=name, kind="water", planned_start_on=start,
                  planned_end_on=end, started_on=None if code == "W2" else start)  # fmt: skip
        yield
        connection.execute("delete from register.parcel where code in ('BARE', 'LONG')")
        connection.execute("delete from register.park_work where code in ('W1', 'W2')")


def test_the_drawer_and_the_page_tell_the_same(open_page: Opener) -> None:
    page = open_page(f"{HERE}&id=parcels:P0")
    drawer = page.locator("[data-card]")
    expect(drawer.locator("h2")).to_have_text("城东0号地块")
    for words in TOLD:
        expect(drawer).to_contain_text(words)
    expect(drawer.locator(".three > div")).to_have_count(3)
    expect(drawer.locator(".locator-dot")).to_have_count(1)
    expect(drawer.locator("[data-gallery]")).to_have_attribute("data-code", "P0")
    page.get_by_role("link", name="查看详情").click()
    expect(page.locator("h1")).to_have_text("城东0号地块")
    for words in TOLD:
        expect(page.locator("main")).to_contain_text(words)
    expect(page.get_by_role("link", name="在地图上看")).to_have_attribute(
        "href", re.compile(r"l=parcels.*m=15/.*id=parcels:P0|id=parcels:P0.*")
    )
    assert "l=parcels" in (page.get_by_role("link", name="回到地图").get_attribute("href") or ""), (
        "the map's state is kept"
    )


def test_a_page_is_whole_without_script(open_page: Opener) -> None:
    page = open_page("/parcels/P0?lang=en", script=False)
    for words in (
        "Transport",
        "straight-line distance",
        "not road distances",
        "Land measures",
        "Control figures",
        "Not registered; please ask",
    ):
        expect(page.locator("main")).to_contain_text(words)
    assert (
        page.locator('link[rel="canonical"]').get_attribute("href")
        == page.url.split("/parcels")[0] + "/parcels/P0?county=330225&lang=en"
    )
    assert "East 0" in (page.locator('meta[property="og:title"]').get_attribute("content") or "")
    assert "mu" in (page.locator('meta[name="description"]').get_attribute("content") or "")
    expect(page.locator("[data-act], [data-compare]").first).to_be_hidden()
    assert page.locator("details.folded[open]").count() == 0, "facts are folded for the public"
    assert re.findall(r"[\u4e00-\u9fff]+", page.locator("main").inner_text().replace("示例", "")) == []


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/parks/PK", ("可供应和挂牌的地块", "城东0号地块", "产业结构", "供水管线", "逾期", "计划 2026-01-01 完工")),
        ("/buildings/B1", ("空置", "楼层", "用地")),
        ("/admin_areas/T1", ("地块（按状态）", "可供应", "厂房楼宇")),
        ("/parcels/BARE", ("未知", "没有图形，量不出距离", "未登记")),
        ("/policies/POL-1", ("2025-01-01 至 2029-12-31 有效", "用地办法")),
    ],
)  # fmt: skip
def test_each_kind_tells_its_own(open_page: Opener, path: str, words: tuple[str, ...]) -> None:
    page = open_page(path, script=False)
    for word in words:
        expect(page.locator("main")).to_contain_text(word)


@pytest.mark.parametrize(("key", "firms"), [("parks/PK", 1), ("admin_areas/T1", 0), ("featured_towns/FT", 0)])
def test_a_place_has_its_firms_by_chain_told_once(open_page: Opener, key: str, firms: int) -> None:
    """The same diagram on the page and in the drawer, and no second list of shares."""
    page = open_page(f"/{key}")
    said = "产业结构：" if firms else "没有公开的企业"
    for address in (f"/{key}", f"/map/things/{key}"):
        page.goto(address)
        section = page.locator("section[aria-labelledby=structure]")
        expect(section).to_have_count(1)
        if firms:
            expect(section.locator("svg[role=img]")).to_have_attribute("aria-label", re.compile(said))
            expect(section).to_contain_text(f"公开企业 {firms} 家")
        else:
            expect(section).to_contain_text(said)
        expect(page.locator("section[aria-labelledby=firms]")).to_have_count(0)


def test_a_park_is_drawn_with_its_plots(open_page: Opener) -> None:
    page = open_page("/parks/PK", script=False)
    figure = page.locator("figure.plot")
    expect(figure.locator("svg[role=img]")).to_have_attribute("aria-label", re.compile("城东工业园及周边的地图"))
    for word in ("可供应", "城东工业园"):
        expect(figure.locator("svg")).to_contain_text(word)
    expect(figure.locator("figcaption")).to_contain_text("EPSG:4529")
    assert "var(--" in (figure.locator("svg").inner_html()), "it follows the page's theme"


def test_the_next_one_by_arrow_and_the_way_back(open_page: Opener) -> None:
    page = open_page(HERE)
    row = page.locator("[data-list-rows] [data-code=P1]")
    row.focus()
    page.keyboard.press("Enter")
    heading = page.locator("[data-card] h2")
    expect(heading).to_have_text("城东1号地块")
    expect(heading).to_be_focused()
    page.keyboard.press("ArrowRight")  # what is on offer comes first: P0, P1, then the reserve
    expect(heading).to_have_text("城东4号地块")
    page.keyboard.press("ArrowLeft")
    expect(heading).to_have_text("城东1号地块")
    page.keyboard.press("Escape")
    expect(page.locator("[data-card]")).to_be_hidden()
    expect(page.locator("[data-list-rows] [data-code=P1]")).to_be_focused()


def test_a_failure_can_be_tried_again(open_page: Opener, gate: Gate) -> None:
    gate.expected = ("503", "404")
    page = open_page(HERE)
    page.route("**/map/things/parcels/P0?*", lambda route: route.fulfill(
        status=503, content_type="application/problem+json", body='{"title": "忙", "detail": "系统繁忙", "request_id": "abc123"}'))  # fmt: skip
    page.locator("[data-list-rows] [data-code=P0]").click()
    failed = page.locator("[data-card] [role=alert]")
    expect(failed).to_contain_text("系统繁忙")
    expect(failed).to_contain_text("abc123")
    page.unroute("**/map/things/parcels/P0?*")
    failed.get_by_role("button", name="重试").click()
    expect(page.locator("[data-card] h2")).to_have_text("城东0号地块")
    page.goto(f"{HERE}&id=parcels:NOPE")
    expect(page.locator("[data-card] [role=alert]")).to_contain_text("已不在这里")


def test_up_to_four_are_compared_and_the_address_keeps_them(open_page: Opener) -> None:
    page = open_page(f"{HERE}&id=parcels:P0&cmp=parcels:P1,parcels:P2,parcels:P3")
    tray = page.locator("[data-tray]")
    expect(tray).to_contain_text("3/4")
    page.get_by_role("button", name="加入对比").click()
    expect(tray.get_by_role("link", name="开始对比")).to_have_attribute(
        "href", re.compile(r"^/compare\?ids=parcels:P1,parcels:P2,parcels:P3,parcels:P0&")
    )
    page.locator("[data-card-after]").click()
    expect(page.locator("[data-card] h2")).to_have_text("城东1号地块")
    expect(page.locator("[data-card] [data-compare]")).to_have_attribute("aria-pressed", "true")
    page.locator("[data-card] [data-compare]").click()
    expect(tray).to_contain_text("3/4")
    assert "cmp=parcels:P2,parcels:P3,parcels:P0" in page.url
    page.reload()
    expect(tray).to_contain_text("城东0号地块")
    tray.get_by_role("button", name="清空").click()
    expect(tray).to_be_hidden()


def test_a_phone_has_the_drawer_as_a_sheet(open_page: Opener) -> None:
    page = open_page(f"{HERE}&id=parcels:P0", phone=True)
    drawer = page.locator("[data-card]")
    expect(drawer.locator("h2")).to_be_visible()
    expect(page.locator("[data-list]")).to_be_hidden()
    half = drawer.bounding_box()
    page.locator("[data-card-taller]").click()
    expect(page.locator("[data-card-taller]")).to_have_attribute("aria-expanded", "true")
    until(
        page, f"document.querySelector('[data-card]').getBoundingClientRect().height > {(half or {})['height'] + 200}"
    )
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_very_long_name_and_code_stay_inside(open_page: Opener) -> None:
    page = open_page(f"{HERE}&id=parcels:LONG", phone=True)
    expect(page.locator("[data-card] h2")).to_contain_text("很长")
    assert (
        page.evaluate(
            "[...document.querySelectorAll('[data-card] *')].filter((e) => e.getBoundingClientRect().right > 391 && !e.closest('.scroll-x')).length"
        )
        == 0
    )
    page.goto("/parcels/LONG")
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_one_sheet_of_paper(open_page: Opener) -> None:
    page = open_page("/parcels/P0")
    pages = pdf_pages(page.pdf(prefer_css_page_size=True))
    assert len(pages) == 1
    for words in ("城东0号地块", "图形面积", "20‒30万元/亩", "交通距离", "示例站", "弹性年期", "2029-12-31有效", "联系", "丹东街道", "示例岸线",
                  "数据日期", "内部演示·未经地图审核", "/parcels/P0"):  # fmt: skip
        assert words.replace("‒", "–") in pages[0].replace("‒", "–"), words


@pytest.mark.parametrize("path", ["/parks/PK", "/admin_areas/T1?lang=en"])
def test_pages_of_things_have_no_barriers(open_page: Opener, path: str) -> None:
    assert violations(open_page(path, dark="lang" in path)) == []
