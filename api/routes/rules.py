"""/v1/rules: the rules of the land as data: words, law, condition as text, parameters with their dates. For everyone."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from api.deps import Reader, ReaderDep, Transaction
from geo.clock import today
from geo.errors import Problem
from geo.landuse.rulebook import Rulebook, rulebook, rules_on, versions_of
from geo.landuse.rules.rule import Rule

router = APIRouter(prefix="/v1/rules", tags=["rules"])
LANGUAGES = ("zh", "en")


def _both(words: Problem) -> dict[str, str]:
    return {lang: words.text(lang) for lang in LANGUAGES}


def _kind(rule: Rule) -> str:
    return "method" if rule.method else "lead" if rule.is_lead else "definition"


def _brief(rule: Rule, reader: Reader) -> dict[str, Any]:
    return {
        "id": rule.id,
        "version": rule.version,
        "group": rule.group,
        "kind": _kind(rule),
        "title": _both(rule.title),
        "basis": {lang: [c.text(lang) for c in rule.citations] for lang in LANGUAGES},
        "confidence": rule.confidence,
        "in_force_from": rule.in_force_from,
        "in_force_to": rule.in_force_to,
        "href": f"/v1/rules/{rule.id}?county={reader.county.code}",
    }


def _whole(rule: Rule, book: Rulebook, reader: Reader) -> dict[str, Any]:
    phrases = {lang: book.phrases(rule, lang) for lang in LANGUAGES}
    return _brief(rule, reader) | {
        "note": _both(rule.note) if rule.note else None,
        "reviewed_on": rule.reviewed_on,
        "method": rule.method,
        "citations": [
            {
                "law": _both(c.law.name),
                "number": c.law.number,
                "article": c.article,
                "paragraph": c.paragraph,
                "in_force_from": c.law.in_force_from,
                "in_force_to": c.law.in_force_to,
            }
            for c in rule.citations
        ],
        "inputs": [
            {
                "name": name,
                "title": {lang: book.name(name, lang) for lang in LANGUAGES},
                "type": spec.kind.base.value,
                "unit": spec.kind.unit,
                "code_list": spec.code_list,
                "is_column": spec.is_column,
            }
            for name, spec in rule.inputs.items()
        ],
        "expressions": {
            place: {"formula": e.text, **{lang: phrases[lang][place] for lang in LANGUAGES}}
            for place, e in rule.expressions().items()
        },
        "parameters": [{"key": row.key, "county_code": row.county_code, **row.shown()} for row in book.history(rule)],
    }


@router.get("")
async def read_rules(reader: ReaderDep) -> list[dict[str, Any]]:
    """Every rule in force today, in brief."""
    return [_brief(rule, reader) for rule in rules_on(today(reader.county.time_zone))]


@router.get("/{rule_id}")
async def read_rule(rule_id: str, reader: ReaderDep, connection: Transaction) -> dict[str, Any]:
    """One rule: the version in force today (or the newest), and every version in brief."""
    day = today(reader.county.time_zone)
    versions = versions_of(rule_id)
    rule = next((r for r in versions if r.is_in_force(day)), versions[0])
    book = await rulebook(connection, reader.county.code, day)
    return _whole(rule, book, reader) | {"versions": [_brief(r, reader) for r in versions]}
