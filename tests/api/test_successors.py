"""A code that was merged or split: 410 that names what took its place, for whoever may know; taken back, it is there again."""

from __future__ import annotations

import httpx
import psycopg
import pytest

from tests.plugins.service import COUNTY, World

pytestmark = pytest.mark.anyio
HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def land(world: World) -> World:
    """Published OLD, OLDER, NEW-1, NEW-2, the secret HID, and OTHER of another unit; OLD has a lead."""
    with psycopg.connect(world.owner_url, autocommit=True) as c:
        for i, (code, unit, state) in enumerate((
            ("OLD", "U1", "published"), ("OLDER", "U1", "published"), ("NEW-1", "U1", "published"), ("NEW-2", "U1", "published"),
            ("HID", "U1", "internal"), ("OTHER", "U2", "published"),
        )):  # fmt: skip
            c.execute(
                "insert into register.parcel (county_code, code, name, geom, unit_code, publication_state, land_use_code) values "
                "(%s, %s, '地块', st_multi(st_makeenvelope(%s, 29.5, %s + 0.001, 29.501, 4490)), %s, %s, '100102')",
                [COUNTY, code, 121.7 + i * 0.01, 121.7 + i * 0.01, unit, state],
            )
    return world


async def tag(client: httpx.AsyncClient, code: str, headers: dict[str, str]) -> str:
    return (await client.get(f"/ogc/collections/parcels/items/{code}", headers=headers)).headers["etag"]


async def tell(client: httpx.AsyncClient, code: str, headers: dict[str, str], **fact: str | int) -> httpx.Response:
    if_match = {"If-Match": await tag(client, code, headers)}
    return await client.post(f"/v1/parcels/{code}/facts", json=fact, headers=headers | if_match)


async def test_a_split_parcel_is_gone_names_both_and_comes_back(
    land: World, service: httpx.AsyncClient, bearer: dict[str, dict[str, str]]
) -> None:
    clerk, item = bearer["clerk"], "/ogc/collections/parcels/items/OLD"
    told = await tell(service, "OLD", clerk, kind="approved_on", value="2020-01-06", effective_on="2020-01-06")
    assert told.status_code == 201
    assert (await service.get("/v1/parcels/OLD/findings", headers=clerk)).json()
    told = [
        await tell(service, "OLD", clerk, kind="succeeded_by", value=code, effective_on="2026-03-02")
        for code in ("NEW-2", "NEW-1")
    ]
    assert [t.status_code for t in told] == [201, 201], told[0].text
    gone = await service.get(item, headers={"Accept-Language": "zh"})
    assert gone.status_code == 410
    assert gone.json()["successors"] == ["/parcels/NEW-1?county=330225", "/parcels/NEW-2?county=330225"]
    assert "2026-03-02" in gone.json()["detail"]
    for path in ("/v1/parcels/OLD/facts", "/v1/parcels/OLD"):
        assert (await service.get(path)).status_code in (404, 410)
    listed = (await service.get("/ogc/collections/parcels/items?limit=100")).json()["features"]
    assert "OLD" not in {f["id"] for f in listed}
    # staff still read the old one, and no rule judges it
    assert (await service.get(item, headers=clerk)).status_code == 200
    assert (await service.get("/v1/parcels/OLD/findings", headers=clerk)).json() == []
    assert (await service.get("/v1/parcels/OLD/findings?as_of=2026-04-01", headers=clerk)).json() == []
    assert (await service.get("/v1/parcels/OLD/findings?as_of=2026-02-01", headers=clerk)).json() != []
    # taken back one after the other: gone as long as one stands
    for left, answer in ((1, 410), (0, 200)):
        facts = (await service.get("/v1/parcels/OLD/facts", headers=clerk)).json()
        standing = [
            f for f in facts if f["kind"] == "succeeded_by" and f["value_text"] and f["retracted_by_fact_id"] is None
        ]
        assert len(standing) == left + 1
        taken = await tell(service, "OLD", clerk, retracts=standing[0]["id"], note="记错了")
        assert taken.status_code == 201, taken.text
        assert (await service.get(item)).status_code == answer
    assert (await service.get("/v1/parcels/OLD/findings", headers=clerk)).json()


async def test_a_code_leads_over_steps_to_what_stands_today(
    land: World, service: httpx.AsyncClient, bearer: dict[str, dict[str, str]]
) -> None:
    clerk = bearer["clerk"]
    for code, into in (("OLDER", "OLD"), ("OLD", "NEW-1")):
        assert (await tell(service, code, clerk, kind="succeeded_by", value=into)).status_code == 201
    for code in ("OLDER", "OLD"):
        gone = await service.get(f"/ogc/collections/parcels/items/{code}")
        assert (gone.status_code, gone.json()["successors"]) == (410, ["/parcels/NEW-1?county=330225"])
    back = await tell(service, "NEW-1", clerk, kind="succeeded_by", value="OLDER")
    assert back.status_code == 400
    assert back.json()["errors"][0]["parameter"] == "value"


async def test_what_was_never_published_leads_nowhere(
    land: World, service: httpx.AsyncClient, bearer: dict[str, dict[str, str]]
) -> None:
    """To the public a secret code and a code that never was are the same, succeeded or not; and no secret successor is named."""
    clerk = bearer["clerk"]
    assert (await tell(service, "HID", clerk, kind="succeeded_by", value="NEW-2")).status_code == 201
    never = await service.get("/ogc/collections/parcels/items/NEVER")
    hidden = await service.get("/ogc/collections/parcels/items/HID")
    assert (never.status_code, hidden.status_code) == (404, 404)
    assert hidden.json()["detail"].replace("HID", "NEVER") == never.json()["detail"]
    assert (await tell(service, "NEW-2", clerk, kind="succeeded_by", value="INT")).status_code == 201
    assert (await service.get("/ogc/collections/parcels/items/NEW-2")).status_code == 404


@pytest.mark.parametrize("value", ["NO-SUCH", "PUB", "", "x" * 5000, "NEW-1' or true --"])
async def test_a_successor_that_cannot_be_is_refused(
    land: World, service: httpx.AsyncClient, bearer: dict[str, dict[str, str]], value: str
) -> None:
    told = await tell(service, "PUB", bearer["clerk"], kind="succeeded_by", value=value)
    assert told.status_code == 400
    assert told.json()["errors"][0]["parameter"] == "value"
    assert (await service.get("/ogc/collections/parcels/items/PUB")).status_code == 200


@pytest.mark.parametrize("retracts", ["0", "-1", "abc", "9" * 30, "１"])
async def test_a_fact_that_is_not_there_is_not_taken_back(
    service: httpx.AsyncClient, bearer: dict[str, dict[str, str]], retracts: str
) -> None:
    answer = await tell(service, "PUB", bearer["clerk"], retracts=retracts)
    assert answer.status_code in (400, 404)
    assert answer.json()["errors"][0]["parameter"] == "retracts"


async def test_who_may_not_write_takes_nothing_back(
    service: httpx.AsyncClient, bearer: dict[str, dict[str, str]]
) -> None:
    told = await tell(service, "TWO", bearer["bureau"], kind="status", value="RESERVE")
    fact = told.json()["fact_id"]
    assert (await tell(service, "TWO", bearer["clerk"], retracts=fact)).status_code == 403
    assert (await tell(service, "PUB", bearer["clerk"], retracts=fact)).status_code == 404
    assert (await tell(service, "TWO", bearer["bureau"], retracts=fact)).status_code == 201
    again = await tell(service, "TWO", bearer["bureau"], retracts=fact)
    assert again.status_code == 409
