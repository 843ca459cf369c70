"""/v1/rules and its pages say the law in words, with the parameters' dates, to everyone."""

from __future__ import annotations

import httpx
import pytest

from geo.landuse.rules.catalogue import catalogue

pytestmark = pytest.mark.anyio


async def test_every_rule_is_listed_and_readable(service: httpx.AsyncClient) -> None:
    listed = (await service.get("/v1/rules")).json()
    assert {rule["id"] for rule in listed} == {rule.id for rule in catalogue().rules}
    for rule in listed:
        whole = (await service.get(rule["href"])).json()
        assert whole["title"] == rule["title"]
        assert whole["citations"][0]["in_force_from"]
        for place in whole["expressions"].values():
            assert place["zh"]
            assert place["en"]
        assert all(row["effective_on"] and row["citation"] for row in whole["parameters"])


async def test_a_rule_says_its_law_condition_and_dated_values(service: httpx.AsyncClient) -> None:
    rule = (await service.get("/v1/rules/IDLE-01")).json()
    assert rule["basis"]["zh"][0] == "《闲置土地处置办法》第2条第1款"
    assert rule["expressions"]["condition"]["zh"].startswith("提问日晚于动工期满一年之日")
    assert rule["expressions"]["values.idle_after_on"]["en"].startswith("the end of 1 year from")
    assert [(p["key"], p["value"], p["effective_on"]) for p in rule["parameters"]] == [
        ("idle.years_fee", "1", "2012-07-01")
    ]
    two = (await service.get("/v1/rules/IND-02")).json()["parameters"]
    assert [(p["value"], p["effective_on"]) for p in two] == [("30/100", "2008-01-31"), ("40/100", "2023-01-01")]
    assert len((await service.get("/v1/rules/IND-09")).json()["parameters"]) == 30


async def test_an_unknown_rule_is_not_there(service: httpx.AsyncClient) -> None:
    response = await service.get("/v1/rules/IDLE-99")
    assert response.status_code == 404
    assert response.json()["errors"][0]["parameter"] == "rule_id"
