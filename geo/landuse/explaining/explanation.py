"""What a finding says of itself, in both languages. One class per part, no logic but its form as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from geo.errors import Problem

Words = Problem
"""The same in Chinese and in English, each written for itself."""


@dataclass(frozen=True, slots=True)
class Determination:
    """The letter by which the bureau determined land to be idle (闲置土地认定书, IDLE-23): only then is a lead called so."""

    document_no: str
    determined_on: date


@dataclass(frozen=True, slots=True)
class Article:
    """An article the rule rests on. `citation` is the whole of it as it is written in a text."""

    law: Words
    number: str | None
    article: str
    paragraph: str | None
    citation: Words


@dataclass(frozen=True, slots=True)
class FactUsed:
    """Something told of the parcel, or (`is_computed`) worked out by the rule. `value` is it as it is kept, `shown` with its unit.

    `effective_on`: the day a told fact is true from; None for columns of the register, for what is computed, and where nobody asked.
    """

    name: str
    label: Words
    value: str | bool
    shown: Words
    unit: str | None
    effective_on: date | None
    is_computed: bool


@dataclass(frozen=True, slots=True)
class ParameterUsed:
    """A number of the law or of the county: as written (1/3), since when it is in force, and where it stands."""

    key: str
    label: Words
    value: str
    shown: Words
    unit: str
    effective_on: date
    citation: str


@dataclass(frozen=True, slots=True)
class PauseUsed:
    """Days that did not count, both ends included; `to_on` None: the clock still stands."""

    from_on: date
    to_on: date | None


@dataclass(frozen=True, slots=True)
class MissingFact:
    """What nobody told, and what it would decide."""

    name: str
    label: Words
    decides: Words


@dataclass(frozen=True, slots=True)
class LegalDate:
    """A day that comes by itself: from it on `happens`. `holds`, `result`, `level`: what this rule says then (None: as before)."""

    on: date
    happens: Words
    holds: str | None = None
    result: str | None = None
    level: str | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """One finding explained. A lead (线索/预警) in its title until a determination is handed in (domain.md 1.3).

    `next` and `then`: the next legal date after `as_of` and the one after it, if no fact and no parameter changes. `clears`: what
    would end it, where it holds. `is_local`: a county measure (县级口径), not a national rule.
    """

    title: Words
    sentence: Words
    rule_id: str
    rule_version: int
    rule_name: Words
    as_of: date
    holds: str
    result: str | None
    level: str | None
    since_on: date | None
    confidence: str
    confidence_name: Words
    is_local: bool
    determination: Determination | None
    articles: tuple[Article, ...]
    facts: tuple[FactUsed, ...]
    parameters: tuple[ParameterUsed, ...]
    pauses: tuple[PauseUsed, ...]
    missing: tuple[MissingFact, ...]
    next: LegalDate | None
    then: LegalDate | None
    clears: Words | None

    def as_json(self) -> dict[str, Any]:
        """As the API says it: words as {zh, en}, days as dates, tuples as lists."""
        told = _plain(self)
        assert isinstance(told, dict)
        return told


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if hasattr(value, "__dataclass_fields__"):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    return value
