"""A missing fact filled in where it is missed, on the land clock: without script, taken back with one click, by those who may only."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import psycopg
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opener
from tests.browser.county import PASSWORD

CLOCK = "/parcels/INT/clock"
OF_ANOTHER = "/parcels/W1/clock"


@pytest.fixture(scope="module", autouse=True)
def what_is_told_here_is_taken_back(county_url: str) -> Iterator[None]:
    yield
    with psycopg.connect(county_url) as connection:
        connection.execute(
            "insert into register.fact (county_code, subject_kind, subject_id, kind, effective_on, retracts_fact_id) "
            "select f.county_code, f.subject_kind, f.subject_id, f.kind, f.effective_on, f.id from register.fact f "
            "where f.recorded_by = 'clerk' and f.kind = 'contract_on' and f.retracts_fact_id is null "
            "and not exists (select from register.fact r where r.retracts_fact_id = f.id)"
        )


def test_a_missing_fact_is_filled_in_and_taken_back(open_page: Opener) -> None:
    page = open_page(CLOCK, login="clerk", script=False)
    lacking = page.locator(".missing li")
    before = lacking.count()
    page.locator(".fact-other summary").click()
    page.locator(".fact-other select").select_option("contract_on")
    page.locator(".fact-other button").click()
    form = page.locator("#fact-form")
    form.locator("[name=value]").fill("2021-03-01")
    form.locator("[name=document_no]").fill("示例合〔2021〕7号")
    form.get_by_role("button", name="记下").click()
    expect(page.get_by_role("status").first).to_contain_text("2021-03-01")
    expect(page.locator("ol.events")).to_contain_text("示例合〔2021〕7号")
    first = page.locator(".missing li a.button").first
    named = first.inner_text()
    first.click()
    expect(page.locator("#fact-form h3")).to_contain_text(named.removeprefix("补录…").strip())
    page.go_back()
    page.get_by_role("button", name="撤回", exact=True).first.click()
    expect(page.locator("ol.events, .clock-empty").first).not_to_contain_text("示例合〔2021〕7号")
    expect(lacking).to_have_count(before)


@pytest.mark.parametrize("query", ["fact=gone", "fact=status", "told=' or 1=1", "fact=%00"])
def test_what_no_rule_asks_for_is_refused(site: str, query: str) -> None:
    with httpx.Client(base_url=site, timeout=30) as client:
        client.post("/login", data={"username": "clerk", "password": PASSWORD, "next": "/"})
        assert client.get(f"{CLOCK}?{query}").status_code == 400


def test_every_fact_a_rule_reads_has_its_form(site: str) -> None:
    with httpx.Client(base_url=site, headers={"Accept": "text/html"}, timeout=30) as client:
        client.post("/login", data={"username": "clerk", "password": PASSWORD, "next": "/"})
        page = client.get(CLOCK).text
        kinds = page.split('<select name="fact"')[1].split("</select>")[0].split('value="')[1:]
        assert len(kinds) > 30
        for kind in (one.split('"')[0] for one in kinds):
            form = client.get(f"{CLOCK}?fact={kind}")
            assert form.status_code == 200, kind
            assert 'name="value"' in form.text, kind


def test_who_may_only_read_has_no_form(site: str) -> None:
    with httpx.Client(base_url=site, headers={"Accept": "text/html"}, timeout=30) as client:
        client.post("/login", data={"username": "clerk", "password": PASSWORD, "next": "/"})
        page = client.get(f"{OF_ANOTHER}?fact=contract_on")
        assert page.status_code == 200
        assert "fact-form" not in page.text
