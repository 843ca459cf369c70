"""Parameters as they stand in register.parameter, and how exact numbers are shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

SHOWN_DECIMALS = 6


def written(value: Decimal) -> str:
    """A decimal without idle zeros or exponent."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """One dated value of a parameter. `county_code` None: everywhere. The value is `num / den`."""

    key: str
    county_code: str | None
    effective_on: date
    num: Decimal
    den: Decimal
    unit: str
    citation: str

    @property
    def value(self) -> Fraction:
        """The exact value."""
        return Fraction(self.num) / Fraction(self.den)

    def shown(self) -> dict[str, str]:
        """As a finding keeps it: the value as written in the law (25/100), unit, the day it came into force, source."""
        value = written(self.num) if self.den == 1 else f"{written(self.num)}/{written(self.den)}"
        return {
            "value": value,
            "unit": self.unit,
            "effective_on": self.effective_on.isoformat(),
            "citation": self.citation,
        }


class Parameters:
    """All dated values a county goes by; its own come before the general ones."""

    def __init__(self, rows: Iterable[ParameterRow], county_code: str | None = None) -> None:
        self._rows: dict[str, list[ParameterRow]] = {}
        for row in rows:
            if row.county_code in (None, county_code):
                self._rows.setdefault(row.key, []).append(row)
        for found in self._rows.values():
            found.sort(key=lambda r: (r.county_code is not None, r.effective_on), reverse=True)

    def on(self, key: str, day: date) -> ParameterRow | None:
        """The value in force on a day; None when there was none."""
        return next((row for row in self._rows.get(key, ()) if row.effective_on <= day), None)

    def history(self, key: str) -> list[ParameterRow]:
        """Every value of a key, the oldest first."""
        return sorted(self._rows.get(key, ()), key=lambda r: r.effective_on)

    def table(self, prefix: str) -> list[ParameterRow]:
        """Every value of a table, by code and day."""
        return [row for key in sorted(self._rows) if key.startswith(f"{prefix}.") for row in self.history(key)]


def rounded(value: Fraction, places: int = SHOWN_DECIMALS) -> Decimal:
    """A number for display: half away from zero, no idle zeros (GEN-06). As register.shown_number does it."""
    whole, rest = divmod(abs(value.numerator) * 10**places, value.denominator)
    whole += 2 * rest >= value.denominator
    return Decimal(f"{whole if value >= 0 else -whole}E-{places}")
