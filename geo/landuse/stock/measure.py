"""How many parcels and how much land; sums of them, and a matrix of rows and classes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from geo.landuse.stock.filtering import UNDECIDED, UNFLAGGED, By
from geo.units import mu_from_m2


@dataclass(frozen=True, slots=True)
class Amount:
    """Parcels, and their land in square metres; of `without_area` parcels nobody knows the area, they add none."""

    parcels: int = 0
    area_m2: Decimal = Decimal(0)
    without_area: int = 0

    def __add__(self, other: Amount) -> Amount:
        return Amount(
            self.parcels + other.parcels, self.area_m2 + other.area_m2, self.without_area + other.without_area
        )

    @property
    def area_mu(self) -> Fraction:
        """The land in mu, exact (UNIT-01)."""
        return mu_from_m2(self.area_m2)


@dataclass(frozen=True, slots=True)
class Cell:
    """All parcels of a cell, and of these the suspected idle, the red, those that stand long, and those somebody said are wrong."""

    all: Amount = Amount()
    idle: Amount = Amount()
    red: Amount = Amount()
    long: Amount = Amount()
    disputed: Amount = Amount()

    def __add__(self, other: Cell) -> Cell:
        return Cell(
            self.all + other.all, self.idle + other.idle, self.red + other.red, self.long + other.long, self.disputed + other.disputed
        )  # fmt: skip


EMPTY = Cell()


def total(cells: Iterable[Cell]) -> Cell:
    """The sum; each parcel is in one cell, so it is counted once."""
    return sum(cells, EMPTY)


@dataclass(frozen=True, slots=True)
class StockRow:
    """One row: its key and its cells by class (UNDECIDED beside them)."""

    key: str
    cells: Mapping[str, Cell]

    def cell(self, code: str) -> Cell:
        """The cell of a class."""
        return self.cells.get(code, EMPTY)

    @property
    def total(self) -> Cell:
        """All classes together, without what cannot be judged."""
        return total(cell for code, cell in self.cells.items() if code not in (UNDECIDED, UNFLAGGED))


@dataclass(frozen=True, slots=True)
class Stock:
    """A matrix: rows by `by`, the largest first (bands and causes in their own order). `judged_on`: the oldest day a lead was judged."""

    by: By
    as_of: date
    rows: tuple[StockRow, ...]
    judged_on: date | None

    @property
    def is_being_judged(self) -> bool:
        """Whether some leads are of an earlier day: a run has not come to them."""
        return self.judged_on is not None and self.judged_on < self.as_of

    def column(self, code: str) -> Cell:
        """A class over all rows."""
        return total(row.cell(code) for row in self.rows)

    @property
    def total(self) -> Cell:
        """Everything, without what cannot be judged."""
        return total(row.total for row in self.rows)

    @property
    def every(self) -> Cell:
        """What a list of the same filter holds: with what cannot be judged, and what has no flag where it was asked for."""
        return total(cell for row in self.rows for cell in row.cells.values())

    @property
    def undecided(self) -> Cell:
        """What cannot be judged."""
        return self.column(UNDECIDED)
