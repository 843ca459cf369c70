"""The land clock of a parcel: for staff only, one picture and one list from the same dates, at any moment, by keyboard and on a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import httpx
import psycopg
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Gate, Opener
from tests.browser.county import COUNTY, PASSWORD
from tests.browser.test_accessibility import violations

STRIP = re.compile(r"[0-9a-f]{32}")


@pytest.fixture(scope="module", autouse=True)
def dates(county_url: str) -> Iterator[None]:
    """INT lives a whole life, W1 one that contradicts itself; afterwards the ledger says what it said."""
    told: dict[str, dict[str, Any]] = {
        "INT": {"contract_on": date(2021, 3, 18), "agreed_delivery_on": date(2021, 6, 30), "agreed_start_on": date(2022, 6, 30),
               "agreed_completion_on": date(2024, 2, 29), "delivered_on": date(2021, 9, 15), "permit_on": date(2022, 7, 1),
               "started_on": date(2022, 11, 2), "suspended_since_on": date(2025, 12, 8)},
        "W1": {"contract_on": date(2022, 3, 1), "delivered_on": date(2022, 5, 1), "started_on": date(2022, 2, 1)},
    }  # fmt: skip
    with psycopg.connect(county_url) as c:
        for code, facts in told.items():
            for kind, value in facts.items():
                c.execute(
                    "insert into register.fact (county_code, subject_kind, subject_id, kind, value_date, effective_on, note) "
                    "select county_code, 'parcel', id, %s, %s, date '2021-01-01', 'clock-test' from register.parcel "
                    "where county_code = %s and code = %s",
                    [kind, value, COUNTY, code],
                )
        c.execute(
            "insert into register.clock_pause (county_code, parcel_id, from_on, to_on, cause, note) select county_code, id, "
            "date '2022-02-10', date '2022-05-20', 'GOVERNMENT_OTHER', 'clock-test' from register.parcel where county_code = %s and code = 'INT'",
            [COUNTY],
        )
    yield
    with psycopg.connect(county_url) as c:
        c.execute(
            "insert into register.fact (county_code, subject_kind, subject_id, kind, effective_on, retracts_fact_id) select county_code, "
            "subject_kind, subject_id, kind, effective_on, id from register.fact where note = 'clock-test'"
        )
        c.execute(
            "insert into register.clock_pause (county_code, parcel_id, retracts_pause_id) select p.county_code, p.parcel_id, p.id "
            "from register.clock_pause p where p.from_on is not null "
            "and not exists (select from register.clock_pause r where r.retracts_pause_id = p.id)"
        )


@pytest.fixture(scope="module")
def staff(site: str) -> Iterator[httpx.Client]:
    """Logged in as the bureau, without a browser."""
    with httpx.Client(base_url=site, headers={"Accept": "text/html", "Accept-Language": "zh-CN"}) as client:
        client.post("/login", data={"username": "bureau", "password": PASSWORD, "next": "/"})
        yield client


def test_the_public_is_answered_as_for_any_unknown_page(site: str) -> None:
    with httpx.Client(base_url=site, headers={"Accept": "text/html"}) as public:
        there, absent, unknown = (
            public.get(path) for path in ("/parcels/INT/clock", "/parcels/NOPE/clock", "/parcels/INT/nothing")
        )
    assert there.status_code == absent.status_code == unknown.status_code == 404
    pages = {
        STRIP.sub("", r.text).replace("/clock", "/nothing").replace("NOPE", "INT").replace("%2Fclock", "%2Fnothing")
        for r in (there, absent, unknown)
    }
    assert len({re.sub(r'nonce="[^"]*"', "", page) for page in pages}) == 1


def test_a_life_in_both_languages(staff: httpx.Client) -> None:
    page = staff.get("/parcels/INT/clock").text
    for said in ("约定动工</tspan> 2022-10-08", "原 2022-06-30，顺延 100 天", "2021-09-15（晚 77 天）", "2022-11-02（晚 25 天）", "停工 ", "停表 100 天",
                 "《闲置土地处置办法》第8条", "约定竣工</tspan> 2024-06-08", "不是认定结论"):  # fmt: skip
        assert said in page, said
    assert page.count('<li id="event-') == len(set(re.findall(r'<li id="(event-[^"]+)"', page)))
    english = staff.get("/parcels/INT/clock?lang=en").text
    for said in ("was 2022-06-30, +100 days", "25 days late", "Works begun", "Whole life"):
        assert said in english, said
    staff.get("/parcels/INT/clock?lang=zh")


def test_as_it_stood_before_anything_was_known(staff: httpx.Client) -> None:
    then = staff.get("/parcels/INT/clock?as_of=2022-08-01").text
    assert "顺延 100 天" in then
    assert "按 2022-08-01 的事实推算" in then
    assert "不能修改" in then
    assert "晚 25 天" in then, "a day that is told but not yet come is shown hollow"
    before = staff.get("/parcels/INT/clock?known_at=2026-01-01T00:00:00Z").text
    assert "顺延 100 天" not in before, "nobody had told of the pause at that instant"
    assert "没有登记任何日期" in before


def test_contradicting_facts_are_outlined_and_named(staff: httpx.Client) -> None:
    page = staff.get("/parcels/W1/clock").text
    assert "交地 2022-05-01 晚于动工 2022-02-01，差 89 天" in page
    assert page.count('class="tl-clash"') == 2
    assert 'class="tl-clash"' not in staff.get("/parcels/INT/clock").text


def test_without_dates_only_what_is_missing_is_said(staff: httpx.Client) -> None:
    page = staff.get("/parcels/P0/clock").text
    assert "没有登记任何日期" in page
    assert '<svg class="timeline"' not in page
    assert 'id="missing"' in page


@pytest.mark.parametrize(
    "query",
    [
        "zoom=all",
        "zoom=",
        "as_of=x",
        "as_of=2999-01-01",
        "known_at=yesterday",
        "when=2020-01-01",
        "as_of=2022-02-30",
        "zoom=life'%22%3E",
    ],
)
def test_a_wrong_address_is_refused_in_words(staff: httpx.Client, query: str) -> None:
    answer = staff.get(f"/parcels/INT/clock?{query}")
    assert answer.status_code == 400
    assert (
        "不能接受" in answer.text
        or "没有" in answer.text
        or "应" in answer.text
        or "2999" in answer.text
        or "日期" in answer.text
    )


@pytest.mark.parametrize("code", ["NOPE", "%00", "..%2F..", "P3%27--", "%F0%9F%8F%AD"])
def test_a_code_that_is_none(staff: httpx.Client, code: str) -> None:
    assert staff.get(f"/parcels/{code}/clock").status_code in (400, 404)


def test_a_hostile_name_is_text(staff: httpx.Client) -> None:
    page = staff.get("/parcels/P7/clock").text
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


def test_arrows_step_through_the_list_and_the_picture_follows(open_page: Opener) -> None:
    page = open_page("/parcels/INT/clock", login="bureau")
    items = page.locator("[data-events] > li")
    items.first.focus()
    page.keyboard.press("End")
    expect(items.last).to_be_focused()
    page.keyboard.press("Home")
    expect(items.first).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    expect(items.nth(2)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(items.nth(1)).to_be_focused()
    key = items.nth(1).get_attribute("data-event")
    assert page.locator(f'.timeline [data-event="{key}"].is-on').count() >= 1
    assert page.locator('[data-events] > li[tabindex="0"]').count() == 1
    page.locator('.timeline .tl-mark[data-event="started_on"]').click()
    expect(page.locator("#event-started_on")).to_be_focused()


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_on_a_phone_it_is_a_list_newest_first_and_nothing_is_wide(open_page: Opener, lang: str) -> None:
    page = open_page("/parcels/INT/clock", login="clerk", phone=True, lang=lang)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    expect(page.locator(".timeline")).to_be_hidden()
    narrow = page.locator(".events-narrow")
    expect(narrow).to_be_visible()
    when = [text for text in narrow.locator(".ev-when").all_inner_texts() if re.match(r"\d{4}-\d\d-\d\d$", text)]
    assert when == sorted(when, reverse=True)
    expect(narrow.locator(".is-today")).to_have_count(1)


@pytest.mark.parametrize(
    ("path", "dark", "phone"), [("INT", False, False), ("INT", True, False), ("W1", True, True), ("P0", False, True)]
)
def test_no_barriers(open_page: Opener, path: str, dark: bool, phone: bool) -> None:
    assert violations(open_page(f"/parcels/{path}/clock", dark=dark, phone=phone, login="bureau")) == []


def test_every_zoom_draws_without_words_upon_words(open_page: Opener, gate: Gate) -> None:
    """What the layout promises by measured widths holds for the widths Chromium really draws."""
    page = open_page("/parcels/INT/clock", login="bureau")
    for zoom in ("life", "recent", "ahead"):
        for lang in ("zh", "en"):
            page.goto(f"/parcels/INT/clock?zoom={zoom}&lang={lang}")
            hit = page.evaluate(
                """() => {
                  const boxes = [...document.querySelectorAll(".timeline .tl-words text, .timeline .tl-chip text")]
                    .filter((t) => t.textContent.trim()).map((t) => [t.textContent, t.getBoundingClientRect()]);
                  const hits = [];
                  boxes.forEach(([one, a], i) => boxes.slice(i + 1).forEach(([two, b]) => {
                    if (a.left < b.right && b.left < a.right && a.top + 3 < b.bottom - 3 && b.top + 3 < a.bottom - 3) hits.push(`${one} | ${two}`);
                  }));
                  const frame = document.querySelector(".timeline").getBoundingClientRect();
                  boxes.forEach(([one, a]) => { if (a.right > frame.right + 1 || a.left < frame.left - 1) hits.push(`outside: ${one}`); });
                  return hits;
                }"""
            )
            assert hit == [], (zoom, lang)
    page.goto("/parcels/INT/clock?lang=zh")
