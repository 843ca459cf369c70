"""/search?q=: the results as a page of links, for a reader without scripts and for "all results"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response

from api.deps import Reader, ReaderDep, Transaction
from geo.errors import BadInput
from geo.registry.queries import code_words
from geo.registry.search.queries import Found, Hit, collections_asked, examples, search
from geo.registry.search.vocabulary import vocabulary
from map_frontend.site import Page, page_for
from map_frontend.words import Words

router = APIRouter(include_in_schema=False)
RESULTS_MAX = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One result as it is shown; spans are code points of the text before them."""

    href: str
    on_map: str
    name: str
    name_span: tuple[int, int] | None
    matched: str | None
    matched_span: tuple[int, int] | None
    matched_lang: str
    facts: tuple[str, ...]
    is_sample: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The results of one collection."""

    collection: str
    total: int
    lines: tuple[Line, ...]


def _line(page: Page, hit: Hit) -> Line:
    words = page.words
    name = words.pick(hit.name, hit.name_en) or hit.code
    code_list = vocabulary().state_lists.get(hit.collection)
    state = words.code(code_list, hit.state) if hit.state and code_list else ""
    town = words.pick(*hit.town) if hit.town else ""
    is_shown = hit.text == name
    facts = tuple(part for part in (hit.code if hit.code != name else "", town, state) if part)
    return Line(
        page.link(f"/{hit.collection}/{hit.code}"), page.link("/", id=f"{hit.collection}:{hit.code}"), name,
        hit.span if is_shown else None, None if is_shown or hit.form == "code" else hit.text, hit.span,
        "en" if hit.text == hit.name_en else "zh-CN", facts, hit.is_sample,
    )  # fmt: skip


def _groups(page: Page, found: Found) -> list[Group]:
    by: dict[str, list[Line]] = {}
    for hit in found.hits:
        by.setdefault(hit.collection, []).append(_line(page, hit))
    return [Group(name, found.totals[name], tuple(lines)) for name, lines in by.items()]


async def _search(reader: Reader, connection: Transaction, query: str) -> tuple[Found | None, str]:
    """What was found, or why it could not be asked, in the reader's language."""
    try:
        asked = collections_asked(reader.actor, None)
        return await search(connection, reader.actor, reader.county.code, query, RESULTS_MAX, asked), ""
    except BadInput as refused:
        faults = "; ".join(fault.detail.text(reader.lang) for fault in refused.faults)
        return None, faults


@router.get("/search")
async def search_page(request: Request, reader: ReaderDep, connection: Transaction, q: str = "") -> Response:
    """Results for `q`, grouped; without it, what can be typed."""
    query = q.strip()
    codes = await code_words(connection)
    words = Words(reader.lang, codes, reader.county.time_zone)
    title = words("search.title", q=query[:100]) if query else words("search.title_empty")
    page = page_for(request, reader, codes, room="search", title=title)
    found, fault = await _search(reader, connection, query) if query else (None, "")
    values: dict[str, Any] = {
        "query": query[:100],
        "fault": fault,
        "groups": _groups(page, found) if found else [],
        "total": sum(found.totals.values()) if found else 0,
        "is_complete": found.is_complete if found else True,
        "is_similar": found.is_similar if found else False,
        "examples": await examples(connection, reader.actor, reader.county.code, page.lang),
    }
    return page.answer("search.html", 400 if fault else 200, **values)
