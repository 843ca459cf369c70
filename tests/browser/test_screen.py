"""Filters, list, address, states and measuring on the map's screen, over the real service."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect
from pyproj import Geod

from tests.browser.conftest import Gate, Opener, until
from tests.browser.county import PLACE
from tests.browser.test_map import PAINTED, at, ready

HERE = f"l=parcels&m=15/{PLACE[1]}/{PLACE[0]}"
ROWS = "[data-list-rows] .row"


def chips(page: Page) -> list[str]:
    return page.locator("[data-chips] .chip").all_inner_texts()


def test_a_filter_narrows_list_counts_and_map_alike_and_is_taken_back(open_page: Opener) -> None:
    page = open_page(f"/?{HERE}")
    everything = page.evaluate(PAINTED, "parcels")
    expect(page.locator(ROWS)).to_have_count(8)
    # what is on offer comes first
    assert page.locator(ROWS).evaluate_all("rows => rows.slice(0, 2).map((row) => row.dataset.state)") == [
        "AVAILABLE",
        "ON_OFFER",
    ]
    page.get_by_role("button", name="筛选").click()
    page.locator("[data-filters] .pill", has_text="可供应").click()
    page.get_by_label("面积 最小", exact=True).fill("20")
    done = page.locator("[data-filter-done]")
    expect(done).to_have_text("查看 1 个结果")
    done.click()
    expect(page.locator(ROWS)).to_have_count(1)
    expect(page.locator("[data-kind=parcels] [data-count]")).to_have_text("1")
    ready(page)
    assert 0 < page.evaluate(PAINTED, "parcels") < everything / 2
    assert chips(page) == ["可供应", "≥ 20 亩"]
    assert re.search(r"[?&]st=AVAILABLE(&|$)", page.url)
    page.get_by_role("button", name="去掉：可供应").click()
    expect(page.locator(ROWS)).to_have_count(8)
    page.get_by_role("button", name="清除全部").first.click()
    expect(page.locator("[data-chips]")).to_contain_text("已清除全部条件")
    page.get_by_role("button", name="撤销", exact=True).click()
    expect(page.locator("[data-chips] .chip")).to_have_text(["≥ 20 亩"])
    page.go_back()
    page.go_back()
    expect(page.locator("[data-chips] .chip")).to_have_text(["≥ 20 亩"])
    page.go_back()
    expect(page.locator("[data-chips] .chip")).to_have_text(["可供应", "≥ 20 亩"])
    page.go_back()
    expect(page.locator("[data-chips] .chip")).to_have_count(0)
    expect(page.locator(ROWS)).to_have_count(8)


def test_the_rings_of_the_towns_follow_the_filters(open_page: Opener) -> None:
    page = open_page(f"/?l=parcels&tn=T2&v=2&m=11/{PLACE[1]}/{PLACE[0] - 0.06}")
    expect(page.locator(ROWS)).to_have_count(1)
    rings = page.evaluate(
        "() => { const seen = new Set(), c = onemap.map.getContainer().getBoundingClientRect(); for (let x = 5; x < c.width; x += 6) for (let y = 5; y < c.height; y += 6) { const f = onemap.at(onemap.map.containerPointToLatLng([x, y]), L.point(x, y)); if (f && f.ring) seen.add(`${f.ring.name} ${f.ring.total}`); } return [...seen]; }"
    )
    assert rings == ["西周镇 1"]


def test_a_link_keeps_everything_and_says_what_it_did_not_understand(open_page: Opener) -> None:
    page = open_page(f"/?{HERE}&k=factories&va0=1000&o=new&w=all&id=buildings:B1&a0=x&zz=1&v=9")
    line = page.locator("[data-strange-line]")
    expect(line).to_contain_text("更新的版本")
    expect(line).to_contain_text("a0=x、zz=1")
    expect(page.locator("[data-card] h2")).to_have_text("1号厂房")
    expect(page.locator(ROWS)).to_have_count(1)
    assert page.locator("[data-order]").input_value() == "new"
    assert not page.get_by_label("仅看地图范围").is_checked()
    line.get_by_role("button", name="关闭").click()
    expect(line).to_be_hidden()


def test_row_and_plot_point_at_each_other(open_page: Opener) -> None:
    page = open_page(f"/?{HERE}")
    row = page.locator(f'{ROWS}[data-code="P0"]')
    row.hover()
    expect(page.locator("path.hovered-shape")).to_have_count(1)
    page.mouse.move(*at(page, -0.0029, -0.004))
    expect(page.locator(f'{ROWS}[data-code="P1"].is-hot')).to_have_count(1)
    expect(page.locator("path.hovered-shape")).to_have_count(1)


def test_filters_work_without_scripts(open_page: Opener) -> None:
    page = open_page("/?st=AVAILABLE&lang=en", script=False)
    rows = page.locator("ol.rows a.row")
    expect(rows).to_have_count(1)
    expect(page.locator(".chips .chip")).to_have_text(["Available"])
    page.locator(".chips .chip").click()
    expect(rows).to_have_count(9)
    page.get_by_role("button", name=re.compile("^Factories")).click()
    expect(rows).to_have_count(1)


def test_pages_follow_one_another_without_scripts(open_page: Opener) -> None:
    page = open_page("/?county=US-X&o=code&lang=en", script=False)
    rows = page.locator("ol.rows a.row")
    expect(rows).to_have_count(30)
    page.get_by_role("link", name="Next page").click()
    expect(rows).to_have_count(10)
    expect(rows.last).to_contain_text("Lot 39")


def test_more_rows_come_with_the_cursor(open_page: Opener) -> None:
    page = open_page("/?county=US-X&l=parcels&o=code&m=9/20/100", ready=False)

    def in_two_parts(route: Route) -> None:
        url = route.request.url
        answer = route.fetch(url=url.replace("cursor=second", "rings=0")).json()
        part = (
            {"features": answer["features"][25:], "next": None}
            if "second" in url
            else {"features": answer["features"][:25], "next": "second"}
        )
        route.fulfill(json=answer | part)

    page.route("**/map/list?*", in_two_parts)
    page.get_by_label("仅看地图范围").uncheck()
    expect(page.locator(ROWS)).to_have_count(25)
    page.get_by_role("button", name="再列 15 个").click()
    expect(page.locator(ROWS)).to_have_count(40)
    expect(page.locator(ROWS).nth(25)).to_be_focused()
    expect(page.locator("[data-more]")).to_have_count(0)


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_a_hostile_name_leaves_the_screen_whole(open_page: Opener, phone: bool) -> None:
    page = open_page(f"/?{HERE}", phone=phone)
    hostile = "\u202e" + "\U0001f469\u200d\U0001f692" * 50 + "<b>" + "长" * 5000

    def renamed(route: Route) -> None:
        answer = route.fetch().json()
        answer["features"][0]["properties"]["name"] = hostile
        route.fulfill(json=answer)

    page.route("**/map/list?*", renamed)
    page.evaluate("onemap.map.panBy([4, 0], {animate: false})")
    first = page.locator(f"{ROWS} strong").first
    expect(first).to_contain_text("<b>")
    box = page.locator(ROWS).first.bounding_box()
    assert box is not None
    assert box["height"] < 140
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    # what follows the name is not turned round by its marks
    assert page.locator(f"{ROWS} .state").first.evaluate("node => getComputedStyle(node).direction") == "ltr"
    assert page.locator(f"{ROWS} strong > bdi").count() > 0


def test_nothing_in_view_says_how_many_there_are_elsewhere(open_page: Opener) -> None:
    page = open_page("/?l=parcels&m=16/29.35/121.75&st=AVAILABLE")
    rows = page.locator("[data-list-rows]")
    expect(rows).to_contain_text("地图范围内没有地块")
    expect(rows).to_contain_text("全县有 1 个")
    rows.get_by_role("button", name="看全县").click()
    expect(page.locator(ROWS)).to_have_count(1)
    assert "w=all" in page.url


def test_nothing_matches_offers_to_clear(open_page: Opener) -> None:
    page = open_page("/?l=parcels&a0=90000")
    rows = page.locator("[data-list-rows]")
    expect(rows).to_contain_text("没有符合条件的地块")
    rows.get_by_role("button", name="清除条件").click()
    expect(page.locator(ROWS)).to_have_count(9)


def test_offline_keeps_what_is_there_and_recovers(open_page: Opener, gate: Gate) -> None:
    gate.expected = ("ERR_INTERNET_DISCONNECTED",)
    page = open_page(f"/?{HERE}")
    page.context.set_offline(True)
    expect(page.locator("[data-net-line]")).to_contain_text("网络已断开")
    page.evaluate("onemap.map.panBy([30, 0], {animate: false})")
    expect(page.locator(ROWS)).to_have_count(8)
    page.context.set_offline(False)
    expect(page.locator("[data-net-line]")).to_be_hidden()
    expect(page.locator(ROWS).first).to_be_visible()


def test_tiles_that_fail_one_in_three_arrive_in_the_end(open_page: Opener, gate: Gate) -> None:
    gate.expected = ("503",)
    page = open_page("/?l=transport&m=9/20/100")
    seen: dict[str, int] = {}

    def sometimes(route: Route) -> None:
        url = route.request.url
        seen[url] = seen.get(url, 0) + 1
        if len(seen) % 3 == 0 and seen[url] == 1:
            route.fulfill(status=503, body="")
        else:
            route.continue_()

    page.route("**/collections/transport/tiles/**", sometimes)
    page.evaluate("([lng, lat]) => onemap.map.setView([lat, lng], 14, {animate: false})", list(PLACE))
    ready(page)
    assert max(seen.values()) == 2
    expect(page.locator("[data-status-line]")).to_be_hidden()
    assert page.evaluate(PAINTED, "transport") > 10


def test_measuring_by_pointer_and_by_keys(open_page: Opener) -> None:
    page = open_page(f"/?{HERE}")
    page.get_by_role("button", name="测量").click()
    result = page.locator("[data-measure-result]")
    for dx, dy in ((0.0, 0.0), (0.01, 0.0)):
        page.mouse.click(*at(page, dx, dy))
    # 0.01 degrees of longitude at 29.48 N on the ellipsoid: 969.9 m, to a pixel
    assert abs(float(result.inner_text().split()[0].replace(",", "")) - 969.9) < 6
    page.locator("[data-measure-mode=area]").click()
    page.mouse.click(*at(page, 0.01, 0.005))
    expect(result).to_contain_text("公顷")
    page.locator(".folium-map").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".measured-point")).to_have_count(4)
    page.keyboard.press("Backspace")
    expect(page.locator(".measured-point")).to_have_count(3)
    page.keyboard.press("Escape")
    expect(page.locator("[data-measure]")).to_be_hidden()
    expect(page.locator(".measured-point")).to_have_count(0)


def test_lengths_and_areas_are_those_of_the_ellipsoid(open_page: Opener) -> None:
    page = open_page(f"/?{HERE}")
    geod = Geod(ellps="GRS80")
    ring = [[121.5, 29.1], [122.3, 29.2], [122.1, 29.8], [121.6, 29.7]]
    page.get_by_role("button", name="测量").click()
    page.locator("[data-measure-mode=area]").click()
    for lng, lat in ring:
        page.evaluate(
            "([lng, lat]) => onemap.map.fire('click', {latlng: L.latLng(lat, lng), containerPoint: L.point(0, 0)})",
            [lng, lat],
        )
    said = page.locator("[data-measure-result]").inner_text()
    m2 = float(re.search(r"([\d,]+) m²", said)[1].replace(",", ""))  # type: ignore[index]
    around = float(re.search(r"周长 ([\d,.]+) km", said)[1].replace(",", ""))  # type: ignore[index]
    lons, lats = [p[0] for p in ring], [p[1] for p in ring]
    # the ring's edges are straight in degrees, geodesics bulge: a few parts in ten thousand at this size
    exact, length = geod.polygon_area_perimeter(lons, lats)
    assert m2 == pytest.approx(abs(exact), rel=5e-4)
    assert around == pytest.approx(length / 1000, abs=0.06)


def test_on_a_phone_the_filters_are_a_sheet_of_their_own(open_page: Opener) -> None:
    page = open_page("/?l=parcels", phone=True)
    page.get_by_role("button", name="筛选").click()
    box = page.locator("[data-filters]").bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (390, 844)
    page.locator("[data-filters] .pill", has_text="可供应").click()
    expect(page.locator("[data-filter-done]")).to_have_text("查看 1 个结果")
    page.locator("[data-filter-done]").click()
    expect(page.locator(ROWS)).to_have_count(1)
    handle = page.locator("[data-sheet-handle]")
    for state in ("half", "full", "peek"):
        handle.click()
        expect(page.locator("[data-list]")).to_have_attribute("data-sheet", state)
    page.get_by_role("button", name="菜单").click()
    expect(page.get_by_role("button", name="复制链接")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_code_that_was_merged_offers_what_it_became(open_page: Opener, gate: Gate) -> None:
    gate.expected = ("410",)
    page = open_page(f"/?{HERE}&id=parcels:OLD")
    card = page.locator("[data-card]")
    expect(card).to_contain_text("自 2025-03-01 起由 P1 承接")
    card.get_by_role("button", name="P1").click()
    expect(card.locator("h2")).to_have_text("城东1号地块")
    page.goto("/parcels/OLD")
    page.get_by_role("link", name="打开 P1").click()
    expect(page.locator("h1")).to_have_text("城东1号地块")


def test_a_county_that_does_not_exist_is_a_page(open_page: Opener, gate: Gate) -> None:
    gate.expected = ("404",)
    page = open_page("/?county=nowhere", ready=False)
    expect(page.locator("body")).to_contain_text("没有代码为“nowhere”的县")
    assert page.locator("a[href]").count() > 0
    until(page, "document.readyState === 'complete'")
