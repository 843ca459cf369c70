"""A pause told, looked at before it is saved, ended, corrected, taken back and undone on the land clock; without script, on a phone, in conflict."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import psycopg
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import create_engine

from geo.clock import today
from geo.db import driver_url
from geo.landuse.commands import recompute_sync
from tests.browser.conftest import Gate, Opener
from tests.browser.county import COUNTY, PASSWORD

CLOCK = "/parcels/P2/clock"
TAKE_ALL_BACK = (
    "insert into register.clock_pause (county_code, parcel_id, retracts_pause_id) select p.county_code, p.parcel_id, p.id "
    "from register.clock_pause p where p.from_on is not null "
    "and not exists (select from register.clock_pause r where r.retracts_pause_id = p.id)"
)


@pytest.fixture(autouse=True)
def nothing_stands_before_and_after(county_url: str) -> Iterator[None]:
    with psycopg.connect(county_url, autocommit=True) as c:
        c.execute(TAKE_ALL_BACK)
        yield
        c.execute(TAKE_ALL_BACK)
    with create_engine(driver_url(county_url)).begin() as connection:
        recompute_sync(connection, COUNTY, today("Asia/Shanghai"))


@pytest.fixture
def clerk(site: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site, headers={"Accept": "text/html", "Accept-Language": "zh-CN"}, timeout=30) as client:
        client.post("/login", data={"username": "clerk", "password": PASSWORD, "next": "/"})
        yield client


def standing(page: Page) -> Any:
    return page.request.get("/v1/parcels/P2/pauses").json()


def fill(page: Page, first: str, last: str, cause: str = "PETITION", note: str = "") -> None:
    form = page.locator("#pause-form form")
    form.locator("[name=from_on]").fill(first)
    form.locator("[name=to_on]").fill(last)
    form.locator("[name=cause]").select_option(cause)
    form.locator("[name=note]").fill(note)


def test_the_effect_is_shown_before_anything_is_written(open_page: Opener) -> None:
    page = open_page(CLOCK, login="clerk", script=False)
    page.get_by_role("link", name="记一段停表").click()
    expect(page.locator("optgroup").nth(3)).to_be_attached()
    expect(page.locator("option[value=PREWORK]")).to_contain_text("《城市房地产管理法》第26条")
    expect(page.locator("option[value=OWNER]")).to_contain_text("不停表")
    fill(page, "2022-02-10", "2022-02-19", note="先看看")
    page.get_by_role("button", name="看看影响").click()
    shown = page.locator(".pause-effect")
    expect(shown).to_contain_text(re.compile(r"应动工日期\s*2022-06-01 → 2022-06-11 后移 10 天"))
    expect(page.locator("#pause-form [name=note]")).to_have_value("先看看")
    assert standing(page) == []
    page.locator("#pause-form [name=cause]").select_option("OWNER")
    page.get_by_role("button", name="看看影响").click()
    expect(shown).to_contain_text("这个原因不停表")
    page.locator("#pause-form [name=cause]").select_option("PREWORK")
    page.locator("#pause-form [name=to_on]").fill("")
    page.get_by_role("button", name="看看影响").click()
    expect(shown).to_contain_text("停表未止，日期未定")
    expect(shown).to_contain_text("不成立")
    assert standing(page) == []


def test_told_ended_corrected_taken_back_and_each_undone(open_page: Opener, gate: Gate) -> None:
    gate.expected = ("400",)
    page = open_page(CLOCK, login="clerk", script=False)
    page.get_by_role("link", name="记一段停表").click()
    fill(page, "2022-02-10", "", note="信访")
    page.get_by_role("button", name="保存停表").click()
    expect(page.get_by_role("status")).to_contain_text("已保存")
    (told,) = standing(page)
    assert (told["from_on"], told["to_on"], told["note"], told["recorded_by"]) == ("2022-02-10", None, "信访", "clerk")
    expect(page.locator("[data-events]")).to_contain_text("停表未止，日期未定")

    page.get_by_role("link", name=re.compile("^结束")).click()
    page.locator("#pause-form [name=to_on]").fill("2022-05-20")
    page.get_by_role("button", name="保存末日").click()
    (ended,) = standing(page)
    assert (ended["days"], ended["note"]) == (100, "信访")
    expect(page.locator(".timeline")).to_contain_text("顺延 100 天")

    page.get_by_role("link", name=re.compile("^更正")).click()
    fill(page, "2022-02-11", "", "FORCE_MAJEURE", "台风")
    page.get_by_role("button", name="保存更正").click()
    (corrected,) = standing(page)
    assert (corrected["from_on"], corrected["to_on"], corrected["cause"]) == ("2022-02-11", None, "FORCE_MAJEURE"), (
        "left out means not so"
    )
    page.get_by_role("button", name="撤销").click()
    expect(page.get_by_role("status")).to_contain_text("已撤销")
    (again,) = standing(page)
    assert (again["from_on"], again["to_on"], again["cause"]) == ("2022-02-10", "2022-05-20", "PETITION")

    page.get_by_role("link", name=re.compile("^撤回")).click()
    page.locator("#pause-form [name=note]").fill("   ")
    page.get_by_role("button", name="确认撤回").click()
    expect(page.get_by_role("alert")).to_contain_text("理由")
    page.get_by_role("button", name="看看影响").click()
    expect(page.locator(".pause-effect")).to_contain_text("提前 100 天")
    page.locator("#pause-form [name=note]").fill("重复登记")
    page.get_by_role("button", name="确认撤回").click()
    assert standing(page) == []
    page.get_by_role("button", name="撤销").click()
    (back,) = standing(page)
    assert (back["from_on"], back["to_on"], back["note"]) == ("2022-02-10", "2022-05-20", "信访")


def test_a_conflict_keeps_what_was_typed(open_page: Opener, gate: Gate) -> None:
    gate.expected = ("412",)
    first = open_page(f"{CLOCK}?pause=new", login="clerk", script=False)
    second = open_page(f"{CLOCK}?pause=new", login="clerk", script=False)
    for page, last, note in ((first, "2022-02-11", "甲"), (second, "2022-02-12", "乙 <b>")):
        fill(page, "2022-02-10", last, note=note)
        page.get_by_role("button", name="保存停表").click()
    expect(second.get_by_role("alert")).to_contain_text("刚被别人改过")
    expect(second.locator("#pause-form [name=to_on]")).to_have_value("2022-02-12")
    expect(second.locator("#pause-form [name=note]")).to_have_value("乙 <b>")
    expect(second.locator(".pauses")).to_contain_text("甲")
    assert len(standing(second)) == 1
    second.get_by_role("button", name="保存停表").click()
    assert len(standing(second)) == 2


def test_wrong_values_are_said_at_their_fields(clerk: httpx.Client) -> None:
    page = clerk.get(f"{CLOCK}?pause=new").text
    sent = dict(re.findall(r'<input type="hidden" name="(csrf|if_match)" value="([^"]*)"', page))
    sent["if_match"] = sent["if_match"].replace("&#34;", '"')
    base = sent | {"do": "save", "act": "new", "from_on": "2022-02-10", "cause": "PETITION"}
    wrong: list[tuple[dict[str, str], str, str]] = [
        ({"from_on": ""}, "fault-from_on", "缺少停表首日"),
        ({"from_on": "10.2.2022"}, "fault-from_on", "不是日期"),
        ({"from_on": "2999-01-01"}, "fault-from_on", "在今天之后"),
        ({"from_on": "2023-02-29"}, "fault-from_on", "不是日期"),
        ({"to_on": "2022-02-09"}, "fault-to_on", "早于首日"),
        ({"cause": "NO_SUCH"}, "fault-cause", "没有"),
        ({"cause": "'; drop table register.clock_pause --"}, "fault-cause", "没有"),
        ({"document_no": "x" * 201}, "fault-document_no", "过长"),
        ({"note": "a\x00b"}, "fault-note", "控制字符"),
    ]
    for change, where, said in wrong:
        for step in ("preview", "save"):
            answer = clerk.post(CLOCK, data=base | change | {"do": step})
            assert answer.status_code == 400, change
            assert f'id="{where}"' in answer.text, change
            assert said in answer.text, change
    assert clerk.get("/v1/parcels/P2/pauses", headers={"Accept": "application/json"}).json() == []


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"do": "erase"}, 400), ({"act": "rewrite"}, 400), ({"id": "x", "act": "end"}, 400), ({"id": "99999999999999999999", "act": "end"}, 400),
        ({"id": "987654", "act": "end", "to_on": "2022-03-01"}, 404), ({"id": "", "act": "correct"}, 404), ({"do": "undo", "id": "987654"}, 404),
        ({"do": "undo", "id": ""}, 400), ({"if_match": ""}, 428), ({"if_match": "*"}, 428), ({"if_match": '"P2-0"'}, 412), ({"csrf": "wrong"}, 403),
    ],
)  # fmt: skip
def test_what_no_form_of_ours_sends(clerk: httpx.Client, change: dict[str, str], status: int) -> None:
    page = clerk.get(f"{CLOCK}?pause=new").text
    sent = dict(re.findall(r'<input type="hidden" name="(csrf|if_match)" value="([^"]*)"', page))
    sent["if_match"] = sent["if_match"].replace("&#34;", '"')
    answer = clerk.post(
        CLOCK, data=sent | {"do": "save", "act": "new", "from_on": "2022-02-10", "cause": "PETITION"} | change
    )
    assert answer.status_code == status, answer.text[:400]
    assert clerk.get("/v1/parcels/P2/pauses", headers={"Accept": "application/json"}).json() == []


def test_only_for_those_who_may_write(site: str, clerk: httpx.Client) -> None:
    with httpx.Client(base_url=site, headers={"Accept": "text/html"}, timeout=30) as public:
        assert public.post(CLOCK, data={"do": "save"}).status_code == 404
    assert "pause=new" in clerk.get(CLOCK).text
    foreign = clerk.get("/parcels/W1/clock?pause=new").text
    assert 'id="pause-form"' not in foreign
    assert "pause=new#" not in foreign
    csrf = re.findall(r'name="csrf" value="([^"]*)"', clerk.get(CLOCK).text)[0]
    given = {
        "csrf": csrf,
        "do": "save",
        "act": "new",
        "from_on": "2022-02-10",
        "cause": "PETITION",
        "if_match": '"W1-1"',
    }
    assert clerk.post("/parcels/W1/clock", data=given).status_code == 403
    assert 'id="pause-form"' not in clerk.get(f"{CLOCK}?pause=new&as_of=2024-01-01").text, (
        "an earlier moment is only read"
    )


def test_on_a_phone_every_target_can_be_hit(open_page: Opener) -> None:
    page = open_page(f"{CLOCK}?pause=new", login="clerk", phone=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for box in page.evaluate(
        "[...document.querySelectorAll('#pause-form input:not([type=hidden]), #pause-form select, #pause-form button, #pause-form .button')]"
        ".map((e) => [e.name || e.textContent, e.getBoundingClientRect().height])"
    ):
        assert box[1] >= 44, box


def test_the_clock_is_reached_from_the_parcel_and_the_drawer(open_page: Opener) -> None:
    page = open_page("/parcels/P2", login="clerk")
    page.get_by_role("link", name="看时间线").click()
    expect(page.locator("h1")).to_contain_text("线索/预警")
    page.goto("/map/things/parcels/P2")
    assert page.locator(f'a[href*="{CLOCK}"]').count() == 1
    public = open_page("/login")
    for path in ("/parcels/P2", "/map/things/parcels/P2"):
        public.goto(path)
        assert public.locator('a[href*="/clock"]').count() == 0


def test_rules_are_cards_on_a_phone(open_page: Opener) -> None:
    page = open_page("/rules", phone=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate("[...document.querySelectorAll('.scroll-x')].every((e) => e.scrollWidth <= e.clientWidth + 1)")
