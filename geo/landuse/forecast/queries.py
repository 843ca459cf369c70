"""What becomes overdue on the days to come, read from the turns kept beside the findings: by index, however large the county."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.errors import BadInput, Problem
from geo.landuse.classes import LandClass, class_of, land_classes
from geo.landuse.explaining.explain import Background, explain, what_happens
from geo.landuse.explaining.explanation import Explanation
from geo.landuse.explaining.queries import background
from geo.landuse.rules.answer import answer_to
from geo.landuse.rules.evaluate import Question
from geo.landuse.rules.rule import LEVELS
from geo.landuse.told import ToldOf, told_of

_COMING = text((Path(__file__).parent / "sql" / "coming.sql").read_text(encoding="utf-8"))
_COUNTED = text((Path(__file__).parent / "sql" / "counted.sql").read_text(encoding="utf-8"))
_PLACES = text((Path(__file__).parent / "sql" / "places.sql").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which turns: of a responsible unit ('' = without one), of a class of land, from a level up."""

    unit: str | None = None
    class_code: str | None = None
    least_level: str = LEVELS[0]

    @classmethod
    def read(cls, unit: str | None, class_code: str | None, level: str | None) -> Wanted:
        """As an address has them; raises BadInput for a class or a level there is not."""
        if class_code and class_code not in {c.code for c in land_classes()}:
            listed = ", ".join(c.code for c in land_classes())
            raise BadInput.at("class", Problem(zh=f"没有类别“{class_code[:32]}”", en=f"there is no class '{class_code[:32]}'"), Problem(zh=listed, en=listed))  # fmt: skip
        if level and level not in LEVELS:
            listed = ", ".join(LEVELS)
            raise BadInput.at("level", Problem(zh=f"没有级别“{level[:32]}”", en=f"there is no level '{level[:32]}'"), Problem(zh=listed, en=listed))  # fmt: skip
        return cls(unit or None, class_code or None, level or LEVELS[0])

    def bound(self) -> dict[str, Any]:
        """As the statements take it."""
        results = next((list(c.results) for c in land_classes() if c.code == self.class_code), None)
        return {"unit": self.unit, "results": results, "levels": list(LEVELS[LEVELS.index(self.least_level) :])}


@dataclass(frozen=True, slots=True)
class Said:
    """What a rule says: before the turn, or from it on."""

    holds: str
    result: str | None
    level: str | None


@dataclass(frozen=True, slots=True)
class Coming:
    """One lead that comes to hold, or to a worse level, on a day to come if no fact and no parameter changes. Area m2.

    `told` is the explanation as of that day, with the facts of today; `happens` what the turn means.
    """

    parcel_id: int
    parcel_code: str
    parcel_name: str | None
    parcel_name_en: str | None
    unit_code: str | None
    town_code: str | None
    area_m2: Decimal | None
    is_sample: bool
    rule_id: str
    on: date
    before: Said
    after: Said
    land_class: LandClass | None
    computed_at: datetime
    happens: Problem | None
    told: Explanation | None


After = tuple[date, str, str]
"""Day, parcel code, rule id: the place of a row in the list."""


async def coming(
    connection: AsyncConnection, county_code: str, as_of: date, until: date, wanted: Wanted, *, limit: int,
    after: After | None = None, explained: bool = True,
) -> list[Coming]:  # fmt: skip
    """The turns for the worse after `as_of` up to and with `until`, by day, parcel, rule; at most `limit`, after a place in the list.

    Staff only. Explaining asks the pure evaluator for each row, with what is told of its parcel today.
    """
    place = dict(zip(("after_on", "after_code", "after_rule"), after or (None, None, None), strict=True))
    rows = (
        await connection.execute(
            _COMING, {"county": county_code, "as_of": as_of, "until": until, "limit": limit, **place, **wanted.bound()}
        )
    ).mappings().all()  # fmt: skip
    telling = await _Telling.of(connection, county_code, as_of, rows) if explained and rows else None
    return [_row(row, telling) for row in rows]


async def counted(
    connection: AsyncConnection, county_code: str, as_of: date, horizons: Sequence[date], wanted: Wanted
) -> dict[date, tuple[int, int]]:
    """last day -> (turns for the worse up to it, parcels they are of)."""
    rows = await connection.execute(
        _COUNTED, {"county": county_code, "as_of": as_of, "horizons": list(horizons), **wanted.bound()}
    )
    return {row.until: (row.turns, row.parcels) for row in rows}


async def places(
    connection: AsyncConnection, county_code: str, as_of: date, until: date, wanted: Wanted, *, limit: int
) -> list[tuple[str, float, float, date, str]]:
    """Where: parcel code, longitude, latitude (EPSG:4490), its first day, its worst level; the earliest first, at most `limit`."""
    rows = await connection.execute(
        _PLACES, {"county": county_code, "as_of": as_of, "until": until, "limit": limit, **wanted.bound()}
    )
    return [(r.parcel_code, r.lon, r.lat, r.first_on, r.level) for r in rows]


async def unit_names(connection: AsyncConnection, county_code: str) -> dict[str, Problem]:
    """Code of a unit of the county -> what it is called, by code."""
    rows = await connection.execute(
        text("select code, name, name_en from staff_data.units where county_code = :county order by code"),
        {"county": county_code},
    )
    return {code: Problem(zh=name, en=name_en or name) for code, name, name_en in rows}


@dataclass(frozen=True, slots=True)
class _Telling:
    """What the rows of one page are explained with."""

    needed: Background
    parcels: Mapping[int, ToldOf]
    as_of: date

    @classmethod
    async def of(cls, connection: AsyncConnection, county_code: str, as_of: date, rows: Sequence[Any]) -> _Telling:
        ids = sorted({row["parcel_id"] for row in rows})
        return cls(await background(connection, county_code), await told_of(connection, county_code, ids, as_of), as_of)

    def say(self, parcel_id: int, rule_id: str, on: date) -> tuple[Explanation, Problem]:
        """The lead as of the day of its turn with today's facts and parameters, and what the turn means."""
        told, b = self.parcels[parcel_id], self.needed
        rules = b.catalogue.on(self.as_of)
        today = Question(self.as_of, told.facts, b.parameters, b.calendar, rules, self.as_of, told.pauses)
        then = replace(today, as_of=on)
        answer = answer_to(rules[rule_id], then)
        return explain(answer, b, asked=then), what_happens(answer, b, then)


def _row(row: Any, telling: _Telling | None) -> Coming:
    told, happens = telling.say(row["parcel_id"], row["rule_id"], row["turns_on"]) if telling else (None, None)
    return Coming(
        row["parcel_id"], row["parcel_code"], row["parcel_name"], row["parcel_name_en"], row["unit_code"], row["town_code"],
        row["area_m2"], row["is_sample"], row["rule_id"], row["turns_on"],
        Said(row["from_holds"], row["from_result"], row["from_level"]), Said(row["holds"], row["result"], row["level"]),
        class_of(row["result"]), row["computed_at"], happens, told,
    )  # fmt: skip
