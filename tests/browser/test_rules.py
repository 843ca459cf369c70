"""From a lead to its rule: articles, condition in words, dated parameters; readable in both languages, by everyone."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Opener


def test_a_lead_leads_to_its_rule(open_page: Opener) -> None:
    page = open_page("/parcels/P2", login="bureau")
    page.locator("section[aria-labelledby=findings]").get_by_role("link", name="IDLE-01").click()
    expect(page.locator("h1")).to_have_text("满一年未动工开发（疑似闲置，甲类）")
    expect(page.locator("section[aria-labelledby=law]")).to_contain_text("《闲置土地处置办法》第2条第1款")
    expect(page.locator("section[aria-labelledby=asked]")).to_contain_text("起满 1 年之日")
    expect(page.locator("section[aria-labelledby=parameters]")).to_contain_text("2012-07-01")


def test_the_rulebook_is_for_everyone_in_english_too(open_page: Opener) -> None:
    page = open_page("/rules?lang=en")
    expect(page.locator("h1")).to_have_text("Land rules")
    page.get_by_role("link", name="PERMIT-02").click()
    expect(page.locator("h1")).to_have_text("The construction permit has lapsed")
    expect(page.locator("section[aria-labelledby=asked]")).to_contain_text("3 months")
    expect(page.locator("section[aria-labelledby=law]")).to_contain_text("Construction Law, Art. 9")
