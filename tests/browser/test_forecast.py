"""What comes if nothing is done, on a page: the horizon, the list by day, the map, the calendar; and a lead told whole on its parcel."""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import expect

from geo.clock import today
from tests.browser.conftest import Opener

POST_FACT = """(given) => {
    const form = document.querySelector("form[action*=facts] select[name=value]").form;
    for (const field of form.querySelectorAll("[name=kind], [name=value], [name=effective_on]")) field.remove();
    for (const [name, value] of Object.entries(given))
      form.append(Object.assign(document.createElement("input"), {type: "hidden", name, value}));
    form.submit();
}"""


def test_a_parcel_tells_its_lead_whole(open_page: Opener) -> None:
    page = open_page("/parcels/P2", login="bureau")
    lead = page.locator("article.finding[data-rule='IDLE-01']")
    expect(lead.locator("h3")).to_contain_text("线索/预警：疑似闲置")
    expect(lead).to_contain_text("应动工日期是")
    expect(lead).to_contain_text("怎样消除")
    lead.locator("summary").click()
    expect(lead.locator("table").first).to_contain_text("约定动工开发日期")
    english = open_page("/parcels/P2?lang=en", login="bureau").locator("article.finding[data-rule='IDLE-01']")
    expect(english).to_contain_text("Measures for the Disposal of Idle Land, Art. 2(1)")
    expect(english).not_to_contain_text("闲置土地处置办法")


def test_the_forecast_by_day_with_its_horizon(open_page: Opener) -> None:
    due = today("Asia/Shanghai") + timedelta(days=45)
    page = open_page("/parcels/P2", login="bureau")
    before = page.locator("article.finding[data-rule='IDLE-01']")
    expect(before).to_contain_text("2022-06-01")
    page.evaluate(POST_FACT, {"kind": "agreed_start_on", "value": due.isoformat(), "effective_on": today("Asia/Shanghai").isoformat()})  # fmt: skip
    expect(page.locator("table.facts-table")).to_contain_text(due.isoformat())
    try:
        page = open_page("/desk/forecast?within_days=30", login="bureau")
        expect(page.locator("[data-parcel='P2']")).to_have_count(0)
        page.get_by_role("radio").nth(1).check()
        expect(page).to_have_url(re.compile("within_days=90"))
        entry = page.locator("[data-parcel='P2']")
        expect(entry).to_contain_text("供而未用")
        expect(entry).to_contain_text(due.isoformat())
        assert page.locator(".forecast-map .locator-dot").count() >= 1
        address = page.locator(".address").inner_text()
        calendar = page.evaluate("(href) => fetch(href).then((answer) => answer.text())", address)
        assert calendar.startswith("BEGIN:VCALENDAR")
        assert "P2.UNDER-02" in calendar.replace("\r\n ", "")
        english = open_page("/desk/forecast?within_days=90&lang=en", login="bureau")
        expect(english.locator("[data-parcel='P2']")).to_contain_text("Supplied, not started")
    finally:
        page = open_page("/parcels/P2", login="bureau")
        page.evaluate(
            POST_FACT,
            {"kind": "agreed_start_on", "value": "2022-06-01", "effective_on": today("Asia/Shanghai").isoformat()},
        )
        expect(page.locator("article.finding[data-rule='IDLE-01']")).to_contain_text("应动工日期是 2022-06-01")


def test_the_public_has_no_forecast(open_page: Opener) -> None:
    page = open_page("/desk/forecast")
    expect(page.locator("input[name=username]")).to_be_visible()
    assert open_page("/").get_by_role("link", name="预测").count() == 0
