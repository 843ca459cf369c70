"""The map in Chromium, over the real service and database."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from geo.registry.collections import COLLECTIONS
from tests.browser.conftest import Gate, Opener, until
from tests.browser.county import HOSTILE, OTHER, PLACE

HERE = f"l=parcels&m=15/{PLACE[1]}/{PLACE[0]}"
"""The park from near, with plots only: fewer tiles to wait for."""

NEAR = f"m=15/{PLACE[1]}/{PLACE[0]}"
ALL_ON = "l=" + ",".join(c.id for c in COLLECTIONS.values())

PAINTED = """(id) => {
  let painted = 0;
  onemap.layers.get(id).eachTile((canvas) => {
    const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    for (let i = 3; i < data.length; i += 4) if (data[i] > 0) painted++;
  });
  return painted;
}"""
COLOUR_AT = """([lng, lat]) => {
  const layer = onemap.layers.get("admin_areas"), size = layer.SIZE, zoom = layer._tileZoom;
  const p = onemap.map.project([lat, lng], zoom), x = Math.floor(p.x / size), y = Math.floor(p.y / size);
  const {el} = layer._tiles[`${x}:${y}:${zoom}`], scale = el.width / size;
  return [...el.getContext("2d").getImageData((p.x - x * size) * scale, (p.y - y * size) * scale, 1, 1).data];
}"""


def ready(page: Page) -> None:
    page.wait_for_selector('html[data-ready="1"]', state="attached")


def at(page: Page, dx: float, dy: float) -> tuple[float, float]:
    """Where a place (degrees from PLACE) lies on the screen."""
    x, y = page.evaluate(
        "([lng, lat]) => { const p = onemap.map.latLngToContainerPoint([lat, lng]); const r = onemap.map.getContainer().getBoundingClientRect(); return [p.x + r.x, p.y + r.y]; }",
        [PLACE[0] + dx, PLACE[1] + dy],
    )
    return x, y


def test_the_first_screen_is_the_county_with_nothing_from_elsewhere(open_page: Opener, gate: Gate) -> None:
    page = open_page("/")
    assert page.title() == "象山县一张图"
    assert page.evaluate("onemap.map === window.map_one"), "the map is the one Folium composed"
    expect(page.locator("[data-kind=parcels] [data-count]")).to_have_text("9")
    expect(page.locator(".notice .review")).to_have_text(
        re.compile(r"^内部演示 · 未经地图审核 · 数据截至 20\d\d-\d\d-\d\d$")
    )
    expect(page.locator(".notice .credits")).to_contain_text("© Sample coast")
    assert gate.outside == []


def test_the_gate_sees_what_leaves(open_page: Opener, gate: Gate) -> None:
    page = open_page("/")
    page.evaluate(
        "() => new Promise((done) => { const i = new Image(); i.onerror = done; i.src = 'https://tiles.example/1.png'; })"
    )
    assert any("Content Security Policy" in e for e in gate.errors) or gate.outside
    gate.errors.clear()
    gate.outside.clear()


def test_every_collection_draws(open_page: Opener) -> None:
    page = open_page(f"/?{NEAR}&{ALL_ON}", login="bureau")
    painted = {c.id: page.evaluate(PAINTED, c.id) for c in COLLECTIONS.values() if c.id != "controls"}
    assert [name for name, pixels in painted.items() if pixels < 10] == []
    page.evaluate(
        "([lng, lat]) => onemap.map.setView([lat, lng], 15, {animate: false})", [PLACE[0] - 0.025, PLACE[1] + 0.015]
    )
    ready(page)
    assert page.evaluate(PAINTED, "controls") > 10


def test_the_public_has_no_layer_of_staff(open_page: Opener) -> None:
    page = open_page("/")
    assert page.locator("[data-layer]").evaluate_all("boxes => boxes.map((b) => b.dataset.layer)") == [
        "parks", "featured_towns", "parcels", "factories", "offices", "projects", "policies", "transport", "park_works",
        "enterprises",
    ]  # fmt: skip
    assert not page.evaluate("onemap.layers.has('controls') || onemap.layers.has('findings')")


def test_a_plot_leads_to_its_card_and_its_page(open_page: Opener) -> None:
    page = open_page(f"/?{HERE}")
    page.mouse.click(*at(page, -0.0085, -0.004))
    card = page.locator("[data-card]")
    expect(card.locator("h2")).to_have_text("城东0号地块")
    expect(card).to_contain_text("可供应")
    expect(card).to_contain_text("20–30 万元/亩")
    expect(card).to_contain_text("示例数据")
    assert "id=parcels:P0" in page.url
    assert page.locator("path.selected-shape").count() == 1
    card.get_by_role("link", name="查看详情").click()
    expect(page.locator("h1")).to_have_text("城东0号地块")
    expect(page.locator("table.facts-table")).to_contain_text("2025-03-01")
    expect(page.locator("body")).to_contain_text("示例岸线")
    page.get_by_role("link", name="在地图上看").click()
    ready(page)
    expect(page.locator("[data-card] h2")).to_have_text("城东0号地块")


@pytest.mark.parametrize(
    ("dx", "dy", "name"),
    [
        (0.0018, 0.003, "1号厂房"),
        (-0.0085, 0.004, "示例装备项目"),
        (0.0, 0.013, "示例站"),
        (0.016, -0.005, "星光小镇"),
        (0.03, 0.03, "丹东街道"),
    ],
)
def test_what_lies_on_top_is_what_one_clicks(open_page: Opener, dx: float, dy: float, name: str) -> None:
    page = open_page(f"/?m=15/{PLACE[1] + dy}/{PLACE[0] + dx}")
    page.mouse.click(*at(page, dx, dy))
    expect(page.locator("[data-card] h2")).to_have_text(name)


def test_back_closes_the_card(open_page: Opener) -> None:
    page = open_page(f"/?{HERE}")
    page.mouse.click(*at(page, -0.0085, -0.004))
    expect(page.locator("[data-card] h2")).to_be_visible()
    page.go_back()
    expect(page.locator("[data-card]")).to_be_hidden()


def test_a_hostile_name_stays_text(open_page: Opener) -> None:
    page = open_page(f"/?{HERE}&id=parcels:P7")
    expect(page.locator("[data-card] h2")).to_have_text(HOSTILE)
    expect(page.locator("[data-list-rows] strong", has_text="<img")).to_have_text(HOSTILE)
    page.get_by_role("link", name="查看详情").click()
    expect(page.locator("h1")).to_have_text(HOSTILE)
    assert "hit" not in page.title().split(" · ")[-1]
    assert page.locator("img").count() == 0


def test_english_is_complete(open_page: Opener) -> None:
    page = open_page(f"/?{HERE}&lang=en&id=parcels:P0")
    assert page.title() == "Xiangshan County One Map"
    expect(page.locator("[data-card] h2")).to_have_text("East 0")
    text = page.evaluate("document.body.innerText.replace('中文', '')")
    assert re.findall(r"[\u4e00-\u9fff]+", text) == []
    page.get_by_role("link", name="切换到中文").click()
    ready(page)
    expect(page.locator("[data-card] h2")).to_have_text("城东0号地块")


def test_a_layer_can_be_switched_and_stays_so(open_page: Opener) -> None:
    page = open_page(f"/?{NEAR}&l=parcels,parks")
    page.locator("[data-layer-panel] summary").click()
    page.locator("[data-layer=parcels]").uncheck()
    assert not page.evaluate("onemap.map.hasLayer(onemap.layers.get('parcels'))")
    assert "parcels" not in re.search(r"[?&]l=([^&]*)", page.url)[1].split(",")  # type: ignore[index]
    page.reload()
    ready(page)
    assert not page.evaluate("onemap.map.hasLayer(onemap.layers.get('parcels'))")
    expect(page.locator("[data-legend-group=parcels]")).to_be_hidden()


def test_the_list_follows_the_map(open_page: Opener) -> None:
    page = open_page("/?l=parcels")
    expect(page.locator("[data-list-rows] .row")).to_have_count(9)
    page.evaluate("([lng, lat]) => onemap.map.setView([lat, lng], 15, {animate: false})", [PLACE[0] - 0.118, PLACE[1]])
    expect(page.locator("[data-list-rows] .row")).to_have_count(1)
    expect(page.locator("[data-list-count]")).to_have_text("地图范围内 1 个地块")
    page.get_by_label("仅看地图范围").uncheck()
    expect(page.locator("[data-list-rows] .row")).to_have_count(9)
    page.locator("[data-kind=factories]").click()
    expect(page.locator("[data-list-rows] .row")).to_have_count(1)
    expect(page.locator("[data-list-rows]")).to_contain_text("2,400")


def test_rings_of_towns_stand_for_their_plots_from_afar(open_page: Opener) -> None:
    page = open_page(f"/?l=parcels&m=11/{PLACE[1]}/{PLACE[0] - 0.06}")
    assert page.evaluate(PAINTED, "parcels") == 0
    # wherever a ring is, one click on it leads closer
    x, y = page.evaluate(
        "() => { const c = onemap.map.getContainer().getBoundingClientRect(); for (let x = 5; x < c.width; x += 5) for (let y = 5; y < c.height; y += 5) { const f = onemap.at(onemap.map.containerPointToLatLng([x, y]), L.point(x, y)); if (f && f.ring) return [x + c.x, y + c.y]; } }"
    )
    page.mouse.click(x, y)
    until(page, "Math.round(onemap.map.getZoom()) >= 12")
    ready(page)
    assert page.evaluate(PAINTED, "parcels") > 0


def test_a_county_without_towns_shows_its_plots_at_once(open_page: Opener) -> None:
    page = open_page(f"/?county={OTHER}&l=parcels")
    assert page.title() == "别处一张图"
    assert page.evaluate(PAINTED, "parcels") > 100
    expect(page.locator("[data-list-rows] .row")).to_have_count(40)
    expect(page.locator("[data-list-rows] .row").first).to_contain_text("公顷")
    page.locator("[data-list-rows] .row").first.click()
    page.get_by_role("link", name="查看详情").click()
    expect(page.locator("h1")).to_have_text("Lot 0")
    assert f"county={OTHER}" in page.url


def test_a_failing_layer_says_so_once_and_can_be_tried_again(open_page: Opener, gate: Gate) -> None:
    gate.expected = ("503",)
    page = open_page("/?m=9/20/100&l=transport")
    page.route("**/collections/transport/tiles/**", lambda route: route.fulfill(status=503, body=""))
    page.evaluate("([lng, lat]) => onemap.map.setView([lat, lng], 14, {animate: false})", list(PLACE))
    line = page.locator("[data-status-line]")
    expect(line).to_contain_text("没能载入：区位交通")
    page.unroute("**/collections/transport/tiles/**")
    line.get_by_role("button", name="重试").click()
    ready(page)
    expect(line).to_be_hidden()
    assert page.evaluate(PAINTED, "transport") > 10


def test_a_failing_list_keeps_the_map_and_can_be_tried_again(open_page: Opener, gate: Gate) -> None:
    gate.expected = ("500",)
    page = open_page(f"/?{HERE}")
    page.route("**/map/list?*", lambda route: route.fulfill(
        status=500, content_type="application/problem+json", body='{"detail": "坏了", "request_id": "abc123"}'))  # fmt: skip
    page.locator("[data-kind=projects]").click()
    rows = page.locator("[data-list-rows]")
    expect(rows).to_contain_text("坏了")
    expect(rows).to_contain_text("abc123")
    page.unroute("**/map/list?*")
    rows.get_by_role("button", name="重试").click()
    expect(rows.locator(".row")).to_have_count(1)


def test_an_empty_list_says_why_and_what_next(open_page: Opener) -> None:
    page = open_page("/?l=parcels&m=16/29.35/121.75&k=projects")
    rows = page.locator("[data-list-rows]")
    expect(rows).to_contain_text("地图范围内没有项目")
    rows.get_by_role("button", name="看全县").click()
    expect(rows.locator(".row")).to_have_count(1)


def test_the_keyboard_reaches_a_card_and_comes_back(open_page: Opener) -> None:
    page = open_page(f"/?{HERE}")
    page.keyboard.press("/")
    expect(page.get_by_role("combobox", name="查找")).to_be_focused()
    row = page.locator("[data-list-rows] .row").first
    row.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-card] h2")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("[data-card]")).to_be_hidden()
    expect(page.locator("[data-list-rows] .row").first).to_be_focused()


def test_the_dark_theme_repaints_the_map_and_is_kept(open_page: Opener) -> None:
    page = open_page(f"/?{HERE}")
    land = [PLACE[0] + 0.018, PLACE[1] + 0.004]
    assert page.evaluate(COLOUR_AT, land)[:3] == [0xF8, 0xF6, 0xF0]
    page.get_by_role("button", name="深色").click()
    assert page.evaluate(COLOUR_AT, land)[:3] == [0x23, 0x2B, 0x31]
    page.reload()
    ready(page)
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate(COLOUR_AT, land)[:3] == [0x23, 0x2B, 0x31]


def test_one_feature_is_restyled_without_a_request(open_page: Opener) -> None:
    page = open_page(f"/?{HERE}")
    found = page.evaluate(
        "([lng, lat]) => { const l = onemap.layers.get('parcels').at(L.latLng(lat, lng)); return {id: l.id, status: l.props.status}; }",
        [PLACE[0] - 0.0085, PLACE[1] - 0.004],
    )
    assert found["status"] == "AVAILABLE"
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate("(id) => onemap.layers.get('parcels').patch(id, {status: 'RESTRICTED'})", found["id"])
    after = page.evaluate(
        "([lng, lat]) => onemap.layers.get('parcels').at(L.latLng(lat, lng)).props.status",
        [PLACE[0] - 0.0085, PLACE[1] - 0.004],
    )
    assert after == "RESTRICTED"
    painted = page.evaluate(PAINTED, "parcels")
    page.evaluate("() => onemap.layers.get('parcels').setFilter((props) => props.status === 'RESTRICTED')")
    assert 0 < page.evaluate(PAINTED, "parcels") < painted
    assert asked == []


def test_a_phone_has_a_sheet_a_card_and_no_page_that_scrolls(open_page: Opener) -> None:
    page = open_page("/?l=parcels", phone=True)
    panel = page.locator("[data-list]")
    assert panel.get_attribute("data-sheet") == "peek"
    page.locator("[data-sheet-handle]").click()
    expect(panel).to_have_attribute("data-sheet", "half")
    page.locator("[data-list-rows] .row").nth(1).click()
    expect(page.locator("[data-card] h2")).to_be_visible()
    box = page.locator("[data-card]").bounding_box()
    assert box is not None
    assert box["width"] == pytest.approx(390, abs=1)
    shape = page.locator("path.selected-shape").bounding_box()
    assert shape is not None
    assert 0 < shape["y"] < box["y"], "the selected plot is above the card"
    assert page.evaluate("[scrollX, scrollY, document.documentElement.scrollWidth]") == [0, 0, 390]
    small = page.evaluate(
        "() => [...document.querySelectorAll('button, a.button, summary')].filter((e) => e.offsetParent && e.getBoundingClientRect().height < 43.5 && !e.matches('[data-sheet-handle]')).map((e) => e.outerHTML.slice(0, 80))"
    )
    assert small == []


def test_without_scripts_the_list_leads_to_the_pages(open_page: Opener) -> None:
    page = open_page("/", script=False)
    expect(page.locator("noscript + ol, ol.rows").first).to_contain_text("城东0号地块")
    page.get_by_role("link", name=re.compile("城东0号地块")).click()
    expect(page.locator("h1")).to_have_text("城东0号地块")


DRAWN = "onemap.overlay.drawn()"
OVERLAPS = """() => {
  const {labels, marks, rings} = onemap.overlay.drawn(), hit = (a, b) => a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1], found = [];
  labels.forEach((label, i) => {
    for (const other of labels.slice(i + 1)) if (hit(label.box, other.box)) found.push([label.text, other.text]);
    for (const box of [...marks, ...rings.map((ring) => ring.box)]) if (hit(label.box, box)) found.push([label.text, "mark"]);
  });
  return found;
}"""


def shown_lines(page: Page, layer: str) -> list[str]:
    """Words of the legend's lines of a layer that stand there now."""
    return page.locator(f"[data-legend={layer}]:not([hidden])").all_inner_texts()


def test_no_label_covers_a_mark_or_another_and_plots_are_called_by_number(open_page: Opener) -> None:
    page = open_page(f"/?m=15.5/{PLACE[1]}/{PLACE[0]}")
    texts = [label["text"] for label in page.evaluate(DRAWN)["labels"]]
    assert "1号" in texts
    assert page.evaluate(OVERLAPS) == []
    page.evaluate("([lng, lat]) => onemap.map.setView([lat, lng], 10, {animate: false})", list(PLACE))
    ready(page)
    assert page.evaluate(OVERLAPS) == []
    page.evaluate("([lng, lat]) => onemap.map.setView([lat, lng], 15, {animate: false})", [PLACE[0], PLACE[1] + 0.013])
    ready(page)
    assert "示例站（规划）" in [label["text"] for label in page.evaluate(DRAWN)["labels"]], (
        "what is planned says so in words"
    )


def test_the_legend_says_what_is_on_the_map_and_no_more(open_page: Opener) -> None:
    page = open_page(f"/?m=15/{PLACE[1]}/{PLACE[0]}")
    assert "可供应" in shown_lines(page, "parcels")
    assert shown_lines(page, "projects") == ["签约"]
    assert shown_lines(page, "transport") == ["国道", "车站", "规划"]
    expect(page.locator("[data-legend-rings]")).to_be_hidden()
    page.evaluate("([lng, lat]) => onemap.map.setView([lat, lng], 15, {animate: false})", [PLACE[0] - 0.118, PLACE[1]])
    ready(page)
    assert shown_lines(page, "projects") == []
    assert shown_lines(page, "parcels") == ["未知"]
    page.evaluate("([lng, lat]) => onemap.map.setView([lat, lng], 10, {animate: false})", list(PLACE))
    ready(page)
    expect(page.locator("[data-legend-rings]")).to_be_visible()
    assert "可供应" in shown_lines(page, "parcels")
    panel, stage = page.locator("[data-legend-panel]").bounding_box(), page.locator("[data-map]").bounding_box()
    assert panel is not None
    assert stage is not None
    assert panel["height"] <= 0.41 * stage["height"]


def test_factories_and_offices_are_switched_apart_and_a_preset_sets_all(open_page: Opener) -> None:
    page = open_page(f"/?l=buildings&m=16/{PLACE[1] + 0.003}/{PLACE[0] + 0.0025}")
    kinds = "[...new Set([...onemap.layers.get('buildings')._tiles ? Object.values(onemap.layers.get('buildings')._tiles) : []].flatMap(({el}) => el.tile.data ? el.tile.data.props.filter((p) => onemap.layers.get('buildings').isShown(p)).map((p) => p.kind) : []))].sort().join()"
    assert page.evaluate(kinds) == "factory,office", "an old address means both"
    page.locator("[data-layer-panel] > summary").click()
    page.locator("[data-layer=factories]").uncheck()
    assert page.evaluate(kinds) == "office"
    assert "l=offices" in page.url
    expect(page.locator("[data-layer-count=factories]")).to_have_text("1")
    page.get_by_role("button", name="投资选址").click()
    expect(page.get_by_role("button", name="投资选址")).to_have_attribute("aria-pressed", "true")
    assert "l=parks,featured_towns,parcels,factories,offices,transport" in page.url
    page.get_by_role("button", name="默认").click()
    assert "l=" not in page.url


def test_enterprises_show_their_chain(open_page: Opener) -> None:
    page = open_page(f"/?l=enterprises,policies&m=15/{PLACE[1]}/{PLACE[0]}")
    assert shown_lines(page, "enterprises") == ["临港装备"]
    assert shown_lines(page, "policies") == ["用地"]
    assert "第五条" in [label["text"] for label in page.evaluate(DRAWN)["labels"]]


def test_the_county_has_neighbours_and_waters(open_page: Opener) -> None:
    page = open_page(f"/?l=-&m=10/{PLACE[1]}/{PLACE[0]}")
    until(page, "document.querySelectorAll('path.beyond-shape').length === 1")
    until(page, "onemap.overlay.drawn().labels.some((label) => label.text === '东海')")
