"""The share picture as SVG, 1200 by 630: who, what, three figures on the left, the map on the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from map_frontend.drawing import pens
from map_frontend.drawing.inks import LIGHT, Inks
from map_frontend.drawing.map_drawing import map_body
from map_frontend.drawing.scene import Scene
from map_frontend.drawing.text import clean, cut, width, wrapped
from map_frontend.things.states import State

WIDTH, HEIGHT, PANEL = 1200.0, 630.0, 470.0
"""Pixels; the panel is what the words have, the map has the rest."""

LEFT, ROOM = 44.0, 392.0
NAME_LINES = 3
MAP_SIZE = (WIDTH - PANEL, HEIGHT)


@dataclass(frozen=True, slots=True)
class Card:
    """The words of one share picture."""

    county: str
    kicker: str
    name: str
    state: State | None
    figures: Sequence[tuple[str, str]]
    """(what, how much), at most three."""

    place: str
    review: str
    day: str
    credits: str = ""
    """Whose data the map is made of; written on the map."""


def share_svg(card: Card, scene: Scene | None, inks: Inks = LIGHT) -> str:
    """The picture; without a scene the right side stays land."""
    body = [pens.rect(0, 0, WIDTH, HEIGHT, fill=inks("land"))]
    body.append(map_body(scene, inks) if scene else "")
    body.append(pens.rect(0, 0, PANEL, HEIGHT, fill=inks("surface")))
    body += _credits(card.credits, inks)
    body.append(pens.rect(PANEL - 6, 0, 6, HEIGHT, fill=inks("brand")))
    body += _head(card, inks)
    body += _figures(card, inks)
    body.append(pens.words_at(LEFT, HEIGHT - 44, cut(card.review, ROOM, 16), 16, fill=inks("muted")))
    body.append(pens.words_at(LEFT, HEIGHT - 20, cut(card.day, ROOM, 16), 16, fill=inks("muted")))
    return pens.document(WIDTH, HEIGHT, card.name, "".join(body), inks)


def _credits(credits: str, inks: Inks) -> list[str]:
    """In the map's lower right corner, opposite the scale bar."""
    text = cut(clean(credits), MAP_SIZE[0] * 0.6, 12)
    if not text:
        return []
    across = width(text, 12) + 16
    return [
        pens.rect(WIDTH - across, HEIGHT - 22, across, 22, fill=inks("surface"), fill_opacity="0.86"),
        pens.words_at(WIDTH - 8, HEIGHT - 7, text, 12, text_anchor="end", fill=inks("muted")),
    ]


def _head(card: Card, inks: Inks) -> list[str]:
    body = [pens.rect(LEFT, 40, 40, 40, rx="9", fill=inks("brand"))]
    x = LEFT + 8
    body.append(f'<path d="M{x:g} 53l8 -4l8 4l8 -4v18l-8 4l-8 -4l-8 4z" fill="none" stroke="{inks("brand-ink")}" stroke-width="2.2" stroke-linejoin="round"/>')  # fmt: skip
    body.append(
        pens.words_at(LEFT + 54, 67.5, cut(card.county, ROOM - 54, 22, 600), 22, font_weight="600", fill=inks("ink"))
    )
    body.append(pens.words_at(LEFT, 136, cut(card.kicker, ROOM, 20), 20, fill=inks("muted")))
    name = clean(card.name)
    size = 44.0 if len(wrapped(name, ROOM, 44, 4, 700)) <= 2 else 36.0
    y = 136 + size * 1.3
    for line in wrapped(name, ROOM, size, NAME_LINES, 700):
        body.append(pens.words_at(LEFT, y, line, size, font_weight="700", fill=inks("ink")))
        y += size * 1.25
    y += 4
    if card.state:
        body.append(pens.mark_at(card.state.mark, LEFT + 10, y - 7, 9, inks, halo=None))
        body.append(
            pens.words_at(
                LEFT + 30, y, cut(card.state.word, ROOM - 30, 23, 600), 23, font_weight="600", fill=inks("ink")
            )
        )
        y += 34
    body.append(pens.words_at(LEFT, y, cut(card.place, ROOM, 19), 19, fill=inks("muted")))
    return body


def _figures(card: Card, inks: Inks) -> list[str]:
    body: list[str] = []
    y = HEIGHT - 88 - 58 * len(card.figures)
    for label, value in card.figures:
        body.append(pens.rect(LEFT, y, ROOM, 1, fill=inks("hair")))
        body.append(pens.words_at(LEFT, y + 38, cut(clean(label), ROOM * 0.42, 18), 18, fill=inks("muted")))
        room = ROOM - min(width(clean(label), 18), ROOM * 0.42) - 14
        size = 26.0 if width(clean(value), 26, 700) <= room else 21.0
        text = cut(clean(value), room, size, 700)
        body.append(
            pens.words_at(LEFT + ROOM, y + 39, text, size, font_weight="700", text_anchor="end", fill=inks("ink"))
        )
        y += 58
    return body
