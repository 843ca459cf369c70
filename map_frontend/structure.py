"""Industry structure: how many public firms of each chain a park or a town has, as a small diagram and as `/map/structure`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from markupsafe import Markup
from sqlalchemy.ext.asyncio import AsyncConnection

from api.deps import Reader, ReaderDep, Transaction
from geo.errors import BadInput, NotFound, Problem
from map_frontend import reading
from map_frontend.drawing import pens
from map_frontend.drawing.inks import PAGE, Inks
from map_frontend.drawing.text import cut
from map_frontend.words import Words

router = APIRouter(include_in_schema=False)

BARS_MAX = 8
WIDTH, ROW, BAR = 372.0, 24.0, 12.0
NAME_ROOM, COUNT_ROOM = 178.0, 48.0
PLACES = {"park": "structure_of_park", "town": "structure_of_town"}


@dataclass(frozen=True, slots=True)
class Structure:
    """The firms of one place by chain, most first: (chain code or '', name, firms); `svg` is for a page of ours."""

    name: str
    chains: tuple[tuple[str, str, int], ...]
    svg: Markup

    @property
    def total(self) -> int:
        """How many firms."""
        return sum(count for _, _, count in self.chains)


def structure_svg(words: Words, name: str, chains: tuple[tuple[str, str, int], ...], inks: Inks = PAGE) -> str:
    """Ranked bars of one colour, each with its word and number, so that no eye needs to tell colours apart."""
    shown = chains if len(chains) <= BARS_MAX else chains[: BARS_MAX - 1]
    rest = chains[len(shown) :]
    rows = [(label, count) for _, label, count in shown]
    if rest:
        rows.append((words("structure.other", n=len(rest)), sum(count for _, _, count in rest)))
    most = max((count for _, count in rows), default=1)
    room = WIDTH - NAME_ROOM - COUNT_ROOM
    body = []
    for number, (label, count) in enumerate(rows):
        ink = "muted" if rest and number == len(rows) - 1 else "brand"
        y = number * ROW
        body.append(pens.words_at(0, y + 16, cut(label, NAME_ROOM - 10, 12.5), 12.5, fill=inks("ink")))
        across = max(room * count / most, 2)
        body.append(pens.rect(NAME_ROOM, y + 6, room, BAR, rx="2", fill=inks("surface-3")))
        body.append(pens.rect(NAME_ROOM, y + 6, across, BAR, rx="2", fill=inks(ink)))
        body.append(pens.words_at(WIDTH, y + 16, words("structure.firms", n=count), 12.5, text_anchor="end", font_weight="600", fill=inks("ink")))  # fmt: skip
    said = (", " if words.lang == "en" else "、").join(
        words("structure.pair", chain=label, n=count) for label, count in rows
    )
    return pens.document(
        WIDTH, max(len(rows), 1) * ROW, words("structure.label", name=name, list=said), "".join(body), inks
    )


async def structure_of(
    connection: AsyncConnection, reader: Reader, words: Words, kind: str, code: str, inks: Inks = PAGE
) -> Structure:
    """The structure of a park or featured town (`kind` park) or of a town, through the reader's views. Raises NotFound."""
    found = await reading.structure(connection, reader.actor, reader.county.code, PLACES[kind], code)
    if found is None:
        raise NotFound.at(
            kind, Problem(zh=f"没有编号为“{code[:64]}”的地方", en=f"there is no place with code '{code[:64]}'")
        )
    name = words.pick(found.name, found.name_en)
    chains = tuple((c, words.pick(zh, en) or words("structure.no_chain"), n) for c, zh, en, n in found.chains)
    return Structure(name, chains, Markup(structure_svg(words, name, chains, inks)))


@router.get("/map/structure")
async def structure_answer(
    reader: ReaderDep, connection: Transaction, park: str | None = None, town: str | None = None
) -> dict[str, Any]:
    """Firms by chain of one park or one town, with the diagram as SVG in the page's own colours."""
    if (park is None) == (town is None):
        raise BadInput.at("park", Problem(zh="park 与 town 应只给一个", en="give either park or town"))
    kind, code = ("park", park) if park is not None else ("town", town or "")
    words = Words(reader.lang, {}, reader.county.time_zone)
    found = await structure_of(connection, reader, words, kind, str(code))
    return {
        "kind": kind,
        "code": code,
        "name": found.name,
        "n": found.total,
        "chains": [{"code": chain, "name": name, "n": count} for chain, name, count in found.chains],
        "svg": str(found.svg),
    }
