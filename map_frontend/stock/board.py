"""What the stock page shows, made of the totals: figures with their links, cells with their tint, chips, lines of the list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from markupsafe import Markup

from geo.errors import Problem
from geo.landuse.classes import land_classes
from geo.landuse.rules.catalogue import catalogue
from geo.landuse.stock.ahead import Comers, together
from geo.landuse.stock.bands import NONE, bands
from geo.landuse.stock.filtering import BY, UNDECIDED, By
from geo.landuse.stock.measure import Amount, Cell, Stock, StockRow
from geo.landuse.stock.queries import StockParcel
from geo.units import mu_from_m2
from map_frontend.stock.address import Address
from map_frontend.style.marks import mark_svg, seal_svg
from map_frontend.style.palette import FINDING_LEVEL, LAND_CLASS, MUCH, UNKNOWN
from map_frontend.words import Words

Names = Mapping[By, Mapping[str, Problem]]
SOON_DAYS, NEAR_DAYS = 30, 90
"""Days left that show red and amber; the house's choice, as on the other lists of the desk."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A number of the page with the link that sets it as the filter."""

    mu: str
    parcels: int
    href: str
    is_set: bool = False
    step: int = 0
    """1 to 5: how much beside the largest cell; 0: nothing."""
    without_area: int = 0
    label: str = ""
    coming: int = 0
    """How many more parcels come by themselves within the horizon."""


@dataclass(frozen=True, slots=True)
class Column:
    """A class: its seal, its name, its column's total."""

    code: str
    name: str
    seal: Markup
    total: Shown


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the matrix."""

    key: str
    name: str
    href: str
    is_set: bool
    cells: tuple[Shown, ...]
    total: Shown
    undecided: Shown


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the strip above."""

    key: str
    value: str
    unit: str
    note: str
    href: str
    is_set: bool
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One parcel of the list."""

    parcel: StockParcel
    seal: Markup
    class_name: str
    name: str
    area: str
    unit: str
    cause: str
    light: Markup
    what: str
    days_left: int | None
    tone: str
    href: str


def seal(code: str, lang: str) -> Markup:
    """The seal of a class; a ring for what cannot be judged."""
    found = next((c for c in land_classes() if c.code == code), None)
    return seal_svg(LAND_CLASS[code].token, found.seal.text(lang)) if found else mark_svg(UNKNOWN)


@dataclass(frozen=True)
class Board:
    """Makes the parts of the page from one matrix."""

    address: Address
    words: Words
    names: Names
    stock: Stock
    comers: tuple[Comers, ...] = ()
    within_days: int = 0

    def mu(self, value: Fraction) -> str:
        """Mu with one decimal."""
        return f"{Decimal(value.numerator) / Decimal(value.denominator):,.1f}"

    def name(self, by: By, key: str | None) -> str:
        """What a row's key is called."""
        found = self.names[by].get(key or NONE)
        return (
            found.text(self.words.lang)
            if found
            else self.words(f"stock.without.{by}")
            if (key or NONE) == NONE
            else str(key)
        )

    def class_name(self, code: str) -> str:
        """What a class is called."""
        found = next((c for c in land_classes() if c.code == code), None)
        return found.name.text(self.words.lang) if found else self.words(f"stock.{code}")

    def _shown(
        self, amount: Amount, href: str, is_set: bool, label: str, largest: Fraction | None = None, coming: int = 0
    ) -> Shown:
        step = 0
        if largest is not None and amount.parcels:
            share = amount.area_mu / largest if largest else Fraction(0)
            step = max(1, min(len(MUCH), -(-int(share * 1000 * len(MUCH)) // 1000)))
        told = self.words("stock.cell_label", what=label, mu=self.mu(amount.area_mu), n=amount.parcels)
        if coming:
            told += self.words("stock.cell_coming", n=coming, days=self.within_days)
        return Shown(self.mu(amount.area_mu), amount.parcels, href, is_set, step, amount.without_area, told, coming)

    def coming(self, row_key: str | None = None, classed: str | None = None) -> Amount:
        """What comes within the horizon."""
        return together(self.comers, self.within_days, row_key, classed)

    def columns(self) -> list[Column]:
        """The six classes."""
        return [
            Column(
                c.code, c.name.text(self.words.lang), seal(c.code, self.words.lang),
                self._shown(self.stock.column(c.code).all, self.address.set(class_=c.code), self._is(class_=c.code), c.name.text(self.words.lang), None, self.coming(None, c.code).parcels),
            )
            for c in land_classes()
        ]  # fmt: skip

    def _is(self, **codes: str) -> bool:
        told = self.address.wanted.as_query()
        return all(told.get(name.rstrip("_"), "") == value for name, value in codes.items())

    def rows(self) -> list[Row]:
        """The rows of the matrix with their tints."""
        by = self.address.by
        largest = max((cell.all.area_mu for row in self.stock.rows for code, cell in row.cells.items() if code != UNDECIDED), default=None)  # fmt: skip
        return [self._row(row, by, largest) for row in self.stock.rows]

    def _row(self, row: StockRow, by: By, largest: Fraction | None) -> Row:
        name = self.name(by, row.key)

        def cell(code: str, tint: Fraction | None) -> Shown:
            asked = {by: row.key, "class_": code}
            label = f"{name} {self.class_name(code)}"
            return self._shown(
                row.cell(code).all,
                self.address.set(**asked),
                self._is(**asked),
                label,
                tint,
                self.coming(row.key, code).parcels,
            )

        alone = self._is(**{by: row.key}) and not self.address.wanted.classes
        href = self.address.link(**{by: None if alone else row.key, "class": None})
        total = self._shown(
            row.total.all, href, alone, f"{name} {self.words('stock.total')}", None, self.coming(row.key).parcels
        )
        return Row(
            row.key,
            name,
            href,
            alone,
            tuple(cell(c.code, largest) for c in land_classes()),
            total,
            cell(UNDECIDED, None),
        )

    def figures(self) -> list[Figure]:
        """The strip: everything, suspected idle, red, long standing, and what cannot be judged."""
        whole, words = self.stock.total, self.words
        long = ",".join(bands().long)
        mu, count = words("unit.mu"), words("stock.parcels")
        undecided = self.stock.undecided.all

        def land(cell: Amount) -> str:
            return words("stock.figure_land", mu=self.mu(cell.area_mu))

        def number(cell: Amount) -> str:
            return words("stock.figure_count", n=cell.parcels)

        return [
            Figure("total", self.mu(whole.all.area_mu), mu, number(whole.all), self.address.plain(), not self.address.wanted.as_query()),
            Figure("idle", self.mu(whole.idle.area_mu), mu, number(whole.idle), self.address.set(idle="1"), self.address.wanted.only_idle),
            Figure("red", f"{whole.red.parcels:,}", count, land(whole.red), self.address.set(level="RED"), self._is(level="RED"), "light-red"),
            Figure("long", self.mu(whole.long.area_mu), mu, number(whole.long), self.address.set(age=long), self._is(age=long)),
            Figure("undecided", f"{undecided.parcels:,}", count, words("stock.figure_open", mu=self.mu(undecided.area_mu)),
                   self.address.set(class_=UNDECIDED), self._is(class_=UNDECIDED)),
        ]  # fmt: skip

    def chips(self, fact_name: str = "") -> list[tuple[str, str, str]]:
        """(what, value, the address without it) of every filter that is set."""
        told = self.address.wanted
        found = [("class", ", ".join(self.class_name(code) for code in told.classes))] if told.classes else []
        for by in BY:
            if codes := getattr(told, by):
                found.append((by, ", ".join(self.name(by, code) for code in codes)))
        if told.level:
            found.append(("level", ", ".join(self.words.code("finding_level", level) for level in told.level)))
        if told.only_idle:
            found.append(("idle", self.words("stock.yes")))
        if told.only_disputed:
            found.append(("disputed", self.words("stock.yes")))
        if told.within_days is not None:
            found.append(("within_days", self.words("stock.ahead_days", n=told.within_days)))
        if told.missing:
            found.append(("missing", f"{fact_name or told.missing}{f' · {told.rule}' if told.rule else ''}"))
        return [(self.words(f"stock.filter.{name}"), value, self.address.without(name)) for name, value in found]

    def lines(self, parcels: list[StockParcel], today: date, fact_name: Any) -> list[Line]:
        """The lines of the list."""
        return [self._line(p, today, fact_name) for p in parcels]

    def _line(self, p: StockParcel, today: date, fact_name: Any) -> Line:
        words = self.words
        left = (p.next_on - today).days if p.next_on else None
        what = rule_title(p.next_rule_id, words.lang) if p.next_rule_id else ""
        if p.classed not in LAND_CLASS and p.missing:
            what = words(
                "stock.lacks", facts=("、" if words.lang == "zh" else ", ").join(fact_name(f) for f in p.missing)
            )
        mark = FINDING_LEVEL.get(p.level or "", UNKNOWN)
        tone = "" if left is None else "red" if left <= SOON_DAYS else "amber" if left <= NEAR_DAYS else "calm"
        return Line(
            p, seal(p.comes_as or p.classed, words.lang),
            words("stock.comes_as", what=self.class_name(p.comes_as)) if p.comes_as else self.class_name(p.classed), words.pick(p.name, p.name_en) or p.code,
            "" if p.area_m2 is None else self.mu(mu_from_m2(p.area_m2)), self.name("unit", p.unit_code), self.name("cause", p.cause),
            mark_svg(mark), what, left, tone, self.address.page.link(f"/parcels/{p.code}"),
        )  # fmt: skip


def rule_title(rule_id: str, lang: str) -> str:
    """A rule's name."""
    versions = catalogue().versions(rule_id)
    return versions[0].title.text(lang) if versions else rule_id


__all__ = ["Board", "Cell", "rule_title", "seal"]
