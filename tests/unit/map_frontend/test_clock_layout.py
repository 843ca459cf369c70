"""The layout of a timeline holds for any dates: no two labels overlap, all stands inside the frame, later is never further left."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from map_frontend.clock.axis import EARLIEST, LATEST, Axis, clamped, months_later, ticks, window
from map_frontend.clock.layout import Bar, Lane, Layout, Point, lay_out

FRAME = (92.0, 1224.0)
LEAP = [date(2020, 2, 28), date(2020, 2, 29), date(2020, 3, 1), date(2023, 2, 28), date(2024, 2, 29), date(2100, 3, 1)]
near = st.dates(date(2020, 1, 1), date(2021, 6, 30)) | st.sampled_from(LEAP)
days = near | st.dates(date(1900, 1, 1), date(2999, 12, 31))
widths = st.floats(1, 320) | st.floats(321, 2500)


@st.composite
def axes(draw: st.DrawFn) -> Axis:
    first = draw(days)
    return Axis(
        first, first + timedelta(days=draw(st.sampled_from([1, 30, 365, 2500]) | st.integers(1, 40_000))), *FRAME
    )


@st.composite
def lanes(draw: st.DrawFn) -> list[Lane]:
    points = [
        Lane(name, [Point(f"{name}{n}", d, w) for n, (d, w) in enumerate(draw(st.lists(st.tuples(days, widths), max_size=14)))],
             above_only=name == "head", lines=draw(st.lists(st.floats(*FRAME), max_size=3)))
        for name in ("head", "agreed", "actual")
    ]  # fmt: skip
    bars = []
    for n, (first, length, told) in enumerate(
        draw(st.lists(st.tuples(days, st.integers(1, 4000), st.lists(widths, max_size=3)), max_size=14))
    ):
        bars.append(Bar(f"b{n}", first, clamped(first, length), tuple(sorted(told, reverse=True))))
    return [*points, Lane("leads", bars=bars, least=48)]


def laid(axis: Axis, plan: list[Lane]) -> Layout:
    return lay_out(axis, plan)


@settings(max_examples=150, deadline=None)
@given(axes(), lanes())
def test_no_two_labels_ever_overlap(axis: Axis, plan: list[Lane]) -> None:
    done = laid(axis, plan)
    for one, other in combinations(done.label_boxes(), 2):
        assert not one.overlaps(other), (one, other)
    for one_bar, other_bar in combinations(done.lane("leads").bars, 2):
        assert not one_bar.box.overlaps(other_bar.box), (one_bar, other_bar)
        if one_bar.label_box is not None:
            assert not one_bar.label_box.overlaps(other_bar.box)


@settings(max_examples=150, deadline=None)
@given(axes(), lanes())
def test_everything_stands_inside_the_frame_and_its_lane(axis: Axis, plan: list[Lane]) -> None:
    done = laid(axis, plan)
    for lane, asked in zip(done.lanes, plan, strict=True):
        assert lane.bottom >= lane.top
        boxes = [label.box for label in lane.labels] + [bar.box for bar in lane.bars]
        boxes += [bar.label_box for bar in lane.bars if bar.label_box is not None]
        for box in boxes:
            assert axis.left - 0.01 <= box.left <= box.right <= axis.right + 0.01
            assert lane.top <= box.top < box.bottom <= lane.bottom
        shown = len(lane.labels) + len(lane.bars)
        assert shown + lane.before + lane.after == len(asked.points) + len(asked.bars), "each is shown once or counted"
    for above, below in pairwise(done.lanes):
        assert above.bottom == below.top


@settings(max_examples=150, deadline=None)
@given(axes(), st.lists(days, min_size=2, max_size=20))
def test_later_is_never_further_left(axis: Axis, told: list[date]) -> None:
    places = [axis.x(day) for day in sorted(told)]
    assert places == sorted(places)
    assert all(axis.left <= x <= axis.right for x in places)


@settings(max_examples=150, deadline=None)
@given(axes(), lanes())
def test_a_label_lies_at_its_mark_or_has_a_thread_to_it(axis: Axis, plan: list[Lane]) -> None:
    for lane in laid(axis, plan).lanes:
        for label in lane.labels:
            assert label.box.left - 0.01 <= label.x <= label.box.right + 0.01, (
                "the mark is above or below its own words"
            )
            is_near = min(abs(label.box.bottom - lane.line), abs(label.box.top - lane.line)) <= 15.01
            assert is_near == (label.thread is None)


@settings(max_examples=150, deadline=None)
@given(axes(), st.sampled_from([40.0, 64.0, 120.0]))
def test_ticks_have_room_and_begin_months(axis: Axis, least: float) -> None:
    found = ticks(axis, least)
    for one, other in pairwise(found):
        assert other.x - one.x >= least * 0.9 - 0.01
        assert other.on > one.on
    assert all(tick.on.day == 1 and axis.holds(tick.on) for tick in found)
    assert all((tick.month is None) == (tick.on.month == 1) for tick in found)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["life", "recent", "ahead"]), days, st.lists(days, max_size=8), st.lists(days, max_size=3))
def test_every_window_has_days_and_holds_today(zoom: str, today: date, told: list[date], coming: list[date]) -> None:
    first, last = window(zoom, today, told, coming)
    assert EARLIEST <= first < last <= LATEST
    assert first <= today <= last
    if zoom == "life":
        assert all(first < day < last for day in told)


def test_leap_days() -> None:
    assert months_later(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert months_later(date(2024, 2, 29), -18) == date(2022, 8, 29)
    assert months_later(date(2023, 8, 31), 6) == date(2024, 2, 29)
    axis = Axis(date(2024, 2, 28), date(2024, 3, 1), 0, 100)
    assert [axis.x(date(2024, 2, d)) for d in (28, 29)] == [0, 50]
    assert axis.x(date(2024, 3, 1)) == 100


def test_two_labels_of_close_days_go_to_different_rows() -> None:
    """Under 40 days apart, in a life of seven years: what collided in the first sketch."""
    axis = Axis(date(2020, 1, 1), date(2027, 1, 1), *FRAME)
    close = [Point("a", date(2022, 6, 1), 150), Point("b", date(2022, 6, 20), 150), Point("c", date(2022, 7, 5), 150)]
    lane = laid(axis, [Lane("actual", close)]).lanes[0]
    assert len({label.box.top for label in lane.labels}) >= 2
