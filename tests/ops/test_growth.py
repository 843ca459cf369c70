"""`make bench GROWTH=...`: a size at a time, what is said of the growth, and the picture of it."""

from __future__ import annotations

import json
import math
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.bench.growth import FIGURES, Figure, Measured, add, read
from ops.bench.growth_plot import plot
from ops.bench.growth_text import exponent, gives_at, series, text
from tests.ops.test_bench import ROWS, bench

SVG = "{http://www.w3.org/2000/svg}"


def told(**figures: float | None) -> Measured:
    return {"measured_on": "2026-11-28", "machine": "x86_64, 2 cores", "load_before": 0.3, "figures": figures}


@pytest.mark.timeout(600)
def test_a_size_is_measured_added_drawn_and_said(tmp_path: Path) -> None:
    file = tmp_path / "growth.json"
    add(500, {"items": 1.0}, 0.1, file)
    done = bench(GROWTH=str(ROWS), OUT=str(file))
    assert done.returncode == 0, done.stderr[-3000:]
    every = read(file)
    assert list(every) == [500, ROWS]
    assert set(every[ROWS]["figures"]) == {figure.id for figure in FIGURES}
    assert all(value is not None and value > 0 for value in every[ROWS]["figures"].values())
    assert every[500]["figures"] == {"items": 1.0}
    assert f"{ROWS:,}" in (tmp_path / "growth.md").read_text()
    assert ElementTree.parse(tmp_path / "growth.svg").getroot().tag == f"{SVG}svg"


@pytest.mark.parametrize("sizes", ["0", "ten", "1000,-1"])
def test_a_size_that_is_none_is_a_matter_of_usage(sizes: str) -> None:
    assert bench("--growth", sizes).returncode == 2


def test_a_size_measured_again_takes_the_place_of_the_old(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "growth.json"
    add(2000, {"items": 4.0}, 0, file)
    add(1000, {"items": 2.004}, 0, file)
    every = add(2000, {"items": None}, 0, file)
    assert [(size, one["figures"]["items"]) for size, one in every.items()] == [(1000, 2.0), (2000, None)]
    assert list(json.loads(file.read_text())) == ["1000", "2000"]


@given(st.floats(-1, 2), st.floats(0.1, 1000), st.lists(st.integers(1, 9), min_size=2, max_size=5, unique=True))
def test_the_exponent_of_a_power_is_found(slope: float, factor: float, decades: list[int]) -> None:
    points = [(10**n, factor * (10**n) ** slope) for n in sorted(decades)]
    assert exponent(points) == pytest.approx(slope, abs=1e-6)


@given(st.floats(0.3, 2), st.floats(1.5, 1000))
def test_a_limit_is_passed_where_the_line_meets_it(slope: float, room: float) -> None:
    points = [(1000, 1.0), (10_000, 10**slope)]
    size = gives_at(points, 10**slope * room)
    assert size is not None
    assert size > 10_000
    assert 10**slope * (size / 10_000) ** slope == pytest.approx(10**slope * room)


def test_what_stays_never_gives_and_what_is_over_says_so() -> None:
    assert gives_at([(1000, 5.0), (10_000, 5.0)], 10) is None
    assert gives_at([(1000, 5.0), (10_000, 50.0)], 20) == 10_000
    assert exponent([(1000, 5.0)]) is None


def test_the_page_names_what_gives_first_first() -> None:
    every = {
        1000: told(list=100.0, summary=10.0, items=20.0, edit=None),
        10_000: told(list=300.0, summary=90.0, items=20.5),
    }
    page = text(every, "growth.svg")
    first, second = page.rpartition("What gives first")[2].strip().splitlines()[2:4]
    assert "first rows of the list" in first or "counts of all kinds" in first
    assert first != second
    assert "1000 features by bbox | 20.0 ms | 20.5 ms | stays" in page
    assert "edit to fresh tile, p95 | ended by the service | not measured |" in page


def test_every_point_lies_in_its_panel_whatever_the_figures() -> None:
    values = {1_000: told(items=1e-3, land=5e4), 1_000_000: told(items=1e6, land=5e4), 5_000_000: told(items=2e6)}
    root = ElementTree.fromstring(plot(values))
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    for dot in root.iter(f"{SVG}circle"):
        assert 0 < float(dot.attrib["cx"]) < 250
        assert 0 < float(dot.attrib["cy"]) < 170
    assert width > 900
    assert height > 300
    names = [part.text or "" for part in root.iter(f"{SVG}text")]
    assert sum("not measured" in name for name in names) == len(FIGURES) - 2
    assert ElementTree.fromstring(plot({})) is not None
    assert ElementTree.fromstring(plot({1000: told(items=3.0)})) is not None


def test_a_series_leaves_out_what_was_not_measured() -> None:
    figure = Figure("items", "x", "ms")
    assert series({10: told(items=1.0), 20: told(), 30: told(items=2.0)}, figure) == [(10, 1.0), (30, 2.0)]
    assert math.isclose(exponent([(10, 1.0), (30, 3.0)]) or 0, 1)
