"""`/parcels/{code}.pdf` and so on: one A4 page of a thing to take away, as this reader sees it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import segno
from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from api.deps import Reader, ReaderDep, engine_of
from geo.clock import today
from geo.db import acting
from geo.registry.collections import COLLECTIONS
from map_frontend import reading
from map_frontend.drawing.answers import READER_CACHE, rendered_answer
from map_frontend.drawing.around import around
from map_frontend.drawing.inks import LIGHT
from map_frontend.drawing.map_drawing import draw
from map_frontend.drawing.pens import mark_picture
from map_frontend.drawing.scenes import county_scene, review_line, thing_scene
from map_frontend.drawing.telling import key_rows, names_in, place_of
from map_frontend.drawing.text import clean
from map_frontend.drawing.told import page_of, review_number, tell
from map_frontend.things.states import state_of

router = APIRouter(include_in_schema=False)

PAPERS = ("parcels", "buildings", "parks", "featured_towns", "projects")
MAP_SIZE = (720.0, 400.0)
SECTIONS = ("area", "price", "controls", "utilities")
TEXT_MOST = 360
"""Characters of a description on paper."""


@lru_cache(maxsize=1)
def _style() -> str:
    return (Path(__file__).parent / "static/css/paper.css").read_text(encoding="utf-8")


def _code_of(address: str) -> Markup:
    """A QR code that leads to the page, as SVG."""
    return Markup(segno.make(address, error="m", micro=False).svg_inline(border=0, scale=2, dark="#14202b"))


async def _html(request: Request, reader: Reader, collection_id: str, code: str) -> str:
    number = review_number(request)
    async with acting(engine_of(request), reader.actor, request.app.state.api.item_timeout_ms) as connection:
        page = await page_of(request, reader, connection)
        told = await tell(connection, page, reader, collection_id, code)
        scene = await thing_scene(connection, reader, page.words, told.c, told.item, None, number, size=MAP_SIZE)
        scene = scene or await county_scene(connection, reader, page.words, number, size=MAP_SIZE)
        near = await around(connection, told)
        credits = await reading.credits_of(connection, reader.actor, reader.county.code)
    properties, words, writer = told.item.properties, page.words, told.writer
    offered = told.c.properties(reader.actor.audience)
    key = key_rows(writer, properties)
    said = {row.label for row in key}
    sections = [(name, [row for row in (writer.row(one, properties) for one in names_in(name, told.c, offered)) if row.text and row.label not in said]) for name in SECTIONS]  # fmt: skip
    address = reader.base + page.link(f"/{collection_id}/{told.item.code}")
    state = state_of(words, told.c.id, properties)
    template = page.site.environment.get_template("paper.html")
    return template.render(
        page=page, words=words, c=told.c, code=told.item.code, name=clean(told.name, 120), properties=properties,
        state=state, state_mark=Markup(mark_picture(state.mark, LIGHT)) if state else None, place=place_of(words, properties), key=key,
        sections=[(name, rows) for name, rows in sections if rows], near=near, map=Markup(draw(scene, LIGHT)),
        description=clean(words.pick(properties.get("description"), properties.get("description_en")), TEXT_MOST),
        desk=properties.get("contact_desk"), unit=told.unit, source=told.source, day=told.day, review=review_line(words, number), credits=credits,
        today=today(reader.county.time_zone), address=address, qr=_code_of(address), style=Markup(_style()),
    )  # fmt: skip


def _add(collection_id: str) -> None:
    async def paper(code: str, request: Request, reader: ReaderDep) -> Response:
        html = await _html(request, reader, collection_id, code)
        name = f"{COLLECTIONS[collection_id].id}-{code}.pdf"
        return await rendered_answer(request, "pdf", html, cache=READER_CACHE, lang=reader.lang, file_name=name)

    router.add_api_route(f"/{collection_id}/{{code}}.pdf", paper, methods=["GET"], name=f"paper of {collection_id}")


for _collection_id in PAPERS:
    _add(_collection_id)
