"""Every answer of /ogc with features is GeoJSON as RFC 7946 writes it."""

from __future__ import annotations

import pytest

from geo.registry.collections import COLLECTIONS
from tests.clients.conftest import Site
from tests.clients.geojson import faults


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_items_are_valid_for_staff(site: Site, collection: str) -> None:
    document = site.get(f"/ogc/collections/{collection}/items?limit=10000", site.tokens["leader"]).json()
    assert document["features"], "an empty collection shows nothing"
    assert faults(document) == []
    code = document["features"][0]["id"]
    assert faults(site.get(f"/ogc/collections/{collection}/items/{code}", site.tokens["leader"]).json()) == []


def test_items_are_valid_for_the_public(site: Site) -> None:
    for collection in (c.id for c in COLLECTIONS.values() if not c.staff_only):
        assert faults(site.get(f"/ogc/collections/{collection}/items?limit=10000").json()) == []
