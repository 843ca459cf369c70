"""/v1/stock: how much land waits, the parcels behind any number, what is not known, and all of it as a workbook. Staff only."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from api.deps import Reader, ReaderDep, Transaction, known_parameters, parse_limit
from api.ogc import cursor
from geo.clock import today
from geo.errors import BadInput, Problem
from geo.landuse.classes import LandClass, land_classes
from geo.landuse.forecast.horizons import horizons
from geo.landuse.rulebook import rulebook
from geo.landuse.stock.filtering import BY, NAMES, UNDECIDED, StockFilter, by_of
from geo.landuse.stock.measure import Amount, Cell, Stock, StockRow
from geo.landuse.stock.queries import SORTS, Gap, Sort, StockParcel, gaps, parcels, row_names, stock
from geo.landuse.stock.wording import COUNTING
from geo.landuse.stock.workbook import XLSX, workbook
from geo.units import mu_from_m2

router = APIRouter(prefix="/v1", tags=["stock"])
LANGUAGES = ("zh", "en")


async def filter_of(request: Request, reader: Reader, connection: AsyncConnection, *more: str) -> StockFilter:
    """The filters of an address; raises BadInput for what it does not have, and for days further ahead than are kept."""
    known_parameters(request, *NAMES, *more)
    wanted = StockFilter.read(request.query_params)
    if wanted.within_days is not None:
        kept = await horizons(connection, reader.county.code, today(reader.county.time_zone))
        kept.chosen(str(wanted.within_days))
    return wanted


def sort_of(given: str | None) -> Sort:
    """The order of a list; raises BadInput."""
    for sort in SORTS:
        if sort == (given or SORTS[0]):
            return sort
    raise BadInput.at(
        "sort", Problem(zh=f"没有排序“{(given or '')[:40]}”", en=f"there is no order '{(given or '')[:40]}'"),
        Problem(zh="可用：" + "、".join(SORTS), en="there are: " + ", ".join(SORTS)),
    )  # fmt: skip


def place_after(given: str | None, signature: str) -> tuple[Decimal, int] | None:
    """After which parcel a page begins; raises BadInput for a cursor that is damaged or of another query."""
    if given is None:
        return None
    key, last = cursor.read(given, signature, ["string"]).after
    return Decimal(str(key)), int(str(last))


def signature_of(reader: Reader, wanted: StockFilter, sort: Sort) -> str:
    """What a cursor is bound to."""
    return f"stock|{reader.county.code}|{sort}|{sorted(wanted.as_query().items())}"


def cursor_after(last: StockParcel, signature: str) -> str:
    """The cursor of the page after a parcel."""
    return cursor.write(cursor.Place((str(last.sort_key), str(last.id)), None, None), signature)


@router.get("/stock")
async def read_stock(
    request: Request, reader: ReaderDep, connection: Transaction, by: str | None = None
) -> dict[str, Any]:
    """Totals by `by` (unit, town, park, cause, age, area) and class, and what cannot be judged beside; filters combine."""
    reader.must_be_staff()
    wanted, rows_by, day = await filter_of(request, reader, connection, "by"), by_of(by), today(reader.county.time_zone)
    found = await stock(connection, reader.county.code, day, rows_by, wanted)
    names = await row_names(connection, reader.county.code, rows_by)
    return _head(found.as_of, wanted) | {
        "by": rows_by, "judged_on": found.judged_on, "is_being_judged": found.is_being_judged,
        "classes": [_class(c) for c in land_classes()],
        "rows": [{"key": row.key, "name": _name(names.get(row.key)), **_row(row)} for row in found.rows],
        "totals": _totals(found),
    }  # fmt: skip


@router.get("/stock/parcels")
async def read_stock_parcels(
    request: Request, reader: ReaderDep, connection: Transaction, sort: str | None = None
) -> dict[str, Any]:
    """The parcels behind any number, in order of the next day, of area or of age; page by page with `cursor`."""
    reader.must_be_staff()
    wanted, order, day = (
        await filter_of(request, reader, connection, "sort", "limit", "cursor"),
        sort_of(sort),
        today(reader.county.time_zone),
    )
    limit, signature = parse_limit(request.query_params.get("limit")), signature_of(reader, wanted, order)
    after = place_after(request.query_params.get("cursor"), signature)
    found = await parcels(connection, reader.county.code, day, wanted, order, after=after, how_many=limit + 1)
    more = cursor_after(found[limit - 1], signature) if len(found) > limit else None
    return _head(day, wanted) | {"sort": order, "parcels": [_parcel(p) for p in found[:limit]], "next_cursor": more}


@router.get("/stock/gaps")
async def read_gaps(request: Request, reader: ReaderDep, connection: Transaction) -> dict[str, Any]:
    """Facts nobody told, by how much land is undecided for want of them, and by rule."""
    reader.must_be_staff()
    wanted, day = await filter_of(request, reader, connection), today(reader.county.time_zone)
    book = await rulebook(connection, reader.county.code, day)
    found = await gaps(connection, reader.county.code, day, wanted)
    return _head(day, wanted) | {
        "gaps": [_gap(gap) | {"name": {lang: book.name(gap.fact, lang) for lang in LANGUAGES}} for gap in found]
    }


@router.get("/stock.xlsx", response_class=Response, responses={200: {"content": {XLSX: {}}}})
async def read_workbook(
    request: Request, reader: ReaderDep, connection: Transaction, by: str | None = None, sort: str | None = None
) -> Response:
    """Matrix, parcels and gaps of the same filter as a workbook, in the reader's language."""
    reader.must_be_staff()
    wanted, rows_by, order = await filter_of(request, reader, connection, "by", "sort"), by_of(by), sort_of(sort)
    day = today(reader.county.time_zone)
    body = await workbook(connection, reader.county, day, rows_by, wanted, order, reader.lang)
    return Response(body, media_type=XLSX, headers={
        "Content-Disposition": f'attachment; filename="stock-{reader.county.code}-{day}.xlsx"', "Cache-Control": "no-store",
    })  # fmt: skip


def _head(day: date, wanted: StockFilter) -> dict[str, Any]:
    return {"as_of": day, "filters": wanted.as_query(), "counting_rule": {lang: COUNTING.text(lang) for lang in LANGUAGES}}  # fmt: skip


def _name(name: Problem | None) -> dict[str, str] | None:
    return {lang: name.text(lang) for lang in LANGUAGES} if name else None


def _class(c: LandClass) -> dict[str, Any]:
    return {"code": c.code, "name": _name(c.name), "seal": _name(c.seal), "results": c.results}


def _mu(value: Fraction) -> float:
    return round(float(value), 4)


def _amount(amount: Amount) -> dict[str, Any]:
    return {
        "parcels": amount.parcels, "area_m2": float(amount.area_m2), "area_mu": _mu(amount.area_mu), "without_area": amount.without_area
    }  # fmt: skip


def _cell(cell: Cell) -> dict[str, Any]:
    return _amount(cell.all) | {
        "suspected_idle": _amount(cell.idle), "red": _amount(cell.red), "long": _amount(cell.long),
        "disputed": _amount(cell.disputed),
    }  # fmt: skip


def _row(row: StockRow) -> dict[str, Any]:
    return {
        "cells": {c.code: _cell(row.cell(c.code)) for c in land_classes() if row.cell(c.code).all.parcels},
        "total": _cell(row.total), "undecided": _cell(row.cell(UNDECIDED)),
    }  # fmt: skip


def _totals(found: Stock) -> dict[str, Any]:
    return {
        "classes": {c.code: _cell(found.column(c.code)) for c in land_classes()},
        "total": _cell(found.total), "undecided": _cell(found.undecided),
    }  # fmt: skip


def _parcel(p: StockParcel) -> dict[str, Any]:
    return {
        "code": p.code, "name": p.name, "name_en": p.name_en, "class": p.classed,
        "area_m2": None if p.area_m2 is None else float(p.area_m2),
        "area_mu": None if p.area_m2 is None else _mu(mu_from_m2(p.area_m2)),
        "unit_code": p.unit_code, "town_code": p.town_code, "park_code": p.park_code, "cause": p.cause, "level": p.level,
        "is_suspected_idle": p.is_idle, "is_disputed": p.is_disputed, "comes_as": p.comes_as, "since_on": p.since_on, "next_on": p.next_on, "next_rule_id": p.next_rule_id,
        "missing": p.missing, "is_sample": p.is_sample,
    }  # fmt: skip


def _gap(gap: Gap) -> dict[str, Any]:
    return {
        "fact": gap.fact, **_amount(gap.amount), "alone": _amount(gap.alone),
        "by_rule": [{"rule_id": rule, **_amount(amount)} for rule, amount in sorted(gap.by_rule.items())],
    }  # fmt: skip


__all__ = ["BY", "router"]
