"""/parks/{code}/scorecard: a park on one page: land, yield per mu beside the county's, grades, works. For staff."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from api.deps import ReaderDep, Transaction
from api.routes.scorecard import park_of
from geo.clock import today
from geo.landuse.scorecard.queries import LATE, ON_TIME, PARTS, Year, scorecard
from geo.landuse.stock.measure import Amount
from geo.registry.queries import code_words
from geo.units import mu_from_m2
from map_frontend.site import page_for
from map_frontend.stock.chart import Point, chart

router = APIRouter(include_in_schema=False)


def mu(value: Fraction | None) -> str:
    """Mu or wan CNY per mu with one decimal; nothing for what is not known."""
    return "" if value is None else f"{Decimal(value.numerator) / Decimal(value.denominator):,.1f}"


def shares(parts: dict[str, Amount]) -> list[tuple[str, float, float]]:
    """(part, where it begins, how long it is) in per cent of all land whose area is known."""
    whole = float(sum(amount.area_m2 for amount in parts.values()))
    found, at = [], 0.0
    for part in PARTS:
        if part in parts and whole:
            long = 100 * float(parts[part].area_m2) / whole
            found.append((part, round(at, 3), round(long, 3)))
            at += long
    return found


@router.get("/parks/{code}/scorecard")
async def scorecard_page(code: str, request: Request, reader: ReaderDep, connection: Transaction) -> Response:
    """The page; the public is asked to log in, as everywhere on the desk."""
    reader.must_be_staff()
    park = await park_of(connection, reader, code)
    day = today(reader.county.time_zone)
    found = await scorecard(connection, reader.county.code, park.code, day)
    page = page_for(request, reader, await code_words(connection), room="land")
    words = page.words
    name = words.name(park.properties)
    page = page_for(request, reader, words.codes, room="land", title=words("score.title", name=name))

    def drawn(key: str, own: str, county: str) -> Markup:
        points = [Point(y.year, getattr(y, own), getattr(y, county)) for y in found.years]
        return chart(points, words(f"score.{key}"), words("score.county"), words("score.unknown"))

    last: Year | None = found.years[-1] if found.years else None
    return page.answer(
        "stock/scorecard.html", park=park, name=name, card=found, last=last, day=day, mu=mu, shares=shares(dict(found.land.parts)),
        charts=[("tax", "tax", "county_tax", drawn("tax", "tax", "county_tax")), ("output", "output", "county_output", drawn("output", "output", "county_output"))],
        spare=mu(mu_from_m2(found.land.spare_m2)), on_time=found.works_in(ON_TIME), late=found.works_in(LATE), no_date=found.works_in(("no_date",)),
        late_states=LATE,
    )  # fmt: skip
