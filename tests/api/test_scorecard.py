"""The scorecard of a park over HTTP: figures as they were counted by hand; staff only; what is not there is said."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy import create_engine

from geo.db import driver_url
from geo.people.commands import create_account
from tests.landuse.test_scorecard import write
from tests.plugins.service import World, serving

pytestmark = pytest.mark.anyio
PATH = "/v1/parks/P1/scorecard"


@pytest.fixture(scope="module")
def told(database_url: str, app_url: str) -> World:
    """The little county of the scorecard's own tests, with a leader."""
    with create_engine(driver_url(database_url)).begin() as connection:
        write(connection)
        token = create_account(connection, "leader", "leader-password-1", "leader", "leader", "C", ())
    return World(database_url, app_url, {"leader": token})


@pytest.fixture
async def client(told: World) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(told) as made:
        yield made


async def test_figures_works_and_what_nobody_knows(client: httpx.AsyncClient, told: World) -> None:
    leader = {"Authorization": f"Bearer {told.tokens['leader']}"}
    answer = await client.get(PATH, params={"county": "C"}, headers=leader)
    assert answer.status_code == 200
    found = answer.json()
    assert found["park_code"] == "P1"
    assert found["land"]["total"]["parcels"] == sum(part["parcels"] for part in found["land"]["parts"].values()) > 0
    years = {year["year"]: year for year in found["years"]}
    assert years[2024]["tax_wan_cny_per_mu"] == round((100 + 60) / (30 + 10 - 20 + 20), 4)
    assert years[2024]["county_tax_wan_cny_per_mu"] == round((100 + 60 + 40) / (20 + 20 + 60), 4)
    assert years[2025]["output_wan_cny_per_mu"] == round(800 / 20, 4)
    assert years[2024]["firms_without_land"] == 1
    assert {work["state"] for work in found["works"]["works"]} >= {"finished_on_time", "finished_late", "no_date"}


@pytest.mark.parametrize(("path", "status"), [(PATH.replace("P1", "GONE"), 404), (f"{PATH}?x=1", 400), (PATH.replace("P1", "%00"), 400)])  # fmt: skip
async def test_what_is_not_there(client: httpx.AsyncClient, told: World, path: str, status: int) -> None:
    leader = {"Authorization": f"Bearer {told.tokens['leader']}"}
    answer = await client.get(path, params=None if "?" in path else {"county": "C"}, headers=leader)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("application/problem+json")


async def test_the_public_is_told_to_log_in(client: httpx.AsyncClient) -> None:
    assert (await client.get(PATH, params={"county": "C"})).status_code == 401
