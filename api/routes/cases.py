"""Cases of idle land: read and told by staff; the published list is for everyone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.body import body_of, day_of, number_of
from api.case_shapes import machine_shown, shown, shown_brief, shown_information
from api.deps import Reader, ReaderDep, Transaction, etag, known_parameters, parse_limit, version_of
from api.ogc.parameters import OF_A_MOMENT, moment_of
from api.routes.account import local_path
from geo.clock import today
from geo.errors import BadInput, NotFound, Problem, StaleVersion
from geo.landuse.cases.case import Case
from geo.landuse.cases.commands import Recorded, Told, record_step, take_back
from geo.landuse.cases.judging import information
from geo.landuse.cases.machine import Machine, machine
from geo.landuse.cases.papers import papers_of
from geo.landuse.cases.queries import case_of, cases, idle_land, taken_back
from geo.registry.moments import settle
from geo.registry.queries import item

router = APIRouter(prefix="/v1", tags=["cases"])
FILTERS = ("state", "unit", "deadline_before", "disputed", "closed")


@router.get("/idle-land")
async def read_idle_land(request: Request, reader: ReaderDep, connection: Transaction) -> list[dict[str, Any]]:
    """Published idle land until it is disposed of: holder, place and since when, and nothing else (IDLE-24). For everyone."""
    known_parameters(request)
    return [
        {
            "holder": land.holder, "location": land.location, "location_en": land.location_en, "town": land.town, "town_en": land.town_en,
            "idle_since_on": land.idle_since_on, "published_on": land.published_on, "is_sample": land.is_sample,
        }
        for land in await idle_land(connection, reader.county.code)
    ]  # fmt: skip


@router.get("/case-machine")
async def read_machine(request: Request, reader: ReaderDep, connection: Transaction) -> dict[str, Any]:
    """States, steps, transitions with what they need, and deadlines of a case, with article and confidence. Staff only."""
    reader.must_be_staff()
    known_parameters(request)
    return machine_shown(await machine(connection))


@router.get("/cases")
async def read_cases(request: Request, reader: ReaderDep, connection: Transaction) -> list[dict[str, Any]]:
    """Open cases of the county, the next deadline first. Staff only.

    `state` (several parted by commas), `unit`, `deadline_before` (a civil date, itself included), `disputed=1`, `closed=1` (closed ones
    too), `limit`.
    """
    reader.must_be_staff()
    known_parameters(request, *FILTERS, "limit")
    most = parse_limit(request.query_params.get("limit")) if "limit" in request.query_params else None
    rules = await machine(connection)
    wanted = asked(request.query_params, rules)
    found = await cases(connection, reader.county.code, today(reader.county.time_zone))
    return [shown_brief(case) for case in found if wanted(case)][:most]


class Wanted:
    """Which cases of a list are asked for."""

    def __init__(self, states: set[str], unit: str | None, before: date | None, disputed: bool, closed: bool) -> None:
        self.states, self.unit, self.before, self.disputed, self.closed = states, unit, before, disputed, closed

    def __call__(self, case: Case) -> bool:
        """Whether a case is one of them."""
        due = case.next_deadline
        return (
            (not self.states or case.state in self.states)
            and (case.is_open or self.closed or case.state in self.states)
            and (self.unit is None or case.unit_code == self.unit)
            and (self.before is None or (due is not None and due.due_on is not None and due.due_on <= self.before))
            and (not self.disputed or case.is_disputed)
        )


def asked(given: Mapping[str, str], rules: Machine) -> Wanted:
    """What the parameters of a list of cases ask for; raises BadInput."""
    states = {state for state in given.get("state", "").split(",") if state}
    for state in sorted(states - set(rules.states)):
        names = ", ".join(rules.states)
        raise BadInput.at(
            "state",
            Problem(zh=f"没有状态“{state[:64]}”", en=f"there is no state '{state[:64]}'"),
            Problem(zh=names, en=names),
        )
    for name in ("disputed", "closed"):
        if given.get(name, "") not in ("", "0", "1"):
            raise BadInput.at(name, Problem(zh=f"{name} 应为 0 或 1", en=f"{name} is 0 or 1"))
    return Wanted(
        states, given.get("unit") or None, day_of("deadline_before", given), given.get("disputed") == "1", given.get("closed") == "1"
    )  # fmt: skip


@router.get("/parcels/{code}/case")
async def read_case(code: str, request: Request, reader: ReaderDep, connection: Transaction) -> dict[str, Any]:
    """The newest case of a parcel: state, steps with their papers, deadlines, what may come next; at a moment with `as_of`, `known_at`.

    Fee and taking back are information: the natural-resources bureau decides. Staff only; raises NotFound where there is no case.
    """
    reader.must_be_staff()
    known_parameters(request, *OF_A_MOMENT)
    moment = moment_of(request, reader)
    thing = await item(connection, reader.actor, "parcels", reader.county.code, code)
    civil = today(reader.county.time_zone) if moment is None else moment.as_of
    if moment is not None and moment.known_at is not None:
        await settle(connection, reader.actor, moment.known_at)
    known_at = moment.known_at if moment is not None else None
    case = await case_of(connection, thing.id, civil, known_at)
    if case is None:
        raise NotFound(Problem(zh="这宗地没有案件", en="this parcel has no case"))
    rules = await machine(connection)
    papers = await papers_of(connection, [event.id for event in case.events], known_at)
    if moment is not None:
        return shown(case, rules, papers)
    told = await information(connection, reader.county.code, thing.id, case.limb, civil)
    return shown(case, rules, papers) | {
        "information": shown_information(told),
        "taken_back": await taken_back(connection, case.id),
    }


@router.post("/parcels/{code}/case", status_code=201)
async def tell_case(code: str, request: Request, reader: ReaderDep, connection: Transaction) -> Response:
    """Open a case (`event` OPEN) or record its next step: JSON or form with `event`, `happened_on` and what the step needs of
    `document_no`, `url`, `holder`, `cause`, `way`, `new_due_on`, `note`; with `retracts` and `note` take the last step back.

    Needs If-Match (or the form field `if_match`): the ETag of the parcel. A form is answered with 303 to `next` or the case's page.
    """
    reader.must_be_staff()
    given, is_form = await body_of(request)
    version = version_of(request.headers.get("if-match") or given.get("if_match"))
    try:
        done = await _record(connection, reader, code, given, version)
    except StaleVersion as stale:
        stale.extra["current_etag"] = etag(code, stale.extra.pop("current_version"))
        raise
    headers = {"ETag": etag(code, done.version)}
    if is_form:
        default = f"/desk/cases/{code}?county={reader.county.code}"
        return RedirectResponse(local_path(given.get("next") or default), 303, headers)
    body = orjson.dumps({"case": done.case_code, "version": done.version})
    return Response(body, 201, headers, "application/json")


async def _record(
    connection: Transaction, reader: Reader, code: str, given: Mapping[str, str], version: int
) -> Recorded:
    civil, county = today(reader.county.time_zone), reader.county.code
    event_id = number_of(
        "retracts", given, Problem(zh="retracts 应为步骤的编号", en="retracts is the number of a step")
    )
    if event_id is not None:
        return await take_back(
            connection, reader.actor, county, code, event_id, given.get("note"), version=version, today=civil
        )  # fmt: skip
    texts = {name: given.get(name) or None for name in ("document_no", "url", "holder", "cause", "way", "note")}
    told = Told(given.get("event", ""), day_of("happened_on", given), new_due_on=day_of("new_due_on", given), **texts)
    return await record_step(connection, reader.actor, county, code, told, version=version, today=civil)
