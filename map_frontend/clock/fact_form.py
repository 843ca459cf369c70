"""The form by which a fact of a parcel that rules ask for is told, on its clock; POST /v1/parcels/{code}/facts takes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.errors import BadInput, Problem
from geo.landuse.clock.parcel_clock import ParcelClock
from geo.landuse.rules.catalogue import catalogue
from map_frontend.words import Words

_KINDS = text(
    "select code, value_type, unit, code_list, name, name_en from staff_data.fact_kinds where 'parcel' = any(subject_kinds) order by sort_no, code"
)
_VALUES = ("value_date", "value_number", "value_bool", "value_text")


@dataclass(frozen=True, slots=True)
class FactKind:
    """What can be told: a date, a number (`unit`), one of some codes, yes or no, or words."""

    code: str
    value_type: str
    unit: str | None
    code_list: str | None
    name: Problem


@dataclass(frozen=True, slots=True)
class FactForm:
    """All a template asks of the form. `options`: (code, word) where the value is one of some; `current`: what is told now, in words."""

    kind: FactKind
    name: str
    unit: str
    options: Sequence[tuple[str, str]]
    current: str


@dataclass(frozen=True, slots=True)
class ToldFact:
    """A fact that was just told, to be taken back in one click."""

    id: int
    name: str
    value: str


async def fact_kinds(connection: AsyncConnection) -> dict[str, FactKind]:
    """The facts of a parcel that a rule reads, by code."""
    inputs = catalogue().vocabulary.inputs
    rows = await connection.execute(_KINDS)
    return {
        r.code: FactKind(r.code, r.value_type, r.unit, r.code_list, Problem(zh=r.name, en=r.name_en))
        for r in rows if r.code in inputs
    }  # fmt: skip


def kind_of(kinds: Mapping[str, FactKind], asked: str) -> FactKind:
    """The fact kind of the address; raises BadInput."""
    if asked not in kinds:
        raise BadInput.at(
            "fact",
            Problem(zh=f"没有这种事实“{asked[:64]}”", en=f"there is no fact '{asked[:64]}' of a parcel that a rule reads"),
            Problem(zh="规则要用的一种事实", en="one that a rule reads"),
        )  # fmt: skip
    return kinds[asked]


def fact_form(clock: ParcelClock, words: Words, kind: FactKind) -> FactForm:
    """The form for one kind, with what is told now."""
    options: list[tuple[str, str]] = []
    if kind.value_type == "bool":
        options = [("true", words("fact.yes")), ("false", words("fact.no"))]
    elif kind.code_list is not None:
        options = sorted(
            (code, words.pick(*found)) for (name, code), found in words.codes.items() if name == kind.code_list
        )
    row = clock.told.get(kind.code)
    return FactForm(
        kind, kind.name.text(words.lang), words.unit(kind.unit), options, "" if row is None else value_said(words, kind, row)
    )  # fmt: skip


def just_told(clock: ParcelClock, words: Words, kind: FactKind) -> ToldFact | None:
    """The fact of a kind that holds now."""
    row = clock.told.get(kind.code)
    return None if row is None else ToldFact(row["id"], kind.name.text(words.lang), value_said(words, kind, row))


def value_said(words: Words, kind: FactKind, row: Mapping[str, Any]) -> str:
    """A value of the ledger in the reader's words."""
    value = next((row[column] for column in _VALUES if row[column] is not None), None)
    if kind.value_type == "bool":
        return words("fact.yes" if value else "fact.no")
    if kind.value_type == "date":
        return words.day(value)
    if kind.code_list is not None:
        return words.code(kind.code_list, value)
    return f"{value} {words.unit(kind.unit)}".strip()
