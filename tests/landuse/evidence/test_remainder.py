"""What is left of a plot, and what is measured of it: shapes whose answers are known by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.landuse.evidence.floors import Building, floor_area
from geo.landuse.evidence.measuring import Footprint, Ground, Measured, Plot, measure
from geo.landuse.evidence.remainder import Limits, remainder

BARE = Limits(setback_m=0, least_width_m=0, sliver_m2=1, high_storey_m=8)
SQUARE = shapely.MultiPolygon([shapely.box(0, 0, 100, 100)])
SURVEYED = date(2026, 5, 1)


def plant(code: str, outline: shapely.Polygon | None, **told: object) -> Footprint:
    area = None if outline is None else outline.area
    return Footprint(Building(code, 1.0, area, **({"storeys": 1, "height_m": 7.0} | told)), outline)  # type: ignore[arg-type]


def test_an_l_is_left_beside_a_corner_building() -> None:
    left = remainder(SQUARE, [shapely.box(0, 0, 60, 60)], [], BARE)
    assert left.equals(shapely.Polygon([(60, 0), (100, 0), (100, 100), (0, 100), (0, 60), (60, 60)]))


def test_a_building_in_the_middle_leaves_a_hole() -> None:
    left = remainder(SQUARE, [shapely.box(40, 40, 60, 60)], [], BARE)
    assert (len(left.geoms), len(left.geoms[0].interiors), left.area) == (1, 1, 9600)


def test_a_road_in_use_parts_the_land_and_setbacks_are_kept() -> None:
    limits = replace(BARE, setback_m=5)
    left = remainder(SQUARE, [shapely.box(0, 0, 40, 100)], [shapely.box(40, 48, 100, 52)], limits)
    assert left.equals(shapely.MultiPolygon([shapely.box(45, 5, 95, 48), shapely.box(45, 52, 95, 95)]))


@pytest.mark.parametrize(("gap_m", "is_left"), [(2.9, False), (3.1, True)])
def test_a_strip_narrower_than_can_be_used_is_no_land_left(gap_m: float, is_left: bool) -> None:
    left = remainder(SQUARE, [shapely.box(0, 0, 100, 100 - gap_m)], [], replace(BARE, least_width_m=3))
    assert left.area == pytest.approx(100 * gap_m if is_left else 0)


def test_a_neck_goes_and_the_two_rooms_it_joins_keep_their_corners() -> None:
    rooms = shapely.union_all([shapely.box(0, 0, 30, 30), shapely.box(30, 14, 60, 15), shapely.box(60, 0, 90, 30)])
    left = remainder(rooms, [], [], replace(BARE, least_width_m=3))
    assert left.symmetric_difference(shapely.union(shapely.box(0, 0, 30, 30), shapely.box(60, 0, 90, 30))).area < 0.01


def test_a_sliver_of_an_outline_drawn_twice_is_an_error_of_measurement() -> None:
    left = remainder(SQUARE, [shapely.box(0.009, 0, 100, 100)], [], BARE)
    assert left.is_empty


boxes = st.builds(
    lambda x, y, w, h: shapely.box(x, y, x + w, y + h),
    st.floats(-20, 110),
    st.floats(-20, 110),
    st.floats(0.5, 80),
    st.floats(0.5, 80),
)


@settings(deadline=None)
@given(st.lists(boxes, max_size=5), st.lists(boxes, max_size=3), st.floats(0, 12), st.floats(0, 9))
def test_what_is_left_lies_in_the_plot_clear_of_everything(
    buildings: list[shapely.Polygon], grounds: list[shapely.Polygon], setback_m: float, width_m: float
) -> None:
    left = remainder(SQUARE, buildings, grounds, Limits(setback_m, width_m, 1.0, 8))
    assert left.is_valid
    if left.is_empty:
        return
    assert SQUARE.buffer(-setback_m + 2e-3).covers(left)
    assert shapely.intersection(left, shapely.union_all([*buildings, *grounds])).area < 0.5
    assert all(left.distance(b) > setback_m - 2e-3 for b in buildings)
    assert all(part.area > 1 for part in left.geoms)


def test_a_plot_is_measured_whole() -> None:
    plot = Plot(
        10_000, SQUARE, SURVEYED,
        [plant("A", shapely.box(0, 0, 50, 40)), plant("B", shapely.box(50, 0, 100, 20), storeys=3, height_m=12.0)],
        [Ground("R", False, True, shapely.box(0, 40, 100, 50)), Ground("Y", True, True, shapely.box(0, 50, 50, 60)),
         Ground("Z", False, False, shapely.box(50, 50, 100, 60))],
    )  # fmt: skip
    found = measure(plot, BARE)
    assert (found.footprint_m2, found.coverage_ratio) == pytest.approx((3000, 0.30))
    assert found.in_use_m2 == pytest.approx(1500)
    assert found.coefficient_ratio == pytest.approx(0.35)
    assert found.far_ratio == pytest.approx((2000 + 3 * 1000) / 10_000)
    assert found.remainder is not None
    assert found.remainder.area == pytest.approx(1000 + 500 + 4000)
    assert found.rectangle is not None
    assert (found.rectangle.width_m, found.rectangle.length_m) == pytest.approx((40, 100))
    assert found.missing == ()


def test_never_surveyed_is_not_all_empty_but_surveyed_and_empty_is() -> None:
    assert measure(Plot(10_000, SQUARE, None), BARE) == Measured(missing=("ground_surveyed_on",))
    empty = measure(Plot(10_000, SQUARE, SURVEYED), BARE)
    assert (empty.coverage_ratio, empty.far_ratio) == (0, 0)
    assert empty.remainder is not None
    assert empty.remainder.area == 10_000


def test_a_building_without_outline_leaves_the_land_open_and_names_itself() -> None:
    found = measure(Plot(10_000, SQUARE, SURVEYED, [plant("A", None, floor_area_m2=4000.0)]), BARE)
    assert (found.far_ratio, found.coverage_ratio, found.remainder, found.missing) == (0.4, None, None, ("A.geom",))


@pytest.mark.parametrize(
    ("told", "area_m2", "missing"),
    [
        ({"storeys": 1, "height_m": 8.0}, 1000, ()),
        ({"storeys": 1, "height_m": 8.01}, 2000, ()),
        ({"storeys": 2, "height_m": 16.0}, 2000, ()),
        ({"storeys": 2, "height_m": 16.1}, 4000, ()),
        ({"storeys": 2, "height_m": None, "clear_height_m": 9.0}, 4000, ()),
        ({"storeys": 2, "height_m": None, "clear_height_m": 7.0}, None, ("B.height_m",)),
        ({"storeys": None, "height_m": 7.0}, None, ("B.storeys",)),
        ({"storeys": None, "height_m": 20.0, "floor_area_m2": 900.0}, None, ("B.height_m",)),
        ({"storeys": None, "height_m": 7.0, "floor_area_m2": 900.0}, 900, ()),
        ({"storeys": 2, "height_m": 10.0, "floors_m2": {1: 1000.0, 2: 400.0}}, 1400, ()),
        ({"storeys": 3, "height_m": 12.0, "floors_m2": {1: 1000.0, 2: 400.0}}, 3000, ()),
    ],
)
def test_floors_over_the_limit_count_twice_and_what_is_not_told_is_named(
    told: dict[str, object], area_m2: float | None, missing: tuple[str, ...]
) -> None:
    found = floor_area([Building("B", 1.0, 1000.0, **told)], 8)  # type: ignore[arg-type]
    assert (found.area_m2, found.missing) == (area_m2, missing)


def test_only_the_share_of_a_building_that_stands_in_the_plot_counts() -> None:
    assert floor_area([Building("B", 0.25, 1000.0, storeys=2, height_m=6.0)], 8).area_m2 == 500
