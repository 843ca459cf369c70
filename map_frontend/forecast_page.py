"""/desk/forecast: what becomes overdue in the next days if nothing happens: by date, on a small map, as a calendar. Staff only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from api.deps import Reader, ReaderDep, Transaction
from api.routes.forecast import NAMES, Asked, asked_of, page_of
from geo.landuse.classes import land_classes
from geo.landuse.explaining.explanation import Explanation
from geo.landuse.forecast.calendar import name_of
from geo.landuse.forecast.queries import Coming, counted, places, unit_names
from geo.landuse.rules.rule import LEVELS
from geo.registry.queries import code_words
from map_frontend.site import Page, page_for
from map_frontend.style.palette import FINDING_LEVEL, UNKNOWN, Mark
from map_frontend.things.locator import Locator, locator, on_locator
from map_frontend.things.reading import county_shape

router = APIRouter(include_in_schema=False)
ROWS_SHOWN = 200
DOTS_SHOWN = 2_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One parcel on one day: the lead that weighs most, told whole, and what else comes the same day."""

    row: Coming
    told: Explanation
    name: str
    mark: Mark
    also: Sequence[Coming]


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the list."""

    on: date
    days_left: int
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class Dot:
    """One parcel on the map, in the map's own units; `href` leads to its page."""

    x: int
    y: int
    code: str
    on: date
    mark: Mark


def _weight(row: Coming) -> tuple[int, bool, str]:
    level = row.after.level
    return (-(LEVELS.index(level) if level in LEVELS else -1), row.land_class is None, row.rule_id)


def days_of(rows: Sequence[Coming], as_of: date, lang: str) -> list[Day]:
    """The rows by day and parcel."""
    found = []
    for on, of_day in groupby(rows, key=lambda row: row.on):
        entries = []
        for _, of_parcel in groupby(of_day, key=lambda row: row.parcel_code):
            first, *also = sorted(of_parcel, key=_weight)
            assert first.told is not None
            mark = FINDING_LEVEL.get(first.after.level or "", UNKNOWN)
            entries.append(Entry(first, first.told, name_of(first, lang), mark, also))
        found.append(Day(on, (on - as_of).days, entries))
    return found


@router.get("/desk/forecast")
async def forecast_page(request: Request, reader: ReaderDep, connection: Transaction) -> Response:
    """The horizon as a radio group with its numbers, filters, the list, the map, and the calendar's address. Works without script."""
    reader.must_be_staff()
    given = dict(request.query_params)
    if "level" not in given:
        given["level"] = "YELLOW"
    asked = await asked_of(given, reader, connection)
    codes = await code_words(connection)
    page = page_for(request, reader, codes, room="forecast")
    page = page_for(request, reader, codes, room="forecast", title=page.words("forecast.title"))
    rows, more = await page_of(request, reader, connection, asked, ROWS_SHOWN)
    ends = {n: asked.last_day(n) for n in sorted({*asked.offered.within_days, asked.within_days})}
    numbers = await counted(connection, reader.county.code, asked.as_of, list(ends.values()), asked.wanted)
    kept = {name: given[name] for name in NAMES if given.get(name)}
    return page.answer(
        "forecast.html",
        asked=asked,
        horizons=[(n, end, *numbers[end]) for n, end in ends.items()],
        days=days_of(rows, asked.as_of, reader.lang),
        more=page.link("/desk/forecast", **kept, cursor=more) if more else None,
        is_first="cursor" not in given,
        units=await unit_names(connection, reader.county.code),
        classes=land_classes(),
        levels=LEVELS[::-1],
        marks=FINDING_LEVEL,
        map=await _map(reader, connection),
        dots=await _dots(reader, connection, asked),
        ics=_calendar(reader, page, asked),
        csv=page.link("/v1/forecast", **kept, f="csv", limit=10_000),
    )


async def _map(reader: Reader, connection: Transaction) -> Locator | None:
    return locator(await county_shape(connection, reader.actor, reader.county.code), None, None)


async def _dots(reader: Reader, connection: Transaction, asked: Asked) -> list[Dot]:
    found = await places(connection, reader.county.code, asked.as_of, asked.until, asked.wanted, limit=DOTS_SHOWN)
    return [
        Dot(*on_locator((lon, lat)), code, on, FINDING_LEVEL.get(level, UNKNOWN))
        for code, lon, lat, on, level in reversed(found)
    ]


def _calendar(reader: Reader, page: Page, asked: Asked) -> str:
    """The calendar's whole address, as one gives it to a calendar program."""
    wanted = {"unit": asked.wanted.unit, "class": asked.wanted.class_code, "level": asked.wanted.least_level}
    query = {"county": reader.county.code, "lang": page.lang} | {name: value for name, value in wanted.items() if value}
    return f"{reader.base}/v1/forecast.ics?{urlencode(query)}"
