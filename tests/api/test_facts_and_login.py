"""Telling facts and logging in: If-Match, rights, CSRF, locks."""

from __future__ import annotations

import httpx
import pytest

from tests.plugins.service import World

pytestmark = pytest.mark.anyio
FACTS = "/v1/parcels/{}/facts"


async def tag(client: httpx.AsyncClient, code: str, headers: dict[str, str]) -> str:
    return (await client.get(f"/ogc/collections/parcels/items/{code}", headers=headers)).headers["etag"]


async def test_a_clerk_changes_a_status_and_everyone_sees_it(
    service: httpx.AsyncClient, bearer: dict[str, dict[str, str]]
) -> None:
    before = await tag(service, "PUB", bearer["clerk"])
    fact = {"kind": "status", "value": "AVAILABLE", "effective_on": "2026-01-05", "document_no": "示例〔2026〕1号"}
    told = await service.post(FACTS.format("PUB"), json=fact, headers=bearer["clerk"] | {"If-Match": before})
    assert told.status_code == 201, told.text
    public = (await service.get("/ogc/collections/parcels/items/PUB")).json()
    assert public["properties"]["status"] == "AVAILABLE"
    assert told.headers["etag"] == await tag(service, "PUB", {}) != before
    facts = (await service.get(FACTS.format("PUB"))).json()
    assert facts[0]["value_zh"] == "可供应"
    assert facts[0]["recorded_by"] is None
    staff = (await service.get(FACTS.format("PUB"), headers=bearer["clerk"])).json()
    assert staff[0]["recorded_by"] == "clerk"


async def test_a_stale_write_gets_the_current_state(
    service: httpx.AsyncClient, bearer: dict[str, dict[str, str]]
) -> None:
    fact = {"kind": "status", "value": "RESERVE"}
    stale = await service.post(FACTS.format("INT"), json=fact, headers=bearer["clerk"] | {"If-Match": '"INT-999"'})
    assert stale.status_code == 412
    assert stale.json()["current"]["code"] == "INT"
    assert stale.json()["current_etag"] == await tag(service, "INT", bearer["clerk"])
    for missing in ({}, {"If-Match": "*"}):
        assert (
            await service.post(FACTS.format("INT"), json=fact, headers=bearer["clerk"] | missing)
        ).status_code == 428


@pytest.mark.parametrize(
    ("fact", "field"),
    [
        ({"kind": "status", "value": "NOT_A_STATUS"}, "value"),
        ({"kind": "nothing", "value": "x"}, "kind"),
        ({"kind": "status", "value": "RESERVE", "effective_on": "2999-01-01"}, "effective_on"),
        ({"kind": "status", "value": "RESERVE", "effective_on": "yesterday"}, "effective_on"),
        ({"kind": "land_price_wan_cny", "value": "NaN"}, "value"),
        ({"kind": "agreed_start_on", "value": "2024-02-30"}, "value"),
    ],
)
async def test_a_fact_that_cannot_be_names_its_field(
    service: httpx.AsyncClient, bearer: dict[str, dict[str, str]], fact: dict[str, str], field: str
) -> None:
    headers = bearer["clerk"] | {"If-Match": await tag(service, "INT", bearer["clerk"])}
    response = await service.post(FACTS.format("INT"), json=fact, headers=headers)
    assert response.status_code == 400
    assert response.json()["errors"][0]["parameter"] == field


async def test_rights_are_the_databases(service: httpx.AsyncClient, bearer: dict[str, dict[str, str]]) -> None:
    fact = {"kind": "status", "value": "RESERVE"}
    two = await tag(service, "TWO", bearer["clerk"])
    assert (await service.post(FACTS.format("TWO"), json=fact, headers={"If-Match": two})).status_code == 401
    for account, status in (("clerk", 403), ("leader", 403), ("bureau", 201)):
        response = await service.post(FACTS.format("TWO"), json=fact, headers=bearer[account] | {"If-Match": two})
        assert response.status_code == status, (account, response.text)
    wrong = {"Authorization": "Bearer yzt_wrong", "If-Match": two}
    assert (await service.post(FACTS.format("TWO"), json=fact, headers=wrong)).status_code == 401


async def test_leads_follow_the_facts(service: httpx.AsyncClient, bearer: dict[str, dict[str, str]]) -> None:
    for kind, value, on in (
        ("contract_on", "2021-03-15", "2021-03-15"),
        ("agreed_start_on", "2022-03-15", "2021-03-15"),
    ):
        headers = bearer["clerk"] | {"If-Match": await tag(service, "INT", bearer["clerk"])}
        response = await service.post(
            FACTS.format("INT"), json={"kind": kind, "value": value, "effective_on": on}, headers=headers
        )
        assert response.status_code == 201, response.text
    found = {f["rule_id"]: f for f in (await service.get("/v1/parcels/INT/findings", headers=bearer["leader"])).json()}
    assert found["IDLE-01"]["result"] == "SUSPECTED_IDLE"
    assert found["UNDER-02"]["level"] == "RED"
    feature = (await service.get("/ogc/collections/parcels/items/INT", headers=bearer["leader"])).json()
    assert feature["properties"]["flag"] == "SUSPECTED_IDLE"


async def test_a_session_needs_its_csrf_token_to_write(service: httpx.AsyncClient) -> None:
    wrong = await service.post("/login", data={"username": "clerk", "password": "not it"})
    assert wrong.headers["location"].startswith("/login?error=1")
    elsewhere = await service.post(
        "/login", data={"username": "clerk", "password": "clerk-password-1", "next": "//evil.test/"}
    )
    assert elsewhere.headers["location"] == "/"
    assert "httponly" in elsewhere.headers["set-cookie"].lower()
    assert "samesite=lax" in elsewhere.headers["set-cookie"].lower()
    me = (await service.get("/v1/me")).json()
    assert me["username"] == "clerk"
    fact = {"kind": "status", "value": "IN_USE", "if_match": await tag(service, "PUB", {})}
    assert (await service.post(FACTS.format("PUB"), data=fact)).status_code == 403
    done = await service.post(FACTS.format("PUB"), data=fact | {"csrf": me["csrf_token"]})
    assert done.status_code == 303
    assert (await service.post("/logout", data={"csrf": me["csrf_token"]})).status_code == 303
    assert (await service.get("/v1/me")).status_code == 401


async def test_basic_password_is_a_token(service: httpx.AsyncClient, world: World) -> None:
    answer = await service.get("/v1/me", auth=("whoever", world.tokens["bureau"]))
    assert answer.json()["username"] == "bureau"


async def test_five_failures_lock_even_the_right_password(service: httpx.AsyncClient) -> None:
    for _ in range(6):
        await service.post("/login", data={"username": "leader", "password": "wrong"})
    locked = await service.post("/login", data={"username": "leader", "password": "leader-password-1"})
    assert "error=locked" in locked.headers["location"]


async def test_health_and_metrics(service: httpx.AsyncClient) -> None:
    assert (await service.get("/health/live")).json() == {"status": "live"}
    assert (await service.get("/health/ready")).json()["failing"] == []
    assert "yizhangtu_requests_total" in (await service.get("/metrics")).text
    assert (await service.get("/metrics", headers={"X-Forwarded-For": "1.2.3.4"})).status_code == 404
