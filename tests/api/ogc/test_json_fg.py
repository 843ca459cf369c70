"""JSON-FG (OGC 21-045): the members it adds to GeoJSON, and where they must not stand."""

from __future__ import annotations

import httpx
import pytest

pytestmark = pytest.mark.anyio
AT = "/ogc/collections/parcels/items"


async def test_geojson_place_only_in_another_crs(service: httpx.AsyncClient) -> None:
    plain = (await service.get(f"{AT}?f=jsonfg")).json()
    assert plain["featureType"] == "parcels"
    assert "coordRefSys" not in plain
    assert all(feature["place"] is None and feature["geometry"] for feature in plain["features"])
    moved = (await service.get(f"{AT}?f=jsonfg&crs=EPSG:4529")).json()
    assert moved["coordRefSys"].endswith("EPSG/0/4529")
    for feature, other in zip(moved["features"], plain["features"], strict=True):
        assert feature["geometry"] == other["geometry"]
        northing, easting = feature["place"]["coordinates"][0][0][0]
        assert 3_200_000 < northing < 3_300_000
        assert 41_000_000 < easting < 42_000_000
        assert feature["time"]["timestamp"].endswith("Z")


async def test_one_feature_says_what_it_conforms_to(service: httpx.AsyncClient) -> None:
    one = (await service.get(f"{AT}/PUB?f=jsonfg&crs=EPSG:4490")).json()
    assert one["conformsTo"]
    assert one["coordRefSys"].endswith("EPSG/0/4490")
    assert one["place"]["coordinates"][0][0][0][0] < 90 < one["geometry"]["coordinates"][0][0][0][0]
    assert set(one) >= {"type", "id", "featureType", "time", "place", "geometry", "properties", "links"}
