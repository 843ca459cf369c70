"""The pages' words in both languages, and numbers written as a reader expects them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from geo.units import mu_from_m2

LANGUAGES = ("zh", "en")
CATALOGUES = Path(__file__).parent / "i18n"
SMALL_AREA = Decimal("0.1")
"""Below this share of the county's unit an area is said in square metres; static/js/words.js does the same."""


class _Sentence(Formatter):
    """`{n:parcel|parcels}` is the first word where n is one, else the second."""

    def format_field(self, value: Any, format_spec: str) -> str:
        one, found, many = format_spec.partition("|")
        if found:
            return one if str(value) == "1" else many
        return str(super().format_field(value, format_spec))


_SENTENCE = _Sentence()


@lru_cache(maxsize=len(LANGUAGES))
def catalogue(lang: str) -> Mapping[str, str]:
    """All sentences of one language ('zh' or 'en') by key."""
    return dict(yaml.safe_load((CATALOGUES / f"{lang}.yaml").read_text(encoding="utf-8")))


@dataclass(frozen=True, slots=True)
class Words:
    """What a template asks for words: sentences by key, names in the reader's language, numbers with their unit.

    `codes` is (code list, code) -> (zh, en), as the register has them.
    """

    lang: str
    codes: Mapping[tuple[str, str], tuple[str, str]]
    time_zone: str

    def __call__(self, key: str, **values: Any) -> str:
        """The sentence for `key` with {names} filled in; an unknown key is an error of ours and stops the page."""
        sentence = catalogue(self.lang)[key]
        return _SENTENCE.format(sentence, **values) if values else sentence

    def has(self, key: str) -> bool:
        """Whether the catalogue knows `key`."""
        return key in catalogue(self.lang)

    def pick(self, zh: str | None, en: str | None) -> str:
        """The one in the reader's language, else the other."""
        return ((en or zh) if self.lang == "en" else (zh or en)) or ""

    def name(self, properties: Mapping[str, Any]) -> str:
        """A thing's name in the reader's language, else its code."""
        return self.pick(properties.get("name"), properties.get("name_en")) or str(properties.get("code", ""))

    def code(self, code_list: str, code: Any) -> str:
        """The word for a code; a code without one stands for itself."""
        found = self.codes.get((code_list, str(code)))
        if found:
            return self.pick(*found)
        return catalogue(self.lang).get(f"code.{code_list}.{code}", str(code))

    def list(self, code_list: str, codes: Sequence[Any]) -> str:
        """The words for several codes, one after another."""
        return (", " if self.lang == "en" else "、").join(self.code(code_list, code) for code in codes)

    def unit(self, unit: str | None) -> str:
        """A unit as it is written after a number."""
        return catalogue(self.lang).get(f"unit.{unit}", unit) if unit else ""

    def number(self, value: Any, unit: str | None = None, digits: int = 2) -> str:
        """ "12,345.6 m²": grouped, at most `digits` decimals, no trailing zeros."""
        text = f"{round(Decimal(str(value)), digits):,f}"
        if "." in text:
            text = text.rstrip("0").rstrip(".")
        return f"{text} {self.unit(unit)}".strip()

    def area(self, area_m2: Any, area_unit: str) -> str:
        """An area of square metres in the county's unit: 'mu', 'ha' or 'acre' (UNIT-01); small ones stay in square metres."""
        exact = Decimal(str(area_m2))
        per_unit = {"ha": Decimal(10_000), "acre": Decimal("4046.8564224")}
        if area_unit == "mu":
            mu = mu_from_m2(exact)
            value = Decimal(mu.numerator) / Decimal(mu.denominator)
        else:
            value = exact / per_unit[area_unit]
        if value < SMALL_AREA:
            return self.number(exact, "m2", 0 if exact >= 1 else 2)
        return self.number(value, area_unit)

    def length(self, metres: float) -> str:
        """A distance: "350 m" below a kilometre, "1.2 km" above."""
        return (
            self.number(metres, "m", 0) if metres < 1000 else f"{self.number(Decimal(str(metres)) / 1000, None, 1)} km"
        )

    def day(self, value: date | None) -> str:
        """A civil date, ISO."""
        return value.isoformat() if value else ""

    def instant(self, value: datetime | None) -> str:
        """An instant in the county's zone, to the minute."""
        return value.astimezone(ZoneInfo(self.time_zone)).strftime("%Y-%m-%d %H:%M") if value else ""
