"""`/compare?ids=parcels:CD-18,parcels:CD-35`: up to four things side by side; works without scripts and on paper."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup
from sqlalchemy.ext.asyncio import AsyncConnection

from api.deps import Reader, ReaderDep, Transaction
from geo.db import Audience
from geo.errors import NotFound
from map_frontend import reading
from map_frontend.compare_rows import groups_of
from map_frontend.drawing.around import around
from map_frontend.drawing.frame import Frame
from map_frontend.drawing.inks import PAGE
from map_frontend.drawing.map_drawing import draw
from map_frontend.drawing.scenes import frame_around, review_line, subject_of, thing_scene
from map_frontend.drawing.telling import place_of
from map_frontend.drawing.told import Told, page_of, review_number, tell
from map_frontend.site import Page
from map_frontend.things.states import State, state_of

router = APIRouter(include_in_schema=False)

THINGS_MAX = 4
COMPARED = ("parcels", "buildings", "parks", "featured_towns", "projects")
PICTURE = (320.0, 200.0)
SUGGESTED_MAX = 6
ASKED_MAX = 40
"""How many ids of an address are looked at at all."""

_BETWEEN = re.compile(r",(?=[a-z_]+:)")
"""A code may hold a comma; a comma before a kind parts two ids."""


@dataclass(frozen=True, slots=True)
class Column:
    """One thing of the comparison."""

    letter: str
    told: Told
    href: str
    state: State | None
    place: str
    picture: Markup | None
    remove: str


@dataclass(frozen=True, slots=True)
class Asked:
    """The ids of an address: those to show, those past the fourth, those that are no ids."""

    ids: tuple[tuple[str, str], ...]
    too_many: tuple[str, ...]
    malformed: tuple[str, ...]


def asked_for(texts: Sequence[str]) -> Asked:
    """Read `ids`: each once, in order."""
    parts = [part.strip() for text in texts for part in _BETWEEN.split(text)][:ASKED_MAX]
    parts = list(dict.fromkeys(part for part in parts if part))
    split = [(part, *part.partition(":")[::2]) for part in parts]
    good = [(kind, code) for _, kind, code in split if kind in COMPARED and code and len(code) <= 64]
    bad = [part[:64] for part, kind, code in split if not (kind in COMPARED and code and len(code) <= 64)]
    return Asked(tuple(good[:THINGS_MAX]), tuple(f"{k}:{c}" for k, c in good[THINGS_MAX:]), tuple(bad))


def address(page: Page, ids: Sequence[tuple[str, str]]) -> str:
    """The comparison of these things."""
    return page.link("/compare", ids=",".join(f"{kind}:{code}" for kind, code in ids) or None)


async def _told(
    connection: AsyncConnection, page: Page, reader: Reader, ids: Sequence[tuple[str, str]]
) -> tuple[list[Told], list[str]]:
    """Those there are for this reader, and the ids of the others."""
    found, missing = [], []
    for kind, code in ids:
        try:
            found.append(await tell(connection, page, reader, kind, code))
        except NotFound:
            missing.append(f"{kind}:{code}")
    return found, missing


async def _pictures(connection: AsyncConnection, reader: Reader, things: Sequence[Told], number: str) -> list[Markup | None]:  # fmt: skip
    """The things drawn at one scale: that of the one which needs the widest view."""
    srid = reader.county.survey_srid
    subjects = [subject_of(told.item, told.c, told.words, srid) for told in things]
    frames = [frame_around(s, t.c.id, srid, *PICTURE) if s else None for s, t in zip(subjects, things, strict=True)]
    widest = max((frame.m_per_px for frame in frames if frame), default=1.0)
    found: list[Markup | None] = []
    for told, frame in zip(things, frames, strict=True):
        if frame is None:
            found.append(None)
            continue
        level = Frame(srid, frame.east, frame.north, widest, *PICTURE)
        scene = await thing_scene(connection, reader, told.words, told.c, told.item, level, number, has_foot=False)
        found.append(Markup(draw(replace(scene, has_names=False), PAGE)) if scene else None)
    return found


async def _suggested(connection: AsyncConnection, page: Page, reader: Reader, things: Sequence[Told]) -> list[dict[str, Any]]:  # fmt: skip
    """Plots on offer nearby, as links that add them."""
    plot = next((told for told in things if told.c.id == "parcels" and told.item.properties.get("town_code")), None)
    if plot is None or len(things) >= THINGS_MAX:
        return []
    ids = [(told.c.id, told.item.code) for told in things]
    properties = plot.item.properties
    rows = await reading.plots_beside(
        connection, reader.actor, reader.county.code, properties["town_code"], [code for kind, code in ids if kind == "parcels"],
        properties.get("area_m2") or 0, SUGGESTED_MAX,
    )  # fmt: skip
    return [{"name": page.words.name(row), "href": address(page, [*ids, ("parcels", row["code"])])} for row in rows]


@router.get("/compare")
async def compare_page(request: Request, reader: ReaderDep, connection: Transaction) -> Response:
    """Things side by side. `add_kind` and `add_code` are the form's: they lead to the address with one more id."""
    query = request.query_params
    asked = asked_for(query.getlist("ids"))
    page = await page_of(request, reader, connection, "compare.title")
    if query.get("add_code", "").strip():
        more = (query.get("add_kind", "parcels"), query["add_code"].strip()[:64])
        return RedirectResponse(address(page, [*asked.ids, more]), 303)
    things, missing = await _told(connection, page, reader, asked.ids)
    number = review_number(request)
    pictures = await _pictures(connection, reader, things, number)
    ids = [(told.c.id, told.item.code) for told in things]
    columns = [
        Column(
            "ABCD"[place], told, page.link(f"/{told.c.id}/{told.item.code}"), state_of(page.words, told.c.id, told.item.properties),
            place_of(page.words, told.item.properties), picture, address(page, [one for one in ids if one != ids[place]]),
        )
        for place, (told, picture) in enumerate(zip(things, pictures, strict=True))
    ]  # fmt: skip
    near = [await around(connection, told) for told in things]
    return page.answer(
        "compare.html",
        columns=columns,
        groups=groups_of(things, near) if things else [],
        ids=",".join(f"{kind}:{code}" for kind, code in ids),
        is_mixed=len({told.c.id for told in things}) > 1,
        is_full=len(things) >= THINGS_MAX,
        missing=missing,
        too_many=asked.too_many,
        malformed=asked.malformed,
        kinds=COMPARED,
        suggested=await _suggested(connection, page, reader, things),
        is_sample=any(told.item.properties.get("is_sample") for told in things),
        review=review_line(page.words, number),
        is_public=reader.actor.audience is Audience.PUBLIC,
        credits=await reading.credits_of(connection, reader.actor, reader.county.code),
    )
