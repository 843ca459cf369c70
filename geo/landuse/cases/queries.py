"""Cases of parcels as true on a day and known at an instant, for staff; the list of idle land for everybody; overrides of leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.landuse.cases.case import Case, Event, folded
from geo.landuse.cases.deadlines import deadlines
from geo.landuse.cases.machine import Machine, machine
from geo.landuse.explaining.explanation import Determination
from geo.landuse.queries import PARAMETERS
from geo.landuse.rules.numbers import ParameterRow, Parameters
from geo.landuse.rules.periods import Calendar
from geo.landuse.rules.sql_trees import CALENDAR

_CASES = (
    "select c.id, c.county_code, c.code, c.parcel_id, c.parcel_code, c.parcel_name, c.parcel_name_en, c.unit_code, c.town_code, c.limb, "
    "c.opened_on, c.idle_since_on, c.finding, c.is_sample, c.version from staff_data.idle_cases c "
    "where c.opened_on <= :as_of and c.recorded_at <= cast(:known_at as timestamptz) and {} order by c.id desc"
)
_EVENTS = text(
    "select e.id, e.idle_case_id, e.event, e.from_state, e.to_state, e.happened_on, e.document_no, e.url, e.holder, e.cause, e.way, "
    "e.new_due_on, e.judged, e.note, e.recorded_at, e.recorded_by, e.is_sample from staff_data.idle_case_events e "
    "where e.idle_case_id = any(:cases) and e.retracts_event_id is null and e.happened_on <= :as_of "
    "and e.recorded_at <= cast(:known_at as timestamptz) "
    "and (e.retracted_at is null or e.retracted_at > cast(:known_at as timestamptz)) order by e.id"
)
_TAKEN_BACK = text(
    "select e.id, e.event, e.from_state, e.to_state, e.happened_on, e.document_no, e.note, e.recorded_at, e.recorded_by, "
    "e.retracted_at, e.retracted_by, e.retracted_because from staff_data.idle_case_events e "
    "where e.idle_case_id = :case and e.retracted_by_event_id is not null order by e.id"
)
_WORKING_DAYS = text(
    "select distinct on (w.day) w.day, w.is_working from register.work_calendar w "
    "where w.calendar = :calendar and w.recorded_at <= cast(:known_at as timestamptz) order by w.day, w.recorded_at desc"
)
_OVERRIDES = text(
    "select o.id, o.parcel_id, o.rule_id, o.rule_version, o.holds, o.result, o.level, o.reason, o.document_no, o.recorded_at, "
    "o.recorded_by, o.is_sample, f.id is null or (f.rule_version, f.holds, f.result, f.level) is distinct from "
    "(o.rule_version, o.holds, o.result, o.level) as is_lapsed from staff_data.finding_overrides o "
    "left join staff_data.findings f on f.subject_kind = 'parcel' and f.subject_id = o.parcel_id and f.rule_id = o.rule_id "
    "where o.parcel_id = any(:parcels) and o.retracted_by_override_id is null"
)
_LETTERS = text(
    "with standing as (select e.id, e.idle_case_id, e.event, e.to_state, e.document_no, e.happened_on "
    "from staff_data.idle_case_events e join staff_data.idle_cases c on c.id = e.idle_case_id "
    "where c.parcel_id = any(:parcels) and e.retracts_event_id is null and e.happened_on <= :as_of "
    "and e.recorded_at <= cast(:known_at as timestamptz) "
    "and (e.retracted_at is null or e.retracted_at > cast(:known_at as timestamptz))) "
    "select distinct on (c.parcel_id) c.parcel_id, e.document_no, e.happened_on from standing e "
    "join staff_data.idle_cases c on c.id = e.idle_case_id where e.event = 'LETTER_ISSUED' and not exists ("
    "select from standing x join staff_data.case_states s on s.code = x.to_state "
    "where x.idle_case_id = e.idle_case_id and x.id > e.id and not s.is_public) order by c.parcel_id, e.id desc"
)
_PUBLIC = text(
    "select holder, location, location_en, town, town_en, idle_since_on, published_on, is_sample from open_data.idle_land "
    "where county_code = :county order by published_on desc, location"
)


@dataclass(frozen=True, slots=True)
class Override:
    """What a staff member said of one lead: it is wrong because of `reason`. The lead stays beside it.

    `rule_version`, `holds`, `result`, `level`: the answer it speaks of. `is_lapsed`: the rule answers otherwise now, look again.
    """

    id: int
    parcel_id: int
    rule_id: str
    rule_version: int
    holds: str
    result: str | None
    level: str | None
    reason: str
    document_no: str | None
    recorded_at: datetime
    recorded_by: str
    is_sample: bool
    is_lapsed: bool


@dataclass(frozen=True, slots=True)
class IdleLand:
    """What the public is told of published idle land until it is disposed of (IDLE-24), and nothing else of the case."""

    holder: str
    location: str
    location_en: str | None
    town: str | None
    town_en: str | None
    idle_since_on: date | None
    published_on: date
    is_sample: bool


async def case_of(
    connection: AsyncConnection, parcel_id: int, as_of: date, known_at: datetime | None = None
) -> Case | None:
    """The newest case of a parcel on a civil date, closed ones too; None: there was none. For staff."""
    found = await _cases(connection, "c.parcel_id = :parcel", {"parcel": parcel_id}, as_of, known_at)
    return found[0] if found else None


async def case_by_code(connection: AsyncConnection, county_code: str, code: str, as_of: date) -> Case | None:
    """The case with a code, on a civil date."""
    found = await _cases(connection, "c.county_code = :county and c.code = :code", {"county": county_code, "code": code}, as_of)  # fmt: skip
    return found[0] if found else None


async def cases(connection: AsyncConnection, county_code: str, as_of: date) -> list[Case]:
    """Every case of a county on a civil date, the next deadline first, then the newest."""
    found = await _cases(connection, "c.county_code = :county", {"county": county_code}, as_of)
    return sorted(found, key=_urgency)


def _urgency(case: Case) -> tuple[bool, bool, date, int]:
    due = case.next_deadline
    return not case.is_open, due is None or due.due_on is None, (due and due.due_on) or date.max, -case.id


async def every_case_of(connection: AsyncConnection, parcel_id: int, as_of: date) -> list[Case]:
    """All cases of a parcel, the newest first."""
    return await _cases(connection, "c.parcel_id = :parcel", {"parcel": parcel_id}, as_of)


async def taken_back(connection: AsyncConnection, case_id: int) -> list[dict[str, Any]]:
    """Steps of a case that were taken back, with when, by whom and why."""
    return [dict(row) for row in (await connection.execute(_TAKEN_BACK, {"case": case_id})).mappings()]


async def overrides_of(connection: AsyncConnection, parcel_ids: Sequence[int]) -> dict[tuple[int, str], Override]:
    """(parcel id, rule id) -> the override that stands. For staff."""
    rows = await connection.execute(_OVERRIDES, {"parcels": list(parcel_ids)})
    return {(r["parcel_id"], r["rule_id"]): Override(**r) for r in rows.mappings()}


async def determinations_of(
    connection: AsyncConnection, parcel_ids: Sequence[int], as_of: date, known_at: datetime | None = None
) -> dict[int, Determination]:
    """parcel id -> the letter of its case on a day, from the letter until it is disposed of. For staff."""
    bound = {"parcels": list(parcel_ids), "as_of": as_of, "known_at": known_at or "infinity"}
    return {parcel: Determination(no, on) for parcel, no, on in await connection.execute(_LETTERS, bound)}


async def idle_land(connection: AsyncConnection, county_code: str) -> list[IdleLand]:
    """The published list of a county, the last published first; for everybody."""
    rows = await connection.execute(_PUBLIC, {"county": county_code})
    return [IdleLand(**row) for row in rows.mappings()]


async def limits(
    connection: AsyncConnection, county_code: str, known_at: datetime | None = None
) -> tuple[Parameters, Calendar]:
    """Dated parameters of a county and its working days, as known at an instant (None: now)."""
    at = {"known_at": known_at or "infinity"}
    rows = await connection.execute(PARAMETERS, at)
    days = await connection.execute(_WORKING_DAYS, {"calendar": CALENDAR, **at})
    return Parameters((ParameterRow(*row) for row in rows), county_code), Calendar({d: working for d, working in days})


async def _cases(
    connection: AsyncConnection, condition: str, bound: Mapping[str, Any], as_of: date, known_at: datetime | None = None
) -> list[Case]:
    at = {"as_of": as_of, "known_at": known_at or "infinity"}
    rows = (await connection.execute(text(_CASES.format(condition)), {**bound, **at})).mappings().all()
    if not rows:
        return []
    told = await machine(connection)
    parameters, calendar = await limits(connection, rows[0]["county_code"], known_at)
    events: dict[int, list[Event]] = {}
    found = await connection.execute(_EVENTS, {"cases": [row["id"] for row in rows], **at})
    for event in found.mappings():
        fields = dict(event)
        events.setdefault(fields.pop("idle_case_id"), []).append(Event(**fields))
    return [_case(dict(row), events[row["id"]], told, parameters, calendar, as_of) for row in rows if row["id"] in events]  # fmt: skip


def _case(
    row: dict[str, Any], events: list[Event], told: Machine, parameters: Parameters, calendar: Calendar, as_of: date
) -> Case:
    row.pop("county_code")
    return Case(
        **row, **folded(events, told), as_of=as_of, events=tuple(events),
        deadlines=deadlines(events, told, parameters, calendar, as_of),
    )  # fmt: skip
