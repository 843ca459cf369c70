"""/rules: the rules of the land in words, and one page per rule with its articles, condition and dated parameters."""

from __future__ import annotations

from itertools import groupby

from fastapi import APIRouter, Request, Response

from api.deps import ReaderDep, Transaction
from geo.clock import today
from geo.landuse.rulebook import rulebook, rules_on, versions_of
from geo.registry.queries import code_words
from map_frontend.site import page_for
from map_frontend.words import Words

router = APIRouter(include_in_schema=False)
PLACES = ("applies", "condition", "result", "level", "since_on")


@router.get("/rules")
async def rules_page(reader: ReaderDep, request: Request, connection: Transaction) -> Response:
    """Every rule in force today, by group."""
    codes = await code_words(connection)
    title = Words(reader.lang, codes, reader.county.time_zone)("rules.title")
    page = page_for(request, reader, codes, room="rules", title=title)
    rules = sorted(rules_on(today(reader.county.time_zone)), key=lambda rule: (rule.group, rule.id))
    groups = [(group, list(found)) for group, found in groupby(rules, key=lambda rule: rule.group)]
    return page.answer("rules.html", groups=groups)


@router.get("/rules/{rule_id}")
async def rule_page(rule_id: str, reader: ReaderDep, request: Request, connection: Transaction) -> Response:
    """One rule: the version in force today, or the newest."""
    day = today(reader.county.time_zone)
    versions = versions_of(rule_id)
    rule = next((r for r in versions if r.is_in_force(day)), versions[0])
    codes = await code_words(connection)
    book = await rulebook(connection, reader.county.code, day)
    page = page_for(request, reader, codes, room="rules", title=f"{rule.id} {rule.title.text(reader.lang)}")
    return page.answer(
        "rule.html", rule=rule, versions=versions, book=book, phrases=book.phrases(rule, reader.lang), places=PLACES,
        parameters=book.history(rule),
    )  # fmt: skip
