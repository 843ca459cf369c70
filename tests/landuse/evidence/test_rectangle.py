"""The largest rectangle: known answers, and what must hold of any shape."""

from __future__ import annotations

import time

import numpy as np
import pytest
import shapely
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from shapely.affinity import rotate, translate

from geo.landuse.evidence.rectangle import largest_rectangle

L_SHAPE = shapely.Polygon([(0, 0), (100, 0), (100, 40), (40, 40), (40, 100), (0, 100)])
HOLED = shapely.Polygon(shapely.box(0, 0, 100, 60).exterior, [shapely.box(30, 20, 50, 40).exterior])
TWO_PARTS = shapely.MultiPolygon([shapely.box(0, 0, 10, 10), shapely.box(20, 0, 40, 9)])
FAR_OFF = (41_395_000.0, 3_262_000.0)
"""Where zone 41 lies in a survey CRS with the zone in its easting."""

KNOWN = {
    "L": (L_SHAPE, 40, 100),
    "a hole": (HOLED, 50, 60),
    "a sliver": (shapely.box(0, 0, 200, 0.5), 0.5, 200),
    "two parts": (TWO_PARTS, 9, 20),
    "a circle, its square": (shapely.Point(0, 0).buffer(50, quad_segs=90), 70.7107, 70.7107),
    "an ellipse": (shapely.affinity.scale(shapely.Point(0, 0).buffer(50, quad_segs=90), 2, 1), 70.71, 141.42),
}


@pytest.mark.parametrize("turned_deg", [0, 13, 45.3, 88])
@pytest.mark.parametrize("name", KNOWN)
def test_known_answers_hold_at_any_angle_and_anywhere(name: str, turned_deg: float) -> None:
    shape, width, length = KNOWN[name]
    moved = translate(rotate(shape, turned_deg), *FAR_OFF)
    found = largest_rectangle(moved)
    assert found is not None
    assert (found.width_m, found.length_m) == pytest.approx((width, length), rel=2e-3)
    assert found.area_m2 == pytest.approx(width * length, rel=1e-3)
    assert moved.buffer(1e-6).covers(found.shape)


@pytest.mark.parametrize("turned_deg", [0, 13, 45.3, 88])
def test_half_of_a_triangle_is_a_rectangle_on_any_of_its_sides(turned_deg: float) -> None:
    triangle = translate(rotate(shapely.Polygon([(0, 0), (90, 0), (30, 60)]), turned_deg), *FAR_OFF)
    found = largest_rectangle(triangle)
    assert found is not None
    assert found.area_m2 == pytest.approx(triangle.area / 2, rel=1e-3)


def test_a_side_too_short_to_be_used_is_no_answer() -> None:
    flag = shapely.union(shapely.box(0, 0, 500, 4), shapely.box(0, 0, 30, 40))
    assert largest_rectangle(flag).length_m == pytest.approx(500)  # type: ignore[union-attr]
    assert largest_rectangle(flag, least_side_m=6).width_m == pytest.approx(30)  # type: ignore[union-attr]
    assert largest_rectangle(flag, least_side_m=60) is None
    assert largest_rectangle(shapely.MultiPolygon()) is None


def wobbly(seed: int, corners: int) -> shapely.Polygon:
    rng = np.random.default_rng(seed)
    at = np.sort(rng.uniform(0, 2 * np.pi, corners))
    out = rng.uniform(20, 100, corners)
    return shapely.Polygon(np.c_[out * np.cos(at), out * np.sin(at)])


@st.composite
def shapes(draw: st.DrawFn) -> shapely.geometry.base.BaseGeometry:
    """Star-like outlines with buildings taken out: what remainders look like."""
    shape: shapely.geometry.base.BaseGeometry = wobbly(draw(st.integers(0, 10_000)), draw(st.integers(4, 24)))
    assume(shape.is_valid)
    for _ in range(draw(st.integers(0, 3))):
        x, y, w, h = (
            draw(st.floats(-60, 60)),
            draw(st.floats(-60, 60)),
            draw(st.floats(3, 60)),
            draw(st.floats(3, 60)),
        )
        shape = shape.difference(rotate(shapely.box(x, y, x + w, y + h), draw(st.floats(0, 90))))
    assume(shape.area > 50)
    return shape


def on_a_coarse_grid(shape: shapely.geometry.base.BaseGeometry, lines: int = 13) -> float:
    """Brute force: every upright rectangle of a grid, at every 15 degrees."""
    best = 0.0
    for turn in range(0, 90, 15):
        turned = rotate(shape, turn, origin=(0, 0))
        x0, y0, x1, y1 = turned.bounds
        xs, ys = np.linspace(x0, x1, lines), np.linspace(y0, y1, lines)
        i, j = np.triu_indices(lines, 1)
        left, low = (grid.ravel() for grid in np.meshgrid(i, i, indexing="ij"))
        right, high = (grid.ravel() for grid in np.meshgrid(j, j, indexing="ij"))
        areas = (xs[right] - xs[left]) * (ys[high] - ys[low])
        better = areas > best
        boxes = shapely.box(xs[left[better]], ys[low[better]], xs[right[better]], ys[high[better]])
        shapely.prepare(turned)
        fitting = areas[better][shapely.contains(turned, boxes)]
        best = max(best, float(fitting.max(initial=0.0)))
    return best


@settings(max_examples=40, deadline=None, derandomize=True)
@given(shapes())
def test_it_lies_inside_and_is_never_smaller_than_brute_force(shape: shapely.geometry.base.BaseGeometry) -> None:
    found = largest_rectangle(shape)
    assert found is not None
    assert shape.buffer(1e-6).covers(found.shape)
    assert found.shape.area == pytest.approx(found.area_m2, rel=1e-6)
    assert found.area_m2 >= 0.98 * on_a_coarse_grid(shape)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(shapes(), st.floats(0, 360), st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
@example(L_SHAPE, 45.0, 40_500_000.0, 0.0)
def test_it_moves_with_the_shape(shape: shapely.geometry.base.BaseGeometry, turn: float, dx: float, dy: float) -> None:
    here = largest_rectangle(shape)
    there = largest_rectangle(translate(rotate(shape, turn), dx, dy))
    assert here is not None
    assert there is not None
    assert there.area_m2 == pytest.approx(here.area_m2, rel=0.03)


def test_a_thousand_corners_take_a_moment() -> None:
    rng = np.random.default_rng(7)
    at = np.linspace(0, 2 * np.pi, 1001)[:-1]
    out = 60 + np.cumsum(rng.normal(size=1000)) / 4
    coast = shapely.Polygon(np.c_[out * np.cos(at), out * np.sin(at)]).buffer(0)
    begun = time.process_time()
    found = largest_rectangle(coast)
    assert found is not None
    assert found.area_m2 > 0.3 * coast.area
    assert time.process_time() - begun < 3
