"""Coordinates leave and boxes come in the declared axis order of each CRS (Features Part 2), against independent answers."""

from __future__ import annotations

import csv
from pathlib import Path

import httpx
import psycopg
import pytest

from tests.plugins.service import COUNTY, World

pytestmark = pytest.mark.anyio
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
ITEMS = "/ogc/collections/enterprises/items"


@pytest.fixture(scope="module")
def points(world: World, shared_data: Path) -> list[dict[str, str]]:
    """300 points with answers of PROJ, put into the register as enterprises."""
    with (shared_data / "crs" / "xiangshan_cgcs2000_gk.csv").open() as file:
        rows = list(csv.DictReader(file))
    with psycopg.connect(world.owner_url, autocommit=True) as c:
        for i, row in enumerate(rows):
            lon, lat = row["lon_4490"], row["lat_4490"]
            c.execute(
                "insert into register.enterprise (county_code, code, name, publication_state, geom) "
                "values (%s, %s, 'n', 'published', st_setsrid(st_makepoint(%s, %s), 4490))",
                [COUNTY, f"E{i:03}", float(lon), float(lat)],
            )
    return rows


def column(row: dict[str, str], epsg: int, axis: str) -> float:
    return float(next(value for name, value in row.items() if name.startswith(f"{axis}_{epsg}_")))


@pytest.mark.shared_data
@pytest.mark.parametrize("epsg", [4529, 4550])
async def test_survey_coordinates_are_northing_first(service: httpx.AsyncClient, points: list[dict[str, str]], epsg: int) -> None:  # fmt: skip
    response = await service.get(ITEMS, params={"limit": 1000, "crs": f"{EPSG}{epsg}"})
    assert response.headers["content-crs"] == f"<{EPSG}{epsg}>"
    for feature, row in zip(response.json()["features"], points, strict=True):
        first, second = feature["geometry"]["coordinates"]
        assert first == pytest.approx(column(row, epsg, "n"), abs=0.15)  # the public grid of 6 decimals
        assert second == pytest.approx(column(row, epsg, "e"), abs=0.15)


@pytest.mark.shared_data
@pytest.mark.parametrize(("crs", "is_lat_first"), [(CRS84, False), (f"{EPSG}4326", True), (f"{EPSG}4490", True)])
async def test_degrees_in_their_declared_order(
    service: httpx.AsyncClient, points: list[dict[str, str]], crs: str, is_lat_first: bool
) -> None:
    page = (await service.get(ITEMS, params={"limit": 1000, "crs": crs})).json()
    for feature, row in zip(page["features"], points, strict=True):
        lon, lat = feature["geometry"]["coordinates"][:: -1 if is_lat_first else 1]
        assert (lon, lat) == pytest.approx((float(row["lon_4490"]), float(row["lat_4490"])), abs=1e-6)


@pytest.mark.shared_data
@pytest.mark.parametrize("crs", [CRS84, *(f"{EPSG}{n}" for n in (4326, 4490, 3857, 4529, 4550))])
async def test_a_box_means_the_same_in_every_crs(service: httpx.AsyncClient, points: list[dict[str, str]], crs: str) -> None:  # fmt: skip
    """The box of what a CRS shows holds all of it; a box around one point finds that one."""
    page = (await service.get(ITEMS, params={"limit": 1000, "crs": crs})).json()
    coordinates = [feature["geometry"]["coordinates"] for feature in page["features"]]
    first, second = zip(*coordinates, strict=True)
    room = 1.0 if max(first) > 400 else 1e-5
    box = [min(first) - room, min(second) - room, max(first) + room, max(second) + room]
    whole = await service.get(ITEMS, params={"limit": 1000, "bbox": ",".join(map(str, box)), "bbox-crs": crs})
    assert whole.json()["numberMatched"] == len(points)
    x, y = coordinates[17]
    around = ",".join(map(str, (x - room, y - room, x + room, y + room)))
    one = (await service.get(ITEMS, params={"bbox": around, "bbox-crs": crs})).json()
    assert "E017" in [feature["id"] for feature in one["features"]]
    assert one["numberMatched"] < 5


async def test_every_crs_offered_is_listed_with_the_storage_crs(service: httpx.AsyncClient) -> None:
    one = (await service.get("/ogc/collections/parcels")).json()
    assert one["crs"][0] == CRS84
    assert one["storageCrs"] in one["crs"]
    for crs in one["crs"]:
        response = await service.get("/ogc/collections/parcels/items/PUB", params={"crs": crs})
        assert response.headers["content-crs"] == f"<{crs}>"


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"crs": f"{EPSG}2326"}, "crs"), ({"crs": "nonsense"}, "crs"), ({"bbox-crs": CRS84}, "bbox-crs"),
        ({"bbox": "1,2,3,4", "bbox-crs": f"{EPSG}9999"}, "bbox-crs"), ({"bbox": "1,2,3"}, "bbox"),
        ({"bbox": "nan,1,2,3"}, "bbox"), ({"bbox": "1,5,2,3"}, "bbox"), ({"bbox": "inf,1,2,3"}, "bbox"),
        ({"bbox": "0,0,200,10"}, "bbox"), ({"bbox": "9e300,9e300,9.1e300,9.1e300", "bbox-crs": f"{EPSG}4529"}, "bbox"),
        ({"bbox": "41400000,3200000,41300000,3300000", "bbox-crs": f"{EPSG}3857"}, "bbox"), ({"bbox": ""}, "bbox"),
    ],
)  # fmt: skip
async def test_a_bad_crs_or_box_is_named(service: httpx.AsyncClient, query: dict[str, str], parameter: str) -> None:
    response = await service.get("/ogc/collections/parcels/items", params=query)
    assert response.status_code == 400
    assert response.json()["errors"][0]["parameter"] == parameter


async def test_a_box_may_cross_180_degrees_or_shrink_to_a_point(service: httpx.AsyncClient) -> None:
    crossing = await service.get("/ogc/collections/parcels/items", params={"bbox": "170,29,121.885,30"})
    assert [f["id"] for f in crossing.json()["features"]] == ["PUB"]
    point = await service.get("/ogc/collections/parcels/items", params={"bbox": "121.8805,29.6005,121.8805,29.6005"})
    assert [f["id"] for f in point.json()["features"]] == ["PUB"]
    flat = await service.get("/ogc/collections/parcels/items", params={"bbox": "170,29.6005,121.885,29.6005"})
    assert [f["id"] for f in flat.json()["features"]] == ["PUB"]
