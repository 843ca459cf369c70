"""An open map stays true: a change made elsewhere is seen in every tab of a browser, over one stream, without a reload."""

from __future__ import annotations

import time
from collections.abc import Iterator

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response
from sqlalchemy.engine import make_url

from ops.database import APP_ROLE
from tests.browser.conftest import until
from tests.browser.county import COUNTY, PLACE, fill
from tests.plugins.door import open_door, whole_service
from tests.plugins.postgis import APP_PASSWORD, fresh

TABS = 8
CODE = "P5"
PATH = f"/?l=parcels&m=15/{PLACE[1]}/{PLACE[0]}"
STATUS = f"""(() => {{
  let found = null;
  onemap.layers.get("parcels").eachTile((canvas) => {{ for (const p of canvas.tile.data.props) if (p.code === "{CODE}") found = p.status || ""; }});
  return found;
}})()"""
PICTURE = """(() => {
  let all = "";
  onemap.layers.get("parcels").eachTile((canvas) => { all += canvas.toDataURL(); });
  return all;
})()"""
COUNTED = 'document.querySelector("[data-list-count]").textContent'


@pytest.fixture(scope="module")
def live(postgis_server: str, template_database: str) -> Iterator[tuple[str, str]]:
    """The service over a county of its own: its address, and the owner's way into the database."""
    for url in fresh(postgis_server, template_database):
        fill(url)
        app_url = make_url(url).set(username=APP_ROLE, password=APP_PASSWORD)
        with open_door(whole_service(app_url.render_as_string(hide_password=False))) as address:
            yield address, url


@pytest.fixture
def context(chromium: Browser, live: tuple[str, str]) -> Iterator[BrowserContext]:
    """One browser of one person."""
    made = chromium.new_context(viewport={"width": 700, "height": 500}, base_url=live[0], locale="zh-CN")
    made.set_default_timeout(20_000)
    yield made
    made.close()


def opened(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto(PATH)
    page.wait_for_selector('html[data-ready="1"]', state="attached")
    return page


def record(url: str, status: str) -> None:
    """A status recorded elsewhere."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "insert into register.fact (county_code, subject_kind, subject_id, kind, value_text, effective_on) "
            "select county_code, 'parcel', id, 'status', %s, current_date - 1 from register.parcel where code = %s and county_code = %s",
            [status, CODE, COUNTY],
        )


def test_eight_tabs_share_one_stream_and_all_take_the_new_colour(
    context: BrowserContext, live: tuple[str, str]
) -> None:
    streams: list[str] = []
    context.on("request", lambda r: streams.append(r.url) if "/v1/events" in r.url else None)
    tabs = [opened(context) for _ in range(TABS)]
    before = [page.evaluate(STATUS) for page in tabs]
    assert len(set(before)) == 1
    wanted = "RESTRICTED" if before[0] != "RESTRICTED" else "IN_USE"
    pictures = [page.evaluate(PICTURE) for page in tabs]
    record(live[1], wanted)
    for page in tabs:
        until(page, f"{STATUS} === '{wanted}'")
    assert all(page.evaluate(PICTURE) != old for page, old in zip(tabs, pictures, strict=True))
    assert len(streams) == 1


def test_an_open_map_follows_within_a_second_and_its_counts_too(context: BrowserContext, live: tuple[str, str]) -> None:
    page = opened(context)
    record(live[1], "AVAILABLE")
    until(page, f"{STATUS} === 'AVAILABLE'")
    took = []
    for status in ("IN_USE", "AVAILABLE", "IN_USE"):
        begun = time.monotonic()
        record(live[1], status)
        until(page, f"{STATUS} === '{status}'")
        took.append(time.monotonic() - begun)
    assert min(took) < 1.0, took
    counted = page.evaluate(COUNTED)
    with psycopg.connect(live[1], autocommit=True) as connection:
        connection.execute(
            "insert into register.parcel (county_code, code, name, geom, publication_state) select county_code, 'NEW-1', '新地块', geom, 'published' "
            "from register.parcel where code = %s and county_code = %s",
            [CODE, COUNTY],
        )
    until(page, f"{COUNTED} !== {counted!r}")


def test_when_the_tab_with_the_stream_closes_another_takes_it_over(
    context: BrowserContext, live: tuple[str, str]
) -> None:
    first, second = opened(context), opened(context)
    with second.expect_request("**/v1/events**"):
        first.close()
    record(live[1], "SUPPLIED")
    until(second, f"{STATUS} === 'SUPPLIED'")


def test_without_a_stream_a_page_asks_now_and_then(context: BrowserContext, live: tuple[str, str]) -> None:
    page = context.new_page()
    page.route("**/v1/events*", lambda r: r.continue_() if "f=json" in r.request.url else r.abort())
    with page.expect_response(lambda r: "f=json" in r.url and r.ok):
        page.goto(PATH)
    page.wait_for_selector('html[data-ready="1"]', state="attached")
    record(live[1], "RESERVE")
    until(page, f"{STATUS} === 'RESERVE'", 25)


def test_the_publics_tiles_name_their_version_and_only_those_that_changed_are_sent_again(
    context: BrowserContext, live: tuple[str, str]
) -> None:
    page = context.new_page()
    answers: list[Response] = []
    page.on("response", lambda r: answers.append(r) if "/tiles/WebMercatorQuad/" in r.url else None)
    page.goto(PATH)
    page.wait_for_selector('html[data-ready="1"]', state="attached")
    before = page.evaluate("onemap.config.live.versions.parcels")
    named = [r for r in answers if "/parcels/" in r.url]
    assert named
    assert all(f"v={before}" in r.url for r in named)
    assert {r.headers["cache-control"] for r in named} == {"public, max-age=31536000, immutable"}
    answers.clear()
    wanted = "RESTRICTED" if page.evaluate(STATUS) != "RESTRICTED" else "IN_USE"
    record(live[1], wanted)
    until(page, f"{STATUS} === '{wanted}'")
    after = page.evaluate("onemap.config.live.versions.parcels")
    assert after != before
    page.wait_for_function("!onemap.layers.get('parcels').isBusy()")
    again = [r for r in answers if f"v={after}" in r.url]
    assert {r.status for r in again} <= {200, 204, 304}
    assert sum(r.status == 200 for r in again) < len(named)
    assert any(r.status == 304 for r in again)


def test_a_page_that_cannot_learn_the_version_asks_for_tiles_as_they_are_now(
    context: BrowserContext, live: tuple[str, str]
) -> None:
    page = context.new_page()
    page.route("**/map/versions*", lambda r: r.abort())
    page.goto(PATH)
    page.wait_for_selector('html[data-ready="1"]', state="attached")
    wanted = "SUPPLIED" if page.evaluate(STATUS) != "SUPPLIED" else "AVAILABLE"
    with page.expect_response(lambda r: "/parcels/tiles/" in r.url and "v=" not in r.url) as told:
        record(live[1], wanted)
    assert told.value.headers["cache-control"] == "public, no-cache"
    until(page, f"{STATUS} === '{wanted}'")
