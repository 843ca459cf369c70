"""/parcels/{code}/clock: the land clock of one parcel, for staff; the public is answered as for any unknown page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from markupsafe import Markup
from starlette.exceptions import HTTPException

from api.deps import Reader, ReaderDep, Transaction, etag, known_parameters
from api.ogc.parameters import OF_A_MOMENT, moment_of
from geo.clock import today
from geo.errors import BadInput, Problem
from geo.landuse.cases.case import Case
from geo.landuse.cases.queries import case_of
from geo.landuse.classes import class_of, land_classes
from geo.landuse.clock.parcel_clock import ParcelClock, parcel_clock
from geo.landuse.explaining.explanation import Determination
from geo.landuse.pauses.queries import Pause, causes
from geo.registry.collections import COLLECTIONS
from geo.registry.moments import settle
from geo.registry.queries import Item, item
from map_frontend import reading
from map_frontend.cases.beside_leads import Said, said_of_leads
from map_frontend.clock.fact_form import fact_form, fact_kinds, just_told, kind_of
from map_frontend.clock.pause_form import Asked, act_of, law_of, number_of, pause_form
from map_frontend.clock.picture import ZOOMS, picture
from map_frontend.clock.steps import steps_of
from map_frontend.clock.story import Event, NextDay, Story, next_days, story
from map_frontend.drawing.inks import PAGE
from map_frontend.drawing.on_page import picture_on_page
from map_frontend.drawing.plot import draw_plot
from map_frontend.drawing.plot_telling import tell_plot
from map_frontend.map_data import area_unit
from map_frontend.site import Page, page_for
from map_frontend.style.palette import FINDING_LEVEL, UNKNOWN
from map_frontend.things.findings import ORDER, Lead
from map_frontend.things.status_form import may_write
from map_frontend.words import Words

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Undecided:
    """A fact nobody told, and what it would decide. `fact`: its kind."""

    fact: str
    name: str
    decides: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownPause:
    """A pause that stands, with its event and its article."""

    pause: Pause
    event: Event
    law: str


def staff_only(reader: Reader) -> None:
    """Raise what an unknown page raises, so that the address tells the public nothing."""
    if not reader.is_staff:
        raise HTTPException(404)


def zoom_of(request: Request) -> str:
    """The zoom of the address; raises BadInput."""
    asked = request.query_params.get("zoom", ZOOMS[0])
    if asked not in ZOOMS:
        listed = ", ".join(ZOOMS)
        wrong = Problem(zh=f"没有范围“{asked[:32]}”", en=f"there is no range '{asked[:32]}'")
        raise BadInput.at("zoom", wrong, Problem(zh=listed, en=listed))
    return asked


@router.get("/parcels/{code}/clock")
async def clock_page(code: str, request: Request, reader: ReaderDep, connection: Transaction) -> Response:
    """The timeline, why, what is missing and the pauses of a parcel; `zoom`, `as_of`, `known_at`. Raises NotFound, BadInput."""
    staff_only(reader)
    known_parameters(request, "zoom", *OF_A_MOMENT, "pause", "id", "saved", "undone", "fact", "told")
    given = request.query_params
    asked = Asked(act_of(given["pause"]), number_of("id", given.get("id"))) if "pause" in given else None
    return await answer_page(
        code, request, reader, connection, asked=asked, saved=number_of("saved", given.get("saved"))
    )


async def answer_page(
    code: str, request: Request, reader: Reader, connection: Transaction, *, status: int = 200, asked: Asked | None = None,
    saved: int | None = None,
) -> Response:  # fmt: skip
    """The page as the reader asked for it; `asked`: with the form for a pause, `saved`: after this row of the ledger was written."""
    zoom, moment = zoom_of(request), moment_of(request, reader)
    civil = today(reader.county.time_zone)
    as_of, known_at = (civil, None) if moment is None else (moment.as_of, moment.known_at)
    if known_at is not None:
        await settle(connection, reader.actor, known_at)
    found = await item(connection, reader.actor, "parcels", reader.county.code, code)
    name = Words(reader.lang, {}, reader.county.time_zone).name(found.properties)
    codes = await reading.codes_of(connection, reader)
    words = Words(reader.lang, codes, reader.county.time_zone)
    clock = await parcel_clock(connection, reader.actor, reader.county.code, found.id, as_of, known_at)
    case = await case_of(connection, found.id, as_of, known_at)
    told, leads = story(clock, words, steps_of(case, words)), leads_of(clock, case)
    holding = [lead for lead in leads if lead.told.holds == "yes"]
    coming = next_days(told, words, deadlines_of(case, reader.lang))
    heading = heading_of(words, name, case, has_leads=bool(holding))
    page = page_for(request, reader, codes, room="map", title=heading)
    is_now = moment is None or (as_of == civil and known_at is None)
    writes = is_now and may_write(reader, found)
    form = pause_form(clock, words, await causes(connection), asked) if asked is not None and writes else None
    kinds = await fact_kinds(connection)
    given = request.query_params
    telling = kind_of(kinds, given["fact"]) if given.get("fact") else None
    was_told = kind_of(kinds, given["told"]) if given.get("told") else None
    measured = await tell_plot(connection, reader, words, found, known_at=known_at)
    values: dict[str, Any] = {
        "code": found.code, "name": name, "heading": heading, "zoom": zoom, "zooms": ZOOMS, "as_of": words.day(as_of),
        "today": words.day(civil), "story": told, "has_rules": bool(clock.rules), "leads": leads, "holding": holding,
        "today_words": words("clock.today" if is_now else "clock.as_of", date=words.day(as_of)),
        "picture": picture(told, words, zoom, coming, is_today=is_now) if told.events else None,
        "classes": [c for c in land_classes() if c in {class_of(lead.told.result) for lead in holding}],
        "next_days": [(day, words("clock.days_left", n=(day.on - as_of).days)) for day in coming[:2]], "case": case,
        "said": await said_of_leads(connection, reader, "parcels", found.id, leads) if is_now else Said(),
        "case_state": words.code("idle_case_state", case.state) if case is not None else "",
        "missing": missing_of(leads, reader.lang), "pauses": pauses_shown(clock, told, reader.lang),
        "facts_line": facts_line(words, reader, found),
        "measured": measured, "measured_svg": Markup(draw_plot(measured.scene, PAGE, has_figures=False)) if measured and measured.scene else None,
        "plot": await picture_on_page(connection, reader, words, COLLECTIONS["parcels"], found, request.app.state.map.review_number),
        "moment_said": None if is_now else _moment_said(words, as_of, known_at),
        "path": f"/parcels/{quote(found.code, safe='')}/clock", "here": _here(request, page, found.code),
        "kept_fields": [(k, v) for k, v in request.query_params.items() if k in ("county", "lang", "zoom", "known_at")],
    }  # fmt: skip
    values |= {
        "form": form, "writes": writes, "saved": saved if writes else None, "undone": "undone" in request.query_params,
        "etag": etag(found.code, found.version), "tellable": kinds if writes else {},
        "fact_form": fact_form(clock, words, telling) if telling and writes else None,
        "just_told": just_told(clock, words, was_told) if was_told and writes else None,
        "facts_action": page.link(f"/v1/parcels/{quote(found.code, safe='')}/facts"),
    }  # fmt: skip
    return page.answer("clock/page.html", status, **values)


def _moment_said(words: Words, as_of: date, known_at: Any) -> str:
    said = words("clock.moment_said", date=words.day(as_of))
    return said if known_at is None else f"{said} {words('clock.moment_known_said', at=words.instant(known_at))}"


def _here(request: Request, page: Page, code: str) -> Any:
    """Links to this page: `here()` is the present, `here(zoom=)` keeps the moment."""

    def here(zoom: str | None = None, **more: Any) -> str:
        kept = {k: v for k, v in request.query_params.items() if k in OF_A_MOMENT} if zoom else {}
        return page.link(f"/parcels/{quote(code, safe='')}/clock", zoom=zoom, **kept, **more)

    return here


def leads_of(clock: ParcelClock, case: Case | None) -> list[Lead]:
    """Every lead that holds or cannot be told, explained, the gravest first."""
    letter = None
    if case is not None and case.is_open and case.determined_on is not None and case.determination_no:
        letter = Determination(case.determination_no, case.determined_on)
    found = []
    for rule in clock.leads:
        said = clock.says(rule)
        if said.holds in ("yes", "unknown"):
            mark = FINDING_LEVEL.get(said.level or "", UNKNOWN) if said.holds == "yes" else UNKNOWN
            found.append(Lead(clock.explained(said, letter), mark))
    return sorted(found, key=lambda lead: (ORDER.index(lead.told.level), lead.told.rule_id))


def missing_of(leads: list[Lead], lang: str) -> list[Undecided]:
    """Facts that leads cannot be told without, those that decide most first."""
    deciding: dict[tuple[str, str], dict[str, None]] = {}
    for lead in leads:
        for one in lead.told.missing:
            deciding.setdefault((one.name, one.label.text(lang)), {})[one.decides.text(lang)] = None
    found = sorted(deciding.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return [Undecided(fact, label, tuple(decides)) for (fact, label), decides in found]


def deadlines_of(case: Case | None, lang: str) -> list[NextDay]:
    """The deadlines of an open case that run."""
    if case is None or not case.is_open:
        return []
    running = [d for d in case.deadlines if d.is_waiting and d.due_on is not None and d.due_on >= case.as_of]
    return [NextDay(d.due_on, d.name.text(lang), d.name.text(lang)) for d in running if d.due_on is not None]


def heading_of(words: Words, name: str, case: Case | None, *, has_leads: bool) -> str:
    """线索/预警 until a determination is recorded (domain.md 1.3)."""
    if case is not None and case.is_open and case.is_determined:
        return words("clock.head_case", title=case.title.text(words.lang), name=name)
    return words("clock.head_lead" if has_leads else "clock.head_none", name=name)


def pauses_shown(clock: ParcelClock, told: Story, lang: str) -> list[ShownPause]:
    """The pauses that stand, with the article by which each stops the clock."""
    events = {event.key: event for event in told.events}
    return [ShownPause(p, events[f"pause-{p.id}"], law_of(p.law, p.article, lang)) for p in clock.pauses]


def facts_line(words: Words, reader: Reader, found: Item) -> list[str]:
    """Use, area, town and unit in one line."""
    p = found.properties
    parts = [
        words.code("land_use", p["land_use_code"]) if p.get("land_use_code") else "",
        words.area(p.get("registered_area_m2") or p["area_m2"], area_unit(reader)) if p.get("area_m2") else "",
        words.code("town", p["town_code"]) if p.get("town_code") else "",
        words.code("unit", p["unit_code"]) if p.get("unit_code") else "",
    ]
    return [part for part in parts if part]
