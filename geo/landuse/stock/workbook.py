"""The stock as a workbook: matrix, parcels, gaps, each under a head that says what was counted, when and under which filter."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.errors import Problem
from geo.landuse.classes import land_classes
from geo.landuse.rulebook import Rulebook, rulebook
from geo.landuse.rules.catalogue import catalogue
from geo.landuse.stock.bands import NONE
from geo.landuse.stock.filtering import BY, UNDECIDED, UNFLAGGED, By, StockFilter
from geo.landuse.stock.measure import Amount, StockRow
from geo.landuse.stock.queries import Sort, gaps, parcels, row_names, stock
from geo.landuse.stock.wording import COUNTING
from geo.registry.queries import CountyRow
from geo.units import mu_from_m2

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_PARCELS = 100_000
"""Rows of the sheet of parcels; a larger stock says that there are more."""
MU_FORMAT, COUNT_FORMAT, DAY_FORMAT = "#,##0.00", "#,##0", "yyyy-mm-dd"
_WIDEST, _NARROWEST = 40, 9

_WORDS: dict[str, Problem] = {
    "title": Problem(zh="低效和未用土地存量", en="Stock of land that waits"),
    "as_of": Problem(zh="按此日的事实推算", en="Worked out from the facts as of"),
    "filters": Problem(zh="筛选", en="Filters"),
    "no_filters": Problem(zh="全部", en="All"),
    "rule": Problem(zh="计数口径", en="Counting rule"),
    "matrix": Problem(zh="矩阵", en="Matrix"),
    "parcels": Problem(zh="地块", en="Parcels"),
    "gaps": Problem(zh="缺失事实", en="Missing facts"),
    "mu": Problem(zh="亩", en="mu"),
    "count": Problem(zh="宗", en="parcels"),
    "total": Problem(zh="合计", en="Total"),
    "county": Problem(zh="全县", en="County"),
    UNDECIDED: Problem(zh="无法判断", en="Cannot be judged"),
    UNFLAGGED: Problem(zh="无标记", en="No flag"),
    "idle": Problem(zh="疑似闲置", en="Suspected idle"),
    "disputed": Problem(zh="有人说明不对", en="Said to be wrong"),
    NONE: Problem(zh="（未填）", en="(none)"),
    "unit": Problem(zh="责任单位", en="Responsible unit"),
    "town": Problem(zh="乡镇（街道）", en="Town"),
    "park": Problem(zh="园区/平台", en="Park"),
    "cause": Problem(zh="原因", en="Cause"),
    "age": Problem(zh="持续时间", en="Age"),
    "area": Problem(zh="面积段", en="Area band"),
    "class": Problem(zh="类别", en="Class"),
    "code": Problem(zh="地块编号", en="Parcel code"),
    "name": Problem(zh="名称", en="Name"),
    "area_mu": Problem(zh="面积（亩）", en="Area (mu)"),
    "since_on": Problem(zh="自", en="Since"),
    "next_on": Problem(zh="下一日期", en="Next date"),
    "next_rule": Problem(zh="依据规则", en="By rule"),
    "level": Problem(zh="级别", en="Level"),
    "missing": Problem(zh="缺少的事实", en="Missing facts"),
    "yes": Problem(zh="是", en="yes"),
    "fact": Problem(zh="缺少的事实", en="Missing fact"),
    "all_rules": Problem(zh="全部规则", en="All rules"),
    "alone": Problem(zh="只缺这一项", en="Nothing else missing"),
    "without_area": Problem(zh="其中面积未知（宗）", en="Area not known (parcels)"),
    "more": Problem(zh="只列出前 100,000 宗", en="The first 100,000 parcels only"),
    "RED": Problem(zh="红", en="Red"),
    "YELLOW": Problem(zh="黄", en="Yellow"),
    "INFO": Problem(zh="提示", en="Info"),
}  # fmt: skip

Cells = Sequence[Any]


async def workbook(
    connection: AsyncConnection, county: CountyRow, as_of: date, by: By, wanted: StockFilter, sort: Sort, lang: str
) -> bytes:
    """The whole workbook, under the rights of the connection's actor (staff only)."""

    def word(key: str) -> str:
        return _WORDS[key].text(lang)

    names = {kind: await row_names(connection, county.code, kind) for kind in BY}
    book = await rulebook(connection, county.code, as_of)
    heads = {c.code: c.name.text(lang) for c in land_classes()} | {
        UNDECIDED: word(UNDECIDED),
        UNFLAGGED: word(UNFLAGGED),
    }

    def named(kind: By, key: str | None) -> str:
        found = names[kind].get(key or NONE)
        return found.text(lang) if found else word(NONE) if key in (None, NONE) else str(key)

    matrix = await stock(connection, county.code, as_of, by, wanted)
    listed = await parcels(connection, county.code, as_of, wanted, sort, how_many=MOST_PARCELS + 1)
    missing = await gaps(connection, county.code, as_of, wanted)
    head = _head(county, as_of, wanted, lang, word, book)

    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    codes = [*(c.code for c in land_classes())]
    columns = [word(by), *(f"{heads[code]} {word(unit)}" for code in codes for unit in ("mu", "count")),
               *(f"{word(part)} {word(unit)}" for part in ("total", "idle", "disputed", UNDECIDED) for unit in ("mu", "count"))]  # fmt: skip
    rows = [[named(by, row.key), *_amounts(row, codes)] for row in matrix.rows]
    whole = StockRow("", {code: matrix.column(code) for code in (*codes, UNDECIDED)})
    _sheet(made, word("matrix"), head, columns, [*rows, [word("county"), *_amounts(whole, codes)]], is_summed=True)

    shown = [
        [heads[p.classed] if p.comes_as is None else f"{heads[p.classed]} → {heads[p.comes_as]}", p.code, p.name if lang == "zh" else p.name_en or p.name, _mu(p.area_m2), named("unit", p.unit_code),
         named("town", p.town_code), named("park", p.park_code), named("cause", p.cause), word(p.level) if p.level else None,
         word("yes") if p.is_idle else None, word("yes") if p.is_disputed else None, p.since_on, p.next_on, _rule(p.next_rule_id, lang),
         "; ".join(book.name(fact, lang) for fact in p.missing) or None]
        for p in listed[:MOST_PARCELS]
    ]  # fmt: skip
    columns = [word(key) for key in ("class", "code", "name", "area_mu", "unit", "town", "park", "cause", "level", "idle", "since_on",
                                     "next_on", "next_rule", "missing")]  # fmt: skip
    _sheet(
        made, word("parcels"), [*head, *([(word("more"), None)] if len(listed) > MOST_PARCELS else [])], columns, shown
    )

    lines = []
    for gap in missing:
        lines.append([book.name(gap.fact, lang), word("all_rules"), *_amount(gap.amount), *_amount(gap.alone), gap.amount.without_area])  # fmt: skip
        lines += [
            [book.name(gap.fact, lang), _rule(rule, lang), *_amount(amount), None, None, amount.without_area]
            for rule, amount in sorted(gap.by_rule.items())
        ]
    columns = [word("fact"), word("next_rule"), word("mu"), word("count"), f"{word('alone')} {word('mu')}",
               f"{word('alone')} {word('count')}", word("without_area")]  # fmt: skip
    _sheet(made, word("gaps"), head, columns, lines)

    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _head(
    county: CountyRow, as_of: date, wanted: StockFilter, lang: str, word: Callable[[str], str], book: Rulebook
) -> list[Cells]:
    asked = "; ".join(f"{name} = {value}" for name, value in wanted.as_query().items())
    return [
        (f"{county.name_en if lang == 'en' else county.name} {word('title')}", None),
        (word("as_of"), as_of),
        (word("filters"), asked or word("no_filters")),
        (word("rule"), COUNTING.text(lang)),
    ]


def _mu(area_m2: Decimal | None) -> float | None:
    return None if area_m2 is None else float(mu_from_m2(area_m2))


def _amount(amount: Amount) -> tuple[float, int]:
    return float(amount.area_mu), amount.parcels


def _amounts(row: StockRow, codes: Iterable[str]) -> list[float | int]:
    parts = [row.cell(code).all for code in codes] + [
        row.total.all,
        row.total.idle,
        row.total.disputed,
        row.cell(UNDECIDED).all,
    ]
    return [number for part in parts for number in _amount(part)]


def _rule(rule_id: str | None, lang: str) -> str | None:
    if rule_id is None:
        return None
    versions = catalogue().versions(rule_id)
    return f"{rule_id} {versions[0].title.text(lang)}" if versions else rule_id


def _sheet(made: openpyxl.Workbook, title: str, head: list[Cells], columns: Cells, rows: list[Cells] | list[list[Any]], *, is_summed: bool = False) -> None:  # fmt: skip
    sheet: Worksheet = made.create_sheet(title)
    for number, cells in enumerate([*head, (), columns, *rows], start=1):
        _write(sheet, number, cells)
    begins = len(head) + 2
    for number, cell in enumerate(sheet[begins], start=1):
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        longest = max((_across(c.value) for c in sheet[get_column_letter(number)][begins - 1 :]), default=0)
        sheet.column_dimensions[get_column_letter(number)].width = min(max(longest + 2, _NARROWEST), _WIDEST)
    sheet["A1"].font = Font(bold=True, size=14)
    if is_summed:
        for cell in sheet[sheet.max_row]:
            cell.font = Font(bold=True)
    sheet.freeze_panes = f"B{begins + 1}"
    sheet.auto_filter.ref = f"A{begins}:{get_column_letter(len(columns))}{max(begins, sheet.max_row - is_summed)}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = "landscape", 9, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{begins}:{begins}"


def _write(sheet: Worksheet, row: int, cells: Cells) -> None:
    for number, value in enumerate(cells, start=1):
        cell = sheet.cell(row, number)
        if isinstance(value, str):
            # text stays text, whatever it begins with: a name is never a formula
            cell.value, cell.data_type = ILLEGAL_CHARACTERS_RE.sub("", value)[:32_000], "s"
        else:
            cell.value = value
            if isinstance(value, date):
                cell.number_format = DAY_FORMAT
            elif isinstance(value, float):
                cell.number_format = MU_FORMAT
            elif isinstance(value, int):
                cell.number_format = COUNT_FORMAT


def _across(value: Any) -> int:
    """Characters a value takes, Chinese ones twice."""
    shown = f"{value:,.2f}" if isinstance(value, float) else str(value if value is not None else "")
    return sum(2 if ord(ch) > 0x2E7F else 1 for ch in shown)
