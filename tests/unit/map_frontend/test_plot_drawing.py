"""A plot's drawing holds the shapes it was given, at scale, and says everything in words too."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pytest
import shapely
from shapely import affinity

from map_frontend.drawing.hatching import hatched
from map_frontend.drawing.inks import Inks
from map_frontend.drawing.plot import GROUNDS, Footprint, Ground, Plot, PlotScene, PlotWords, draw_plot, frame_of
from map_frontend.style.palette import Hatch

SVG = "{http://www.w3.org/2000/svg}"
EAST, NORTH = 41_395_000.0, 3_262_000.0
KEYS = {name: name.upper() for name in ("outline", "building", "idle", "left", "rectangle", "setback")}


def at(shape: shapely.geometry.base.BaseGeometry) -> shapely.geometry.base.BaseGeometry:
    """A shape drawn around 0, 0 where the survey zone is."""
    return affinity.translate(shape, EAST, NORTH)


def scene(plot: Plot, unknown: str = "") -> PlotScene:
    words = PlotWords("A 图", "北", "20 m", KEYS, (("面积", "15.00 亩 · 10,000 m²"),), ("测绘 2026-05-01",), unknown)
    return PlotScene(frame_of(plot.outline, 4529), plot, words)


def hectare(**more: object) -> Plot:
    """A square hectare with a hall in its south-west corner and the land left over around it."""
    square, hall = shapely.box(0, 0, 100, 100), shapely.box(10, 10, 60, 60)
    left = shapely.difference(square.buffer(-5, join_style="mitre"), hall.buffer(5, join_style="mitre"))
    told: dict[str, object] = {
        "outline": at(square), "footprints": (Footprint("H1", at(hall), (("一号厂房", "1 层"),)),), "remainder": at(left),
        "rectangle": at(shapely.box(65, 5, 95, 95)), "sides": ("30 m", "90 m"), "left_over": (("未开发 6.75 亩", "4,500 m²"), ("未开发", "6.75 亩", "4,500 m²")), "setback_m": 5.0,
    }  # fmt: skip
    return Plot(**(told | more))  # type: ignore[arg-type]


def shape_of(svg: str, name: str, where: PlotScene) -> shapely.geometry.base.BaseGeometry:
    """The polygons a drawing has of one class, back in metres around 0, 0."""
    root = ElementTree.fromstring(svg)
    found = [element.get("d", "") for element in root.iter(f"{SVG}path") if element.get("class") == name]
    rings = [
        np.array(re.findall(r"(-?[\d.]+) (-?[\d.]+)", ring), dtype=float) for d in found for ring in d.split("M")[1:]
    ]
    shape: shapely.geometry.base.BaseGeometry = shapely.Polygon()
    for ring in rings:  # even-odd
        shape = shape.symmetric_difference(shapely.Polygon(ring))
    west, _, _, north = where.frame.box_m
    return shapely.transform(
        shape, lambda p: np.column_stack([west + p[:, 0] * where.frame.m_per_px - EAST, north - p[:, 1] * where.frame.m_per_px - NORTH])
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("plot-outline", shapely.box(0, 0, 100, 100)),
        ("plot-building", shapely.box(10, 10, 60, 60)),
        ("plot-setback", shapely.box(5, 5, 95, 95)),
        ("plot-left", shapely.difference(shapely.box(5, 5, 95, 95), shapely.box(5, 5, 65, 65))),
        ("plot-rectangle", shapely.box(65, 5, 95, 95)),
    ],
)
def test_every_shape_is_drawn_where_it_is_and_at_scale(name: str, expected: shapely.Polygon) -> None:
    where = scene(hectare())
    drawn = shape_of(draw_plot(where), name, where)
    assert drawn.symmetric_difference(expected).area < expected.length * 0.1 * where.frame.m_per_px


def test_a_plot_in_two_parts_with_a_hole_is_drawn_so() -> None:
    parts = shapely.MultiPolygon([shapely.box(0, 0, 60, 40).difference(shapely.box(20, 10, 40, 30)), shapely.box(70, 0, 90, 40)])  # fmt: skip
    where = scene(Plot(at(parts), remainder=at(parts.buffer(-2, join_style="mitre"))))
    assert shape_of(draw_plot(where), "plot-outline", where).symmetric_difference(parts).area < 20


def test_the_hatch_lies_in_the_remainder_and_nowhere_else() -> None:
    shape = shapely.Polygon([(0, 0), (90, 0), (90, 30), (30, 30), (30, 80), (0, 80)])
    for form in Hatch:
        d = hatched(shape, form, 6)
        lines = shapely.MultiLineString(
            [tuple(np.array(re.findall(r"[-\d.]+", line), dtype=float).reshape(2, 2).tolist()) for line in d.split("M")[1:]]
        )  # fmt: skip
        assert shape.buffer(0.1).contains(lines), form
        assert 0.8 < lines.length * 6 / shape.area / (2 if form in (Hatch.CROSSED, Hatch.GRID) else 1) < 1.2, form


def test_hatches_of_neighbours_meet_and_a_great_shape_gets_no_more_lines_than_a_screen() -> None:
    assert hatched(shapely.box(0, 0, 1e6, 1e6), Hatch.RISING, 1).count("M") <= 402
    assert hatched(shapely.Polygon(), Hatch.GRID, 5) == ""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_same_plot_gives_the_same_bytes_and_only_colours_of_its_theme(theme: str) -> None:
    first, second = (draw_plot(scene(hectare()), Inks(theme)) for _ in range(2))  # type: ignore[arg-type]
    assert first == second
    assert draw_plot(scene(hectare()), Inks("light")) != draw_plot(scene(hectare()), Inks("dark"))
    assert "var(--" not in first
    assert "style=" not in first
    assert "url(" not in first


def test_words_stand_beside_every_hatch_and_no_two_kinds_of_ground_share_one() -> None:
    grounds = [
        Ground(f"G{n}", kind, f"词{n}", is_in_use, at(shapely.box(66, 10 + 8 * n, 90, 16 + 8 * n)))
        for n, (kind, is_in_use) in enumerate((("ROAD", True), ("STORAGE", True), ("YARD", False)))
    ]
    text = "".join(ElementTree.fromstring(draw_plot(scene(hectare(grounds=grounds)))).itertext())
    for word in (
        "OUTLINE",
        "BUILDING",
        "SETBACK",
        "LEFT",
        "RECTANGLE",
        "IDLE",
        "词0",
        "词1",
        "面积",
        "测绘 2026-05-01",
    ):
        assert word in text, word
    assert len({(h.token, h.form) for h in GROUNDS.values()}) == len(GROUNDS)


def test_the_rectangles_sides_are_written_along_it() -> None:
    svg = draw_plot(scene(hectare()))
    assert ">30 m<" in svg
    assert ">90 m<" in svg
    assert [text for text in re.findall(r">([^<>]+)</text>", svg) if "亩" in text][-2:] == [
        "6.75 亩",
        "15.00 亩 · 10,000 m²",
    ]


def test_unknown_says_what_is_missing_and_draws_nothing_left() -> None:
    svg = draw_plot(scene(hectare(remainder=None, rectangle=None), unknown="未开发面积未知，缺：场地测绘日期"))
    assert "未开发面积未知" in svg
    assert "plot-left" not in svg
    assert "plot-rectangle" not in svg
    nothing = draw_plot(scene(hectare(remainder=shapely.MultiPolygon(), rectangle=None)))
    assert "未知" not in nothing


def test_hostile_words_stay_words() -> None:
    evil = "</text><script>alert(1)</script>\u202e"
    plot = hectare(footprints=(Footprint("X", at(shapely.box(10, 10, 90, 90)), ((evil,),)),), left_over=((evil,),))
    svg = draw_plot(scene(plot, unknown=evil))
    assert "<script" not in svg
    ElementTree.fromstring(svg)


def test_no_words_lie_over_one_another() -> None:
    grounds = [Ground(f"G{n}", "YARD", "作业场地", True, at(shapely.box(5, 62 + n, 64, 95))) for n in range(6)]
    root = ElementTree.fromstring(draw_plot(scene(hectare(grounds=grounds)), has_figures=False))
    where = [(float(t.get("x", "0")), float(t.get("y", "0"))) for t in root.iter(f"{SVG}text") if t.get("text-anchor") == "middle"]  # fmt: skip
    for (x0, y0), (x1, y1) in pairwise(sorted(where)):
        assert abs(x0 - x1) > 5 or abs(y0 - y1) > 9
