"""The industry structure on the map: a wheel of firms by chain per town from afar, per park from near."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import psycopg
import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy.engine import make_url

from ops.database import APP_ROLE
from tests.browser.conftest import Opener, until
from tests.browser.county import COUNTY, OTHER, PASSWORD, PLACE, Builder, fill
from tests.browser.test_accessibility import violations
from tests.browser.test_map import ready
from tests.plugins.door import open_door, whole_service
from tests.plugins.postgis import APP_PASSWORD, fresh

FAR = f"m=10.5/{PLACE[1]}/{PLACE[0] - 0.06}"
NEAR = f"m=14/{PLACE[1]}/{PLACE[0]}"
WHEELS = "onemap.overlay.drawn().wheels.map(({name, total}) => `${name} ${total}`).sort()"
HITS = """() => {
  const {wheels, rings, labels, marks} = onemap.overlay.drawn(), hit = (a, b) => a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1];
  const boxes = [...wheels, ...rings].map(({box}) => box), found = [];
  boxes.forEach((box, i) => { for (const other of boxes.slice(i + 1)) if (hit(box, other)) found.push([box, other]); });
  for (const {box, text} of labels) for (const other of boxes) if (hit(box, other)) found.push([text, other]);
  return found;
}"""

Site = tuple[str, str]


@pytest.fixture(scope="module")
def county(postgis_server: str, template_database: str) -> Iterator[Site]:
    """The service over the county with more firms in it: its address, and the owner's way into the database."""
    for url in fresh(postgis_server, template_database):
        fill(url)
        with psycopg.connect(url) as connection:
            b = Builder(connection)
            b.add("chain", county_code=COUNTY, code="C2", name="海洋新材料", name_en="Marine materials")
            for code, chain, town, dx, dy, state in (
                ("E2", "C1", "T1", 0.006, 0.005, "published"),
                ("E3", "C2", "T1", 0.0065, -0.004, "published"),
                ("E4", "C2", "T1", 0.03, 0.03, "published"),
                ("E5", None, "T2", -0.12, 0.0, "published"),
                ("E6", "C1", None, 0.15, -0.1, "published"),
                ("E7", "C2", "T1", 0.03, -0.03, "published"),
                ("HID", "C2", "T1", 0.005, 0.005, "internal"),
            ):
                place = f"SRID=4490;POINT({PLACE[0] + dx} {PLACE[1] + dy})"
                b.thing("enterprise", code, f"示例{code}", f"Sample {code}", place, chain_code=chain, town_code=town,
                        size_class="small", publication_state=state)  # fmt: skip
            b.thing(
                "enterprise",
                "X1",
                "别处示例",
                "Sample elsewhere",
                "SRID=4490;POINT(-75.15 39.95)",
                county_code=OTHER,
                unit_code=None,
            )
            connection.execute("update register.enterprise set town_code = 'T1' where code = 'E1'")
            connection.commit()
        app_url = make_url(url).set(username=APP_ROLE, password=APP_PASSWORD)
        with open_door(whole_service(app_url.render_as_string(hide_password=False))) as address:
            yield address, url


def told(http: httpx.Client, query: str = "") -> dict[str, list[list[object]]]:
    """Key (collection:code) -> [chain, firms], of what /map/structure answers."""
    answer = http.get(f"/map/structure?{query}")
    assert answer.status_code == 200, answer.text
    places = answer.json()["places"]
    assert all(place["n"] == sum(n for _, n in place["by"]) for place in places)
    return {f"{place['collection']}:{place['code']}": place["by"] for place in places}


def of(page: Page, key: str) -> Locator:
    return page.locator(f"[data-diagram='{key}']")


def tip(page: Page) -> Locator:
    return page.locator("[data-diagram-tip]")


PUBLIC = {
    "admin_areas:T1": [["C2", 3], ["C1", 2]],
    "admin_areas:T2": [["", 1]],
    "admin_areas:": [["C1", 1]],
    "parks:PK": [["C1", 2], ["C2", 1]],
}


def test_the_public_is_told_of_published_firms_only(county: Site) -> None:
    with httpx.Client(base_url=county[0], timeout=30) as http:
        assert told(http) == PUBLIC
        signed_in = http.post("/login", data={"username": "bureau", "password": PASSWORD, "next": "/"})
        assert signed_in.status_code == 303
        assert told(http)["parks:PK"] == [["C1", 2], ["C2", 2]]
        assert told(http)["admin_areas:T1"] == [["C2", 4], ["C1", 2]]


def test_filters_of_the_firms_narrow_the_wheels_and_others_do_not(county: Site) -> None:
    with httpx.Client(base_url=county[0], timeout=30) as http:
        assert told(http, "v=2&cp=C2") == {"admin_areas:T1": [["C2", 3]], "parks:PK": [["C2", 1]]}
        assert told(http, "v=2&tn=T2") == {"admin_areas:T2": [["", 1]]}
        assert told(http, "v=2&st=AVAILABLE") == PUBLIC
        assert told(http, "lang=en&cp=nowhere&v=2") == {}


def test_a_park_s_wheel_counts_what_its_page_counts(county: Site, open_page: Opener) -> None:
    page = open_page("/parks/PK", door=county[0])
    expect(page.locator("section[aria-labelledby=structure]")).to_contain_text("公开企业 3 家")


def test_wheels_come_and_go_with_the_layer(county: Site, open_page: Opener) -> None:
    page = open_page(f"/?{FAR}&l=parks", door=county[0])
    assert page.evaluate(WHEELS) == []
    expect(page.locator("[data-legend-structure]")).to_be_hidden()
    page.locator("[data-layer-panel] > summary").click()
    page.locator("[data-layer='enterprises']").check()
    until(page, f"{WHEELS}.length === 3")
    assert page.evaluate(WHEELS) == ["丹东街道 5", "未划入乡镇 1", "西周镇 1"]
    expect(page.locator("[data-legend-structure]")).to_be_visible()
    assert "海洋新材料" in page.locator("[data-legend=enterprises]:not([hidden])").all_inner_texts()
    page.locator("[data-layer='enterprises']").uncheck()
    until(page, f"{WHEELS}.length === 0")
    expect(page.locator("[data-diagram]")).to_have_count(0)


def test_over_a_whole_county_wheels_stand_for_its_firms_and_without_towns_the_firms_themselves(
    county: Site, open_page: Opener
) -> None:
    page = open_page(f"/?m=10.2/{PLACE[1]}/{PLACE[0] - 0.06}&l=enterprises", door=county[0])
    until(page, f"{WHEELS}.length > 0")
    assert page.evaluate("onemap.overlay.drawn().marks") == []
    assert "海洋新材料" in page.locator("[data-legend=enterprises]:not([hidden])").all_inner_texts()
    page.evaluate("onemap.map.setZoom(11.2)")
    until(page, "onemap.overlay.drawn().marks.length > 0")
    elsewhere = open_page(f"/?county={OTHER}&m=10.2/39.95/-75.15&l=enterprises", door=county[0])
    until(elsewhere, "onemap.overlay.drawn().marks.length === 1")
    assert elsewhere.evaluate(WHEELS) == []


def test_from_near_a_park_has_its_wheel_and_its_name_once(county: Site, open_page: Opener) -> None:
    page = open_page(f"/?{NEAR}&l=parks,enterprises", door=county[0])
    assert page.evaluate(WHEELS) == ["城东工业园 3"]
    assert page.evaluate("onemap.overlay.drawn().wheels[0].label") is None, "the layer of parks has written it"
    assert page.evaluate(HITS) == []
    alone = open_page(f"/?{NEAR}&l=enterprises", door=county[0])
    assert alone.evaluate("onemap.overlay.drawn().wheels[0].label") is not None
    alone.evaluate("([lng, lat]) => onemap.map.setView([lat, lng], 11.5, {animate: false})", list(PLACE))
    ready(alone)
    assert alone.evaluate(WHEELS) == [], "too small on the screen"


@pytest.mark.parametrize("phone", [False, True])
def test_beside_the_rings_of_plots_there_is_room_for_both(county: Site, open_page: Opener, phone: bool) -> None:
    page = open_page(f"/?{FAR}&l=parcels,enterprises", door=county[0], phone=phone)
    drawn = page.evaluate("onemap.overlay.drawn()")
    assert drawn["rings"]
    assert drawn["wheels"]
    assert sum(wheel["total"] for wheel in drawn["wheels"]) == 7
    assert page.evaluate(HITS) == []


def test_the_pointer_is_told_chains_and_numbers_and_a_click_opens(county: Site, open_page: Opener) -> None:
    page = open_page(f"/?{FAR}&l=enterprises", door=county[0])
    of(page, "admin_areas:T1").hover()
    expect(tip(page)).to_be_visible()
    expect(tip(page).locator(".diagram-name")).to_have_text(re.compile("丹东街道\\s*企业 5 家"))
    assert [text.split() for text in tip(page).locator("li").all_inner_texts()] == [
        ["海洋新材料", "3"],
        ["临港装备", "2"],
    ]
    assert tip(page).locator("li svg.mark").count() == 2
    page.keyboard.press("Escape")
    expect(tip(page)).to_be_hidden()
    of(page, "admin_areas:T1").click()
    expect(page.locator("[data-card] h2")).to_have_text("丹东街道")
    assert "id=admin_areas:T1" in page.url.replace("%3A", ":")


def test_the_keyboard_goes_from_wheel_to_wheel_and_in(county: Site, open_page: Opener) -> None:
    page = open_page(f"/?{FAR}&l=enterprises", door=county[0])
    assert page.locator("[data-diagram][tabindex='0']").count() == 1
    first = page.locator("[data-diagram]").first
    first.focus()
    expect(tip(page)).to_contain_text("丹东街道")
    expect(first).to_have_attribute("aria-label", "丹东街道，企业 5 家：海洋新材料 3 家、临港装备 2 家")
    page.keyboard.press("End")
    expect(tip(page)).not_to_contain_text("丹东街道")
    page.keyboard.press("Home")
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[data-card] h2")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("[data-card]")).to_be_hidden()
    # the map went nearer: the wheel it came from is not there any more
    expect(page.locator(".leaflet-container")).to_be_focused()


def test_a_tap_tells_and_the_next_opens(county: Site, open_page: Opener) -> None:
    page = open_page(
        f"/?m=14/{PLACE[1] - 0.006}/{PLACE[0]}&l=enterprises&lang=en", door=county[0], phone=True, dark=True
    )
    of(page, "parks:PK").tap()
    expect(tip(page)).to_contain_text("3 firms")
    expect(tip(page).locator("li").first).to_contain_text("Port equipment")
    expect(page.locator("[data-card]")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert violations(page) == []
    tip(page).get_by_role("button", name="Open").tap()
    expect(page.locator("[data-card] h2")).to_have_text("East Park")


def test_no_barriers(county: Site, open_page: Opener) -> None:
    page = open_page(f"/?{FAR}&l=parcels,enterprises", door=county[0])
    page.locator("[data-diagram]").first.focus()
    expect(tip(page)).to_be_visible()
    assert violations(page) == []


def test_an_open_map_follows_what_is_published(county: Site, open_page: Opener) -> None:
    page = open_page(f"/?{NEAR}&l=parks,enterprises", door=county[0])
    assert page.evaluate(WHEELS) == ["城东工业园 3"]
    for state, shown in (("published", 4), ("internal", 3)):
        with psycopg.connect(county[1]) as connection:
            connection.execute("update register.enterprise set publication_state = %s where code = 'HID'", [state])
        until(page, f"{WHEELS}.join() === '城东工业园 {shown}'")
