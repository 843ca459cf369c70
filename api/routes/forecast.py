"""/v1/forecast: which leads come to hold or get worse on the days to come, as JSON, a table and a calendar. Staff only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.encoders import jsonable_encoder

from api.deps import Reader, ReaderDep, Transaction, known_parameters, parse_limit
from api.ogc import cursor
from api.routes.findings import csv_answer, form_of
from geo.clock import today
from geo.errors import NotFound, Problem
from geo.landuse.explaining.export import COLUMNS, as_csv, row_of
from geo.landuse.forecast.calendar import Whose, calendar
from geo.landuse.forecast.horizons import Horizons, horizons
from geo.landuse.forecast.queries import Coming, Wanted, coming, counted, unit_names

router = APIRouter(prefix="/v1", tags=["forecast"])
NAMES = ("within_days", "unit", "class", "level")
MOST_EVENTS = 5_000
"""So many events a calendar holds; programs grow slow beyond."""
OF_THE_TURN = ("unit_code", "class", "area_m2", "from_holds", "from_level", "happens")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about the days to come."""

    as_of: date
    within_days: int
    wanted: Wanted
    offered: Horizons

    @property
    def until(self) -> date:
        """The last day."""
        return self.as_of + timedelta(days=self.within_days)

    def last_day(self, days: int) -> date:
        """The last day of so many days ahead."""
        return self.as_of + timedelta(days=days)


async def asked_of(given: Mapping[str, str], reader: Reader, connection: Transaction) -> Asked:
    """What an address asks; raises BadInput, NotFound for a unit there is not."""
    day = today(reader.county.time_zone)
    offered = await horizons(connection, reader.county.code, day)
    wanted = Wanted.read(given.get("unit"), given.get("class"), given.get("level"))
    if wanted.unit is not None and wanted.unit not in await unit_names(connection, reader.county.code):
        raise NotFound.at("unit", Problem(zh=f"没有代码为“{wanted.unit[:64]}”的单位", en=f"there is no unit '{wanted.unit[:64]}'"))  # fmt: skip
    return Asked(day, offered.chosen(given.get("within_days")), wanted, offered)


async def page_of(
    request: Request, reader: Reader, connection: Transaction, asked: Asked, limit: int
) -> tuple[list[Coming], str | None]:
    """One page of the list, as the address's `cursor` says, and the cursor of the next; raises BadInput for a cursor of another query."""
    signature = f"forecast|{reader.county.code}|{asked.until}|{asked.wanted}"
    after = None
    if given := request.query_params.get("cursor"):
        on, code, rule_id = cursor.read(given, signature, ["date", "string"]).after
        after = (date.fromisoformat(str(on)), str(code), str(rule_id))
    found = await coming(connection, reader.county.code, asked.as_of, asked.until, asked.wanted, limit=limit + 1, after=after)  # fmt: skip
    if len(found) <= limit:
        return found, None
    last = found[limit - 1]
    return found[:limit], cursor.write(cursor.Place((last.on, last.parcel_code, last.rule_id), None, None), signature)


@router.get("/forecast", response_model=None)
async def read_forecast(request: Request, reader: ReaderDep, connection: Transaction) -> Response | dict[str, Any]:
    """Leads that come to hold or get worse in the next `within_days` if nothing happens, by day; each explained as of its day.

    `unit`, `class` (of land), `level` (from which up); page by page with `limit` and `cursor`; `f=csv` as a table. `horizons` counts
    turns and parcels for each of the county's horizons. Worked out from the facts and parameters of today. Staff only.
    """
    reader.must_be_staff()
    known_parameters(request, *NAMES, "limit", "cursor")
    form = form_of(request)
    asked = await asked_of(request.query_params, reader, connection)
    limit = parse_limit(request.query_params.get("limit"))
    found, more = await page_of(request, reader, connection, asked, limit)
    if form == "csv":
        table = as_csv((_cells(row, reader.lang) for row in found), (*COLUMNS, *OF_THE_TURN))
        answer = csv_answer(table, f"forecast-{reader.county.code}-{asked.as_of}.csv")
        if more:
            answer.headers["X-Next-Cursor"] = more
        return answer
    days = {n: asked.last_day(n) for n in sorted({*asked.offered.within_days, asked.within_days})}
    numbers = await counted(connection, reader.county.code, asked.as_of, list(days.values()), asked.wanted)
    return {
        "as_of": asked.as_of, "until": asked.until, "within_days": asked.within_days,
        "horizons": [{"days": n, "until": day, "turns": numbers[day][0], "parcels": numbers[day][1]} for n, day in days.items()],
        "rows": [shown(row) for row in found], "next_cursor": more,
    }  # fmt: skip


@router.get("/forecast.ics", response_class=Response)
async def read_calendar(request: Request, reader: ReaderDep, connection: Transaction) -> Response:
    """The same as a calendar to subscribe to (RFC 5545), of one responsible `unit` or of all; without `within_days` as far as is kept.

    For calendar programs: HTTP Basic with a personal token as the password. Reminds some days before each.
    """
    reader.must_be_staff()
    known_parameters(request, *NAMES)
    given = dict(request.query_params)
    asked = await asked_of(given, reader, connection)
    days = asked.within_days if given.get("within_days") else asked.offered.kept_days
    found = await coming(
        connection, reader.county.code, asked.as_of, asked.last_day(days), asked.wanted, limit=MOST_EVENTS
    )
    names = await unit_names(connection, reader.county.code)
    unit = names[asked.wanted.unit].text(reader.lang) if asked.wanted.unit else ""
    county = reader.county.name_en if reader.lang == "en" else reader.county.name
    title = Problem(zh=f"{unit or county} 土地时钟", en=f"{unit or county} land clock").text(reader.lang)
    whose = Whose(reader.county.code, title, reader.base, reader.lang, asked.offered.alarm_days)
    stamped = max((row.computed_at for row in found), default=datetime(2000, 1, 1, tzinfo=UTC))
    headers = {
        "Content-Disposition": f'inline; filename="land-clock-{reader.county.code}.ics"',
        "Cache-Control": "private, no-store",
        "Content-Language": reader.lang,
    }
    return Response(calendar(found, whose, stamped), 200, headers, "text/calendar; charset=utf-8")


def shown(row: Coming) -> dict[str, Any]:
    """A row as the API says it."""
    told = row.told.as_json() if row.told else None
    answer: dict[str, Any] = jsonable_encoder({
        "parcel_code": row.parcel_code, "name": row.parcel_name, "name_en": row.parcel_name_en, "unit_code": row.unit_code,
        "town_code": row.town_code, "area_m2": None if row.area_m2 is None else float(row.area_m2), "is_sample": row.is_sample,
        "rule_id": row.rule_id, "class": row.land_class.code if row.land_class else None, "on": row.on,
        "from": {"holds": row.before.holds, "result": row.before.result, "level": row.before.level},
        "to": {"holds": row.after.holds, "result": row.after.result, "level": row.after.level},
        "happens": {"zh": row.happens.zh, "en": row.happens.en} if row.happens else None, "explanation": told,
    })  # fmt: skip
    return answer


def _cells(row: Coming, lang: str) -> Mapping[str, str]:
    assert row.told is not None
    return {
        **row_of(row.parcel_code, row.told, lang), "unit_code": row.unit_code or "",
        "class": row.land_class.name.text(lang) if row.land_class else "",
        "area_m2": "" if row.area_m2 is None else format(row.area_m2, "f"), "from_holds": row.before.holds,
        "from_level": row.before.level or "", "happens": row.happens.text(lang) if row.happens else "",
    }  # fmt: skip
