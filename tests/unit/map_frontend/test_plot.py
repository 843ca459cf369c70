"""The picture of an outline is in metres of the county's survey CRS, north up, with an honest scale bar."""

from __future__ import annotations

import math
import re

import pytest

from map_frontend.things.plot import HEIGHT, WIDTH, picture_of

XIANGSHAN = 4529


def box(width_deg: float, height_deg: float) -> dict[str, object]:
    w, s = 121.9, 29.4
    e, n = w + width_deg, s + height_deg
    return {"type": "Polygon", "coordinates": [[[w, s], [e, s], [e, n], [w, n], [w, s]]]}


def corners(d: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"([\d.]+) ([\d.]+)", d)]


def test_nothing_has_no_picture() -> None:
    assert picture_of(None, XIANGSHAN) is None


def test_a_square_on_the_ground_is_a_square_in_the_picture() -> None:
    picture = picture_of(box(0.001 / math.cos(math.radians(29.4)), 0.001), XIANGSHAN)
    assert picture is not None
    xs, ys = zip(*corners(picture.d), strict=True)
    assert (max(xs) - min(xs)) / (max(ys) - min(ys)) == pytest.approx(1, abs=0.02)


def test_the_scale_bar_tells_the_truth() -> None:
    picture = picture_of(box(0.001, 0.001), XIANGSHAN)
    assert picture is not None
    _, ys = zip(*corners(picture.d), strict=True)
    metres_per_unit = picture.bar_m / picture.bar_px
    assert (max(ys) - min(ys)) * metres_per_unit == pytest.approx(110.9, rel=0.01)


def test_north_is_up() -> None:
    picture = picture_of({"type": "LineString", "coordinates": [[121.9, 29.4], [121.9, 29.5]]}, XIANGSHAN)
    assert picture is not None
    first, last = corners(picture.d)
    assert last[1] < first[1]
    assert picture.kind == "way"


def test_holes_and_parts_are_drawn() -> None:
    ring = box(0.002, 0.002)["coordinates"][0]  # type: ignore[index]
    hole = [[x + 0.0005, y + 0.0005] for x, y in box(0.001, 0.001)["coordinates"][0]]  # type: ignore[index]
    picture = picture_of({"type": "MultiPolygon", "coordinates": [[ring, hole]]}, XIANGSHAN)
    assert picture is not None
    assert picture.d.count("M") == 2


def test_a_point_is_a_spot_in_the_middle() -> None:
    picture = picture_of({"type": "Point", "coordinates": [121.9, 29.4]}, XIANGSHAN)
    assert picture is not None
    assert picture.kind == "spot"
    assert picture.spots[0][0] == pytest.approx(WIDTH / 2)
    assert 0 < picture.spots[0][1] < HEIGHT


@pytest.mark.parametrize("geometry", [box(1e-7, 1e-7), box(0.5, 1e-6), box(1e-6, 0.5)])
def test_slivers_stay_inside_the_picture(geometry: dict[str, object]) -> None:
    picture = picture_of(geometry, XIANGSHAN)
    assert picture is not None
    for x, y in corners(picture.d) + list(picture.spots):
        assert 0 <= x <= WIDTH
        assert 0 <= y <= HEIGHT
