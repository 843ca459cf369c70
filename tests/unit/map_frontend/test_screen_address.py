"""The screen's address: read, written, forgiven; and the condition it stands for."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.filters import parse
from map_frontend.screen.address import VERSION, Screen, read, write
from map_frontend.screen.conditions import cql_of_collection, cql_of_kind
from map_frontend.screen.filters import BY_PARAMETER, FILTERS
from map_frontend.screen.kinds import BY_KEY, KINDS
from map_frontend.screen.saying import chips, not_understood
from map_frontend.words import Words

LAND = BY_KEY["parcels"]


def of(query: str) -> Screen:
    return read(parse_qsl(query, keep_blank_values=True))


def test_an_empty_address_is_all_land_with_offers_first() -> None:
    screen = of("")
    assert (screen.kind, screen.order.key, screen.values, screen.strange) == (LAND, "offer", {}, ())
    assert write(screen) == ""


def test_what_is_written_is_read_again() -> None:
    text = "k=factories&o=port&w=all&va0=500&tn=T1,T2&dp=10&v=2"
    assert of(text).strange == ()
    assert of(write(of(text))) == of(text)
    assert f"v={VERSION}" in write(of(text))


def test_links_from_before_filters_still_hold() -> None:
    screen = of("m=15/29.48/121.9&l=parcels,parks&id=parcels:P0&k=projects&county=330225&lang=en")
    assert screen.kind.key == "projects"
    assert screen.strange == ()


@pytest.mark.parametrize(
    ("query", "strange"),
    [
        ("a0=many", [("a0", "many")]),
        ("a0=-3", [("a0", "-3")]),
        ("a0=1e9", [("a0", "1e9")]),
        ("a0=٣", [("a0", "٣")]),
        ("dp=NaN", [("dp", "NaN")]),
        ("k=castles", [("k", "castles")]),
        ("o=upside-down", [("o", "upside-down")]),
        ("nonsense=1&st=AVAILABLE", [("nonsense", "1")]),
        ("v=x", [("v", "x")]),
        ("q=%00", [("q", "\x00")]),
    ],
)
def test_nonsense_is_named_and_the_rest_kept(query: str, strange: list[tuple[str, str]]) -> None:
    screen = of(query)
    assert list(screen.strange) == strange
    assert screen.values == ({"st": "AVAILABLE"} if "st=" in query else {})


def test_what_advertisers_hang_on_is_nobodys_business() -> None:
    assert of("utm_source=x&from=timeline&isappinstalled=0&a0=").strange == ()


def test_an_order_of_another_kind_is_no_nonsense() -> None:
    assert of("k=projects&o=port").strange == ()
    assert of("k=projects&o=port").order.key == "stage"


def test_a_newer_link_says_so() -> None:
    words = Words("en", {}, "UTC")
    assert "newer version" in not_understood(of("v=9&zz=1"), words)
    assert "newer" not in not_understood(of("zz=1"), words)
    assert not_understood(of("v=9&a0=2"), words) == ""


def test_bounds_the_wrong_way_round_are_turned() -> None:
    assert of("a0=80&a1=20").values == {"a0": "20", "a1": "80"}


def test_codes_come_as_boxes_or_with_commas() -> None:
    assert of("st=A&st=B").codes("st") == of("st=A,B").codes("st") == ("A", "B")


def test_the_condition_of_land() -> None:
    screen = of("a0=20&a1=80&p1=30&st=AVAILABLE&ut=gas,heat&dp=10&q=100%25")
    assert cql_of_kind(screen, LAND, "mu") == (
        r"(CASEI(name) like CASEI('%100\%%') or CASEI(name_en) like CASEI('%100\%%') or CASEI(code) like CASEI('%100\%%'))"
        " and status in ('AVAILABLE') and area_m2 >= 13333.33 and area_m2 <= 53333.33 and price_min_wan_cny_per_mu <= 30"
        " and A_CONTAINS(utilities, ('gas', 'heat')) and nearest_port_m <= 10000"
    )
    assert "area_m2 >= 200000" in cql_of_kind(screen, LAND, "ha")


def test_a_collection_of_two_kinds_keeps_each_under_its_own_filters() -> None:
    assert cql_of_collection(of("st=AVAILABLE"), "buildings", "mu") == ""
    assert cql_of_collection(of("ht=8"), "buildings", "mu") == (
        "(kind = 'factory' and clear_height_m >= 8) or (kind = 'office') or not (kind in ('factory', 'office'))"
    )


@given(st.dictionaries(st.sampled_from([*BY_PARAMETER, "k", "o", "w", "v"]), st.text(max_size=40), max_size=6))
def test_no_address_is_an_error_and_every_condition_can_be_parsed(query: dict[str, str]) -> None:
    screen = read(query.items())
    for kind in KINDS:
        condition = cql_of_kind(screen, kind, "mu")
        if condition:
            parse(condition, "cql2-text")
    assert read(parse_qsl(write(screen))).values == screen.values


def test_each_chip_takes_back_one_wish() -> None:
    words = Words(
        "zh", {("parcel_status", "AVAILABLE"): ("可供应", "Available"), ("town", "T"): ("石浦镇", "Shipu")}, "UTC"
    )
    made = chips(of("st=AVAILABLE&a0=20&a1=80&tn=T&dp=10"), words, "mu", {})
    assert [chip.text for chip in made] == ["可供应", "20–80 亩", "石浦镇", "港口 10 km 内"]
    assert made[1].query == "st=AVAILABLE&tn=T&dp=10&v=2"
    assert made[3].change == {"dp": None}
    assert all(chip.applies for chip in made)
    assert not chips(of("k=projects&dp=10"), words, "mu", {})[0].applies


def test_no_parameter_has_two_meanings() -> None:
    names = [name for f in FILTERS for name in f.parameters]
    assert len(names) == len(set(names))
    assert not set(names) & {"m", "l", "id", "v", "k", "o", "w", "c", "county", "lang"}
