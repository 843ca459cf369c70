"""From a total to its parcels by mouse, by keys, on a phone and without script; the numbers of the page are those of the list."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Gate, Opener


def count_of(page: Page) -> int:
    """How many parcels the list says it has."""
    told = page.locator("#list-title small").inner_text()
    found = re.match(r"(\d+)", told)
    assert found is not None
    return int(found[1])


def test_a_cell_leads_to_exactly_its_parcels(open_page: Opener) -> None:
    page = open_page("/desk/land", login="bureau")
    cell = page.locator(".matrix tbody td:not(.sum):not(.open) a").first
    told = int(re.search(r"(\d+) 宗", cell.get_attribute("title") or "")[1])  # type: ignore[index]
    cell.click()
    page.wait_for_url(re.compile("class="))
    expect(page.locator(".matrix td[aria-selected=true]")).to_have_count(1)
    assert count_of(page) == told == page.locator(".land-lines tbody tr").count()
    assert page.locator(".chip").count() == 2
    page.locator(".chip").first.click()
    expect(page.locator(".chip")).to_have_count(1)
    page.locator(".land-lines tbody .line-name a").first.click()
    expect(page).to_have_url(re.compile("/parcels/"))


def test_a_class_that_does_not_exist_is_said_once_with_those_there_are(open_page: Opener, gate: Gate) -> None:
    gate.expected = ("400",)
    page = open_page("/desk/land?class=LOW&lang=en", login="bureau")
    said = page.get_by_role("alert").inner_text()
    assert said.splitlines()[0] == "class has no 'LOW'"
    assert said.count("LOW'") == 1
    assert said.splitlines()[1].startswith("there are: approved, ")


def test_the_matrix_is_a_grid_for_the_keyboard(open_page: Opener) -> None:
    page = open_page("/desk/land", login="bureau")
    assert page.locator("[data-grid] [tabindex='0']").count() == 1
    page.locator("[data-grid] tbody th a").first.focus()
    page.keyboard.press("ArrowRight")
    expect(
        page.locator("[data-grid] tbody tr").first.locator("td").first.locator(":scope:focus, :focus")
    ).to_have_count(1)
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("[data-grid] tbody tr").first.locator("td.sum :focus")).to_have_count(1)
    page.keyboard.press("Home")
    expect(page.locator("[data-grid] tbody th :focus")).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("unit="))
    assert page.locator(".chip").count() == 1


def test_figures_rows_and_rings_set_the_same_filter(open_page: Opener) -> None:
    page = open_page("/desk/land", login="bureau")
    page.locator(".strip a").nth(1).click()
    page.wait_for_url(re.compile("idle=1"))
    assert count_of(page) >= 1
    page.get_by_role("link", name="原因", exact=True).click()
    page.wait_for_url(re.compile("by=cause"))
    assert "idle=1" in page.url
    page.locator(".strip a").nth(1).click()
    expect(page.locator(".chip")).to_have_count(0)


def test_gaps_lead_to_their_parcels(open_page: Opener) -> None:
    page = open_page("/desk/land/gaps", login="bureau")
    first = page.locator(".gap-list > li").first
    told = int(re.match(r"(\d+)", first.locator(".gap-count").inner_text())[1])  # type: ignore[index]
    first.locator("h2 a").click()
    page.wait_for_url(re.compile("missing="))
    assert count_of(page) == told


def test_a_phone_has_tabs_and_a_list_and_no_matrix(open_page: Opener) -> None:
    page = open_page("/desk/land", login="bureau", phone=True)
    expect(page.locator(".matrix")).to_be_hidden()
    page.locator(".class-tabs a").nth(2).click()
    page.wait_for_url(re.compile("class=supplied"))
    rows = page.locator(".unit-list a")
    assert rows.count() >= 1
    rows.first.click()
    page.wait_for_url(re.compile("unit="))
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_scorecard_is_for_staff(open_page: Opener) -> None:
    page = open_page("/parks/PK/scorecard", login="bureau")
    expect(page.locator("h1")).to_contain_text("成绩单")


@pytest.mark.parametrize("path", ["/desk/land", "/desk/land/gaps", "/parks/PK/scorecard"])
def test_the_public_is_asked_to_log_in(open_page: Opener, path: str) -> None:
    page = open_page(path)
    expect(page).to_have_url(re.compile("/login"))


def test_without_script_all_of_it_is_there(open_page: Opener) -> None:
    page = open_page("/desk/land", login="bureau", script=False)
    page.locator(".matrix tbody th a").first.click()
    expect(page.locator(".chip")).to_have_count(1)
    page.locator(".land-filter summary").click()
    page.locator("select[name=class]").select_option("supplied")
    page.locator(".land-filter button[type=submit]").click()
    expect(page).to_have_url(re.compile("class=supplied"))
    expect(page.locator(".land-lines tbody tr").first).to_be_visible()
