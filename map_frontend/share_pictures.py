"""`/share.png`, `/{collection}/{code}/share.png` and `/{collection}/{code}/map.svg`: pictures of what the public may see."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request, Response

from api.deps import Reader, ReaderDep, engine_of
from geo.db import acting
from geo.registry.collections import COLLECTIONS
from geo.registry.queries import counts
from map_frontend import reading
from map_frontend.drawing.answers import PUBLIC_CACHE, rendered_answer, svg_answer
from map_frontend.drawing.inks import Inks
from map_frontend.drawing.map_drawing import draw
from map_frontend.drawing.scenes import county_scene, review_line, thing_scene
from map_frontend.drawing.share_card import MAP_SIZE, PANEL, Card, share_svg
from map_frontend.drawing.telling import key_rows, place_of
from map_frontend.drawing.told import as_public, page_of, review_number, tell
from map_frontend.things.kinds import PAGES
from map_frontend.things.states import state_of
from map_frontend.words import Words

router = APIRouter(include_in_schema=False)

COUNTED = ("parcels", "buildings", "projects")
"""What the picture of the whole county counts."""

DRAWING_SIZE = (640.0, 440.0)


def _county(words: Words, reader: Reader) -> str:
    return words("app.title", county=words.pick(reader.county.name, reader.county.name_en))


async def _thing_card(request: Request, reader: Reader, collection_id: str, code: str) -> str:
    number = review_number(request)
    async with acting(engine_of(request), reader.actor, request.app.state.api.item_timeout_ms) as connection:
        told = await tell(connection, await page_of(request, reader, connection), reader, collection_id, code)
        words = told.words
        scene = await thing_scene(connection, reader, words, told.c, told.item, None, number, size=MAP_SIZE, left=PANEL, has_foot=False) or (
            await county_scene(connection, reader, words, number, size=MAP_SIZE, left=PANEL, has_foot=False)
        )  # fmt: skip
        credits = await reading.credits_of(connection, reader.actor, reader.county.code)
    properties = told.item.properties
    kicker = [words.pick(told.c.zh, told.c.en), code, words("sample") if properties.get("is_sample") else ""]
    card = Card(
        county=_county(words, reader),
        kicker=" · ".join(part for part in kicker if part),
        name=told.name,
        state=state_of(words, told.c.id, properties),
        figures=[(row.label, row.text) for row in key_rows(told.writer, properties)],
        place=place_of(words, properties),
        review=review_line(words, number),
        day=words("card.data_date", date=told.day) if told.day else "",
        credits=" · ".join(credits),
    )
    return share_svg(card, scene)


async def _county_card(request: Request, reader: Reader) -> str:
    number = review_number(request)
    async with acting(engine_of(request), reader.actor, request.app.state.api.item_timeout_ms) as connection:
        words = (await page_of(request, reader, connection)).words
        scene = await county_scene(connection, reader, words, number, size=MAP_SIZE, left=PANEL, has_foot=False)
        numbers = await counts(connection, reader.actor, reader.county.code)
        credits = await reading.credits_of(connection, reader.actor, reader.county.code)
    card = Card(
        county=words("app.name"),
        kicker=words("app.subtitle"),
        name=_county(words, reader),
        state=None,
        figures=[(words(f"collection.{name}"), words.number(numbers[name])) for name in COUNTED],
        place="",
        review=review_line(words, number),
        day="",
        credits=" · ".join(credits),
    )
    return share_svg(card, scene)


@router.get("/share.png")
async def share_county(request: Request, reader: ReaderDep) -> Response:
    """The county as a picture, 1200 by 630."""
    svg = await _county_card(request, as_public(reader))
    return await rendered_answer(request, "png", svg, cache=PUBLIC_CACHE, lang=reader.lang)


async def _drawing(request: Request, reader: Reader, collection_id: str, code: str) -> tuple[str, str]:
    """(light, dark) drawings of one thing and what is around it."""
    number = review_number(request)
    async with acting(engine_of(request), reader.actor, request.app.state.api.item_timeout_ms) as connection:
        told = await tell(connection, await page_of(request, reader, connection), reader, collection_id, code)
        scene = await thing_scene(connection, reader, told.words, told.c, told.item, None, number, size=DRAWING_SIZE) or (
            await county_scene(connection, reader, told.words, number, size=DRAWING_SIZE)
        )  # fmt: skip
    return draw(scene, Inks("light")), draw(scene, Inks("dark"))


def _add(collection_id: str) -> None:
    async def share(code: str, request: Request, reader: ReaderDep) -> Response:
        svg = await _thing_card(request, as_public(reader), collection_id, code)
        return await rendered_answer(request, "png", svg, cache=PUBLIC_CACHE, lang=reader.lang)

    async def drawing(
        code: str, request: Request, reader: ReaderDep, theme: Literal["light", "dark"] = "light"
    ) -> Response:
        light, dark = await _drawing(request, as_public(reader), collection_id, code)
        return svg_answer(request, dark if theme == "dark" else light, cache=PUBLIC_CACHE, lang=reader.lang)

    path = f"/{collection_id}/{{code}}"
    router.add_api_route(f"{path}/share.png", share, methods=["GET"], name=f"share picture of {collection_id}")
    router.add_api_route(f"{path}/map.svg", drawing, methods=["GET"], name=f"map of {collection_id}")


for _collection_id in PAGES:
    if not COLLECTIONS[_collection_id].staff_only:
        _add(_collection_id)
