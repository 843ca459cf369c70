"""OWSLib, the client that Python programs and catalogues use, finds and reads the collections."""

from __future__ import annotations

import pytest
from owslib.ogcapi.features import Features
from owslib.util import Authentication

from geo.registry.collections import COLLECTIONS
from tests.clients.conftest import Site
from tests.clients.county import OTHER, OTHER_LOTS

PUBLIC = [c.id for c in COLLECTIONS.values() if not c.staff_only]


def test_it_lists_the_collections_of_its_reader(site: Site) -> None:
    assert Features(f"{site.url}/ogc").feature_collections() == PUBLIC
    auth = Authentication(username="token", password=site.tokens["leader"])
    assert Features(f"{site.url}/ogc", auth=auth).feature_collections() == list(COLLECTIONS)


def test_it_reads_what_the_service_conforms_to(site: Site) -> None:
    classes = Features(f"{site.url}/ogc").conformance()["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in classes


@pytest.mark.parametrize("collection", PUBLIC)
def test_it_reads_items_and_one_item(site: Site, collection: str) -> None:
    service = Features(f"{site.url}/ogc")
    assert service.collection(collection)["id"] == collection
    expected = site.features(collection)
    found = service.collection_items(collection, limit=10_000)
    assert found["features"] == expected
    assert found["numberMatched"] == found["numberReturned"] == len(expected)
    one = service.collection_item(collection, expected[0]["id"])
    assert one["geometry"] == expected[0]["geometry"]
    assert one["properties"] == expected[0]["properties"]


def test_its_box_and_properties_reach_the_service(site: Site) -> None:
    box = [121.9, 29.45, 121.95, 29.5]
    found = Features(f"{site.url}/ogc").collection_items("parcels", bbox=box, limit=500, status="AVAILABLE")
    asked = site.log.of("/parcels/items")[-1].query
    assert (asked["bbox"], asked["status"]) == ("121.9,29.45,121.95,29.5", "AVAILABLE")
    assert found["features"]
    assert {f["properties"]["status"] for f in found["features"]} == {"AVAILABLE"}


def test_it_can_name_a_county(site: Site) -> None:
    found = Features(f"{site.url}/ogc").collection_items("parcels", limit=1000, county=OTHER)
    assert len(found["features"]) == OTHER_LOTS
