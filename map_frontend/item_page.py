"""A page per thing: its facts and where they come from, its outline, leads for staff, and a form to tell a new fact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from sqlalchemy.dialects.postgresql import Range

from api.deps import Reader, ReaderDep, Transaction, etag
from geo.clock import today
from geo.registry.collections import COLLECTIONS, Collection
from geo.registry.queries import Item, code_words, data_source, facts_of, findings_of, item
from map_frontend import reading
from map_frontend.layers import ALL
from map_frontend.map_data import area_unit
from map_frontend.pictures import gallery_of
from map_frontend.plot import picture_of
from map_frontend.site import Page, page_for
from map_frontend.style.palette import BUILDING_STATUS, FINDING_LEVEL, PARCEL_STATUS, PROJECT_STAGE, UNKNOWN, Mark
from map_frontend.words import Words

router = APIRouter(include_in_schema=False)

MARKS: Mapping[str, Mapping[str, Mark]] = {
    "parcels": PARCEL_STATUS,
    "buildings": BUILDING_STATUS,
    "projects": PROJECT_STAGE,
}
PAGES = tuple(c.id for c in COLLECTIONS.values() if c.id != "findings")
LINKED = {"park_code": "parks", "parcel_code": "parcels", "town_code": "admin_areas", "subject_code": "parcels"}
"""Properties that name another thing, and the collection it is in."""

NAMED = {"town_code": "town", "unit_code": "unit", "chain_code": "chain", "park_code": "park"}
"""Properties whose codes have names among the county's own."""

NOT_A_ROW = frozenset(
    {"code", "name", "name_en", "description", "description_en", "summary", "summary_en", "version", "updated_at", "data_date",
     "policy_name_en", "geometry_quality", "is_sample", "status", "flag_level"}
)  # fmt: skip
"""Shown elsewhere on the page."""

RANGES = {
    "far_min": ("far_max", "range.far", None),
    "density_min_pct": ("density_max_pct", "range.density", "%"),
    "green_min_pct": ("green_max_pct", "range.green", "%"),
    "height_min_m": ("height_max_m", "range.height", "m"),
    "price_min_wan_cny_per_mu": ("price_max_wan_cny_per_mu", "range.price", "万元/亩"),
}
"""First column -> second column, what the two are called together, their unit."""

KEY_FIGURES: Mapping[str, tuple[str, ...]] = {
    "parcels": ("area_m2", "price_min_wan_cny_per_mu", "far_min", "land_use_code"),
    "buildings": ("vacant_area_m2", "floor_area_m2", "storeys", "rent_cny_m2_month", "rent_cny_m2_day"),
    "projects": ("total_investment_wan_cny", "chain_code", "track", "stage_since_on"),
    "parks": ("area_m2", "kind", "level", "price_guide"),
    "featured_towns": ("planned_area_m2", "construction_area_m2", "level", "theme"),
    "enterprises": ("chain_code", "size_class"),
    "policies": ("kind", "max_amount_wan_cny", "valid_during"),
    "transport": ("kind", "status", "length_m"),
    "admin_areas": ("kind", "area_m2"),
    "controls": ("kind", "approved_on"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One fact of the register: what it is called, what it says, and where its name leads."""

    label: str
    text: str
    href: str | None = None


class Writer:
    """Writes the properties of one thing in the reader's words."""

    def __init__(self, page: Page, reader: Reader, c: Collection) -> None:
        self.page, self.words, self.collection = page, page.words, c
        self.area_unit = area_unit(reader)

    def value(self, name: str, value: Any) -> str:
        """One property as text; '' when nothing is known."""
        words, word = self.words, self.collection.word(name)
        if value is None or value == [] or value == "":
            return ""
        if name in NAMED:
            return words.code(NAMED[name], value)
        if isinstance(value, bool):
            return words("yes" if value else "no")
        if isinstance(value, Range):
            return " – ".join(words.day(day) if isinstance(day, date) else "…" for day in (value.lower, value.upper))
        if isinstance(value, datetime):
            return words.instant(value)
        if isinstance(value, date):
            return words.day(value)
        if isinstance(value, Decimal | int | float):
            if word.unit == "m2" and name in (
                "area_m2",
                "registered_area_m2",
                "planned_area_m2",
                "construction_area_m2",
            ):
                return words.area(value, self.area_unit)
            return words.number(value, word.unit) if name not in ("built_year", "source_srid") else str(value)
        if isinstance(value, list | tuple):
            return words.list(word.list or "", value)
        if word.list:
            return words.code(word.list, value)
        return str(value)

    def row(self, name: str, properties: Mapping[str, Any]) -> Row | None:
        """One property, or the two of a range, as a row; None when nothing is known."""
        words = self.words
        if name in RANGES:
            other, key, unit = RANGES[name]
            low, high = properties.get(name), properties.get(other)
            if name.startswith("price") and properties.get("price_negotiable"):
                return Row(words(key), words("price.negotiable"))
            text = self._range(low, high, unit)
            return Row(words(key), text) if text else None
        text = self.value(name, properties.get(name))
        if not text:
            return None
        href = self.page.link(f"/{LINKED[name]}/{properties[name]}") if name in LINKED else None
        word = self.collection.word(name)
        return Row(words.pick(word.zh, word.en), text, href)

    def _range(self, low: Any, high: Any, unit: str | None) -> str:
        words = self.words
        if low is not None and high is not None and low != high:
            return f"{words.number(low)}–{words.number(high, unit)}"
        if low is None and high is None:
            return ""
        sign = "" if low == high else "≥ " if high is None else "≤ "
        return f"{sign}{words.number(low if low is not None else high, unit)}"

    def rows(self, properties: Mapping[str, Any], names: Sequence[str]) -> list[Row]:
        """All properties worth a row."""
        second = {other for other, _, _ in RANGES.values()} | {"price_negotiable"}
        found = (self.row(name, properties) for name in names if name not in NOT_A_ROW and name not in second)
        return [row for row in found if row is not None]


def fact_value(words: Words, fact: Mapping[str, Any]) -> str:
    """The value of a fact with its unit, in the reader's words."""
    if fact["value_date"] is not None:
        return words.day(fact["value_date"])
    if fact["value_number"] is not None:
        return words.number(fact["value_number"], fact["unit"], 4)
    if fact["value_bool"] is not None:
        return words("yes" if fact["value_bool"] else "no")
    if fact["value_zh"]:
        return words.pick(fact["value_zh"], fact["value_en"])
    return str(fact["value_text"] or "")


@dataclass(frozen=True, slots=True)
class StatusForm:
    """What a clerk needs to tell a new status: choices, today, the version seen."""

    action: str
    next: str
    etag: str
    today: date
    choices: list[tuple[str, str]]
    current: str | None


def _may_write(reader: Reader, found: Item) -> bool:
    """Whether the form is shown; the database decides in the end."""
    units = reader.actor.units
    return reader.is_staff and ("*" in units or found.properties.get("unit_code") in units)


def _status_form(page: Page, reader: Reader, found: Item) -> StatusForm:
    return StatusForm(
        action=page.link(f"/v1/parcels/{found.code}/facts"),
        next=page.link(f"/parcels/{found.code}", saved=1),
        etag=etag(found.code, found.version),
        today=today(reader.county.time_zone),
        choices=[(code, page.words.code("parcel_status", code)) for code in PARCEL_STATUS],
        current=found.properties.get("status"),
    )


async def item_page(
    collection_id: str, code: str, request: Request, reader: Reader, connection: Transaction
) -> Response:
    """The page of one thing; NotFound is the same for hidden and for absent."""
    found = await item(connection, reader.actor, collection_id, reader.county.code, code)
    c, properties = COLLECTIONS[collection_id], found.properties
    codes = dict(await code_words(connection)) | dict(
        await reading.county_names(connection, reader.actor, reader.county.code)
    )
    page = page_for(request, reader, codes, room="map")
    words = page.words
    name = words.name(properties)
    page = page_for(request, reader, codes, room="map", title=name)
    writer = Writer(page, reader, c)
    keys = KEY_FIGURES.get(collection_id, ())
    facts = await facts_of(connection, reader.actor, c.subject_kind, found.id)
    findings = await findings_of(connection, reader.actor, found.id) if collection_id == "parcels" else []
    feature = orjson.loads(found.feature)
    status_list = next((layer.status for layer in ALL if layer.collection == collection_id and layer.status), None)
    status = properties.get(status_list[0]) if status_list else None
    mark = MARKS.get(collection_id, {}).get(status or "", UNKNOWN)
    return page.answer(
        "item.html",
        collection=c,
        item=found,
        properties=properties,
        name=name,
        description=words.pick(
            properties.get("description") or properties.get("summary"),
            properties.get("description_en") or properties.get("summary_en"),
        ),
        status_word=words.code(status_list[1], status) if status_list and status else words("unknown"),
        has_status=status_list is not None,
        mark=mark,
        key_figures=[row for row in (writer.row(key, properties) for key in keys) if row],
        rows=writer.rows(properties, c.properties(reader.actor.audience)),
        facts=[(fact, fact_value(words, fact)) for fact in facts],
        findings=[finding for finding in findings if finding["holds"] in ("yes", "unknown")],
        levels=FINDING_LEVEL,
        unknown=UNKNOWN,
        source=await data_source(connection, properties.get("data_source_id")),
        picture=picture_of(feature["geometry"], reader.county.survey_srid),
        spaces=await reading.spaces_of(connection, reader.actor, reader.county.code, code)
        if collection_id == "buildings"
        else [],
        form=_status_form(page, reader, found) if collection_id == "parcels" and _may_write(reader, found) else None,
        saved="saved" in request.query_params,
        tone=mark.token if status_list else (_tone(collection_id)),
        on_map=page.link("/", id=f"{collection_id}:{code}"),
        gallery=await gallery_of(
            page, reader, connection, collection_id, c.subject_kind, found, may_write=_may_write(reader, found)
        ),
    )


def _tone(collection_id: str) -> str:
    """The colour of a collection without a status."""
    paint = next(layer.other for layer in ALL if layer.collection == collection_id)
    return paint.mark or paint.line or paint.fill or UNKNOWN.token


def _add(collection_id: str) -> None:
    async def one(code: str, request: Request, reader: ReaderDep, connection: Transaction) -> Response:
        return await item_page(collection_id, code, request, reader, connection)

    router.add_api_route(f"/{collection_id}/{{code}}", one, methods=["GET"], name=f"page of {collection_id}")


for _collection_id in PAGES:
    _add(_collection_id)
