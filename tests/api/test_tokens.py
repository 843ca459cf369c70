"""Personal tokens: made with a login, shown once, listed without their secret, revoked for good."""

from __future__ import annotations

import httpx
import pytest

from tests.plugins.service import World

pytestmark = pytest.mark.anyio
TOKENS = "/v1/me/tokens"


async def log_in(client: httpx.AsyncClient, name: str) -> dict[str, str]:
    await client.post("/login", data={"username": name, "password": f"{name}-password-1"})
    return {"X-CSRF-Token": (await client.get("/v1/me")).json()["csrf_token"]}


async def test_a_token_lives_from_making_to_revoking(service: httpx.AsyncClient, world: World) -> None:
    csrf = await log_in(service, "clerk")
    made = await service.post(TOKENS, json={"label": "QGIS", "days": 30}, headers=csrf)
    assert made.status_code == 201, made.text
    secret, token_id = made.json()["token"], made.json()["id"]
    listed = (await service.get(TOKENS)).json()
    assert (listed[0]["id"], listed[0]["label"], listed[0]["is_valid"]) == (token_id, "QGIS", True)
    assert secret not in str(listed)
    service.cookies.clear()
    header = {"Authorization": f"Bearer {secret}"}
    assert (await service.get("/v1/me", headers=header)).json()["username"] == "clerk"
    assert (await service.delete(f"{TOKENS}/{token_id}", headers=header)).status_code == 204
    assert (await service.get("/v1/me", headers=header)).status_code == 401
    assert (await service.get("/v1/me", auth=("clerk", secret))).status_code == 401


async def test_a_token_does_not_make_tokens(service: httpx.AsyncClient, bearer: dict[str, dict[str, str]]) -> None:
    answer = await service.post(TOKENS, json={"label": "more"}, headers=bearer["clerk"])
    assert answer.status_code == 403
    assert (await service.post(TOKENS, json={"label": "more"})).status_code == 401


@pytest.mark.parametrize(
    "asked", [{"label": ""}, {"label": "x" * 65}, {"label": "x", "days": 0}, {"label": "x", "days": 9999}, {}]
)
async def test_a_token_that_cannot_be_names_its_field(service: httpx.AsyncClient, asked: dict[str, object]) -> None:
    csrf = await log_in(service, "clerk")
    answer = await service.post(TOKENS, json=asked, headers=csrf)
    assert answer.status_code == 400, answer.text
    assert answer.json()["errors"][0]["pointer"] in ("/label", "/days")


async def test_nobody_revokes_another_s_token(service: httpx.AsyncClient, bearer: dict[str, dict[str, str]]) -> None:
    mine = (await service.get(TOKENS, headers=bearer["bureau"])).json()[0]["id"]
    assert (await service.delete(f"{TOKENS}/{mine}", headers=bearer["clerk"])).status_code == 404
    assert (await service.get("/v1/me", headers=bearer["bureau"])).status_code == 200
