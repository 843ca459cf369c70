"""List, counts, rings, tiles and the OGC API carry out the same filters; no address makes the service fail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import httpx
import mapbox_vector_tile
import psycopg
import pytest

from map_frontend.screen.filters import BY_PARAMETER
from tests.browser.county import PLACE

TILE = (9, 212, 429)
"""The tile (z, row, column) that holds the whole small county."""


@pytest.fixture(scope="module")
def http(site: str) -> httpx.Client:
    return httpx.Client(base_url=site, timeout=30)


@pytest.mark.parametrize(
    ("query", "collection", "kind", "codes"),
    [
        ("st=AVAILABLE,ON_OFFER", "parcels", "parcels", {"P0", "P1"}),
        ("a1=400&st=AVAILABLE", "parcels", "parcels", set()),
        ("p0=25&p1=26&tn=T1&st=RESERVE", "parcels", "parcels", {"P4"}),
        ("p0=31", "parcels", "parcels", set()),
        ("q=东3号", "parcels", "parcels", {"P3"}),
        ("q=EAST 2", "parcels", "parcels", {"P2"}),
        ("q=%", "parcels", "parcels", set()),
        ("q='", "parcels", "parcels", {"P7"}),
        ("lu=100102&st=IN_USE", "parcels", "parcels", {"P6"}),
        ("tn=T2", "parcels", "parcels", {"W1"}),
        ("dp=5", "parcels", "parcels", set()),
        ("k=factories&va0=2000&sy1=3", "buildings", "factories", {"B1"}),
        ("k=offices&va0=2000", "buildings", "offices", set()),
        ("k=projects&cp=C1&sg=SIGNED&iv0=1000", "projects", "projects", {"J1"}),
    ],
)
def test_one_filter_has_one_answer_everywhere(
    http: httpx.Client, query: str, collection: str, kind: str, codes: set[str]
) -> None:
    asked = urlencode(dict(part.split("=", 1) for part in query.split("&")))
    summary = http.get(f"/map/summary?{asked}").json()
    listed = http.get(f"/map/list?{asked}").json()
    assert {f["properties"]["code"] for f in listed["features"]} == codes
    assert listed["matched"] == summary["counts"][kind] == len(codes)
    open_door = http.get(
        f"/ogc/collections/{collection}/items", params={"filter": summary["filter"], "limit": 100}
    ).json()
    assert {f["id"] for f in open_door["features"]} == codes
    assert open_door["numberMatched"] == len(codes)
    z, row, col = TILE
    tile = http.get(f"/map/tiles/{collection}/{z}/{row}/{col}?{asked}")
    drawn = mapbox_vector_tile.decode(tile.content)[collection]["features"] if tile.content else []
    kinds = {"factories": "factory", "offices": "office"}
    assert {f["properties"]["code"] for f in drawn if f["properties"].get("kind") in (None, kinds.get(kind))} == codes
    if kind == "parcels":
        assert sum(town["n"] for town in summary["towns"]) == len(codes)


@pytest.mark.parametrize("value", ["", "0", "-1", "1e309", "'", "%00", "\U0001f600", "x" * 1500, "),(", "\u202e"])
def test_no_value_of_any_filter_is_a_fault_of_ours(http: httpx.Client, value: str) -> None:
    query = dict.fromkeys([*BY_PARAMETER, "k", "o", "w", "v", "c"], value)
    for path in ("/map/summary", "/map/list", "/"):
        answer = http.get(path, params=query)
        assert answer.status_code in (200, 400, 414), (path, answer.status_code)


def test_a_cursor_of_other_filters_starts_anew_on_the_page_and_is_refused_as_data(http: httpx.Client) -> None:
    assert http.get("/?c=rubbish").status_code == 200
    assert http.get("/map/list?cursor=rubbish").status_code == 400


def test_the_public_is_told_nothing_of_what_is_hidden(http: httpx.Client) -> None:
    assert http.get("/map/list?q=INT").json()["matched"] == 0
    assert http.get("/map/tiles/controls/9/212/429?q=x").status_code == 404


@contextmanager
def as_very_many(county_url: str) -> Iterator[None]:
    """Parcels as a county with very many has them: cells below zoom 12, an extent, brief lines and numbers."""
    with psycopg.connect(county_url, autocommit=True) as connection:
        told = "select register.set_tile_detail('330225', 'parcels', %s, %s, 1)"
        for audience in ("public", "staff"):
            connection.execute(told, [audience, 12])
        yield
        for audience in ("public", "staff"):
            connection.execute(told, [audience, 0])


@pytest.fixture
def measured(county_url: str) -> Iterator[None]:
    with as_very_many(county_url):
        yield


@pytest.mark.parametrize("query", ["", "st=AVAILABLE", "q=东", "tn=T1"])
def test_a_box_around_everything_has_the_answer_it_had(
    http: httpx.Client, county_url: str, measured: None, query: str
) -> None:
    def answers(first: float) -> list[Any]:
        box = f"{first},{south},{first + east - west},{north}"
        listed = http.get(f"/map/list?{query}&bbox={box}").json()
        return [
            [f["properties"]["code"] for f in listed["features"]],
            listed["matched"],
            listed["matched_all"],
            http.get(f"/map/summary?{query}&rings=0&bbox={box}").json()["counts"],
            http.get(f"/ogc/collections/parcels/items?limit=3&bbox={box}").json()["numberMatched"],
        ]

    west, south, east, north = http.get("/ogc/collections/parcels").json()["extent"]["spatial"]["bbox"][0]
    firsts = (west, PLACE[0] - 0.001, PLACE[0] + 0.005)
    short = [answers(first) for first in firsts]
    assert short[0][-1] > short[1][-1] > short[2][-1] > 0, "one box holds all, the others cut through"
    with psycopg.connect(county_url, autocommit=True) as connection:
        connection.execute("delete from register.tile_extent")
    assert [answers(first) for first in firsts] == short


def test_the_first_screen_of_a_large_county_is_that_of_a_small_one(http: httpx.Client, county_url: str) -> None:
    def answers() -> list[Any]:
        page = http.get("/").text
        listed = http.get("/map/list?w=all").json()
        return [
            [f["properties"]["code"] for f in listed["features"]],
            listed["matched"],
            http.get("/map/summary").json(),
            sorted(re.findall(r'name="lu" value="([^"]*)"', page)),
            re.findall(r"/parcels/([^\"?]*)", page),
        ]

    small = answers()
    assert all(small[part] for part in (0, 1, 2, 4)), "nothing to compare"
    with as_very_many(county_url):
        assert answers() == small
