"""The map of one thing inside one of our pages: it follows the page's theme; what is said below is text of the page."""

from __future__ import annotations

from dataclasses import dataclass, replace

from markupsafe import Markup
from sqlalchemy.ext.asyncio import AsyncConnection

from api.deps import Reader
from geo.registry.collections import Collection
from geo.registry.queries import Item
from map_frontend.drawing.inks import PAGE
from map_frontend.drawing.map_drawing import draw
from map_frontend.drawing.scenes import thing_scene
from map_frontend.words import Words

SIZE = (420.0, 320.0)


@dataclass(frozen=True, slots=True)
class PagePicture:
    """The map with its legend as SVG, and the lines below it: review number, data date, CRS; credits."""

    svg: Markup
    lines: tuple[str, ...]


async def picture_on_page(
    connection: AsyncConnection, reader: Reader, words: Words, c: Collection, found: Item, review_number: str, size: tuple[float, float] = SIZE
) -> PagePicture | None:  # fmt: skip
    """The thing among its neighbours, through the reader's views, drawn; None when its place is not known."""
    scene = await thing_scene(connection, reader, words, c, found, None, review_number, size=size)
    if scene is None:
        return None
    lines = scene.notes.lines
    bare = replace(scene, notes=replace(scene.notes, lines=()))
    return PagePicture(Markup(draw(bare, PAGE)), lines)
