"""The desk's cases without script: opened from a lead, a step told and taken back, published for everyone, ended; a lead said to be wrong."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Gate, Opener


@pytest.fixture(scope="module", autouse=True)
def what_is_told_here_is_taken_back(county_url: str) -> Iterator[None]:
    """The county is that of all tests of this folder: afterwards its facts are as the others expect them. (Cases end in the tests.)"""
    yield
    with psycopg.connect(county_url) as connection:
        connection.execute(
            "insert into register.fact (county_code, subject_kind, subject_id, kind, effective_on, retracts_fact_id) "
            "select f.county_code, f.subject_kind, f.subject_id, f.kind, f.effective_on, f.id from register.fact f "
            "where f.recorded_by = 'bureau' and f.retracts_fact_id is null "
            "and not exists (select from register.fact r where r.retracts_fact_id = f.id)"
        )


def record(page: Page, step: str, **told: str) -> None:
    """Send the form of one step; it may be folded."""
    form = page.locator("details.case-step", has=page.get_by_text(step, exact=True))
    if form.get_attribute("open") is None:
        form.locator("summary").click()
    for name, value in told.items():
        field = form.locator(f"[name={name}]")
        if field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    form.get_by_role("button", name="记录这一步").click()


def test_a_case_is_worked_without_script(open_page: Opener) -> None:
    page = open_page("/parcels/P2", login="bureau", script=False)
    page.get_by_role("link", name="立案…").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("城东2号地块")
    page.locator("input[name=happened_on]").fill("2024-03-01")
    page.get_by_role("button", name="立案").click()
    expect(page.get_by_role("status")).to_contain_text("已记录")
    expect(page.locator("li[aria-current=step]")).to_contain_text("线索")
    expect(page.locator(".case-due")).to_contain_text("2024-04-01")
    expect(page.locator(".case-due")).to_contain_text("已逾期")

    record(page, "《闲置土地调查通知书》送达", happened_on="2024-03-05", document_no="示例调〔2024〕1号")
    expect(page.locator("li[aria-current=step]")).to_contain_text("调查")
    record(
        page, "《闲置土地认定书》下达", happened_on="2024-05-06", document_no="示例认〔2024〕2号", cause="GOVERNMENT"
    )
    expect(page.locator(".case-head")).to_contain_text("闲置土地（认定书 示例认〔2024〕2号）")
    expect(page.locator(".case-information")).to_contain_text("原因经认可，不征缴")
    page.locator("summary", has_text="撤回这一步").click()
    page.locator("input[name=note]:visible").fill("文号有误")
    page.get_by_role("button", name="撤回", exact=True).click()
    expect(page.locator(".case-head")).to_contain_text("线索/预警")
    expect(page.locator(".case-gone summary")).to_have_text("撤回的步骤（1）")
    record(page, "《闲置土地认定书》下达", happened_on="2024-05-06", document_no="示例认〔2024〕3号", cause="OWNER")
    expect(page.locator(".case-information")).to_contain_text("无法判断，缺：出让或划拨价款")

    record(page, "在门户网站公开", happened_on="2024-05-07", holder="示例公司", url="https://www.example.invalid/1")
    public = open_page("/idle-land", script=False)
    expect(public.locator("tbody tr")).to_contain_text("示例公司")
    expect(public.locator("tbody tr")).to_contain_text("2022-06-01")
    assert "示例认" not in public.content()
    assert "P2" not in public.content()

    clock = open_page("/parcels/P2/clock", login="bureau", script=False)
    steps = clock.locator("ol.events .ev-case + .ev-words")
    expect(steps.filter(has_text="《闲置土地调查通知书》送达")).to_contain_text("示例调〔2024〕1号")
    expect(steps.filter(has_text="《闲置土地认定书》下达")).to_have_count(1)
    assert clock.locator("svg.timeline .tl-case .tl-mark").count() >= 4

    record(page, "申请行政复议或提起诉讼", happened_on="2024-05-08", document_no="复1")
    expect(page.locator(".ribbon")).to_contain_text("争议中")
    listed = open_page("/desk/cases?disputed=1", login="bureau", script=False)
    expect(listed.locator("tbody tr")).to_have_count(1)
    expect(listed.locator("tbody tr")).to_contain_text("已公开")
    record(page, "收回前告知听证权", happened_on="2024-06-03", document_no="听1")
    record(page, "《收回国有建设用地使用权决定书》送达", happened_on="2024-06-04", document_no="收1")
    expect(page.locator("li[aria-current=step]")).to_contain_text("处置")
    record(page, "注销登记、交回权利证书", happened_on="2024-06-20", document_no="注1")
    public.reload()
    expect(public.locator("main")).to_contain_text("目前没有公开的闲置土地")
    record(page, "结案归档", happened_on="2024-06-21")
    expect(page.locator(".case-now strong")).to_have_text("已结案")
    expect(page.locator("ol.case-history > li")).to_have_count(9)


def test_a_lead_said_to_be_wrong_stays_and_is_struck(open_page: Opener) -> None:
    page = open_page("/parcels/P2", login="bureau", script=False)
    lead = page.locator("div:has(> article[data-rule='IDLE-01'])")
    lead.locator("summary", has_text="这条不对").click()
    lead.locator("textarea[name=reason]").fill("桩基已完成")
    lead.get_by_role("button", name="记下说明").click()
    expect(lead.locator(".override")).to_contain_text("桩基已完成")
    assert "line-through" in lead.locator(".finding-said").evaluate("e => getComputedStyle(e).textDecorationLine")
    lead.locator("summary", has_text="撤回说明").click()
    lead.get_by_role("button", name="撤回说明").click()
    expect(lead.locator(".override")).to_have_count(0)


def test_the_public_is_asked_to_log_in(open_page: Opener) -> None:
    for path in ("/desk/cases", "/desk/cases/P2"):
        page = open_page(path, script=False)
        expect(page.get_by_label("用户名")).to_be_visible()
    assert "案件" not in open_page("/parcels/P2", script=False).content()


@pytest.mark.parametrize("phone", [False, True])
@pytest.mark.parametrize("path", ["/desk/cases", "/desk/cases/P2", "/desk/cases/P0", "/idle-land"])
@pytest.mark.parametrize("lang", ["zh-CN", "en-GB"])
def test_nothing_sticks_out(open_page: Opener, gate: Gate, path: str, phone: bool, lang: str) -> None:
    page = open_page(path, login="bureau", phone=phone, lang=lang)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert gate.verdict() == []
