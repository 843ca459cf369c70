"""QGIS opens the collections as layers: features, box, attribute table, county, token."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.clients.conftest import Qgis, Site
from tests.clients.county import OTHER, OTHER_LOTS

BOX = [121.9, 29.45, 121.95, 29.5]


def layer(site: Site, collection: str, query: str = "", **more: str) -> str:
    """The address of a collection as QGIS's dialogue for WFS / OGC API Features writes it."""
    words = {"typename": collection, "url": f"{site.url}/ogc{query}", "pagingEnabled": "true", **more}
    return " ".join(f"{name}='{value}'" for name, value in words.items())


def codes(table: list[dict[str, Any]]) -> list[str]:
    return sorted(row["code"] for row in table)


@pytest.mark.parametrize("collection", ["parcels", "enterprises", "transport"])
def test_its_attribute_table_is_what_the_service_holds(site: Site, qgis: Qgis, collection: str) -> None:
    found = qgis("features", uri=layer(site, collection))
    expected = site.features(collection)
    assert (found["valid"], found["error"], found["crs"]) == (True, "", "EPSG:4326")
    assert found["count"] == len(expected)
    assert codes(found["table"]) == sorted(f["id"] for f in expected)
    by_code = {f["id"]: f for f in expected}
    assert any("示例" in row["name"] for row in found["table"]) or collection == "transport"
    for row in found["table"]:
        properties = by_code[row["code"]]["properties"]
        assert {name: row[name] for name in ("name", "name_en", "version")} == {
            name: properties[name] for name in ("name", "name_en", "version")
        }
        assert row["geometry"]["type"].removeprefix("Multi") == by_code[row["code"]]["geometry"]["type"].removeprefix(
            "Multi"
        )


def test_its_box_reaches_the_service(site: Site, qgis: Qgis) -> None:
    expected = [f["id"] for f in site.features("parcels", "&bbox=" + ",".join(map(str, BOX)))]
    site.log.lines.clear()
    found = qgis("features", uri=layer(site, "parcels", restrictToRequestBBOX="1"), box=BOX)
    assert codes(found["table"]) == sorted(expected)
    asked = [line.query["bbox"] for line in site.log.of("/parcels/items") if "bbox" in line.query]
    assert asked
    assert all([float(n) for n in text.split(",")] == pytest.approx(BOX) for text in asked)


SUBSETS: list[tuple[str, Callable[[dict[str, Any]], bool]]] = [
    ("\"land_use_code\" = '100102'", lambda p: p["land_use_code"] == "100102"),
    ("\"area_m2\" > 20000 AND \"status\" IN ('AVAILABLE', 'IN_USE')", lambda p: p["area_m2"] > 20_000 and p["status"] in ("AVAILABLE", "IN_USE")),
    ("\"name\" LIKE '%示例%' AND \"far_min\" IS NULL", lambda p: "示例" in p["name"] and p["far_min"] is None),
]  # fmt: skip


@pytest.mark.parametrize(("subset", "holds"), SUBSETS, ids=["equal", "more-and-one-of", "like-and-null"])
def test_a_filtered_layer_holds_exactly_what_its_filter_says(
    site: Site, qgis: Qgis, subset: str, holds: Callable[[dict[str, Any]], bool]
) -> None:
    """QGIS 3.22 does not send such a filter: it reads every page and filters itself, so that all pages must come whole."""
    everything = site.features("parcels")
    expected = sorted(f["id"] for f in everything if holds(f["properties"]))
    assert 0 < len(expected) < len(everything)
    site.log.lines.clear()
    found = qgis("features", uri=layer(site, "parcels"), subset=subset)
    assert (found["valid"], found["taken"]) == (True, True)
    assert codes(found["table"]) == expected
    assert found["count"] == len(expected)
    assert {line.status for line in site.log.of("/parcels/items")} == {200}


def test_it_keeps_the_county(site: Site, qgis: Qgis) -> None:
    found = qgis("features", uri=layer(site, "parcels", f"?county={OTHER}"))
    assert len(found["table"]) == OTHER_LOTS
    assert {line.query.get("county") for line in site.log.of("/items")} == {OTHER}


def test_a_token_as_password_shows_what_staff_may_see(site: Site, qgis: Qgis) -> None:
    token = site.tokens["leader"]
    found = qgis("features", uri=layer(site, "findings", username="token", password=token))
    assert codes(found["table"]) == sorted(f["id"] for f in site.features("findings", token=token))
    assert not qgis("features", uri=layer(site, "findings"))["valid"]
