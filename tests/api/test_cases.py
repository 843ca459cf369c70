"""Cases over HTTP: opened from a lead, worked to the end, published and taken off; overrides of leads; rights and refusals."""

from __future__ import annotations

from typing import Any

import httpx
import psycopg
import pytest

from tests.plugins.service import COUNTY, World

pytestmark = pytest.mark.anyio
CASE, FACTS, OVERRIDE = "/v1/parcels/{}/case", "/v1/parcels/{}/facts", "/v1/parcels/{}/findings/{}/override"
CLERK = dict[str, dict[str, str]]


async def tag(client: httpx.AsyncClient, code: str, who: dict[str, str]) -> str:
    return (await client.get(f"/ogc/collections/parcels/items/{code}", headers=who)).headers["etag"]


async def post(client: httpx.AsyncClient, path: str, code: str, who: dict[str, str], body: dict[str, Any]) -> httpx.Response:  # fmt: skip
    return await client.post(path, json=body, headers=who | {"If-Match": await tag(client, code, who)})


async def step(client: httpx.AsyncClient, who: dict[str, str], code: str, event: str, on: str, **told: Any) -> httpx.Response:  # fmt: skip
    return await post(client, CASE.format(code), code, who, {"event": event, "happened_on": on, **told})


async def facts(client: httpx.AsyncClient, who: dict[str, str], code: str, **told: str) -> None:
    for kind, value in told.items():
        on = value if kind.endswith("_on") else "2021-03-18"
        done = await post(client, FACTS.format(code), code, who, {"kind": kind, "value": value, "effective_on": min(on, "2024-06-01")})  # fmt: skip
        assert done.status_code == 201, (kind, done.text)


@pytest.fixture
async def idle(world: World, service: httpx.AsyncClient, bearer: CLERK, request: pytest.FixtureRequest) -> str:  # fmt: skip
    """A plot of unit U1 that is idle by IDLE-01, new for each test."""
    code = f"IDLE-{abs(hash(request.node.name)) % 10**8}"
    with psycopg.connect(world.owner_url, autocommit=True) as c:
        c.execute(
            "insert into register.parcel (county_code, code, name, geom, unit_code, publication_state) values "
            "(%s, %s, '闲置地块', st_multi(st_makeenvelope(121.9, 29.5, 121.901, 29.501, 4490)), 'U1', 'internal')",
            [COUNTY, code],
        )
    await facts(service, bearer["clerk"], code, contract_on="2021-03-18", agreed_start_on="2022-06-30")
    return code


async def worked_to(client: httpx.AsyncClient, who: dict[str, str], code: str, *events: str) -> None:
    papers: dict[str, dict[str, str]] = {
        "NOTICE_SERVED": {"document_no": "示例调〔2024〕1号"},
        "LETTER_ISSUED": {"document_no": "示例认〔2024〕1号", "cause": "OWNER"},
        "PUBLICATION": {"url": "https://example.invalid/idle/1", "holder": "示例公司"},
        "FEE_HEARING_TOLD": {"document_no": "听1"},
        "FEE_DECISION_SERVED": {"document_no": "示例征〔2024〕1号"},
        "TAKE_BACK_HEARING_TOLD": {"document_no": "听2"},
    }
    for number, event in enumerate(events):
        done = await step(client, who, code, event, f"2024-03-{4 + number:02d}", **papers.get(event, {}))
        assert done.status_code == 201, (event, done.text)


async def test_a_case_from_lead_to_publication_and_off_again(
    service: httpx.AsyncClient, bearer: CLERK, idle: str
) -> None:
    clerk = bearer["clerk"]
    assert (await service.get(CASE.format(idle), headers=clerk)).status_code == 404
    opened = await step(service, clerk, idle, "OPEN", "2024-03-04")
    assert opened.status_code == 201, opened.text
    assert opened.headers["etag"] == await tag(service, idle, clerk)
    case = (await service.get(CASE.format(idle), headers=clerk)).json()
    assert (case["state"], case["limb"], case["title"]["zh"], case["code"]) == (
        "SUSPECTED",
        "A",
        "线索/预警",
        f"{idle}.X1",
    )
    lead = case["finding"]
    assert (lead["rule_id"], lead["holds"], lead["as_of"], lead["since_on"]) == (
        "IDLE-01",
        "yes",
        "2024-03-04",
        "2022-06-30",
    )
    assert lead["parameters"]["idle.years_fee"]["value"] == "1"
    (due,) = case["deadlines"]
    assert (due["rule"], due["due_on"], due["status"]) == ("IDLE-20", "2024-04-03", "overdue")
    assert due["parameter"]["idle.notice_days"]["value"] == "30"
    assert {s["event"] for s in case["next_steps"]} == {"NOTICE_SERVED", "FACTS_WRONG", "START_PROVEN", "DISPUTE_FILED"}
    held = {f["rule_id"]: f for f in (await service.get(f"/v1/parcels/{idle}/findings", headers=clerk)).json()}
    assert (held["IDLE-09"]["holds"], held["IDLE-09"]["since_on"]) == ("yes", "2024-03-04")

    assert (await service.get("/v1/idle-land")).json() == []
    await worked_to(service, clerk, idle, "NOTICE_SERVED", "LETTER_ISSUED")
    assert (await service.get("/v1/idle-land")).json() == []
    case = (await service.get(CASE.format(idle), headers=clerk)).json()
    assert case["title"] == {"zh": "闲置土地（认定书 示例认〔2024〕1号）", "en": "Idle land (letter 示例认〔2024〕1号)"}
    done = await step(
        service, clerk, idle, "PUBLICATION", "2024-03-06", url="https://example.invalid/1", holder="示例公司"
    )
    assert done.status_code == 201, done.text
    public = (await service.get("/v1/idle-land")).json()
    assert public == [{
        "holder": "示例公司", "location": "闲置地块", "location_en": None, "town": None, "town_en": None, "idle_since_on": "2022-06-30",
        "published_on": "2024-03-06", "is_sample": False,
    }]  # fmt: skip
    assert (await service.get(f"/v1/parcels/{idle}/case")).status_code == 401
    assert (await service.get(f"/parcels/{idle}")).status_code == 404

    started = {"permit_on": "2024-03-10", "foundation_type": "OTHER", "foundation_progress_ratio": "0.4"}
    refused = await step(service, clerk, idle, "START_PROVEN", "2024-06-03", note="现场核实")
    assert refused.status_code == 409
    assert "IDLE-02" in refused.json()["detail"]
    await facts(service, clerk, idle, **started, started_on="2024-03-20")
    proven = await step(service, clerk, idle, "START_PROVEN", "2024-06-03", note="现场核实")
    assert proven.status_code == 201, proven.text
    assert (await service.get("/v1/idle-land")).json() == []
    case = (await service.get(CASE.format(idle), headers=clerk)).json()
    assert (case["state"], case["events"][-1]["judged"]["IDLE-02"]["holds"]) == ("REMEDIED", "yes")
    assert (await step(service, clerk, idle, "FILE_CLOSED", "2024-06-04")).status_code == 201
    again = await step(service, clerk, idle, "NOTICE_SERVED", "2024-06-04", document_no="1")
    assert again.status_code == 409


async def test_fee_and_taking_back_are_information(service: httpx.AsyncClient, bearer: CLERK, idle: str) -> None:
    """C010: 3,600 万元, fee 720."""
    clerk = bearer["clerk"]

    async def told() -> dict[str, Any]:
        found: dict[str, Any] = (await service.get(CASE.format(idle), headers=clerk)).json()["information"]
        return found

    assert (await step(service, clerk, idle, "OPEN", "2024-03-04")).status_code == 201
    first = await told()
    assert (first["fee"]["status"], first["fee"]["missing"]) == ("unknown", ["land_price_wan_cny"])
    assert (first["take_back"]["status"], first["take_back"]["after_on"]) == ("cause_open", "2024-06-30")
    assert first["hold"] == {"rule": "IDLE-09", "is_held": True, "since_on": "2024-03-04"}
    await facts(service, clerk, idle, land_price_wan_cny="3600")
    assert ((await told())["fee"]["status"], (await told())["fee"]["amount_wan_cny"]) == ("cause_open", "720")
    await worked_to(service, clerk, idle, "NOTICE_SERVED", "LETTER_ISSUED", "PUBLICATION", "TAKE_BACK_HEARING_TOLD")
    last = await told()
    assert (last["fee"]["status"], last["fee"]["amount_wan_cny"]) == ("amount", "720")
    assert last["take_back"]["status"] == "eligible"
    early = await step(service, clerk, idle, "TAKE_BACK_DECISION_SERVED", "2024-06-30", document_no="收1")
    assert early.status_code == 409
    assert "IDLE-07" in early.json()["detail"]
    served = await step(service, clerk, idle, "TAKE_BACK_DECISION_SERVED", "2024-07-01", document_no="收1")
    assert served.status_code == 201, served.text
    case = (await service.get(CASE.format(idle), headers=clerk)).json()
    assert [d["rule"] for d in case["deadlines"] if d["status"] == "overdue"] == ["IDLE-28"]


async def test_an_accepted_cause_has_no_fee(service: httpx.AsyncClient, bearer: CLERK, idle: str) -> None:
    clerk = bearer["clerk"]
    assert (await step(service, clerk, idle, "OPEN", "2024-03-04")).status_code == 201
    await worked_to(service, clerk, idle, "NOTICE_SERVED")
    letter = await step(service, clerk, idle, "LETTER_ISSUED", "2024-03-05", document_no="认1", cause="GOVERNMENT")
    assert letter.status_code == 201, letter.text
    told = (await service.get(CASE.format(idle), headers=clerk)).json()["information"]
    assert (told["fee"]["status"], told["take_back"]["status"]) == ("not_owner", "not_owner")


async def test_limb_b_has_neither_fee_nor_taking_back(service: httpx.AsyncClient, bearer: CLERK, idle: str) -> None:
    clerk = bearer["clerk"]
    await facts(service, clerk, idle, permit_on="2022-06-01", started_on="2022-06-10", suspended_since_on="2023-02-01",
                developed_area_m2="100", developable_area_m2="1000", land_price_wan_cny="100")  # fmt: skip
    assert (await step(service, clerk, idle, "OPEN", "2024-03-04")).status_code == 201
    case = (await service.get(CASE.format(idle), headers=clerk)).json()
    assert (case["limb"], case["finding"]["rule_id"], case["idle_since_on"]) == ("B", "IDLE-03", "2023-02-01")
    assert (case["information"]["fee"]["status"], case["information"]["take_back"]["status"]) == ("none", "none")


async def test_the_last_step_is_taken_back_and_what_was_known_stays(
    service: httpx.AsyncClient, bearer: CLERK, idle: str
) -> None:
    clerk = bearer["clerk"]
    assert (await step(service, clerk, idle, "OPEN", "2024-03-04")).status_code == 201
    await worked_to(service, clerk, idle, "NOTICE_SERVED", "LETTER_ISSUED")
    case = (await service.get(CASE.format(idle), headers=clerk)).json()
    known_at = case["events"][-1]["recorded_at"]
    moment = {"known_at": known_at, "as_of": "2024-04-01"}
    first = await service.get(CASE.format(idle), params=moment, headers=clerk)
    assert first.json()["state"] == "DETERMINED"
    notice, letter = case["events"][1]["id"], case["events"][2]["id"]
    for body, status in (
        ({"retracts": notice, "note": "误"}, 409), ({"retracts": letter}, 400), ({"retracts": letter, "note": " "}, 400),
        ({"retracts": "x", "note": "误"}, 400), ({"retracts": "9" * 30, "note": "误"}, 400),
        ({"retracts": letter, "note": "x" * 4001}, 400),
    ):  # fmt: skip
        assert (await post(service, CASE.format(idle), idle, clerk, body)).status_code == status, body
    done = await post(service, CASE.format(idle), idle, clerk, {"retracts": letter, "note": "文号有误"})
    assert done.status_code == 201, done.text
    now = (await service.get(CASE.format(idle), headers=clerk)).json()
    assert (now["state"], now["cause"], now["title"]["zh"]) == ("INVESTIGATING", None, "线索/预警")
    assert [(t["event"], t["retracted_because"], t["retracted_by"]) for t in now["taken_back"]] == [
        ("LETTER_ISSUED", "文号有误", "clerk")
    ]
    assert (await service.get(CASE.format(idle), params=moment, headers=clerk)).content == first.content
    assert (await service.get(CASE.format(idle), params={"as_of": "2024-03-04"}, headers=clerk)).json()["state"] == "INVESTIGATING"  # fmt: skip
    assert (await service.get(CASE.format(idle), params={"as_of": "2024-03-03"}, headers=clerk)).status_code == 404


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"event": "NOTICE_SERVED", "happened_on": "2024-03-05"}, 400, "document_no"),
        ({"event": "NOTICE_SERVED", "document_no": "1"}, 400, "happened_on"),
        ({"event": "NOTICE_SERVED", "happened_on": "2024-02-30", "document_no": "1"}, 400, "happened_on"),
        ({"event": "NOTICE_SERVED", "happened_on": "2999-01-01", "document_no": "1"}, 400, "happened_on"),
        ({"event": "NOTICE_SERVED", "happened_on": "2024-03-03", "document_no": "1"}, 400, "happened_on"),
        ({"event": "NOTICE_SERVED", "happened_on": "0001-01-01", "document_no": "1"}, 400, "happened_on"),
        ({"event": "NOTICE_SERVED", "happened_on": "2024-03-05", "document_no": "1", "cause": "OWNER"}, 400, "cause"),
        ({"event": "NOTICE_SERVED", "happened_on": "2024-03-05", "document_no": "1", "new_due_on": "2025-01-01"}, 400, "new_due_on"),
        ({"event": "NOTICE_SERVED", "happened_on": "2024-03-05", "document_no": "x" * 201}, 400, "document_no"),
        ({"event": "NOTICE_SERVED", "happened_on": "2024-03-05", "document_no": "a\x00b"}, 400, "document_no"),
        ({"event": "NOTICE_SERVED", "happened_on": "2024-03-05", "document_no": "1", "url": "javascript:alert(1)"}, 400, "url"),
        ({"event": "'; drop table", "happened_on": "2024-03-05"}, 400, "event"),
        ({"event": "RETRACT", "happened_on": "2024-03-05"}, 400, "event"),
        ({"happened_on": "2024-03-05"}, 400, "event"),
        ({"event": "OPEN", "happened_on": "2024-03-05"}, 409, "event"),
        ({"event": "PUBLICATION", "happened_on": "2024-03-05", "url": "https://a.b", "holder": "甲"}, 409, "event"),
        ({"event": "DEADLINES_FROZEN", "happened_on": "2024-03-05", "note": "x"}, 409, "event"),
    ],
)  # fmt: skip
async def test_a_step_that_cannot_be_names_its_field(
    service: httpx.AsyncClient, bearer: CLERK, idle: str, body: dict[str, Any], status: int, field: str
) -> None:
    assert (await step(service, bearer["clerk"], idle, "OPEN", "2024-03-04")).status_code == 201
    for lang in ("zh", "en"):
        who = bearer["clerk"] | {"Accept-Language": lang}
        response = await post(service, CASE.format(idle), idle, who, body)
        assert response.status_code == status, response.text
        assert response.json()["errors"][0]["parameter"] == field
    assert (await service.get(CASE.format(idle), headers=bearer["clerk"])).json()["state"] == "SUSPECTED"


async def test_only_a_lead_opens_a_case(service: httpx.AsyncClient, bearer: CLERK, idle: str) -> None:
    clerk = bearer["clerk"]
    early = await step(service, clerk, idle, "OPEN", "2023-06-30")
    assert (early.status_code, early.json()["errors"][0]["parameter"]) == (409, "event")
    assert (await step(service, clerk, idle, "NOTICE_SERVED", "2024-03-05", document_no="1")).status_code == 409
    assert (await step(service, clerk, idle, "OPEN", "2023-07-01")).status_code == 201
    assert (await step(service, clerk, "PUB", "OPEN", "2024-03-04")).status_code == 409
    assert (await step(service, clerk, idle, "OPEN", "2024-03-04")).status_code == 409


async def test_rights_and_versions(service: httpx.AsyncClient, bearer: CLERK, idle: str) -> None:
    seen = await tag(service, idle, bearer["clerk"])
    body = {"event": "OPEN", "happened_on": "2024-03-04"}
    leader = await service.post(CASE.format(idle), json=body, headers=bearer["leader"] | {"If-Match": seen})
    assert leader.status_code == 403
    assert (await service.post(CASE.format(idle), json=body, headers={"If-Match": seen})).status_code == 401
    assert (await service.post(CASE.format(idle), json=body, headers=bearer["clerk"])).status_code == 428
    stale = await service.post(CASE.format(idle), json=body, headers=bearer["clerk"] | {"If-Match": '"x-999"'})
    assert stale.status_code == 412
    two = await tag(service, "TWO", bearer["clerk"])
    for path in (CASE.format("TWO"), OVERRIDE.format("TWO", "IDLE-01")):
        foreign = await service.post(path, json=body | {"reason": "x"}, headers=bearer["clerk"] | {"If-Match": two})
        assert foreign.status_code == 403, foreign.text
    for path in ("/v1/cases", "/v1/case-machine", CASE.format(idle), OVERRIDE.format(idle, "IDLE-01")):
        assert (await service.get(path)).status_code == 401, path
    assert (await step(service, bearer["bureau"], idle, "OPEN", "2024-03-04")).status_code == 201


async def test_a_form_is_answered_with_a_page(service: httpx.AsyncClient, bearer: CLERK, idle: str) -> None:
    form = {"event": "OPEN", "happened_on": "2024-03-04", "if_match": await tag(service, idle, bearer["clerk"])}
    done = await service.post(CASE.format(idle), data=form, headers=bearer["clerk"])
    assert (done.status_code, done.headers["location"]) == (303, f"/desk/cases/{idle}?county={COUNTY}")


async def test_the_list_has_filters(service: httpx.AsyncClient, bearer: CLERK, idle: str) -> None:
    clerk = bearer["clerk"]

    async def listed(**asked: str) -> list[str]:
        found = await service.get("/v1/cases", params=asked, headers=clerk)
        assert found.status_code == 200, found.text
        return [case["parcel"] for case in found.json()]

    assert (await step(service, clerk, idle, "OPEN", "2024-03-04")).status_code == 201
    assert idle in await listed()
    for asked in (
        {"state": "SUSPECTED"},
        {"unit": "U1"},
        {"deadline_before": "2024-04-03"},
        {"state": "CLOSED,SUSPECTED"},
    ):
        assert idle in await listed(**asked), asked
    for asked in ({"state": "PUBLISHED"}, {"unit": "U2"}, {"deadline_before": "2024-04-02"}, {"disputed": "1"}):
        assert idle not in await listed(**asked), asked
    assert len(await listed(limit="1")) == 1
    for asked in (
        {"state": "X"},
        {"deadline_before": "x"},
        {"disputed": "2"},
        {"closed": "x"},
        {"when": "1"},
        {"limit": "0"},
    ):
        assert (await service.get("/v1/cases", params=asked, headers=clerk)).status_code == 400, asked
    machine = (await service.get("/v1/case-machine", headers=bearer["leader"])).json()
    assert {s["code"] for s in machine["states"] if s["is_public"]} == {
        "PUBLISHED", "DISPOSAL_APPROVED", "FEE_DECIDED", "FEE_PAID", "TAKE_BACK_DECIDED"}  # fmt: skip
    assert all(t["source"] and t["law"] and t["article"] and t["confidence"] for t in machine["transitions"])


async def test_an_override_stays_beside_the_lead_and_lapses(
    service: httpx.AsyncClient, bearer: CLERK, idle: str
) -> None:
    clerk, path = bearer["clerk"], OVERRIDE.format(idle, "IDLE-01")
    assert (await service.get(path, headers=clerk)).status_code == 404
    for body, status in (({}, 400), ({"reason": " "}, 400), ({"reason": "x" * 4001}, 400), ({"reason": "a\x00"}, 400), ({"retract": "x"}, 400), ({"retract": "1"}, 404)):  # fmt: skip
        assert (await post(service, path, idle, clerk, body)).status_code == status, body
    assert (await post(service, OVERRIDE.format(idle, "IDLE-99"), idle, clerk, {"reason": "x"})).status_code == 404
    before = {f["rule_id"]: f for f in (await service.get(f"/v1/parcels/{idle}/findings", headers=clerk)).json()}
    done = await post(service, path, idle, clerk, {"reason": "已于 2022 年动工，台账漏记", "document_no": "函1"})
    assert done.status_code == 201, done.text
    assert (await post(service, path, idle, clerk, {"reason": "再说一次"})).status_code == 409
    said = (await service.get(path, headers=clerk)).json()
    assert (said["holds"], said["result"], said["is_lapsed"], said["recorded_by"]) == (
        "yes",
        "SUSPECTED_IDLE",
        False,
        "clerk",
    )
    after = {f["rule_id"]: f for f in (await service.get(f"/v1/parcels/{idle}/findings", headers=clerk)).json()}
    assert after["IDLE-01"] == before["IDLE-01"]

    await facts(service, clerk, idle, started_on="2022-06-01")
    assert (await service.get(path, headers=clerk)).json()["is_lapsed"] is True
    gone = await post(service, path, idle, clerk, {"retract": "1", "note": "已补记事实"})
    assert gone.status_code == 201, gone.text
    assert (await service.get(path, headers=clerk)).status_code == 404
