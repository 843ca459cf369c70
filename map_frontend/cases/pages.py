"""/desk/cases: cases by the next deadline; /desk/cases/{parcel}: one case, its steps and papers; /idle-land: the list for everyone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response

from api.deps import Reader, ReaderDep, Transaction, etag
from api.routes.cases import FILTERS, asked
from geo.clock import today
from geo.errors import NotFound, Problem
from geo.landuse.cases.case import Case
from geo.landuse.cases.commands import OPENS_BY
from geo.landuse.cases.deadlines import Status
from geo.landuse.cases.judging import information, said
from geo.landuse.cases.machine import Machine, machine
from geo.landuse.cases.papers import papers_of, taken
from geo.landuse.cases.queries import cases, every_case_of, idle_land, limits, taken_back
from geo.landuse.rules.catalogue import catalogue
from geo.landuse.rules.periods import full_years
from geo.registry.queries import Item, item
from map_frontend.cases.showing import LEFT, following, left_of, next_steps, phases, spans
from map_frontend.reading import codes_of
from map_frontend.site import Page, page_for
from map_frontend.style.palette import FINDING_LEVEL, UNKNOWN
from map_frontend.things.status_form import may_write

router = APIRouter(include_in_schema=False)
LIMITS = ("idle.extend_max_years", "idle.temp_use_max_years")


async def _page(request: Request, reader: Reader, connection: Transaction, room: str, title: str, **name: str) -> Page:
    codes = await codes_of(connection, reader)
    words = page_for(request, reader, codes, room=room).words
    return page_for(request, reader, codes, room=room, title=words(title, **name))


@router.get("/desk/cases")
async def cases_page(request: Request, reader: ReaderDep, connection: Transaction) -> Response:
    """Cases of the county, the next deadline first, with filters in the address; staff only."""
    reader.must_be_staff()
    page = await _page(request, reader, connection, "cases", "cases.title")
    rules, given = await machine(connection), request.query_params
    wanted = asked(given, rules)
    every = await cases(connection, reader.county.code, today(reader.county.time_zone))
    rows = [(case, left_of(due, page.words) if (due := case.next_deadline) else None) for case in every if wanted(case)]
    kept = {name: given[name] for name in FILTERS if given.get(name)}
    return page.answer(
        "cases/list.html",
        rows=rows,
        rules=rules,
        total=len([case for case in every if case.is_open]),
        overdue=len([c for c in every if c.is_open and (d := c.next_deadline) is not None and d.status is Status.OVERDUE]),
        disputed=len([c for c in every if c.is_open and c.is_disputed]),
        closed=len([c for c in every if not c.is_open]),
        chips=_chips(page, rules, every, kept),
        kept=kept,
        units=sorted({case.unit_code for case in every if case.unit_code}),
        link=lambda **change: page.link("/desk/cases", **({**kept, **change})),
    )  # fmt: skip


def _chips(page: Page, rules: Machine, every: list[Case], kept: Mapping[str, str]) -> list[dict[str, Any]]:
    """One chip a state that occurs, with how many; pressed ones are taken off by a click."""
    counts = Counter(case.state for case in every if case.is_open)
    pressed = [state for state in kept.get("state", "").split(",") if state]
    chips = []
    for state in rules.states:
        if not counts[state] and state not in pressed:
            continue
        rest = [s for s in pressed if s != state] if state in pressed else [*pressed, state]
        href = page.link("/desk/cases", **(dict(kept) | {"state": ",".join(rest) or None}))
        chips.append({"state": state, "n": counts[state], "is_on": state in pressed, "href": href})
    return chips


@router.get("/desk/cases/{code}")
async def case_page(code: str, request: Request, reader: ReaderDep, connection: Transaction) -> Response:
    """The case of a parcel, or how to open one; with `case` an older one. Staff only; NotFound for a parcel one may not see."""
    reader.must_be_staff()
    found = await item(connection, reader.actor, "parcels", reader.county.code, code)
    civil, county = today(reader.county.time_zone), reader.county.code
    every = await every_case_of(connection, found.id, civil)
    case = _chosen(every, request.query_params.get("case"))
    rules = await machine(connection)
    needed = {
        rule
        for step in (following(case, rules) if case is not None and case.is_open else ())
        for rule in step.needed_rules()
    }
    answers = await said(connection, county, found.id, [*OPENS_BY, *sorted(needed - set(OPENS_BY))], civil)
    page = await _page(request, reader, connection, "cases", "cases.one", name=_name(found, reader))
    ways = tuple(value for list_code, value in page.words.codes if list_code == "disposal_way")
    steps = next_steps(case, rules, answers, ways) if case is not None and case.is_open else []
    parameters, _ = await limits(connection, county)
    return page.answer(
        "cases/case.html",
        case=case,
        every=every,
        rules=rules,
        parcel=found,
        name=page.words.name(found.properties),
        phases=phases(case) if case is not None else [],
        deadlines=[(due, left_of(due, page.words)) for due in case.deadlines] if case is not None else [],
        due=(case.next_deadline, left_of(case.next_deadline, page.words)) if case is not None and case.next_deadline else None,
        steps=[step for step in steps if not step.is_dispute],
        dispute_steps=[step for step in steps if step.is_dispute],
        leads=[answers[rule] for rule in OPENS_BY if rule in answers],
        can_open=(case is None or not case.is_open) and any(answers[r].holds == "yes" for r in OPENS_BY if r in answers),
        told=await information(connection, county, found.id, case.limb, civil) if case is not None and case.is_open else None,
        gone=await taken_back(connection, case.id) if case is not None else [],
        papers=await papers_of(connection, [event.id for event in case.events]) if case is not None else {},
        paper_kinds=taken(),
        caps={key: row for key in LIMITS if (row := parameters.on(key, civil)) is not None},
        lead_rows=_lead_rows(page, case),
        known_rules={rule.id for rule in catalogue().on(civil).values()},
        deadline_marks=LEFT,
        levels=FINDING_LEVEL,
        unknown=UNKNOWN,
        may_write=may_write(reader, found),
        action=page.link(f"/v1/parcels/{found.code}/case"),
        next=page.link(f"/desk/cases/{found.code}", saved=1),
        etag=etag(found.code, found.version),
        today=civil,
        saved="saved" in request.query_params,
    )  # fmt: skip


def _lead_rows(page: Page, case: Case | None) -> list[tuple[str, str]]:
    """What the lead read when the case was opened: what it is called, and what was told."""
    inputs = case.finding.get("inputs") if case is not None else None
    if not isinstance(inputs, dict):
        return []
    words, names = page.words, catalogue().vocabulary.values
    rows = []
    for key, value in inputs.items():
        label = names[key].text(page.lang) if key in names else words.code("fact", key)
        if isinstance(value, bool):
            text = words("yes" if value else "no")
        elif key == "pauses":
            text = spans(words, str(value))
        else:
            text = words.code("delay_cause", value)
        rows.append((label, text))
    return rows


def _name(found: Item, reader: Reader) -> str:
    name, other = ("name_en", "name") if reader.lang == "en" else ("name", "name_en")
    return str(found.properties.get(name) or found.properties.get(other) or found.code)


def _chosen(every: list[Case], code: str | None) -> Case | None:
    if code is None:
        return every[0] if every else None
    for case in every:
        if case.code == code:
            return case
    raise NotFound.at("case", Problem(zh=f"没有案件“{code[:80]}”", en=f"there is no case '{code[:80]}'"))


@router.get("/idle-land")
async def idle_land_page(request: Request, reader: ReaderDep, connection: Transaction) -> Response:
    """Published idle land until it is disposed of (IDLE-24), for everyone: holder, place, since when."""
    page = await _page(request, reader, connection, "idle_land", "idle_land.title")
    civil = today(reader.county.time_zone)
    rows = [
        (land, full_years(land.idle_since_on, civil), (civil - land.idle_since_on).days) if land.idle_since_on else (land, None, None)
        for land in await idle_land(connection, reader.county.code)
    ]  # fmt: skip
    return page.answer("cases/idle_land.html", rows=rows, today=civil)
