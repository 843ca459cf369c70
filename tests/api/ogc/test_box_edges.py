"""A box is exact to the last digit, though most rows are told by boxes rounded to single precision."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
import shapely
from shapely.geometry import shape

from tests.plugins.service import COUNTY, World, serving

pytestmark = pytest.mark.anyio
STEPS_DEG = (-1e-4, -4e-5, -2e-5, -1e-5, -1e-6, -1e-7, 0.0, 1e-7, 1e-6, 1e-5, 2e-5, 4e-5, 1e-4)
WEST, SOUTH, EAST, NORTH = 121.7000005, 29.4000005, 121.7100005, 29.4100005
"""The box that firms stand around: along each edge, so far outside and inside of it. Public shapes lie on a grid of 1e-6 degrees,
these edges between its lines, so that no firm stands on one."""


def places() -> list[tuple[float, float]]:
    middle = ((WEST + EAST) / 2, (SOUTH + NORTH) / 2)
    upright = [(edge + step, middle[1]) for edge in (WEST, EAST) for step in STEPS_DEG]
    level = [(middle[0], edge + step) for edge in (SOUTH, NORTH) for step in STEPS_DEG]
    return [(round(x, 6), round(y, 6)) for x, y in (*upright, *level)]


def around(area: Any) -> list[tuple[float, ...]]:
    """Boxes that just touch an area, just miss it, and just hold it; a point and a speck."""
    west, south, east, north = area.bounds
    boxes = [(east, north, east, north), (west, south, west + 1e-6, south + 1e-6)]
    for step in STEPS_DEG:
        boxes += [(east + step, south, east + 0.01, north), (west - 0.01, south, west + step, north)]
        boxes += [(west, north + step, east, north + 0.01), (west, south - 0.01, east, south + step)]
        boxes += [(west + step, south + step, east - step, north - step)]
    return boxes


async def test_rows_near_an_edge_of_the_box_are_told_by_their_shape(world: World) -> None:
    with psycopg.connect(world.owner_url) as connection, connection.cursor() as cursor:
        cursor.executemany(
            "insert into register.enterprise (county_code, code, name, geom, publication_state) "
            "values (%s, %s, '企业', st_setsrid(st_makepoint(%s, %s), 4490), 'published')",
            [(COUNTY, f"E{n}", *place) for n, place in enumerate(places())],
        )
    async with serving(world) as client:
        for collection in ("parcels", "enterprises"):
            at = f"/ogc/collections/{collection}/items"
            everything = (await client.get(at, params={"limit": 1000})).json()["features"]
            shapes = {feature["id"]: shape(feature["geometry"]) for feature in everything}
            boxes = around(shapes["PUB"]) if collection == "parcels" else [(WEST, SOUTH, EAST, NORTH)]
            for box in boxes:
                words = ",".join(f"{edge:.7f}" for edge in box)
                answer = (await client.get(at, params={"limit": 1000, "bbox": words})).json()
                asked = shapely.box(*map(float, words.split(",")))
                expected = {code for code, area in shapes.items() if shapely.intersects(area, asked)}
                assert {feature["id"] for feature in answer["features"]} == expected, box
                assert answer["numberMatched"] == len(expected), box
