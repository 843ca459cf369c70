"""The days to come over HTTP: by day and unit, page by page, as a table, as a calendar a program can read; nothing for the public."""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
from icalendar import Calendar

from geo.clock import today
from tests.plugins.service import World

pytestmark = pytest.mark.anyio
Staff = dict[str, dict[str, str]]
AHEAD = timedelta(days=10)


async def tell(client: httpx.AsyncClient, who: dict[str, str], code: str, **fact: str) -> None:
    tag = (await client.get(f"/ogc/collections/parcels/items/{code}", headers=who)).headers["etag"]
    told = await client.post(f"/v1/parcels/{code}/facts", json=fact, headers=who | {"If-Match": tag})
    assert told.status_code == 201, told.text


def due() -> date:
    return today("Asia/Shanghai") + AHEAD


@pytest.fixture
async def coming(service: httpx.AsyncClient, bearer: Staff) -> AsyncIterator[Staff]:
    for code, who in (("INT", "clerk"), ("TWO", "admin")):
        for kind, value in (
            ("contract_on", "2021-03-18"),
            ("agreed_start_on", due().isoformat()),
            ("delay_cause", "OWNER"),
        ):
            await tell(service, bearer[who], code, kind=kind, value=value, effective_on="2021-03-18")
    return bearer


async def read(client: httpx.AsyncClient, who: dict[str, str], **params: str) -> dict[str, Any]:
    answer = await client.get("/v1/forecast", params=params, headers=who)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_what_becomes_overdue_is_told_with_its_day_and_sentence(
    service: httpx.AsyncClient, coming: Staff
) -> None:
    found = await read(service, coming["clerk"], within_days="30", level="YELLOW")
    assert [h["days"] for h in found["horizons"]] == [30, 90, 180]
    rows = {(r["parcel_code"], r["rule_id"]): r for r in found["rows"]}
    row = rows["INT", "UNDER-02"]
    assert row["on"] == (due() + timedelta(days=1)).isoformat()
    assert (row["from"]["holds"], row["to"]["holds"], row["to"]["level"], row["class"]) == (
        "no",
        "yes",
        "YELLOW",
        "supplied",
    )
    assert row["unit_code"] == "U1"
    assert row["area_m2"] > 0
    assert due().isoformat() in row["explanation"]["sentence"]["zh"]
    assert row["happens"]["en"].startswith("The day works were due is past")
    assert ("TWO", "UNDER-02") in rows
    assert found["horizons"][0]["turns"] == len(found["rows"])


async def test_it_agrees_with_the_findings_of_that_day(service: httpx.AsyncClient, coming: Staff) -> None:
    """The finding of the parcel turns on the very day: its `next_on`, and what its explanation says comes next."""
    found = await read(service, coming["clerk"], within_days="30", level="YELLOW")
    kept = {f["rule_id"]: f for f in (await service.get("/v1/parcels/INT/findings", headers=coming["clerk"])).json()}
    mine = [r for r in found["rows"] if r["parcel_code"] == "INT" and r["rule_id"] in kept]
    assert mine
    for row in mine:
        assert kept[row["rule_id"]]["next_on"] == row["on"]
        told = kept[row["rule_id"]]["explanation"]["next"]
        assert (told["on"], told["holds"], told["level"]) == (row["on"], row["to"]["holds"], row["to"]["level"])


async def test_filters_and_pages(service: httpx.AsyncClient, coming: Staff) -> None:
    clerk = coming["clerk"]
    whole = (await read(service, clerk, within_days="366", limit="500"))["rows"]
    unit = (await read(service, clerk, within_days="366", limit="500", unit="U2"))["rows"]
    assert {r["parcel_code"] for r in unit} == {"TWO"}
    classed = (await read(service, clerk, within_days="366", limit="500", **{"class": "supplied"}))["rows"]
    assert {r["rule_id"] for r in classed} == {"UNDER-02"}
    paged: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = await read(service, clerk, within_days="366", limit="1", **({"cursor": cursor} if cursor else {}))
        paged += page["rows"]
        cursor = page["next_cursor"]
        if not cursor:
            break
    assert paged == whole
    assert [r["on"] for r in whole] == sorted(r["on"] for r in whole)


async def test_a_start_takes_a_parcel_out(service: httpx.AsyncClient, coming: Staff) -> None:
    await tell(service, coming["admin"], "TWO", kind="started_on", value="2026-01-05", effective_on="2026-01-05")
    found = await read(service, coming["clerk"], within_days="366", limit="500")
    assert "UNDER-02" not in {r["rule_id"] for r in found["rows"] if r["parcel_code"] == "TWO"}


async def test_a_table_in_the_language_asked_for(service: httpx.AsyncClient, coming: Staff) -> None:
    answer = await service.get("/v1/forecast", params={"f": "csv", "lang": "en", "unit": "U1"}, headers=coming["clerk"])
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    (row,) = [r for r in rows if r["rule_id"] == "UNDER-02"]
    assert row["title"] == "Lead/warning: Supplied, not started"
    assert row["class"] == "Supplied, not begun"


def basic(token: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"token:{token}".encode()).decode()}


async def test_a_calendar_program_reads_it_with_a_token(
    service: httpx.AsyncClient, world: World, coming: Staff
) -> None:
    asked = {"unit": "U1", "lang": "zh"}
    answer = await service.get("/v1/forecast.ics", params=asked, headers=basic(world.tokens["clerk"]))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    lines = answer.content.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert lines[-1] == b""
    assert all(len(line) <= 75 for line in lines)
    made = Calendar.from_ical(answer.content)
    assert made["VERSION"] == "2.0"
    assert "PRODID" in made
    events = {str(e["UID"]): e for e in made.walk("VEVENT")}
    uid = f"330225.INT.UNDER-02.{due() + timedelta(days=1):%Y%m%d}@forecast.yizhangtu"
    event = events[uid]
    assert event["DTSTART"].dt == due() + timedelta(days=1)
    assert event["DTSTART"].params["VALUE"] == "DATE"
    assert event["DTEND"].dt == due() + timedelta(days=2)
    assert event["DTSTAMP"].dt.tzinfo is not None
    assert event["DTSTAMP"].dt <= datetime.now(UTC) + timedelta(minutes=5)
    assert "供而未用" in event["SUMMARY"]
    assert due().isoformat() in event["DESCRIPTION"]
    (alarm,) = event.walk("VALARM")
    assert alarm["TRIGGER"].dt == timedelta(days=-7)
    assert alarm["ACTION"] == "DISPLAY"
    assert all(".TWO." not in uid for uid in events)
    again = await service.get("/v1/forecast.ics", params=asked, headers=basic(world.tokens["clerk"]))
    assert again.content == answer.content
    english = await service.get("/v1/forecast.ics", params=asked | {"lang": "en"}, headers=basic(world.tokens["clerk"]))
    told = {str(e["UID"]): e for e in Calendar.from_ical(english.content).walk("VEVENT")}
    assert told.keys() == events.keys()
    assert "Supplied, not started" in told[uid]["SUMMARY"]


async def test_a_calendar_without_events_is_one(service: httpx.AsyncClient, bearer: Staff) -> None:
    answer = await service.get("/v1/forecast.ics", params={"class": "low"}, headers=bearer["clerk"])
    assert Calendar.from_ical(answer.content).walk("VEVENT") == []


@pytest.mark.parametrize("path", ["/v1/forecast", "/v1/forecast.ics", "/v1/forecast?f=csv"])
async def test_the_public_gets_nothing_and_a_program_is_asked_for_its_token(
    service: httpx.AsyncClient, coming: Staff, path: str
) -> None:
    answer = await service.get(path)
    assert answer.status_code == 401
    assert "Basic" in answer.headers["www-authenticate"]
    assert "UNDER" not in answer.text
    assert (await service.get(path, headers=basic("wrong"))).status_code == 401


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"within_days": "0"}, 400), ({"within_days": "367"}, 400), ({"within_days": "９０"}, 400), ({"class": "x"}, 400),
        ({"level": "PINK"}, 400), ({"unit": "NOBODY"}, 404), ({"colour": "1"}, 400), ({"cursor": "abc"}, 400), ({"limit": "0"}, 400),
        ({"f": "xlsx"}, 400), ({"unit": "U1' or 1=1 --"}, 404),
    ],
)  # fmt: skip
async def test_what_cannot_be_asked_is_refused(
    service: httpx.AsyncClient, bearer: Staff, params: dict[str, str], status: int
) -> None:
    answer = await service.get("/v1/forecast", params=params, headers=bearer["clerk"])
    assert answer.status_code == status, answer.text
    assert next(iter(params)) in answer.text
