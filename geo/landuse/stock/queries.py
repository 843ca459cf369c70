"""The stock of land that waits, from the findings that are kept: totals, the parcels behind them, and what is not known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.errors import Problem
from geo.landuse.queries import NO_COMPILING
from geo.landuse.stock.bands import NONE, bands
from geo.landuse.stock.filtering import UNDECIDED, UNFLAGGED, By, StockFilter
from geo.landuse.stock.measure import Amount, Cell, Stock, StockRow
from geo.landuse.stock.precedence import IDLE, precedence
from geo.units import MU_PER_M2

Sort = Literal["next", "area", "age"]
SORTS: tuple[Sort, ...] = ("next", "area", "age")
_SQL = Path(__file__).parent / "sql"
_NAMES: dict[By, str] = {
    "unit": "select code, name, name_en from staff_data.units where county_code = :county",
    "town": "select code, name, name_en from staff_data.admin_areas where county_code = :county and level = 'town'",
    "park": "select code, name, name_en from staff_data.parks where county_code = :county union all "
    "select code, name, name_en from staff_data.featured_towns where county_code = :county",
}


@cache
def statement(name: str) -> TextClause:
    """A statement of sql/ over `standing` and `asked`."""
    standing, asked, last = ((_SQL / f"{part}.sql").read_text(encoding="utf-8") for part in ("standing", "asked", name))
    body = re.sub(r"^with (?=\w+ as \()", ", ", last, count=1, flags=re.MULTILINE)
    return text(f"with standing as materialized (\n{standing}),\n\nasked as materialized (\n{asked})\n\n{body}")


@dataclass(frozen=True, slots=True)
class StockParcel:
    """One parcel of the stock. `classed`: class, or UNDECIDED; `missing`: facts for want of which a flag cannot be judged;
    `is_disputed`: somebody said a lead of it is wrong; `comes_as`: the class it comes under within the days asked for."""

    id: int
    code: str
    name: str | None
    name_en: str | None
    classed: str
    area_m2: Decimal | None
    unit_code: str | None
    town_code: str | None
    park_code: str | None
    cause: str
    level: str | None
    is_idle: bool
    is_disputed: bool
    comes_as: str | None
    since_on: date | None
    next_on: date | None
    next_rule_id: str | None
    missing: tuple[str, ...]
    is_sample: bool
    sort_key: Decimal


@dataclass(frozen=True, slots=True)
class Gap:
    """A fact nobody told: what it leaves undecided over all rules and by rule; `alone`: where a lead needs nothing else."""

    fact: str
    amount: Amount
    alone: Amount
    by_rule: Mapping[str, Amount]


def bound(county_code: str, as_of: date, wanted: StockFilter, by: By = "unit", *, every_lead: bool = False) -> dict[str, Any]:  # fmt: skip
    """Values for standing.sql and asked.sql."""
    order, known = precedence(as_of), bands()
    return {
        "county": county_code, "as_of": as_of, "by": by, "idle": IDLE,
        "rules": list(order.leads if every_lead or wanted.missing else order.rules), "class_rules": list(order.rules),
        "results": list(order.results), "classes": list(order.classes),
        "age_codes": [b.code for b in known.age], "age_months": [b.begins for b in known.age],
        "area_codes": [b.code for b in known.area], "area_mu": [Decimal(b.begins) for b in known.area],
        "mu_num": MU_PER_M2.numerator, "mu_den": MU_PER_M2.denominator, "long_months": known.long_months,
    } | wanted.bound()  # fmt: skip


async def stock(connection: AsyncConnection, county_code: str, as_of: date, by: By, wanted: StockFilter) -> Stock:
    """The matrix of a county by one statement, through the reader's own views (staff only), as the leads stand."""
    await connection.execute(NO_COMPILING)
    rows = (await connection.execute(statement("matrix"), bound(county_code, as_of, wanted, by))).all()
    found: dict[str, dict[str, Cell]] = {}
    for r in rows:
        cell = Cell(
            Amount(r.parcels, r.area_m2, r.without_area), Amount(r.idle_parcels, r.idle_area_m2),
            Amount(r.red_parcels, r.red_area_m2), Amount(r.long_parcels, r.long_area_m2),
            Amount(r.disputed_parcels, r.disputed_area_m2),
        )  # fmt: skip
        found.setdefault(r.row_key, {})[r[1]] = cell
    made = [StockRow(key, cells) for key, cells in found.items()]
    judged_on = min((r.judged_on for r in rows), default=None)
    return Stock(by, as_of, tuple(_ordered(made, by)), judged_on)


def _ordered(rows: list[StockRow], by: By) -> list[StockRow]:
    known = {"cause": bands().causes, "age": bands().age, "area": bands().area}.get(by)
    if known is not None:
        place = {band.code: number for number, band in enumerate(known)}
        return sorted(rows, key=lambda row: place.get(row.key, len(place)))
    return sorted(rows, key=lambda row: (row.key == NONE, -row.total.all.area_m2, -row.total.all.parcels, row.key))


async def parcels(
    connection: AsyncConnection, county_code: str, as_of: date, wanted: StockFilter, sort: Sort = "next",
    *, after: tuple[Decimal, int] | None = None, how_many: int = 50,
) -> list[StockParcel]:  # fmt: skip
    """The parcels of the stock in order of the next day, of area (largest first) or of age (longest first); `after`: the last one
    seen, as (sort_key, id)."""
    await connection.execute(NO_COMPILING)
    key, last_id = after or (None, None)
    place = {"sort": sort, "after_key": key, "after_id": last_id, "how_many": how_many}
    rows = await connection.execute(statement("parcels"), bound(county_code, as_of, wanted) | place)
    return [
        StockParcel(
            r["subject_id"], r["code"], r["name"], r["name_en"], r["class"], r["area_m2"], r["unit_code"], r["town_code"], r["park_code"],
            r["cause"], "RED" if r["is_red"] else "YELLOW" if r["is_yellow"] else "INFO" if r["class"] not in (UNDECIDED, UNFLAGGED) else None,
            r["is_idle"], r["is_disputed"], r["comes_as"], r["since_on"], r["next_on"], r["next_rule_id"], tuple(r["missing"] or ()), r["is_sample"], r["sort_key"],
        )
        for r in rows.mappings()
    ]  # fmt: skip


async def gaps(connection: AsyncConnection, county_code: str, as_of: date, wanted: StockFilter) -> list[Gap]:
    """What is missing, the fact that leaves most land undecided first. All leads count, not only those that give a class."""
    await connection.execute(NO_COMPILING)
    asked = bound(county_code, as_of, wanted, every_lead=True)
    if not wanted.classes:
        asked["in_class"] = [*asked["in_class"], UNFLAGGED]
    rows = (await connection.execute(statement("gaps"), asked)).all()
    by_rule: dict[str, dict[str, Amount]] = {}
    for r in rows:
        if r.rule_id is not None:
            by_rule.setdefault(r.fact, {})[r.rule_id] = Amount(r.parcels, r.area_m2, r.without_area)
    found = [
        Gap(r.fact, Amount(r.parcels, r.area_m2, r.without_area), Amount(r.alone_parcels, r.alone_area_m2), by_rule[r.fact])
        for r in rows if r.rule_id is None
    ]  # fmt: skip
    return sorted(found, key=lambda gap: (-gap.amount.area_m2, -gap.amount.parcels, gap.fact))


async def row_names(connection: AsyncConnection, county_code: str, by: By) -> dict[str, Problem]:
    """What the keys of rows are called."""
    if by in _NAMES:
        rows = await connection.execute(text(_NAMES[by]), {"county": county_code})
        return {r.code: Problem(zh=r.name or r.code, en=r.name_en or r.name or r.code) for r in rows}
    known = {"cause": bands().causes, "age": bands().age, "area": bands().area}
    return {band.code: band.name for band in known[by]}
