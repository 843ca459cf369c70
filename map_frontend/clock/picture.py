"""The story as a drawing: widths of words measured, everything laid out, ready for the template (no colours: classes of the stylesheet)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from map_frontend.clock.axis import Axis, Tick, months_later, ticks, window
from map_frontend.clock.layout import Bar, Box, Lane, Layout, PlacedBar, PlacedLabel, PlacedLane, Point, lay_out
from map_frontend.clock.story import DAY, LANES, Event, NextDay, Segment, Story
from map_frontend.drawing.text import cut, width
from map_frontend.words import Words

WIDTH, LEFT, RIGHT = 1240.0, 92.0, 1224.0
SIZE, SMALL = 13.5, 12.0
CHIP = 18.0
"""Room that a chip's ends take beside its words."""
MARK = 19.0
BARE = 15.0
"""A light without words."""
"""Room of a light before its words."""
SCALE_WORD = 36.0
"""The room a word of the scale takes: nearer to the right edge a tick has none."""
TICKS = 22.0
ZOOMS = ("life", "recent", "ahead")
TURNS_SHOWN = 2
FORESIGHT = 36
"""Months: a day further ahead is told in words and not drawn, or it would squeeze the life before it."""
LONGEST_CHIP = 190.0


@dataclass(frozen=True, slots=True)
class Chip:
    """A line over the whole height with its label at the top: today, the next dates."""

    kind: str
    x: float
    y: float
    box: Box
    text: str


@dataclass(frozen=True, slots=True)
class Label:
    """Words beside a mark: bold, then plain."""

    bold: str
    plain: str
    placed: PlacedLabel
    is_ghost: bool
    is_conflict: bool
    event: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A mark on the line of a lane; `ghost_x` where it lay before pauses moved it."""

    event: Event
    x: float
    y: float
    ghost_x: float | None


@dataclass(frozen=True, slots=True)
class BarFigure:
    """A bar with its words; right of `now_x` it is what is to come."""

    event: Event
    placed: PlacedBar
    text: str
    now_x: float


@dataclass(frozen=True, slots=True)
class LaneFigure:
    """A lane with all that stands on it."""

    name: str
    placed: PlacedLane
    figures: Sequence[Figure]
    labels: Sequence[Label]
    bars: Sequence[BarFigure]
    segments: Sequence[tuple[str, float, float]]
    span: tuple[float, float] | None
    """The lane of what was agreed: from its first to its last mark."""


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole drawing, in pixels of its own frame."""

    width: float
    height: float
    left: float
    right: float
    top: float
    today_x: float | None
    future_x: float | None
    """Where the tint of what is to come begins; None: it lies outside the window."""
    ticks: Sequence[tuple[Tick, str]]
    chips: Sequence[Chip]
    lanes: Sequence[LaneFigure]
    columns: Sequence[tuple[float, float, float, float]]
    """Where the clock stood still: left, right, top, bottom."""
    layout: Layout


def picture(story: Story, words: Words, zoom: str, coming: Sequence[NextDay], *, is_today: bool) -> Picture:
    """The drawing of a story in a window: `life`, `recent` or `ahead`."""
    turns = [day for day in coming if day.on <= months_later(story.as_of, FORESIGHT)][:TURNS_SHOWN]
    first, last = window(zoom, story.as_of, story.days(), [day.on for day in turns])
    axis = Axis(first, last, LEFT, RIGHT)
    header = [("today", story.as_of, words("clock.today" if is_today else "clock.as_of", date=words.day(story.as_of)))]
    header += [
        (f"turn-{n}", day.on, cut(f"{words.day(day.on)} {day.short}".strip(), LONGEST_CHIP, SMALL, 600))
        for n, day in enumerate(turns)
    ]
    chips = [Point(key, day, width(text, SMALL, 600) + CHIP) for key, day, text in header]
    lines = [axis.x(day) for _, day, _ in header if axis.holds(day)]
    shown_lanes = [name for name in LANES if name != "case" or any(e.lane == name for e in story.events)]
    plans = {name: _plan(story, words, name, axis, lines) for name in shown_lanes}
    top = lay_out(axis, [Lane("head", chips, above_only=True)])
    body = lay_out(axis, [lane for lane, _ in plans.values()], top.height + TICKS)
    height = body.height + 6
    labels = {label.key: label for label in top.lane("head").labels}
    shown = [Chip("today" if key == "today" else "turn", labels[key].x, labels[key].box.bottom, labels[key].box, text)
             for key, _, text in header if key in labels]  # fmt: skip
    lanes = [_figures(story, body.lane(name), plans[name][1], axis) for name in shown_lanes]
    agreed, stopped = body.lane("agreed"), body.lane("stopped")
    columns = [
        (axis.x(e.on), axis.x(_end(e, axis)), agreed.top, stopped.bottom)
        for e in story.events
        if e.lane == "stopped" and not e.is_hollow and e.on <= last and _end(e, axis) >= first
    ]
    scale = [
        (
            tick,
            ""
            if tick.x > axis.right - SCALE_WORD
            else str(tick.on.year)
            if tick.month is None
            else words(f"clock.month.{tick.month}"),
        )
        for tick in ticks(axis, 64)
    ]
    today_x = axis.x(story.as_of) if axis.holds(story.as_of) else None
    future_x = axis.x(story.as_of) if story.as_of < last else None
    layout = Layout((*top.lanes, *body.lanes), height)
    return Picture(
        WIDTH, height, LEFT, RIGHT, top.height + TICKS, today_x, future_x, scale, shown, lanes, columns, layout
    )  # fmt: skip


def _end(event: Event, axis: Axis) -> date:
    """The beginning of the day after its last; of what has no end the end of the window."""
    return axis.last if event.until is None else event.until + DAY


def _plan(
    story: Story, words: Words, name: str, axis: Axis, lines: Sequence[float]
) -> tuple[Lane, dict[str, tuple[str, ...]]]:
    """A lane to lay out, and the words of each of its labels: (bold, plain), or a bar's own from long to short."""
    events = [e for e in story.events if e.lane == name]
    said: dict[str, tuple[str, ...]] = {}
    if name in ("stopped", "leads"):
        room = MARK if name == "leads" else 0.0
        for e in events:
            said[e.key] = _bar_words(e)
        bars = [
            Bar(
                e.key,
                e.on,
                _end(e, axis),
                tuple(width(text, SIZE, 600) + room if text else BARE for text in said[e.key]),
                e.is_over,
            )
            for e in events
        ]
        return Lane(name, bars=bars, least=48.0), said
    points = []
    for e in events:
        note = "" if e.ghost or not e.note else f"（{e.note}）" if words.lang == "zh" else f" ({e.note})"
        said[e.key] = (e.title, f"{e.when}{note}")
        points.append(_point(e.key, e.on, said[e.key]))
        if e.ghost_on is not None:
            said[f"{e.key}~"] = ("", e.ghost)
            points.append(_point(f"{e.key}~", e.ghost_on, said[f"{e.key}~"]))
    if name == "actual":
        for n, part in enumerate(story.segments):
            if part.kind == "stopped":
                said[f"stop-{n}"] = ("", words("clock.works_stopped", n=(part.last - part.first).days))
                seen_first, seen_last = max(part.first, axis.first), min(part.last, axis.last)
                middle = seen_first + timedelta(days=max((seen_last - seen_first).days, 0) // 2)
                points.append(_point(f"stop-{n}", middle, said[f"stop-{n}"]))
    return Lane(name, points=points, least=64.0, lines=lines), said


def _point(key: str, on: date, said: tuple[str, ...]) -> Point:
    bold, plain = said
    return Point(key, on, width(bold, SIZE, 600) + width(plain, SIZE) + (4 if bold else 0))


def _bar_words(event: Event) -> tuple[str, ...]:
    if event.lane == "leads":
        return (f"{event.title} {event.when}", event.title, event.short, "")
    return (f"{event.title} · {event.note} · {event.when}", f"{event.title} · {event.note}", event.short)


def _figures(story: Story, placed: PlacedLane, said: dict[str, tuple[str, ...]], axis: Axis) -> LaneFigure:
    events = {e.key: e for e in story.events if e.lane == placed.name}
    figures = [
        Figure(e, axis.x(e.on), placed.line, axis.x(e.ghost_on) if e.ghost_on else None)
        for e in events.values()
        if not e.is_span and (axis.holds(e.on) or (e.ghost_on is not None and axis.holds(e.ghost_on)))
    ]
    labels = [
        Label(
            said[p.key][0],
            said[p.key][1],
            p,
            p.key.endswith("~"),
            bool(p.key in events and events[p.key].conflict),
            p.key.rstrip("~"),
        )
        for p in placed.labels
    ]
    bars = [
        BarFigure(events[b.key], b, "" if b.label is None else said[b.key][b.label], axis.x(story.as_of))
        for b in placed.bars
    ]
    segments = [_stretch(part, axis) for part in story.segments] if placed.name == "actual" else []
    seen = [axis.x(e.on) for e in events.values() if not e.is_span]
    span = (min(seen), max(seen)) if placed.name == "agreed" and len(seen) > 1 else None
    return LaneFigure(placed.name, placed, figures, labels, bars, [s for s in segments if s[2] > s[1]], span)


def _stretch(part: Segment, axis: Axis) -> tuple[str, float, float]:
    return part.kind, axis.x(part.first), axis.x(part.last)
