"""/desk/land: the stock of the county, from a total to its parcels in one click; /desk/land/gaps: what is not known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from fastapi import APIRouter, Request, Response

from api.deps import Reader, ReaderDep, Transaction
from api.routes.stock import cursor_after, filter_of, place_after, signature_of, sort_of
from geo.clock import today
from geo.landuse.forecast.horizons import horizons
from geo.landuse.rulebook import rulebook
from geo.landuse.stock.ahead import ahead, together
from geo.landuse.stock.filtering import BY, StockFilter, by_of
from geo.landuse.stock.measure import StockRow
from geo.landuse.stock.queries import SORTS, gaps, parcels, row_names, stock
from geo.landuse.stock.wording import COUNTING
from map_frontend import reading
from map_frontend.site import Page, page_for
from map_frontend.stock.address import PATH, Address
from map_frontend.stock.board import Board, rule_title
from map_frontend.stock.picture import picture

router = APIRouter(include_in_schema=False)
LINES = 50


async def _address(request: Request, reader: Reader, connection: Transaction, *more: str) -> Address:
    wanted = await filter_of(request, reader, connection, "by", "sort", "cursor", *more)
    by, sort = by_of(request.query_params.get("by")), sort_of(request.query_params.get("sort"))
    codes = await reading.codes_of(connection, reader)
    page = page_for(request, reader, codes, room="land")
    page = page_for(request, reader, codes, room="land", title=page.words("stock.title"))
    return Address(page, by, wanted, sort)


@router.get(PATH)
async def land_page(request: Request, reader: ReaderDep, connection: Transaction) -> Response:
    """KPI strip, matrix, map and list, all of one filter that stands in the address."""
    reader.must_be_staff()
    address = await _address(request, reader, connection)
    county, day = reader.county.code, today(reader.county.time_zone)
    page, wanted = address.page, address.wanted
    # what is picked in the matrix stays to be seen beside the rest of it
    around = wanted.without("class", "within_days", address.by)
    found = await stock(connection, county, day, address.by, around)
    names = {by: await row_names(connection, county, by) for by in BY}
    offered = await horizons(connection, county, day)
    days = wanted.within_days or offered.usual
    steps = sorted({*offered.within_days, days})
    comers = await ahead(connection, county, day, address.by, around, steps)
    known = {row.key for row in found.rows}
    more_rows = [StockRow(key, {}) for key in sorted({c.row_key for c in comers if c.within_days <= days} - known)]
    found = replace(found, rows=(*found.rows, *more_rows))
    board = Board(address, page.words, names, found, tuple(comers), days)
    signature = signature_of(reader, wanted, address.sort)
    after = place_after(request.query_params.get("cursor"), signature)
    listed = await parcels(connection, county, day, wanted, address.sort, after=after, how_many=LINES + 1)
    more = cursor_after(listed[LINES - 1], signature) if len(listed) > LINES else None
    behind = (await stock(connection, county, day, address.by, wanted)).every.all
    book = await rulebook(connection, county, day)

    def fact(name: str) -> str:
        return book.name(name, page.lang)

    drawn = await picture(connection, reader, address, board, request.app.state.map.review_number, day)
    return page.answer(
        "stock/land.html", address=address, board=board, columns=board.columns(), rows=board.rows(), figures=board.figures(),
        chips=board.chips(fact(wanted.missing) if wanted.missing else ""), lines=board.lines(listed[:LINES], day, fact), behind=behind,
        behind_mu=board.mu(behind.area_mu), more=address.link(cursor=more) if more else None, is_first=after is None, by_all=BY, sorts=SORTS,
        counting=COUNTING.text(page.lang), day=day, picture=drawn, names=names, days=days, coming=board.coming(),
        steps=[(step, together(comers, step).parcels, address.set(within_days=str(step))) for step in steps], classes=[*((c.code, c.name) for c in board.columns()), ("undecided", page.words("stock.undecided"))],
    )  # fmt: skip


@router.get(f"{PATH}/gaps")
async def gaps_page(request: Request, reader: ReaderDep, connection: Transaction) -> Response:
    """Facts nobody told, ranked by the land they leave undecided."""
    reader.must_be_staff()
    address = await _address(request, reader, connection)
    county, day = reader.county.code, today(reader.county.time_zone)
    names = {by: await row_names(connection, county, by) for by in BY}
    board = Board(address, address.page.words, names, await stock(connection, county, day, address.by, StockFilter()))
    found = await gaps(connection, county, day, address.wanted)
    book = await rulebook(connection, county, day)
    name: Callable[[str], str] = lambda fact: book.name(fact, address.page.lang)  # noqa: E731
    page: Page = address.page
    return page.answer(
        "stock/gaps.html", address=address, board=board, gaps=found, fact=name, rule_title=rule_title, chips=board.chips(name(address.wanted.missing) if address.wanted.missing else ""), day=day,
        largest=max((float(gap.amount.area_m2) for gap in found), default=0.0), counting=COUNTING.text(page.lang),
    )  # fmt: skip
