"""The forms by which a clerk tells facts of a thing: a new status, what took its place, a fact taken back; the database decides whether it may."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from api.deps import Reader, etag
from api.routes.facts import WITH_FACTS
from geo.clock import today
from geo.registry.queries import Item
from map_frontend.site import Page
from map_frontend.style.palette import PARCEL_STATUS


@dataclass(frozen=True, slots=True)
class StatusForm:
    """What a clerk needs to tell a new status: choices, today, the version seen."""

    action: str
    next: str
    etag: str
    today: date
    choices: list[tuple[str, str]]
    current: str | None


def may_write(reader: Reader, found: Item) -> bool:
    """Whether a form is shown to this reader; the database decides in the end."""
    units = reader.actor.units
    return reader.is_staff and ("*" in units or found.properties.get("unit_code") in units)


@dataclass(frozen=True, slots=True)
class Tells:
    """Where facts of a thing are told, today, the version seen."""

    action: str
    next: str
    etag: str
    today: date


def tells(page: Page, reader: Reader, collection_id: str, found: Item) -> Tells | None:
    """Where to tell facts, for those who seem to have the right, else None."""
    if collection_id not in WITH_FACTS or not may_write(reader, found):
        return None
    return Tells(
        action=page.link(f"/v1/{collection_id}/{quote(found.code)}/facts"),
        next=page.link(f"/{collection_id}/{quote(found.code)}", saved=1),
        etag=etag(found.code, found.version),
        today=today(reader.county.time_zone),
    )


def status_form(page: Page, reader: Reader, found: Item) -> StatusForm | None:
    """The form for those who seem to have the right, else None."""
    if not may_write(reader, found):
        return None
    return StatusForm(
        action=page.link(f"/v1/parcels/{found.code}/facts"),
        next=page.link(f"/parcels/{found.code}", saved=1),
        etag=etag(found.code, found.version),
        today=today(reader.county.time_zone),
        choices=[(code, page.words.code("parcel_status", code)) for code in PARCEL_STATUS],
        current=found.properties.get("status"),
    )
