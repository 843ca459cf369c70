"""Numbers and names as a reader expects them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from map_frontend.words import Words

CODES = {("parcel_status", "AVAILABLE"): ("可供应", "Available")}


@pytest.fixture
def zh() -> Words:
    return Words("zh", CODES, "Asia/Shanghai")


@pytest.fixture
def en() -> Words:
    return Words("en", CODES, "Asia/Shanghai")


def test_areas_are_exact_in_mu(zh: Words) -> None:
    assert zh.area(Decimal("666.67"), "mu") == "1 亩"
    assert zh.area(Decimal(10_000), "mu") == "15 亩"
    assert zh.area(Decimal(1_000_000), "ha") == "100 公顷"


def test_small_areas_stay_in_square_metres(zh: Words) -> None:
    assert zh.area(Decimal("999.4"), "ha") == "999 m²"
    assert zh.area(Decimal(1000), "ha") == "0.1 公顷"
    assert zh.area(Decimal(60), "mu") == "60 m²"
    assert zh.area(Decimal("0.46"), "mu") == "0.46 m²"
    assert zh.area(Decimal(200) / 3, "mu") == "0.1 亩"


def test_numbers_are_grouped_and_short(en: Words) -> None:
    assert en.number("1234567.50") == "1,234,567.5"
    assert en.number(Decimal("0.004")) == "0"
    assert en.number(12, "m2") == "12 m²"
    assert en.number(-1) == "-1"


def test_codes_speak_the_readers_language(zh: Words, en: Words) -> None:
    assert zh.code("parcel_status", "AVAILABLE") == "可供应"
    assert en.code("parcel_status", "AVAILABLE") == "Available"
    assert en.code("parcel_status", "NEW_ONE") == "NEW_ONE"


def test_a_name_falls_back_to_the_other_language_and_then_to_the_code(zh: Words, en: Words) -> None:
    assert en.name({"name": "城东", "name_en": None, "code": "A"}) == "城东"
    assert zh.name({"name": None, "name_en": "East", "code": "A"}) == "East"
    assert zh.name({"code": "A"}) == "A"


def test_instants_are_of_the_countys_zone(zh: Words) -> None:
    assert zh.instant(datetime(2026, 11, 23, 16, 30, tzinfo=UTC)) == "2026-11-24 00:30"


def test_an_unknown_sentence_stops_the_page(zh: Words) -> None:
    with pytest.raises(KeyError):
        zh("no.such.sentence")


@pytest.mark.parametrize(
    ("n", "said"),
    [(1, "1 parcel"), ("1", "1 parcel"), (0, "0 parcels"), (21, "21 parcels"), ("1,001", "1,001 parcels")],
)
def test_one_is_said_in_the_singular(zh: Words, en: Words, n: object, said: str) -> None:
    assert en("stock.figure_count", n=n) == said
    assert zh("stock.figure_count", n=n).startswith(str(n))
