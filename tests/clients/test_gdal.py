"""GDAL reads the collections as its users do: the one in the pyogrio wheel, and Debian's programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

import pytest
from pyproj import Transformer

from geo.registry.collections import COLLECTIONS
from tests.clients.conftest import Asked, Site, command, run
from tests.clients.county import COUNTY, OTHER, OTHER_LOTS

PUBLIC = [c.id for c in COLLECTIONS.values() if not c.staff_only]
BOX = (121.9, 29.45, 121.95, 29.5)
PAGE = 100

Features = list[dict[str, Any]]
Gdal = Callable[..., dict[str, Features]]


def by_pyogrio(
    source: str, layers: list[str] | None = None, box: tuple[float, ...] | None = None, page_size: int | None = None, token: str | None = None,
    where: str | None = None, crs: str | None = None,
) -> dict[str, Features]:  # fmt: skip
    """Features by layer, read by the GDAL of the pyogrio wheel."""
    given = {"source": source, "layers": layers, "box": box, "page_size": page_size, "where": where, "crs": crs}
    asked = json.dumps({name: value for name, value in given.items() if value is not None})
    out: dict[str, Features] = json.loads(
        run(sys.executable, "-m", "tests.clients.pyogrio_read", asked, **basic(token))
    )
    return out


def by_debian(
    source: str, layers: list[str] | None = None, box: tuple[float, ...] | None = None, page_size: int | None = None, token: str | None = None,
    where: str | None = None,
) -> dict[str, Features]:  # fmt: skip
    """Features by layer, listed by Debian's ogrinfo and read by its ogr2ogr."""
    if layers is None:
        listed = run(command("OGRINFO"), "-ro", "-q", source, **basic(token)).decode()
        layers = [line.split()[1] for line in listed.splitlines() if line[:1].isdigit()]
    more = [
        *(("-spat", *map(str, box)) if box else ()),
        *(("-oo", f"PAGE_SIZE={page_size}") if page_size else ()),
        *(("-where", where) if where else ()),
    ]
    out = {}
    for layer in layers:
        read = run(command("OGR2OGR"), "-f", "GeoJSON", "/vsistdout/", source, layer, *more, **basic(token))
        out[layer] = json.loads(read)["features"]
    return out


def basic(token: str | None) -> dict[str, str]:
    """GDAL's own settings for a personal token as the password of HTTP Basic."""
    return {"GDAL_HTTP_AUTH": "BASIC", "GDAL_HTTP_USERPWD": f"token:{token}"} if token else {}


@pytest.fixture(params=[by_pyogrio, by_debian])
def gdal(request: pytest.FixtureRequest) -> Gdal:
    """Each of the two."""
    program: Gdal = request.param
    return program


def codes(features: Features) -> list[str]:
    return [f["properties"]["code"] for f in features]


def of_items(site: Site) -> list[Asked]:
    """Requests for items, without those that only look at the first few."""
    return [line for line in site.log.of("/items") if line.query.get("limit") != "10"]


def test_it_finds_every_collection_with_all_features(site: Site, gdal: Gdal) -> None:
    found = gdal(f"OAPIF:{site.url}/ogc")
    assert list(found) == PUBLIC
    for collection, features in found.items():
        expected = site.features(collection)
        assert codes(features) == [f["id"] for f in expected], collection
        for one, other in zip(features, expected, strict=True):
            assert one["properties"]["name"] == other["properties"]["name"]
            assert one["properties"]["version"] == other["properties"]["version"]


def test_geometry_arrives_unturned(site: Site, gdal: Gdal) -> None:
    features = gdal(f"OAPIF:{site.url}/ogc", ["enterprises"])["enterprises"]
    for one, other in zip(features, site.features("enterprises"), strict=True):
        assert one["geometry"]["coordinates"] == pytest.approx(other["geometry"]["coordinates"], abs=1e-9)


def test_it_reads_page_after_page(site: Site, gdal: Gdal) -> None:
    expected = [f["id"] for f in site.features("parcels")]
    site.log.lines.clear()
    features = gdal(f"OAPIF:{site.url}/ogc", ["parcels"], page_size=PAGE)["parcels"]
    assert codes(features) == expected
    pages = of_items(site)
    assert len([line for line in pages if "cursor" in line.query]) == (len(expected) - 1) // PAGE
    assert {line.status for line in pages} == {200}


def test_its_box_reaches_the_service(site: Site, gdal: Gdal) -> None:
    expected = [f["id"] for f in site.features("parcels", "&bbox=" + ",".join(map(str, BOX)))]
    assert 0 < len(expected) < len(site.features("parcels"))
    site.log.lines.clear()
    features = gdal(f"OAPIF:{site.url}/ogc", ["parcels"], box=BOX)["parcels"]
    assert codes(features) == expected
    asked = [line.query for line in site.log.of("/parcels/items") if "bbox" in line.query][-1]
    west, south, east, north = BOX
    is_north_first = asked.get("bbox-crs", "").endswith("EPSG/0/4490")
    wanted = (south, west, north, east) if is_north_first else BOX
    assert [float(n) for n in asked["bbox"].split(",")] == pytest.approx(wanted)


def test_the_county_is_kept_from_page_to_page(site: Site, gdal: Gdal) -> None:
    features = gdal(f"OAPIF:{site.url}/ogc?county={OTHER}", ["parcels"], page_size=PAGE)["parcels"]
    assert codes(features) == [f"LOT-{number:03d}" for number in range(OTHER_LOTS)]
    assert {line.query.get("county") for line in site.log.of("/items")} == {OTHER}
    assert COUNTY not in {line.query.get("county") for line in site.log.lines}


def test_a_token_as_password_shows_what_staff_may_see(site: Site, gdal: Gdal) -> None:
    token = site.tokens["leader"]
    found = gdal(f"OAPIF:{site.url}/ogc", ["findings", "projects"], token=token)
    for collection, features in found.items():
        assert codes(features) == [f["id"] for f in site.features(collection, token=token)]
    assert len(found["projects"]) > len(site.features("projects"))


@pytest.mark.parametrize(
    ("where", "keep"),
    [
        ("status = 'AVAILABLE'", lambda p: p["status"] == "AVAILABLE"),
        ("registered_area_m2 > 60000", lambda p: (p["registered_area_m2"] or 0) > 60000),
        ("status = 'AVAILABLE' AND far_min >= 1", lambda p: p["status"] == "AVAILABLE" and (p["far_min"] or 0) >= 1),
    ],
)
def test_its_attribute_filter_is_answered(site: Site, gdal: Gdal, where: str, keep: Callable[[dict[str, Any]], bool]) -> None:  # fmt: skip
    everything = site.features("parcels")
    expected = [f["id"] for f in everything if keep(f["properties"])]
    assert 0 < len(expected) < len(everything)
    assert codes(gdal(f"OAPIF:{site.url}/ogc", ["parcels"], where=where)["parcels"]) == expected


def test_its_attribute_filter_reaches_the_service(site: Site) -> None:
    expected = [f["id"] for f in site.features("parcels") if f["properties"]["status"] == "AVAILABLE"]
    site.log.lines.clear()
    features = by_pyogrio(f"OAPIF:{site.url}/ogc", ["parcels"], where="status = 'AVAILABLE'")["parcels"]
    assert codes(features) == expected
    asked = [line.query for line in site.log.of("/parcels/items")]
    assert any(query.get("status") == "AVAILABLE" or "AVAILABLE" in query.get("filter", "") for query in asked), asked


@pytest.mark.parametrize("epsg", [4529, 4550, 3857])
def test_it_asks_for_survey_coordinates_and_gets_them_its_own_way_round(site: Site, epsg: int) -> None:
    features = by_pyogrio(f"OAPIF:{site.url}/ogc", ["enterprises"], crs=f"EPSG:{epsg}")["enterprises"]
    to_survey = Transformer.from_crs(4490 if epsg != 3857 else 4326, epsg, always_xy=True)
    for one, other in zip(features, site.features("enterprises"), strict=True):
        assert one["geometry"]["coordinates"] == pytest.approx(
            to_survey.transform(*other["geometry"]["coordinates"]), abs=0.05
        )
    assert any(str(epsg) in line.query.get("crs", "") for line in site.log.of("/items"))
