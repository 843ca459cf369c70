"""A lead's explanation over HTTP: beside the kept finding, at a moment, as a table; nothing of it for the public."""

from __future__ import annotations

import csv
import io

import httpx
import pytest

from geo.landuse.explaining.export import COLUMNS

pytestmark = pytest.mark.anyio
FINDINGS, FACTS = "/v1/parcels/{}/findings", "/v1/parcels/{}/facts"
Staff = dict[str, dict[str, str]]


async def tell(client: httpx.AsyncClient, who: dict[str, str], **fact: str) -> None:
    tag = (await client.get("/ogc/collections/parcels/items/INT", headers=who)).headers["etag"]
    told = await client.post(FACTS.format("INT"), json=fact, headers=who | {"If-Match": tag})
    assert told.status_code == 201, told.text


@pytest.fixture
async def supplied(service: httpx.AsyncClient, bearer: Staff) -> Staff:
    for kind, value in (("contract_on", "2021-03-18"), ("agreed_start_on", "2022-06-30"), ("delay_cause", "OWNER")):
        await tell(service, bearer["clerk"], kind=kind, value=value, effective_on="2021-03-18")
    return bearer


async def test_a_finding_carries_its_explanation_beside_what_it_had(
    service: httpx.AsyncClient, supplied: Staff
) -> None:
    answer = await service.get(FINDINGS.format("INT"), headers=supplied["clerk"])
    found = {f["rule_id"]: f for f in answer.json()}
    idle = found["IDLE-01"]
    assert {"code", "holds", "inputs", "parameters", "missing", "basis", "next_on"} <= idle.keys()
    told = idle["explanation"]
    assert told["title"] == {"zh": "线索/预警：疑似闲置", "en": "Lead/warning: Suspected idle"}
    assert "应动工日期是 2022-06-30" in told["sentence"]["zh"]
    assert told["articles"][0]["citation"]["en"] == "Measures for the Disposal of Idle Land, Art. 2(1)"
    dates = {f["name"]: f["effective_on"] for f in told["facts"]}
    assert dates["agreed_start_on"] == "2021-03-18"
    assert told["confidence"] == "law"
    assert not told["is_local"]
    assert found["UNDER-01"]["explanation"]["is_local"] if "UNDER-01" in found else True
    assert all(f["explanation"]["holds"] == f["holds"] for f in found.values())
    assert all(f["explanation"]["missing"] for f in found.values() if f["holds"] == "unknown")


async def test_at_a_moment_it_tells_the_days_to_come_from_there(service: httpx.AsyncClient, supplied: Staff) -> None:
    asked = {"as_of": "2022-06-30"}
    answer = await service.get(FINDINGS.format("INT"), params=asked, headers=supplied["clerk"])
    found = {f["rule_id"]: f["explanation"] for f in answer.json()}
    under = found["UNDER-02"]
    assert (under["holds"], under["next"]["on"], under["then"]["on"]) == ("no", "2022-07-01", "2023-07-01")
    assert (under["next"]["level"], under["then"]["level"]) == ("YELLOW", "RED")
    idle = found["IDLE-01"]
    assert (idle["next"]["on"], idle["next"]["result"], idle["then"]["on"]) == (
        "2023-07-01",
        "SUSPECTED_IDLE",
        "2024-07-01",
    )
    assert under["next"]["on"] == {f["rule_id"]: f for f in answer.json()}["UNDER-02"]["next_on"]


async def test_the_next_day_told_is_the_day_the_answer_changes(service: httpx.AsyncClient, supplied: Staff) -> None:
    async def at(day: str) -> dict[str, dict[str, object]]:
        answer = await service.get(FINDINGS.format("INT"), params={"as_of": day}, headers=supplied["clerk"])
        return {f["rule_id"]: f for f in answer.json()}

    for rule_id, found in (await at("2022-01-01")).items():
        told = found["explanation"]
        for turn in (told["next"], told["then"]):  # type: ignore[index]
            if turn is not None and turn["holds"] is not None:
                then = (await at(turn["on"]))[rule_id]
                assert (then["holds"], then["result"], then["level"]) == (turn["holds"], turn["result"], turn["level"])


async def test_a_table_has_one_row_a_lead_in_the_language_asked_for(
    service: httpx.AsyncClient, supplied: Staff
) -> None:
    asked = {"f": "csv", "lang": "en"}
    answer = await service.get(FINDINGS.format("INT"), params=asked, headers=supplied["clerk"])
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert tuple(rows[0]) == COLUMNS
    (idle,) = [row for row in rows if row["rule_id"] == "IDLE-01"]
    assert idle["title"] == "Lead/warning: Suspected idle"
    assert idle["parcel_code"] == "INT"
    assert "Art. 2(1)" in idle["articles"]
    assert len(rows) == len((await service.get(FINDINGS.format("INT"), headers=supplied["clerk"])).json())


async def test_the_item_of_the_collection_tells_the_same(service: httpx.AsyncClient, supplied: Staff) -> None:
    one = (await service.get("/ogc/collections/findings/items/INT.IDLE-01", headers=supplied["clerk"])).json()
    found = (await service.get(FINDINGS.format("INT"), headers=supplied["clerk"])).json()
    assert one["explanation"] == next(f["explanation"] for f in found if f["rule_id"] == "IDLE-01")


@pytest.mark.parametrize("params", [{}, {"f": "csv"}, {"as_of": "2022-01-01"}])
async def test_the_public_gets_nothing(service: httpx.AsyncClient, params: dict[str, str]) -> None:
    answer = await service.get(FINDINGS.format("PUB"), params=params)
    assert answer.status_code == 401
    assert "IDLE" not in answer.text
    assert (await service.get("/ogc/collections/findings/items/PUB.IDLE-01")).status_code == 404
    page = await service.get("/ogc/collections/parcels/items/PUB", params={"f": "json"})
    assert "explanation" not in page.text


@pytest.mark.parametrize(
    ("params", "field"), [({"f": "xlsx"}, "f"), ({"as_of": "soon"}, "as_of"), ({"colour": "1"}, "colour")]
)
async def test_what_cannot_be_asked_is_named(
    service: httpx.AsyncClient, bearer: Staff, params: dict[str, str], field: str
) -> None:
    answer = await service.get(FINDINGS.format("INT"), params=params, headers=bearer["clerk"])
    assert answer.status_code in (400, 422)
    assert field in answer.text
