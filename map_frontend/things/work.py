"""A work of a park as the drawer and its page tell it: its state, its dates as planned and as they were, where it lies, and its park."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from api.deps import Reader
from geo.clock import today
from geo.errors import NotFound
from geo.registry.collections import COLLECTIONS
from geo.registry.queries import Item, data_source, item
from map_frontend.layers.presets import PRESETS
from map_frontend.site import Page
from map_frontend.things.kinds import WORKS
from map_frontend.things.sharing import sharing
from map_frontend.things.states import State, coded_state, layer_of
from map_frontend.things.writing import Row, Writer
from map_frontend.words import Words

PARKS = ("parks", "featured_towns")
ON_MAP = ",".join(next(preset.switches for preset in PRESETS if preset.key == "works"))
"""Layers of the map on which works are shown."""


@dataclass(frozen=True, slots=True)
class Park:
    """The park a work belongs to: its key on the map and its name."""

    key: str
    name: str
    href: str


@dataclass(frozen=True, slots=True)
class WorkCard:
    """What the drawer says of one work. `dates`: (word, planned, actual), '' where not registered."""

    code: str
    name: str
    kind: str
    state: State | None
    lateness: str
    dates: tuple[tuple[str, str, str], ...]
    rows: tuple[Row, ...]
    is_located: bool
    is_sample: bool
    park: Park | None
    href: str
    canonical: str
    data_date: date | None
    source: dict[str, object] | None


async def work_card(connection: AsyncConnection, reader: Reader, page: Page, found: Item) -> WorkCard:
    """The card of a work this reader may see."""
    p, words = found.properties, page.words
    writer = Writer(page, reader, COLLECTIONS[WORKS])
    measure = "area_m2" if p["area_m2"] is not None else "length_m"
    return WorkCard(
        code=found.code,
        name=words.name(p),
        kind=words.code("park_work_kind", p["kind"]),
        state=coded_state(words, layer_of(WORKS), p["status"]),
        lateness=lateness(words, p, today(reader.county.time_zone)),
        dates=tuple(
            (words(f"thing.work.{step}"), words.day(p[planned]), words.day(p[actual]))
            for step, planned, actual in (
                ("start", "planned_start_on", "started_on"),
                ("end", "planned_end_on", "finished_on"),
            )
        ),
        rows=(writer.row(measure, p),) if p[measure] is not None else (),
        is_located=p["west"] is not None,
        is_sample=p["is_sample"],
        park=await _park(connection, reader, page, p["park_code"]),
        href=page.link(f"/{WORKS}/{found.code}"),
        canonical=sharing(page, reader.base, WORKS, found.code, None, "").canonical,
        data_date=p["data_date"],
        source=await data_source(connection, p.get("data_source_id")),
    )


async def _park(connection: AsyncConnection, reader: Reader, page: Page, code: str) -> Park | None:
    for collection_id in PARKS:
        try:
            found = await item(connection, reader.actor, collection_id, reader.county.code, code)
        except NotFound:
            continue
        key = f"{collection_id}:{code}"
        return Park(key, page.words.name(found.properties), page.link("/", id=key))
    return None


def lateness(words: Words, work: Mapping[str, Any], day: date) -> str:
    """How a work stands to its plan on a day, in one sentence; '' where nothing can be said."""
    start, end, begun, done = (work[n] for n in ("planned_start_on", "planned_end_on", "started_on", "finished_on"))
    if done is not None and done <= day:
        if end is None:
            return ""
        days = (done - end).days
        if days == 0:
            return words("thing.work.finished_on_day")
        return words("thing.work.finished_late" if days > 0 else "thing.work.finished_early", n=words.number(abs(days)))
    if end is not None and end < day:
        return words("thing.work.late_end", n=words.number((day - end).days))
    if start is not None and start < day and (begun is None or begun > day):
        return words("thing.work.late_start", n=words.number((day - start).days))
    return ""
