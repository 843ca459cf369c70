"""Explanations as they are read: what explaining needs, once per request, and the leads of parcels explained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.db import Actor
from geo.errors import Problem
from geo.landuse.cases.queries import determinations_of
from geo.landuse.explaining.explain import Background, explain
from geo.landuse.explaining.explanation import Explanation
from geo.landuse.explaining.wordbook import wordbook
from geo.landuse.queries import PARAMETERS
from geo.landuse.rules.answer import Answer, read_inputs
from geo.landuse.rules.catalogue import catalogue
from geo.landuse.rules.numbers import ParameterRow, Parameters
from geo.landuse.rules.periods import Calendar
from geo.landuse.rules.sql_trees import CALENDAR
from geo.registry.queries import findings_of

_KINDS = text("select code, name, name_en from register.fact_kind")
_CODES = text("select list_code, code, name, name_en from register.code_value where list_code = any(:lists)")
_CALENDAR = text(
    "select distinct on (day) day, is_working from register.work_calendar "
    "where calendar = :calendar and recorded_at <= cast(:known_at as timestamptz) order by day, recorded_at desc"
)
_DATES = text(
    "select distinct on (f.subject_id, f.kind) f.subject_id, f.kind, f.effective_on from staff_data.facts f "
    "where f.county_code = :county and f.subject_kind = 'parcel' and f.subject_id = any(:ids) and f.effective_on <= :as_of "
    "and f.recorded_at <= cast(:known_at as timestamptz) "
    "and num_nonnulls(f.value_date, f.value_number, f.value_text, f.value_bool) = 1 "
    "and not exists (select from staff_data.facts r where r.id = f.retracted_by_fact_id "
    "and r.recorded_at <= cast(:known_at as timestamptz)) order by f.subject_id, f.kind, f.effective_on desc, f.id desc"
)


async def background(connection: AsyncConnection, county_code: str, known_at: datetime | None = None) -> Background:
    """What any number of a county's answers are explained with, as known at an instant (None: now)."""
    asked = {"known_at": known_at or "infinity"}
    rules = catalogue()
    kinds = await connection.execute(_KINDS)
    names = {code: Problem(zh=zh, en=en) for code, zh, en in kinds} | dict(rules.vocabulary.values)
    lists = {spec.code_list for spec in rules.vocabulary.inputs.values() if spec.code_list}
    codes = await connection.execute(_CODES, {"lists": sorted(lists | {"finding_result", "finding_level", "holds"})})
    rows = await connection.execute(PARAMETERS, asked)
    days = await connection.execute(_CALENDAR, asked | {"calendar": CALENDAR})
    return Background(
        rules, wordbook(), names, {(of, code): Problem(zh=zh, en=en) for of, code, zh, en in codes},
        Parameters((ParameterRow(*row) for row in rows), county_code), Calendar({day: works for day, works in days}),
    )  # fmt: skip


async def fact_dates(
    connection: AsyncConnection,
    county_code: str,
    parcel_ids: Sequence[int],
    as_of: date,
    known_at: datetime | None = None,
) -> dict[int, dict[str, date]]:
    """parcel id -> fact kind -> the day its value is true from, of the facts that hold on a day, as known at an instant. Staff only."""
    rows = await connection.execute(
        _DATES, {"county": county_code, "ids": list(parcel_ids), "as_of": as_of, "known_at": known_at or "infinity"}
    )
    found: dict[int, dict[str, date]] = {}
    for parcel_id, kind, on in rows:
        found.setdefault(parcel_id, {})[kind] = on
    return found


async def explained(
    connection: AsyncConnection,
    county_code: str,
    answers: Mapping[int, Sequence[Answer]],
    *,
    known_at: datetime | None = None,
) -> dict[int, list[Explanation]]:
    """parcel id -> its answers explained, in their order, with the letter where its case has one."""
    needed = await background(connection, county_code, known_at)
    days = {answer.as_of for found in answers.values() for answer in found}
    dates = {day: await fact_dates(connection, county_code, sorted(answers), day, known_at) for day in sorted(days)}
    letters = {day: await determinations_of(connection, sorted(answers), day, known_at) for day in sorted(days)}
    return {
        parcel_id: [
            explain(a, needed, dates=dates[a.as_of].get(parcel_id, {}), determination=letters[a.as_of].get(parcel_id)) for a in found
        ]
        for parcel_id, found in answers.items()
    }  # fmt: skip


async def findings_explained(
    connection: AsyncConnection, actor: Actor, county_code: str, parcel_id: int
) -> list[tuple[dict[str, Any], Explanation]]:
    """The findings kept of one parcel, each with its explanation; empty for the public."""
    rows = await findings_of(connection, actor, parcel_id)
    if not rows:
        return []
    answers = {parcel_id: [kept_answer(row) for row in rows]}
    told = await explained(connection, county_code, answers)
    kept = [{name: value for name, value in row.items() if name != "exact_inputs"} for row in rows]
    return list(zip(kept, told[parcel_id], strict=True))


def kept_answer(row: Mapping[str, Any]) -> Answer:
    """A kept finding (`registry.queries.findings_of`) as the answer it was."""
    return Answer(
        row["rule_id"], row["rule_version"], row["as_of"], row["holds"], row["result"], row["level"], row["since_on"], row["next_on"],
        tuple(row["missing"]), read_inputs(row["exact_inputs"]), row["parameters"], tuple(row["basis"]),
    )  # fmt: skip
