"""The Folium map fails closed, carries data only as JSON, and knows its nonce."""

from __future__ import annotations

import folium
import pytest
from folium.plugins import MarkerCluster

from map_frontend.layers import ALL
from map_frontend.page import UnknownAsset, compose, localise, with_nonce

VENDOR = {"leaflet": "/static/vendor/leaflet.js", "leaflet_css": "/static/vendor/leaflet.css"}


def parts(**config: object) -> str:
    made = compose(ALL, config, centre=(29.4, 121.9), vendor=VENDOR, nonce="n0nce")
    return f"{made.head}\n{made.body}\n{made.script}"


def test_no_address_but_ours_is_in_the_page() -> None:
    page = parts()
    assert "http:" not in page
    assert "https:" not in page
    assert "//cdn" not in page
    assert VENDOR["leaflet"] in page


def test_an_unknown_library_stops_the_page() -> None:
    leaflet = folium.Map(tiles=None)
    MarkerCluster().add_to(leaflet)
    figure = leaflet.get_root()
    figure.render()
    with pytest.raises(UnknownAsset, match="markercluster"):
        localise(figure, VENDOR)


def test_a_missing_leaflet_stops_the_page() -> None:
    with pytest.raises(UnknownAsset, match="leaflet"):
        compose((), {}, centre=(0, 0), vendor={}, nonce="x")


def test_hostile_words_cannot_leave_the_script() -> None:
    page = parts(county={"name": "</script><script>alert(1)</script>"})
    assert "</script><script>alert(1)" not in page
    assert "\\u003c/script\\u003e" in page


def test_scripts_carry_the_nonce() -> None:
    assert with_nonce("<script src='a'></script><style>b</style>", "abc") == (
        '<script nonce="abc" src=\'a\'></script><style nonce="abc">b</style>'
    )
    assert 'nonce="n0nce"' in parts()


def test_zoom_limits_reach_the_map_itself() -> None:
    page = parts()
    assert '"minZoom": 5' in page
    assert '"maxZoom": 18' in page


def test_no_viewport_rule_of_folium_is_kept() -> None:
    assert "user-scalable" not in parts()


def test_the_bridge_comes_last() -> None:
    page = parts(marker="here")
    assert page.rindex("onemap:ready") > page.rindex("layers.push")
