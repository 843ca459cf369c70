"""What comes to the stock by itself: parcels of no class today that come under one within some days if nothing happens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from geo.landuse.queries import NO_COMPILING
from geo.landuse.stock.filtering import UNFLAGGED, By, StockFilter
from geo.landuse.stock.measure import Amount
from geo.landuse.stock.queries import bound, statement


@dataclass(frozen=True, slots=True)
class Comers:
    """Parcels of a row that come under a class within so many days and not within a shorter horizon."""

    row_key: str
    classed: str
    within_days: int
    amount: Amount


async def ahead(
    connection: AsyncConnection, county_code: str, as_of: date, by: By, wanted: StockFilter, horizons: Sequence[int]
) -> list[Comers]:
    """By the turns kept beside the findings (forecast room); a class filter is not asked: nothing of these has a class yet."""
    await connection.execute(NO_COMPILING)
    asked = bound(county_code, as_of, wanted.without("class"), by) | {"horizons": sorted(horizons)}
    asked["in_class"] = [*asked["in_class"], UNFLAGGED]
    rows = await connection.execute(statement("ahead"), asked)
    return [Comers(r.row_key, r[1], r.within_days, Amount(r.parcels, r.area_m2, r.without_area)) for r in rows]


def together(
    comers: Iterable[Comers], within_days: int, row_key: str | None = None, classed: str | None = None
) -> Amount:
    """How many come within some days, of a row and a class where they are given."""
    return sum(
        (
            c.amount for c in comers
            if c.within_days <= within_days and row_key in (None, c.row_key) and classed in (None, c.classed)
        ),
        Amount(),
    )  # fmt: skip
