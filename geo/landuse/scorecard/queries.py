"""The scorecard of a park, for staff: figures of firms are internal (domain.md 7.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.landuse.rules.per_mu import CLASSES, tax_per_mu
from geo.landuse.stock.measure import Amount
from geo.landuse.stock.precedence import IDLE, precedence

PARTS = ("in_use", "building", "waiting", "idle", "offered", "restricted", "unknown")
"""What land is today, each parcel once; `waiting`: a class of the stock that is not suspected idle."""
LATE = ("late", "late_start", "finished_late")
ON_TIME = ("finished_on_time", "running", "planned")
_SQL = Path(__file__).parent / "sql"


@cache
def _statement(name: str) -> TextClause:
    return text((_SQL / f"{name}.sql").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Land:
    """Land of a park by part. `spare_m2`: measured on `measured`; of `unmeasured` nobody knows."""

    parts: Mapping[str, Amount]
    measured: Amount
    spare_m2: Decimal
    unmeasured: Amount

    @property
    def total(self) -> Amount:
        """All parcels of the park."""
        return sum(self.parts.values(), Amount())


@dataclass(frozen=True, slots=True)
class Year:
    """A year of a park's firms beside the county's; wan CNY per mu, exact, None where nothing is known. Means weigh by land."""

    year: int
    firms: int
    without_land: int
    tax: Fraction | None
    output: Fraction | None
    county_tax: Fraction | None
    county_output: Fraction | None
    grades: Mapping[str, int]
    ungraded: int


@dataclass(frozen=True, slots=True)
class ParkWorkState:
    """An infrastructure work and how it stands; `days_late` below zero: finished so much earlier."""

    code: str
    name: str
    name_en: str | None
    kind: str
    planned_start_on: date | None
    planned_end_on: date | None
    started_on: date | None
    finished_on: date | None
    state: str
    days_late: int | None


@dataclass(frozen=True, slots=True)
class Scorecard:
    """All of it, as of a day."""

    as_of: date
    land: Land
    years: tuple[Year, ...]
    works: tuple[ParkWorkState, ...]

    def works_in(self, states: tuple[str, ...]) -> int:
        """How many works are in one of these states."""
        return sum(work.state in states for work in self.works)


def _per_mu(wan_cny: Decimal | None, land_m2: Decimal | None) -> Fraction | None:
    return None if wan_cny is None or land_m2 is None else tax_per_mu(Fraction(wan_cny), Fraction(land_m2), Fraction(0), Fraction(0))  # fmt: skip


async def scorecard(connection: AsyncConnection, county_code: str, park_code: str, as_of: date) -> Scorecard:
    """The scorecard of a park (or featured town), through the reader's own rights: staff only."""
    place = {"county": county_code, "park": park_code}
    asked = place | {"results": list(precedence(as_of).results), "idle": IDLE}
    parts: dict[str, Amount] = {}
    measured, spare_m2 = Amount(), Decimal(0)
    for r in await connection.execute(_statement("land"), asked):
        parts[r.part] = Amount(r.parcels, r.area_m2, r.without_area)
        measured += Amount(r.measured_parcels, r.measured_area_m2, r.measured_without_area)
        spare_m2 += r.spare_area_m2
    whole = sum(parts.values(), Amount())
    unmeasured = Amount(
        whole.parcels - measured.parcels, whole.area_m2 - measured.area_m2, whole.without_area - measured.without_area
    )
    years = [
        Year(
            r.year, r.firms, r.without_land, _per_mu(r.tax_wan_cny, r.tax_land_m2), _per_mu(r.output_wan_cny, r.output_land_m2),
            _per_mu(r.county_tax_wan_cny, r.county_tax_land_m2), _per_mu(r.county_output_wan_cny, r.county_output_land_m2),
            dict(zip(CLASSES, (r.grade_a, r.grade_b, r.grade_c, r.grade_d), strict=True)), r.ungraded,
        )
        for r in await connection.execute(_statement("years"), place)
    ]  # fmt: skip
    works = [
        ParkWorkState(r.code, r.name, r.name_en, r.kind, r.planned_start_on, r.planned_end_on, r.started_on, r.finished_on, r.state, r.days_late)
        for r in await connection.execute(_statement("works"), place | {"as_of": as_of})
    ]  # fmt: skip
    ordered = {part: parts[part] for part in PARTS if part in parts}
    return Scorecard(as_of, Land(ordered, measured, spare_m2, unmeasured), tuple(years), tuple(works))
