"""Everyone gets through: with keys alone, with less motion, without WebGL, on a slow phone, over a hostile name, in every state."""

from __future__ import annotations

import gzip
import io
import os
import re
import shutil
from collections.abc import Iterator
from datetime import date

import httpx
import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader
from sqlalchemy import create_engine

from geo.db import driver_url
from geo.registry.search.commands import write_due
from tests.browser.conftest import Gate, Opener, until
from tests.browser.county import COUNTY, PLACE, Builder, _box
from tests.browser.test_map import PAINTED, ready
from tests.plugins.door import QUIET

HERE = f"/?l=parcels&m=15/{PLACE[1]}/{PLACE[0]}"
FIRST_SCREEN_MAX_BYTES = 250_000

FOCUS = """() => { const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
  return {tag: e.tagName, text: (e.getAttribute('aria-label') || e.textContent || e.value || '').trim().slice(0, 60),
    ring: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 || s.boxShadow !== 'none',
    seen: r.width > 0 && r.height > 0 && r.right > 0 && r.bottom > 0 && r.left < innerWidth && r.top < innerHeight}; }"""


def tab_to(page: Page, selector: str, most: int = 60, key: str = "Tab") -> None:
    """Press Tab until an element that fits has the focus; each stop on the way is visible and has a ring."""
    for _ in range(most):
        page.keyboard.press(key)
        stop = page.evaluate(FOCUS)
        assert stop["tag"] != "BODY" or page.evaluate("document.hasFocus()"), "the focus left the page"
        if stop["tag"] != "BODY":
            assert stop["seen"], f"focus is on something unseen: {stop}"
            assert stop["ring"], f"no ring around {stop}"
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{most} steps of {key} never reached {selector}")


def test_keys_alone_lead_through_everything(open_page: Opener) -> None:
    page = open_page(f"{HERE}&v=2")
    press = page.keyboard.press
    tab_to(page, ".skip", 1)
    press("Enter")
    tab_to(page, "[data-kind=parcels], [data-sheet-handle], .wishes button", 4)
    # filter: open, set, close, take back
    tab_to(page, "[data-filter-open]")
    press("Enter")
    expect(page.locator("[data-filters] h2")).to_be_focused()
    tab_to(page, "[data-filters] input[value=AVAILABLE]")
    press("Space")
    expect(page.locator("[data-filter-done]")).to_have_text(re.compile("^查看 [1-7] 个结果$"))
    press("Escape")
    expect(page.locator("[data-filter-open]")).to_be_focused()
    tab_to(page, "[data-chips] .chip", 2)
    press("Enter")
    expect(page.locator("[data-list-rows] .row")).to_have_count(8)
    expect(page.locator("[data-filter-open]")).to_be_focused()
    # another kind, and back
    tab_to(page, "[data-kind=factories]", 30, "Shift+Tab")
    press("Enter")
    expect(page.locator("[data-list-rows] .row")).to_have_count(1)
    expect(page.locator("[data-kind=factories]")).to_be_focused()
    tab_to(page, "[data-kind=parcels]", 3, "Shift+Tab")
    press("Enter")
    expect(page.locator("[data-list-rows] .row")).to_have_count(8)
    # a thing, its actions, the comparison
    tab_to(page, "[data-list-rows] .row")
    opened = page.evaluate("document.activeElement.dataset.code")
    press("Enter")
    expect(page.locator("[data-card] h2")).to_be_focused()
    tab_to(page, "[data-card] [data-compare]")
    press("Enter")
    expect(page.locator("[data-tray]")).to_be_visible()
    press("ArrowRight")
    expect(page.locator("[data-card] h2")).to_be_focused()
    press("Escape")
    expect(page.locator("[data-card]")).to_be_hidden()
    assert page.evaluate("document.activeElement.matches('[data-list-rows] .row')"), f"focus was lost after {opened}"
    # layers, measuring, and the map itself
    press("l")
    expect(page.locator("[data-layer-panel] summary")).to_be_focused()
    tab_to(page, "[data-layer=parks]", 20)
    press("Space")
    press("Escape")
    expect(page.locator("[data-layer-panel] summary")).to_be_focused()
    tab_to(page, "[data-do=measure]", 40)
    press("Enter")
    expect(page.locator(".folium-map")).to_be_focused()
    for key in ("Enter", "ArrowRight", "Enter"):
        press(key)
    until(page, "document.querySelector('[data-measure-result]').textContent.length > 0")
    press("Escape")
    expect(page.locator("[data-do=measure]")).to_be_focused()
    # search from anywhere, and the comparison's page
    press("/")
    page.keyboard.type("chengdong")
    expect(page.locator("[data-search-list] [role=option]").first).to_be_visible()
    press("Escape")
    press("Escape")
    tab_to(page, "[data-tray] a", 80)
    press("Enter")
    page.wait_for_url(re.compile("/compare"))
    tab_to(page, ".compare-name a", 40)
    press("Enter")
    page.wait_for_url(re.compile("/parcels/"))
    tab_to(page, ".skip", 1)
    press("Enter")
    tab_to(page, "main a, main button", 2)


HOSTILE = "<script>document.title='hit'</script>\u202e示例\u2066\U0001f469\u200d\U0001f692" + "长" * 4900


@pytest.fixture
def hostile(county_url: str) -> Iterator[str]:
    """A plot whose name wants to be markup, turns the line round and never ends; the code of it."""
    with psycopg.connect(county_url, autocommit=True) as connection:
        Builder(connection).thing("parcel", "HOST", HOSTILE, HOSTILE, _box(-0.02, 0.02, 0.004, 0.004), town_code="T1")
        with create_engine(driver_url(county_url)).begin() as written:
            write_due(written)
        yield "HOST"
        connection.execute("delete from register.parcel where code = 'HOST'")


def test_a_hostile_name_is_only_a_name_wherever_it_is_shown(open_page: Opener, site: str, hostile: str) -> None:
    page = open_page(f"/?l=parcels&o=code&m=15/{PLACE[1] + 0.02}/{PLACE[0] - 0.02}&id=parcels:{hostile}", phone=True)
    expect(page.locator("[data-card] h2")).to_contain_text("<script>")
    for path in (
        f"/?l=parcels&m=16/{PLACE[1] + 0.022}/{PLACE[0] - 0.018}", f"/parcels/{hostile}", f"/compare?ids=parcels:{hostile},parcels:P0",
        f"/search?q={hostile}", "/?k=parcels&o=code&w=all",
    ):  # fmt: skip
        page.goto(path)
        expect(page.locator("body")).to_contain_text("document.title")
        assert page.title() != "hit", path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    with httpx.Client(base_url=site, timeout=60) as client:
        picture = client.get(f"/parcels/{hostile}/share.png")
        assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
        paper = client.get(f"/parcels/{hostile}.pdf")
        assert (paper.status_code, paper.content[:5]) == (200, b"%PDF-")
        assert len(PdfReader(io.BytesIO(paper.content)).pages) == 1


def test_the_first_screen_is_light(site: str) -> None:
    """Script and style the map loads before it is ready, gzipped."""
    with httpx.Client(base_url=site, headers={"accept-encoding": "gzip"}) as client:
        html = client.get("/").raise_for_status().text
        files = set(re.findall(r'(?:src|href)="(/static/[^"]+\.(?:js|css))"', html))
        sizes = {file: len(gzip.compress(client.get(file).content)) for file in files}
        inline = sum(
            len(gzip.compress(part.encode())) for part in re.findall(r"<script[^>]*>(.+?)</script>", html, re.S)
        )
    assert len(files) >= 4, files
    assert sum(sizes.values()) + inline < FIRST_SCREEN_MAX_BYTES, (sizes, inline)


def test_built_files_go_out_compressed_to_whom_takes_it(site: str) -> None:
    with httpx.Client(base_url=site) as client:
        at = re.findall(r"/static/vendor/map-\w+\.js", client.get("/").text)[0]
        packed = client.get(at, headers={"accept-encoding": "br, gzip"})
        plain = client.get(at, headers={"accept-encoding": "gzip;q=0, identity"})
        again = client.get(at, headers={"accept-encoding": "gzip", "if-none-match": packed.headers["etag"]})
    assert (packed.headers["content-encoding"], "content-encoding" in plain.headers) == ("gzip", False)
    assert packed.content == plain.content  # httpx unpacks what says it is packed
    assert int(packed.headers["content-length"]) < len(plain.content) / 2 == int(plain.headers["content-length"]) / 2
    assert packed.headers["content-type"] == plain.headers["content-type"] == "text/javascript; charset=utf-8"
    assert packed.headers["etag"] != plain.headers["etag"]
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("lang", "title", "door"), [("zh", "没有这个县", "打开默认的县"), ("en", "There is no such county", "Open the default county")]
)  # fmt: skip
def test_a_county_that_is_not_here_leads_to_the_one_that_is(
    open_page: Opener, gate: Gate, lang: str, title: str, door: str
) -> None:
    gate.expected = ("404",)
    page = open_page(f"/?county=nowhere&lang={lang}", ready=False, script=False)
    expect(page.locator("h1")).to_have_text(title)
    expect(page.locator("main")).to_contain_text("nowhere")
    page.get_by_role("link", name=door).click()
    expect(page.locator("ol.rows a.row").first).to_be_visible()


def test_old_data_is_said_beside_its_date(open_page: Opener, county_url: str) -> None:
    fresh = open_page("/", script=False)
    expect(fresh.locator(".notice .review")).to_contain_text(re.compile(r"数据截至 \d{4}-\d\d-\d\d"))
    expect(fresh.locator("[data-stale]")).to_have_count(0)
    with psycopg.connect(county_url, autocommit=True) as connection:
        connection.execute(
            "update register.project set data_date = %s where county_code = %s", [date(2020, 1, 2), COUNTY]
        )
        try:
            page = open_page("/?lang=en", phone=True)
            expect(page.locator("[data-stale]")).to_have_text("Projects: data of 2020-01-02, not updated lately")
            assert page.evaluate("document.documentElement.scrollWidth") == 390
            page.locator("[data-stale]").click()
            expect(page.locator("main")).to_contain_text("2020-01-02")
        finally:
            connection.execute("update register.project set data_date = null where county_code = %s", [COUNTY])


@pytest.fixture(scope="module")
def plain_machine(chromium: Browser) -> Iterator[Browser]:
    """A browser of a machine that has no WebGL at all."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    browser = chromium.browser_type.launch(executable_path=program, args=[*QUIET, "--disable-3d-apis", "--disable-gpu"])
    yield browser
    browser.close()


def test_without_webgl_and_with_less_motion_the_map_is_there_at_once(plain_machine: Browser, site: str) -> None:
    context = plain_machine.new_context(base_url=site, reduced_motion="reduce", locale="zh-CN")
    page = context.new_page()
    page.goto(f"{HERE}&id=parcels:P0")
    ready(page)
    assert page.evaluate("document.createElement('canvas').getContext('webgl')") is None
    assert page.evaluate(PAINTED, "parcels") > 0
    expect(page.locator("[data-card] h2")).to_be_visible()
    for move in ("map.setZoom(map.getZoom() + 1)", "map.panBy([200, 0])", "map.flyTo([29.4, 121.8], 13)"):
        there = f"(() => {{ const map = onemap.map, before = map.getCenter(); {move}; return [map._animatingZoom || false, Boolean(map._panAnim && map._panAnim._inProgress), before.equals(map.getCenter()) && map.getZoom()]; }})()"
        animating, panning, _ = page.evaluate(there)
        assert (animating, panning) == (False, False), move
    ready(page)
    assert page.evaluate("document.getAnimations().length") == 0
    context.close()


def test_a_slow_phone_gets_there_and_stays_usable(open_page: Opener) -> None:
    page = open_page("/login", phone=True)
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000})  # fmt: skip
    page.set_default_timeout(90_000)
    page.goto(HERE, wait_until="commit")
    page.wait_for_selector('html[data-ready="1"]', state="attached")
    page.locator("[data-list-rows] .row").first.click()
    expect(page.locator("[data-card] h2")).to_be_visible(timeout=60_000)


@pytest.mark.parametrize(
    "path", ["/parcels/P1", "/park_works/PK-W1", "/catalogue", "/rules", "/login", "/nothing-here"]
)
def test_a_county_with_a_long_name_leaves_a_phone_its_buttons(open_page: Opener, gate: Gate, path: str) -> None:
    gate.expected = ("404",)
    page = open_page(f"{path}?lang=en", phone=True)
    page.evaluate(
        "document.querySelector('.mark-home strong').textContent = 'Weihui and Upper Xiangshan County One Map'"
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    link = page.locator(".tools a").last.bounding_box()
    assert link is not None
    assert link["x"] + link["width"] <= 390
    name = page.locator(".mark-home strong").bounding_box()
    assert name is not None
    assert name["height"] <= 56


def test_without_scripts_a_phone_filters_and_pages(open_page: Opener) -> None:
    page = open_page("/?county=US-X&o=code&lang=en", phone=True, script=False)
    rows = page.locator("ol.rows a.row")
    expect(rows).to_have_count(30)
    page.locator("[data-filters-box] summary").click()
    page.get_by_label("Name or code", exact=True).fill("Lot 3")
    page.get_by_role("button", name="Apply").first.click()
    expect(rows).to_have_count(11)
    assert "county=US-X" in page.url
    page.locator(".chips .chip").click()
    page.get_by_role("link", name="Next page").click()
    expect(rows).to_have_count(10)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    rows.last.click()
    expect(page.locator("h1")).to_have_text("Lot 39")
