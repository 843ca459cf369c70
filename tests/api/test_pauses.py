"""Telling of pauses, and asking what was a lead on a day as it was known at an instant."""

from __future__ import annotations

import httpx
import pytest

from tests.plugins.service import World

pytestmark = pytest.mark.anyio
PAUSES, FACTS, FINDINGS = "/v1/parcels/{}/pauses", "/v1/parcels/{}/facts", "/v1/parcels/{}/findings"
CLERK = dict[str, dict[str, str]]


async def tag(client: httpx.AsyncClient, code: str, headers: dict[str, str]) -> str:
    return (await client.get(f"/ogc/collections/parcels/items/{code}", headers=headers)).headers["etag"]


async def tell(client: httpx.AsyncClient, who: dict[str, str], pause: dict[str, object]) -> httpx.Response:
    headers = who | {"If-Match": await tag(client, "INT", who)}
    return await client.post(PAUSES.format("INT"), json=pause, headers=headers)


async def leads(client: httpx.AsyncClient, who: dict[str, str], **moment: str) -> httpx.Response:
    return await client.get(FINDINGS.format("INT"), params=moment, headers=who)


async def supply(client: httpx.AsyncClient, who: dict[str, str]) -> None:
    for kind, value in (("contract_on", "2021-03-18"), ("agreed_start_on", "2022-06-30")):
        headers = who | {"If-Match": await tag(client, "INT", who)}
        fact = {"kind": kind, "value": value, "effective_on": "2021-03-18"}
        assert (await client.post(FACTS.format("INT"), json=fact, headers=headers)).status_code == 201


async def test_a_pause_moves_the_day_and_comes_off_again(service: httpx.AsyncClient, bearer: CLERK) -> None:
    clerk = bearer["clerk"]
    await supply(service, clerk)
    before = {f["rule_id"]: f for f in (await leads(service, clerk)).json()}
    assert before["UNDER-02"]["since_on"] == "2022-06-30"

    told = await tell(service, clerk, {"from_on": "2022-02-10", "to_on": "2022-05-20", "cause": "GOVERNMENT_OTHER", "document_no": "示例〔2022〕3号"})  # fmt: skip
    assert told.status_code == 201, told.text
    assert told.headers["etag"] == await tag(service, "INT", clerk)
    (pause,) = (await service.get(PAUSES.format("INT"), headers=clerk)).json()
    assert (pause["days"], pause["law"], pause["article"], pause["recorded_by"]) == (100, "o53", "8", "clerk")
    moved = {f["rule_id"]: f for f in (await leads(service, clerk)).json()}
    assert moved["UNDER-02"]["since_on"] == "2022-10-08"
    assert moved["UNDER-02"]["inputs"]["pauses"] == "2022-02-10/2022-05-20"

    ended = await tell(service, clerk, {"retracts": pause["id"], "to_on": "2022-05-21"})
    assert ended.status_code == 201, ended.text
    (corrected,) = (await service.get(PAUSES.format("INT"), headers=clerk)).json()
    assert (corrected["days"], corrected["document_no"]) == (101, "示例〔2022〕3号")
    again = await tell(service, clerk, {"retracts": pause["id"], "to_on": "2022-05-22"})
    assert again.status_code == 409

    gone = await tell(service, clerk, {"retracts": corrected["id"], "note": "误录"})
    assert gone.status_code == 201, gone.text
    assert (await service.get(PAUSES.format("INT"), headers=clerk)).json() == []
    assert {f["rule_id"]: f for f in (await leads(service, clerk)).json()}["UNDER-02"]["since_on"] == "2022-06-30"
    ledger = (await service.get(PAUSES.format("INT"), params={"every": "1"}, headers=clerk)).json()
    assert [row["retracted_by"] for row in ledger] == ["clerk", "clerk"]


async def test_a_clock_that_stands_is_said_in_words(service: httpx.AsyncClient, bearer: CLERK) -> None:
    clerk = bearer["clerk"]
    await supply(service, clerk)
    open_one = await tell(service, clerk, {"from_on": "2022-02-10", "cause": "PETITION"})
    assert open_one.status_code == 201, open_one.text
    found = (await leads(service, clerk)).json()
    under = {f["rule_id"]: f for f in found}["UNDER-02"]
    assert (under["holds"], under["since_on"], under["next_on"]) == ("no", None, None)
    assert {f["rule_id"]: f for f in found}["IDLE-01"]["inputs"]["idle_after_on"] == "CLOCK_STOPPED"
    assert "9999" not in str(found)
    assert (await tell(service, clerk, {"retracts": open_one.json()["pause_id"]})).status_code == 201


@pytest.mark.parametrize(
    ("pause", "field"),
    [
        ({"cause": "PETITION"}, "from_on"),
        ({"from_on": "2022-02-30", "cause": "PETITION"}, "from_on"),
        ({"from_on": "0001-01-01", "cause": "PETITION"}, "from_on"),
        ({"from_on": "2998-01-01", "cause": "PETITION"}, "from_on"),
        ({"from_on": "2022-02-10", "to_on": "2022-02-09", "cause": "PETITION"}, "to_on"),
        ({"from_on": "2022-02-10", "to_on": "9999-12-31", "cause": "PETITION"}, "to_on"),
        ({"from_on": "2022-02-10"}, "cause"),
        ({"from_on": "2022-02-10", "cause": "'; drop table"}, "cause"),
        ({"from_on": "2022-02-10", "cause": "PETITION", "note": "x" * 4001}, "note"),
        ({"from_on": "2022-02-10", "cause": "PETITION", "document_no": "a\x00b"}, "document_no"),
        ({"retracts": "one"}, "retracts"),
        ({"retracts": "99999999999999999999999"}, "retracts"),
    ],
)
async def test_a_pause_that_cannot_be_names_its_field(
    service: httpx.AsyncClient, bearer: CLERK, pause: dict[str, object], field: str
) -> None:
    response = await tell(service, bearer["clerk"], pause)
    assert response.status_code == 400, response.text
    assert response.json()["errors"][0]["parameter"] == field


async def test_rights_and_versions(service: httpx.AsyncClient, bearer: CLERK) -> None:
    pause = {"from_on": "2022-02-10", "to_on": "2022-02-11", "cause": "PETITION"}
    two = await tag(service, "TWO", bearer["clerk"])
    for account, status in (("clerk", 403), ("leader", 403)):
        response = await service.post(PAUSES.format("TWO"), json=pause, headers=bearer[account] | {"If-Match": two})
        assert response.status_code == status, (account, response.text)
    assert (await service.post(PAUSES.format("TWO"), json=pause, headers={"If-Match": two})).status_code == 401
    assert (await service.get(PAUSES.format("TWO"))).status_code == 401
    assert (await service.get("/v1/pause-causes")).status_code == 401
    stale = await service.post(PAUSES.format("INT"), json=pause, headers=bearer["clerk"] | {"If-Match": '"INT-999"'})
    assert stale.status_code == 412
    assert (await service.post(PAUSES.format("INT"), json=pause, headers=bearer["clerk"])).status_code == 428
    assert (await tell(service, bearer["clerk"], {"retracts": 999999})).status_code == 404
    causes = (await service.get("/v1/pause-causes", headers=bearer["leader"])).json()
    assert [c["code"] for c in causes if not c["stops_clock"]] == ["OWNER", "UNKNOWN"]


async def test_a_moment_answers_the_same_later(service: httpx.AsyncClient, bearer: CLERK) -> None:
    clerk = bearer["clerk"]
    await supply(service, clerk)
    told = await tell(service, clerk, {"from_on": "2022-02-10", "to_on": "2022-05-20", "cause": "PLAN_CHANGED"})
    known_at = (await service.get(PAUSES.format("INT"), headers=clerk)).json()[0]["recorded_at"]
    moment = {"as_of": "2023-01-01", "known_at": known_at}
    first = await leads(service, clerk, **moment)
    assert {f["rule_id"]: f for f in first.json()}["UNDER-02"]["since_on"] == "2022-10-08"
    paused = await service.get(PAUSES.format("INT"), params=moment, headers=clerk)

    assert (await tell(service, clerk, {"retracts": told.json()["pause_id"]})).status_code == 201
    headers = clerk | {"If-Match": await tag(service, "INT", clerk)}
    late = {"kind": "started_on", "value": "2022-07-01", "effective_on": "2022-07-01"}
    assert (await service.post(FACTS.format("INT"), json=late, headers=headers)).status_code == 201
    assert (await leads(service, clerk, **moment)).content == first.content
    assert (await service.get(PAUSES.format("INT"), params=moment, headers=clerk)).content == paused.content
    now = {f["rule_id"]: f for f in (await leads(service, clerk, as_of="2023-01-01")).json()}
    assert "UNDER-02" not in now


@pytest.mark.parametrize(
    "moment", [{"known_at": "2999-01-01T00:00:00Z"}, {"as_of": "2999-01-01"}, {"as_of": "x"}, {"known_at": "x"}, {"when": "x"}]
)  # fmt: skip
async def test_a_moment_that_cannot_be_is_refused(
    service: httpx.AsyncClient, bearer: CLERK, moment: dict[str, str], world: World
) -> None:
    assert (await leads(service, bearer["clerk"], **moment)).status_code == 400
    assert (await service.get(PAUSES.format("INT"), params=moment, headers=bearer["clerk"])).status_code == 400
