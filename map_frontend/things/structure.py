"""Industry structure: how many firms of each chain a park or a town has, as a small diagram."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from map_frontend.drawing import pens
from map_frontend.drawing.inks import PAGE
from map_frontend.drawing.text import cut
from map_frontend.words import Words

BARS_MAX = 8
WIDTH, ROW, BAR = 372.0, 24.0, 12.0
NAME_ROOM, COUNT_ROOM = 178.0, 48.0


@dataclass(frozen=True, slots=True)
class Structure:
    """How many firms a place has, and the diagram of them by chain for a page of ours."""

    total: int
    svg: Markup


def structure_svg(words: Words, name: str, chains: tuple[tuple[str, int], ...]) -> str:
    """Ranked bars of one colour, each with its word and number, so that no eye needs to tell colours apart."""
    shown = chains if len(chains) <= BARS_MAX else chains[: BARS_MAX - 1]
    rest = chains[len(shown) :]
    rows = list(shown)
    if rest:
        rows.append((words("structure.other", n=len(rest)), sum(count for _, count in rest)))
    most = max((count for _, count in rows), default=1)
    room = WIDTH - NAME_ROOM - COUNT_ROOM
    body = []
    for number, (label, count) in enumerate(rows):
        ink = "muted" if rest and number == len(rows) - 1 else "brand"
        y = number * ROW
        body.append(pens.words_at(0, y + 16, cut(label, NAME_ROOM - 10, 12.5), 12.5, fill=PAGE("ink")))
        across = max(room * count / most, 2)
        body.append(pens.rect(NAME_ROOM, y + 6, room, BAR, rx="2", fill=PAGE("surface-3")))
        body.append(pens.rect(NAME_ROOM, y + 6, across, BAR, rx="2", fill=PAGE(ink)))
        body.append(pens.words_at(WIDTH, y + 16, words("structure.firms", n=count), 12.5, text_anchor="end", font_weight="600", fill=PAGE("ink")))  # fmt: skip
    said = (", " if words.lang == "en" else "、").join(
        words("structure.pair", chain=label, n=count) for label, count in rows
    )
    return pens.document(
        WIDTH, max(len(rows), 1) * ROW, words("structure.label", name=name, list=said), "".join(body), PAGE
    )


def structure_of(words: Words, name: str, counted: Sequence[tuple[str | None, int]]) -> Structure:
    """The structure of a place called `name` from its firms by chain: (chain code or None, firms), most first."""
    chains = tuple((words.code("chain", code) if code else words("structure.no_chain"), n) for code, n in counted)
    return Structure(sum(n for _, n in chains), Markup(structure_svg(words, name, chains)))
