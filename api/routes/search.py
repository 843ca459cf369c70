"""/v1/search: things by name, code, town or firm, in characters, pinyin or initials; a slip of the hand is forgiven."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query, Request

from api.deps import Reader, ReaderDep, Transaction, known_parameters, parse_limit
from geo.errors import BadInput, Problem
from geo.registry.collections import COLLECTIONS
from geo.registry.queries import code_words
from geo.registry.search.queries import Found, Hit, collections_asked, search
from geo.registry.search.vocabulary import vocabulary

router = APIRouter(tags=["search"])
LIMIT_MAX = 50
STATE_LISTS = vocabulary().state_lists

Codes = dict[tuple[str, str], tuple[str, str]]


def _state(codes: Codes, hit: Hit) -> dict[str, str | None] | None:
    code_list = STATE_LISTS.get(hit.collection)
    if hit.state is None or code_list is None:
        return None
    zh, en = codes.get((code_list, hit.state), (None, None))
    return {"code": hit.state, "list": code_list, "zh": zh, "en": en}


def shown(hit: Hit, reader: Reader, codes: Codes) -> dict[str, Any]:
    """A hit as JSON: what it is, why it was found, where it lies, where its page is."""
    c = COLLECTIONS[hit.collection]
    kept = urlencode({"county": reader.county.code})
    made: dict[str, Any] = {
        "collection": hit.collection,
        "title": {"zh": c.zh, "en": c.en},
        "code": hit.code,
        "name": hit.name,
        "name_en": hit.name_en,
        "is_sample": hit.is_sample,
        "town": {"code": hit.town_code, "zh": hit.town[0], "en": hit.town[1]} if hit.town else None,
        "state": _state(codes, hit),
        "matched": {"text": hit.text, "form": hit.form, "how": hit.how, "span": list(hit.span) if hit.span else None},
        "bbox": None,
        "point": None,
        "href": f"/{hit.collection}/{quote(hit.code, safe='')}?{kept}",
    }
    if hit.bounds is not None:
        west, south, east, north = (round(degrees, 7) for degrees in hit.bounds)
        made |= {
            "bbox": [west, south, east, north],
            "point": [round((west + east) / 2, 7), round((south + north) / 2, 7)],
        }
    return made


def answered(query: str, found: Found, reader: Reader, codes: Codes) -> dict[str, Any]:
    """The whole answer."""
    return {
        "query": query,
        "results": [shown(hit, reader, codes) for hit in found.hits],
        "totals": found.totals,
        "is_complete": found.is_complete,
        "is_similar": found.is_similar,
    }


@router.get("/v1/search")
async def search_names(
    request: Request,
    reader: ReaderDep,
    connection: Transaction,
    q: Annotated[str | None, Query()] = None,
    limit: Annotated[str | None, Query()] = None,
    kinds: Annotated[str | None, Query()] = None,
) -> dict[str, Any]:
    """The best hits for `q` (at most 100 characters), at most `limit` (10; no more than 50), of `kinds` (collections, comma).

    `totals` counts what the names of each collection give; where `is_complete` is false there are at least that many.
    `is_similar`: nothing fits as it was typed, these come near. `matched.span`: code points of `matched.text`.
    """
    known_parameters(request, "q", "limit", "kinds")
    if q is None:
        raise BadInput.at(
            "q", Problem(zh="请给出要查找的文字", en="say what to look for"), Problem(zh="q=石浦", en="q=shipu")
        )
    asked = collections_asked(reader.actor, kinds)
    found = await search(connection, reader.actor, reader.county.code, q, min(parse_limit(limit), LIMIT_MAX), asked)
    return answered(q, found, reader, await code_words(connection))
