"""Bands of age and area a stock is counted by, and the causes it tells apart: data, from bands.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from geo.errors import Problem

FILE = Path(__file__).with_name("bands.yaml")
NONE = "none"
"""The key of what has no value: no unit, no town, no park, no day to count an age from, no area."""


@dataclass(frozen=True, slots=True)
class Band:
    """From `begins` (whole months, or mu) up to where the next band begins; a cause has no beginning."""

    code: str
    begins: int
    name: Problem


@dataclass(frozen=True, slots=True)
class Bands:
    """All that bands.yaml says. `long_months`: what has stood that long is counted apart."""

    source: str
    age: tuple[Band, ...]
    area: tuple[Band, ...]
    causes: tuple[Band, ...]
    long_months: int

    @property
    def long(self) -> tuple[str, ...]:
        """Codes of the age bands that begin no earlier than `long_months`."""
        return tuple(band.code for band in self.age if band.begins >= self.long_months)


def _bands(rows: list[dict[str, object]]) -> tuple[Band, ...]:
    return tuple(
        Band(str(row["code"]), int(str(row.get("from", 0))), Problem(zh=str(row["name"]), en=str(row["name_en"])))
        for row in rows
    )


@cache
def bands() -> Bands:
    """The bands of this installation."""
    told = yaml.safe_load(FILE.read_text("utf-8"))
    return Bands(
        told["source"], _bands(told["age_months"]), _bands(told["area_mu"]), _bands(told["causes"]), told["long_months"]
    )
