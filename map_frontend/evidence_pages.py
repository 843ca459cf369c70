"""`/parcels/{code}/evidence.svg`: the drawing of what was measured of one plot. For staff."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request, Response

from api.deps import ReaderDep, Transaction, known_parameters
from api.ogc.parameters import moment_of
from geo.errors import NotFound, Problem
from geo.registry.moments import settle
from geo.registry.queries import item
from map_frontend import reading
from map_frontend.drawing.answers import READER_CACHE, svg_answer
from map_frontend.drawing.inks import Inks
from map_frontend.drawing.plot import draw_plot
from map_frontend.drawing.plot_telling import tell_plot
from map_frontend.words import Words

router = APIRouter(include_in_schema=False)


@router.get("/parcels/{code}/evidence.svg")
async def drawing(
    code: str, request: Request, reader: ReaderDep, connection: Transaction, theme: Literal["light", "dark"] = "light"
) -> Response:
    """The plot with what is left of it. Raises NotLoggedIn for the public, NotFound for a plot that is not there or has no outline."""
    reader.must_be_staff()
    known_parameters(request, "theme", "known_at")
    moment = moment_of(request, reader)
    known_at = moment.known_at if moment else None
    if known_at is not None:
        await settle(connection, reader.actor, known_at)
    found = await item(connection, reader.actor, "parcels", reader.county.code, code)
    words = Words(reader.lang, await reading.codes_of(connection, reader), reader.county.time_zone)
    told = await tell_plot(connection, reader, words, found, known_at=known_at)
    if told.scene is None:
        raise NotFound.at(
            "code",
            Problem(zh="这宗地没有界线图形", en="this parcel has no outline"),
        )
    return svg_answer(request, draw_plot(told.scene, Inks(theme)), cache=READER_CACHE, lang=reader.lang)
