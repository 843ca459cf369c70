"""/v1/parks/{code}/scorecard: land, yield per mu by year against the county, grades, works on time or late. Staff only."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy.ext.asyncio import AsyncConnection

from api.deps import Reader, ReaderDep, Transaction, known_parameters
from geo.clock import today
from geo.errors import NotFound
from geo.landuse.scorecard.queries import LATE, ON_TIME, Scorecard, scorecard
from geo.landuse.stock.measure import Amount
from geo.registry.queries import Item, item
from geo.units import mu_from_m2

router = APIRouter(prefix="/v1", tags=["stock"])


async def park_of(connection: AsyncConnection, reader: Reader, code: str) -> Item:
    """The park or featured town of a code; raises NotFound."""
    try:
        return await item(connection, reader.actor, "parks", reader.county.code, code)
    except NotFound:
        return await item(connection, reader.actor, "featured_towns", reader.county.code, code)


@router.get("/parks/{code}/scorecard")
async def read_scorecard(code: str, request: Request, reader: ReaderDep, connection: Transaction) -> dict[str, Any]:
    """How a park does. Ratios are null where nobody told figures or land; the county's mean weighs firms by their land."""
    reader.must_be_staff()
    known_parameters(request)
    park = await park_of(connection, reader, code)
    found = await scorecard(connection, reader.county.code, park.code, today(reader.county.time_zone))
    return {"park_code": park.code, "as_of": found.as_of, "land": _land(found), "years": _years(found), "works": _works(found)}  # fmt: skip


def _amount(amount: Amount) -> dict[str, Any]:
    return {
        "parcels": amount.parcels, "area_m2": float(amount.area_m2), "area_mu": round(float(amount.area_mu), 4), "without_area": amount.without_area
    }  # fmt: skip


def _land(found: Scorecard) -> dict[str, Any]:
    land = found.land
    is_measured = land.measured.parcels > 0
    return {
        "total": _amount(land.total),
        "parts": {part: _amount(amount) for part, amount in land.parts.items()},
        "spare": {
            "area_m2": float(land.spare_m2) if is_measured else None,
            "area_mu": round(float(mu_from_m2(land.spare_m2)), 4) if is_measured else None,
            "measured": _amount(land.measured), "unmeasured": _amount(land.unmeasured),
        },
    }  # fmt: skip


def _ratio(value: Fraction | None) -> float | None:
    return None if value is None else round(float(value), 4)


def _years(found: Scorecard) -> list[dict[str, Any]]:
    return [
        {
            "year": y.year, "firms": y.firms, "firms_without_land": y.without_land, "tax_wan_cny_per_mu": _ratio(y.tax),
            "output_wan_cny_per_mu": _ratio(y.output), "county_tax_wan_cny_per_mu": _ratio(y.county_tax),
            "county_output_wan_cny_per_mu": _ratio(y.county_output), "grades": y.grades, "ungraded": y.ungraded,
        }
        for y in found.years
    ]  # fmt: skip


def _works(found: Scorecard) -> dict[str, Any]:
    return {
        "on_time": found.works_in(ON_TIME), "late": found.works_in(LATE), "no_date": found.works_in(("no_date",)),
        "works": [
            {"code": w.code, "name": w.name, "name_en": w.name_en, "kind": w.kind, "planned_start_on": w.planned_start_on, "planned_end_on": w.planned_end_on,
             "started_on": w.started_on, "finished_on": w.finished_on, "state": w.state, "days_late": w.days_late}
            for w in found.works
        ],
    }  # fmt: skip
