"""Explanations as a table, one row a finding, in one language: for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date

from geo.exchange.csv_writing import safe
from geo.landuse.explaining.explanation import Explanation

COLUMNS = (
    "parcel_code", "rule_id", "rule_version", "as_of", "holds", "result", "level", "since_on", "title", "sentence", "next_on", "next",
    "then_on", "then", "missing", "clears", "articles", "confidence", "facts", "parameters",
)  # fmt: skip


def row_of(parcel_code: str, told: Explanation, lang: str) -> Mapping[str, str]:
    """One finding as cells of text; what is not known or not so is empty."""
    listed = "; " if lang == "en" else "；"
    return {
        "parcel_code": parcel_code, "rule_id": told.rule_id, "rule_version": str(told.rule_version), "as_of": _day(told.as_of),
        "holds": told.holds, "result": told.result or "", "level": told.level or "", "since_on": _day(told.since_on),
        "title": told.title.text(lang), "sentence": told.sentence.text(lang),
        "next_on": _day(told.next.on if told.next else None), "next": told.next.happens.text(lang) if told.next else "",
        "then_on": _day(told.then.on if told.then else None), "then": told.then.happens.text(lang) if told.then else "",
        "missing": listed.join(f"{m.label.text(lang)} ({m.decides.text(lang)})" for m in told.missing),
        "clears": told.clears.text(lang) if told.clears else "",
        "articles": listed.join(a.citation.text(lang) for a in told.articles),
        "confidence": told.confidence_name.text(lang),
        "facts": listed.join(f"{f.label.text(lang)} {f.shown.text(lang)}" for f in told.facts if not f.is_computed),
        "parameters": listed.join(f"{p.label.text(lang)} {p.shown.text(lang)} ({p.effective_on})" for p in told.parameters),
    }  # fmt: skip


def as_csv(rows: Iterable[Mapping[str, str]], columns: Iterable[str] = COLUMNS) -> bytes:
    """A table as UTF-8 with the mark Excel knows; no cell is a formula."""
    names = list(columns)
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(names)
    for row in rows:
        table.writerow([safe(row[name]) for name in names])
    return out.getvalue().encode("utf-8-sig")


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
