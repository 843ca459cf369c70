"""What the public sees of an outline (design.md 4): on the grid, valid, near, about as large, or a point."""

from __future__ import annotations

import math
from collections.abc import Iterator

import psycopg
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

DECIMALS = (3, 4, 6)
EAST, NORTH = 121.5, 29.5


@pytest.fixture(scope="module")
def connection(database_url: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    with psycopg.connect(database_url, autocommit=True) as c:
        yield c


@st.composite
def rings(draw: st.DrawFn, size_deg: float, east: float = EAST, north: float = NORTH) -> list[tuple[float, float]]:
    """A star-shaped ring of 3 to 24 corners: never crosses itself, sharp and blunt corners alike."""
    count = draw(st.integers(3, 24))
    reach = draw(st.lists(st.floats(0.02, 1), min_size=count, max_size=count))
    turn = [2 * math.pi * i / count for i in range(count)]
    return [
        (east + size_deg * r * math.cos(a), north + size_deg * r * math.sin(a))
        for r, a in zip(reach, turn, strict=True)
    ]


@st.composite
def outlines(draw: st.DrawFn) -> BaseGeometry:
    """One polygon or several, with or without a hole, from less than a step of the grid to many."""
    size = 10.0 ** draw(st.floats(-6.5, -1.5))
    shape = shapely.Polygon(draw(rings(size)))
    if draw(st.booleans()):
        shape = shape.difference(shapely.Polygon(draw(rings(size * draw(st.floats(0.05, 0.9))))))
    if draw(st.booleans()):
        shape = shapely.union_all([shape, shapely.Polygon(draw(rings(size, EAST + size * 1.5)))])
    polygons = [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon" and p.is_valid and p.area > 0]
    made = polygons[0] if len(polygons) == 1 and draw(st.booleans()) else shapely.MultiPolygon(polygons)
    return made if polygons and made.is_valid else shapely.box(EAST, NORTH, EAST + size, NORTH + size)


@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(shape=outlines(), decimals=st.sampled_from(DECIMALS))
def test_the_public_sees_a_near_outline_on_the_grid_or_a_point(
    connection: psycopg.Connection[tuple[object, ...]], shape: BaseGeometry, decimals: int
) -> None:
    row = connection.execute(
        "select st_asbinary(register.public_shape(st_geomfromwkb(%s, 4490), %s))", [shape.wkb, decimals]
    ).fetchone()
    assert row is not None
    assert isinstance(row[0], bytes)
    public, step = shapely.from_wkb(row[0]), 10.0**-decimals
    at = shapely.get_coordinates(public)
    assert abs(at / step - (at / step).round()).max() < 1e-3, "every corner lies on the grid"
    assert public.is_valid
    assert not public.is_empty
    if public.geom_type == "Point":
        assert public.distance(shape) <= step
        return
    assert public.geom_type in (shape.geom_type, "MultiPolygon"), "one that the grid cuts in two is told as two"
    assert abs(public.area - shape.area) <= 0.1 * shape.area * (1 + 1e-9)
    assert max(shapely.Point(xy).distance(shape) for xy in at) <= step


@pytest.mark.parametrize(
    ("shape", "decimals", "kind"),
    [
        ("POLYGON((121.5 29.5,121.5004 29.5,121.5004 29.5004,121.5 29.5))", 6, "Polygon"),
        ("MULTIPOLYGON(((121.5 29.5,121.5004 29.5,121.5004 29.5004,121.5 29.5)))", 6, "MultiPolygon"),
        ("MULTIPOLYGON(((121.5 29.5,121.50001 29.5,121.50001 29.50001,121.5 29.5)))", 3, "Point"),
        # a spike that the grid folds onto itself: the corners alone would make it invalid
        ("POLYGON((0 0,10 0,10 10,5.2 10,5 0.4,4.8 10,0 10,0 0))", 0, "Polygon"),
        ("POINT(121.50044 29.50044)", 3, "Point"),
        ("LINESTRING(121.5 29.5,121.6 29.6)", 3, "LineString"),
        ("LINESTRING(121.5 29.5,121.50001 29.50001)", 3, "Point"),
    ],
)
def test_kinds_stay_what_they_are_or_become_a_point(
    connection: psycopg.Connection[tuple[object, ...]], shape: str, decimals: int, kind: str
) -> None:
    row = connection.execute(
        "select st_geometrytype(g), st_isvalid(g) from (select register.public_shape(st_geomfromtext(%s, 4490), %s) as g) q",
        [shape, decimals],
    ).fetchone()
    assert row == (f"ST_{kind}", True)
