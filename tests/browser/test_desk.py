"""People with a login: a dated fact without script, leads, the import page; and what the public must not see."""

from __future__ import annotations

import re
from collections.abc import Iterator

import psycopg
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Gate, Opener
from tests.browser.county import PASSWORD, PLACE

STATUS_AT = "([lng, lat]) => onemap.layers.get('parcels').at(L.latLng(lat, lng)).props.status"
PLOT_5 = [PLACE[0] - 0.0029, PLACE[1] + 0.003]


@pytest.fixture(scope="module", autouse=True)
def what_is_told_here_is_taken_back(county_url: str) -> Iterator[None]:
    """The county is that of all tests of this folder: afterwards its plots are as the others expect them."""
    yield
    with psycopg.connect(county_url) as connection:
        connection.execute(
            "insert into register.fact (county_code, subject_kind, subject_id, kind, effective_on, retracts_fact_id) "
            "select county_code, subject_kind, subject_id, kind, effective_on, id from register.fact f where recorded_by = 'clerk' "
            "and retracts_fact_id is null and not exists (select from register.fact r where r.retracts_fact_id = f.id)"
        )


def status_on_map(page: Page) -> str:
    page.goto(f"/?l=parcels&m=15/{PLACE[1]}/{PLACE[0]}")
    page.wait_for_selector('html[data-ready="1"]', state="attached")
    return str(page.evaluate(STATUS_AT, PLOT_5))


def test_log_in_and_out_without_script(open_page: Opener) -> None:
    page = open_page("/login?next=/parcels/P5", script=False)
    page.get_by_label("用户名").fill("clerk")
    page.get_by_label("密码").fill("wrong password")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_contain_text("用户名或密码不对")
    page.get_by_label("用户名").fill("clerk")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.locator("h1")).to_have_text("城东5号地块")
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("link", name="登录")).to_be_visible()


def test_a_clerk_tells_a_new_status_and_the_map_shows_it(open_page: Opener) -> None:
    public = open_page("/login")
    assert status_on_map(public) == "RESTRICTED"
    page = open_page("/parcels/P5", login="clerk", script=False)
    page.locator("select[name=value]").select_option("RESERVE")
    page.locator("section.form-panel input[name=effective_on]").fill("2026-03-02")
    page.locator("section.form-panel").get_by_label("文件号（可不填）").fill("象资规〔2026〕7号")
    page.get_by_role("button", name="记下这一事实").click()
    expect(page.get_by_role("status")).to_contain_text("已记录")
    facts = page.locator("table.facts-table")
    expect(facts.locator("tbody tr").first).to_contain_text("储备")
    expect(facts.locator("tbody tr").first).to_contain_text("2026-03-02")
    expect(facts.locator("tbody tr").first).to_contain_text("象资规〔2026〕7号")
    expect(facts).to_contain_text("限制")
    assert status_on_map(public) == "RESERVE"
    public.goto("/parcels/P5")
    expect(public.locator("table.facts-table")).not_to_contain_text("象资规")


def test_a_stale_form_writes_nothing_and_says_so(open_page: Opener, gate: Gate) -> None:
    gate.expected = ("412",)
    first = open_page("/parcels/P4", login="clerk", script=False)
    second = open_page("/parcels/P4", login="clerk", script=False)
    for page in (first, second):
        page.locator("select[name=value]").select_option("AVAILABLE")
        page.get_by_role("button", name="记下这一事实").click()
    expect(first.get_by_role("status")).to_contain_text("已记录")
    expect(second.locator("h1")).to_have_text("已被别人改过")
    second.get_by_role("link", name="回到原来的页面").click()
    expect(second.locator("table.facts-table tbody tr")).to_have_count(2)


def test_a_future_date_is_refused_with_the_reason(open_page: Opener, gate: Gate) -> None:
    gate.expected = ("400",)
    page = open_page("/parcels/P3", login="clerk", script=False)
    page.locator("select[name=value]").select_option("IN_USE")
    page.locator("section.form-panel input[name=effective_on]").evaluate(
        "e => { e.removeAttribute('max'); e.value = '2099-01-01'; }"
    )
    page.get_by_role("button", name="记下这一事实").click()
    expect(page.get_by_role("alert")).to_contain_text("2099-01-01")
    page.get_by_role("link", name="回到原来的页面").click()
    expect(page.locator("table.facts-table tbody tr")).to_have_count(1)


def test_the_form_is_only_for_those_who_may_write(open_page: Opener) -> None:
    assert open_page("/parcels/P5").locator("form[action*=facts]").count() == 0
    assert open_page("/parcels/W1", login="clerk").locator("form[action*=facts]").count() == 0
    assert open_page("/parcels/W1", login="bureau").locator("section.form-panel form[action*=facts]").count() == 1


def test_leads_are_for_staff_and_called_leads(open_page: Opener) -> None:
    page = open_page("/parcels/P2", login="bureau")
    section = page.locator("section[aria-labelledby=findings]")
    expect(section.locator("h2")).to_contain_text("线索/预警")
    expect(section).to_contain_text("IDLE-01")
    expect(section).to_contain_text(re.compile("闲置|供而未用"))
    assert open_page("/parcels/P2").locator("section[aria-labelledby=findings]").count() == 0


POST_PAUSE = """(given) => {
    const form = document.querySelector("section.form-panel form[action*=facts]");
    form.action = "/v1/parcels/P2/pauses";
    for (const field of form.querySelectorAll("[name=kind], [name=value], [name=effective_on]")) field.remove();
    for (const [name, value] of Object.entries(given))
      form.append(Object.assign(document.createElement("input"), {type: "hidden", name, value}));
    form.submit();
}"""


def test_a_lead_says_when_the_clock_stood_still(open_page: Opener) -> None:
    page = open_page("/parcels/P2", login="bureau")
    lead = page.locator("article.finding", has_text="IDLE-01")
    expect(lead).to_contain_text("自 2022-06-01")
    page.evaluate(POST_PAUSE, {"from_on": "2022-02-10", "to_on": "2022-02-19", "cause": "PETITION"})
    expect(lead).to_contain_text("停表：2022-02-10 至 2022-02-19，期限顺延")
    expect(lead).to_contain_text("自 2022-06-11")
    pauses = page.evaluate("fetch('/v1/parcels/P2/pauses').then((answer) => answer.json())")
    page.evaluate(POST_PAUSE, {"retracts": pauses[0]["id"]})
    expect(lead).to_contain_text("自 2022-06-01")
    expect(lead).not_to_contain_text("停表：")


def test_what_is_internal_is_not_there_for_the_public(open_page: Opener, gate: Gate) -> None:
    gate.expected = ("404",)
    page = open_page("/parcels/INT", ready=False)
    expect(page.locator("h1")).to_have_text("没有找到")
    hidden = page.locator("main").inner_text().replace("INT", "X")
    page.goto("/parcels/NOPE")
    absent = page.locator("main").inner_text().replace("NOPE", "X")
    strip = re.compile(r"[0-9a-f]{32}")
    assert strip.sub("", hidden) == strip.sub("", absent)
    expect(open_page("/parcels/INT", login="bureau").locator("h1")).to_have_text("内部地块")


def test_a_building_page_has_its_floors(open_page: Opener) -> None:
    page = open_page("/buildings/B1?lang=en")
    expect(page.locator("h1")).to_have_text("Plant 1")
    expect(page.locator("section[aria-labelledby=spaces]")).to_contain_text("4,000 m²")
    expect(page.locator("section[aria-labelledby=spaces]")).to_contain_text("Vacant")


def test_every_collection_has_its_page(open_page: Opener) -> None:
    page = open_page("/login")
    for path, name in (
        ("parks/PK", "城东工业园"), ("featured_towns/FT", "星光小镇"), ("projects/J1", "示例装备项目"), ("enterprises/E1", "示例机电有限公司"),
        ("policies/POL-1", "弹性年期"), ("transport/R1", "国道示例线"), ("transport/S1", "示例站"), ("admin_areas/T1", "丹东街道"),
    ):  # fmt: skip
        page.goto(f"/{path}")
        expect(page.locator("h1")).to_have_text(name)
        expect(page.locator(".plot svg[role=img]")).to_have_attribute("aria-label", re.compile(name))
        assert page.locator(".plot svg path.scale-bar").count() == 1


def test_the_import_page_asks_for_a_login_first(open_page: Opener) -> None:
    page = open_page("/desk/import")
    assert "/login?" in page.url
    assert "next=%2Fdesk%2Fimport" in page.url


def test_problem_pages_exist(open_page: Opener) -> None:
    page = open_page("/problems/stale-version?lang=en")
    expect(page.locator("h1")).to_have_text("Somebody changed it first")


def test_a_clerk_merges_a_parcel_and_takes_it_back(open_page: Opener, gate: Gate) -> None:
    gate.expected = ("410",)
    public = open_page("/login")
    page = open_page("/parcels/P6", login="clerk", script=False)
    page.get_by_text("合并或分割").click()
    page.get_by_label("新编号").fill("P2")
    page.get_by_role("button", name="记下新编号").click()
    expect(page.get_by_role("note")).to_contain_text("P2")
    public.goto("/parcels/P6")
    expect(public.get_by_role("link", name="打开 P2")).to_be_visible()
    row = page.locator("table.facts-table tr", has_text="并入或分为").first
    row.get_by_text("撤回…").click()
    row.get_by_label("为什么").fill("记错了")
    row.get_by_role("button", name="撤回这条事实").click()
    expect(page.get_by_role("note")).to_have_count(0)
    public.goto("/parcels/P6")
    expect(public.locator("h1")).to_have_text("城东6号地块")
