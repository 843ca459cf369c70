"""What happened to a parcel and what was agreed, as events in a reader's words: the list that the picture is drawn from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from geo.landuse.clock.events import EventKind, contradictions, event_kinds
from geo.landuse.clock.parcel_clock import Coming, Due, Light, ParcelClock
from geo.landuse.pauses.queries import Pause
from map_frontend.style.palette import FINDING_LEVEL, UNKNOWN, Mark
from map_frontend.words import Words

DAY = timedelta(days=1)
LANES = ("agreed", "actual", "stopped", "leads", "case")
"""From the top down; the last is drawn only where there is a case."""


@dataclass(frozen=True, slots=True)
class Event:
    """One item of the list and one figure of the picture. `until`: its last day, None for one day or no end (`is_open`)."""

    key: str
    lane: str
    kind: str
    """Fact kind, `pause`, the id of a rule, a step of a case or `deadline`: what the stylesheet and the script go by."""
    on: date
    until: date | None
    title: str
    when: str
    note: str = ""
    short: str = ""
    mark: Mark | None = None
    level: str = ""
    is_span: bool = False
    is_open: bool = False
    is_hollow: bool = False
    """Not (yet) certain: in the future, or not stopping any clock."""
    is_over: bool = False
    conflict: str = ""
    ghost_on: date | None = None
    """Where the day lay before pauses moved it."""
    ghost: str = ""
    source: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the lane of what happened. `kind`: held (delivered, not begun), works, stopped."""

    kind: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Story:
    """All events by day, the stretches between them, and what contradicts."""

    as_of: date
    events: tuple[Event, ...]
    segments: tuple[Segment, ...]
    conflicts: tuple[str, ...]
    coming: tuple[Coming, ...]

    @property
    def newest_first(self) -> list[Event]:
        """For a narrow screen."""
        return sorted(self.events, key=lambda e: (e.on, e.key), reverse=True)

    def days(self) -> list[date]:
        """Every day the whole life spans; the far ends of what has no end are not among them."""
        found = [e.on for e in self.events] + [e.ghost_on for e in self.events if e.ghost_on]
        return found + [e.until for e in self.events if e.until is not None and not e.is_open]


def story(clock: ParcelClock, words: Words, more: Iterable[Event] = ()) -> Story:
    """The story of a parcel at the moment its clock was read; `more`: events of its case."""
    clashing: dict[str, str] = {}
    for one in contradictions(clock.dates):
        said = _clash(clock, words, one.earlier, one.later, one.days)
        for fact in (one.earlier, one.later):
            clashing[fact] = f"{clashing[fact]}; {said}" if fact in clashing else said
    dues = {due.kind.fact: due for due in clock.dues()}
    events: list[Event] = []
    for kind in event_kinds():
        due = dues.get(kind.fact)
        if due is not None:
            events.append(_due(clock, words, due, clashing.get(kind.fact, "")))
        elif kind.fact in clock.dates:
            events.append(_told(clock, words, kind, dues, clashing.get(kind.fact, "")))
    events += [_pause(clock, words, pause) for pause in clock.pauses]
    born = min([e.on for e in events] + [clock.as_of])
    for rule in clock.leads:
        events += [_lead(clock, words, light, n) for n, light in enumerate(clock.lights(rule, born))]
    events += more
    events.sort(key=lambda e: (e.on, LANES.index(e.lane), e.key))
    return Story(
        clock.as_of, tuple(events), tuple(_segments(clock)), tuple(dict.fromkeys(clashing.values())), tuple(clock.coming())
    )  # fmt: skip


def _clash(clock: ParcelClock, words: Words, earlier: str, later: str, days: int) -> str:
    return words(
        "clock.conflict", earlier=words(f"clock.date.{earlier}"), one=words.day(clock.dates[earlier]),
        later=words(f"clock.date.{later}"), two=words.day(clock.dates[later]), n=days,
    )  # fmt: skip


def _due(clock: ParcelClock, words: Words, due: Due, conflict: str) -> Event:
    on, moved = due.on or due.plain_on, due.days_moved
    note = ""
    if moved is None:
        note = words("clock.moved_open")
    elif moved:
        note = words("clock.moved", date=words.day(due.plain_on), n=moved)
    is_told = due.agreed_on is not None
    return Event(
        key=due.kind.fact, lane="agreed", kind=due.kind.fact, on=on, until=None, when=words.day(on), note=note, conflict=conflict,
        title=words(f"clock.{'date' if is_told else 'due'}.{due.kind.fact}"), is_hollow=not is_told or moved is None,
        ghost_on=due.plain_on if moved else None, ghost=words("clock.ghost", date=words.day(due.plain_on), n=moved) if moved else "",
        source=_source(clock, due.kind.fact), is_open=moved is None,
    )  # fmt: skip


def _told(clock: ParcelClock, words: Words, kind: EventKind, dues: dict[str, Due], conflict: str) -> Event:
    on = clock.dates[kind.fact]
    against = dues[kind.against].on if kind.against in dues else clock.dates.get(kind.against or "")
    late = 0 if against is None else (on - against).days
    note = words("clock.late", n=late) if late > 0 else words("clock.early", n=-late) if late < 0 else ""
    return Event(
        key=kind.fact, lane=kind.lane, kind=kind.fact, on=on, until=None, title=words(f"clock.date.{kind.fact}"), when=words.day(on),
        note=note, conflict=conflict, is_hollow=kind.lane == "actual" and on > clock.as_of, source=_source(clock, kind.fact),
    )  # fmt: skip


def _source(clock: ParcelClock, fact: str) -> str:
    row = clock.told.get(fact)
    return str(row["document_no"] or "") if row else ""


def _pause(clock: ParcelClock, words: Words, pause: Pause) -> Event:
    days = pause.days() or (clock.as_of - pause.from_on).days + 1
    key = ("clock.pause_days" if pause.to_on else "clock.pause_open") if pause.stops_clock else (
        "clock.pause_not" if pause.to_on else "clock.pause_not_open"
    )  # fmt: skip
    first = words.day(pause.from_on)
    when = (
        words("clock.from_to", first=first, last=words.day(pause.to_on))
        if pause.to_on
        else words("clock.from", first=first)
    )
    note = words(key, n=days) if "{n}" in words(key) else words(key)
    return Event(
        key=f"pause-{pause.id}", lane="stopped", kind="pause", on=pause.from_on, until=pause.to_on, when=when, note=note,
        title=words.pick(pause.cause_name.zh, pause.cause_name.en), short=note, is_span=True, is_open=pause.to_on is None,
        is_hollow=not pause.stops_clock, source=pause.document_no or "",
    )  # fmt: skip


def _lead(clock: ParcelClock, words: Words, light: Light, number: int) -> Event:
    first, last = words.day(light.first), words.day(light.until)
    is_coming, is_over = light.first > clock.as_of, light.until is not None and light.until < clock.as_of
    if is_coming:
        when = words("clock.will", first=first)
    elif is_over:
        when = words("clock.was", first=first, last=last)
    else:
        when = words("clock.since", first=first)
    name = words.code("finding_result", light.result) if light.result else light.rule.title.text(words.lang)
    level = words.code("finding_level", light.level) if light.level else ""
    return Event(
        key=f"{light.rule.id}-{number}", lane="leads", kind=light.rule.id, on=light.first, until=light.until,
        title=f"{name} · {level}" if level else name, when=when, short=name, level=light.level or "", note=light.rule.id,
        mark=FINDING_LEVEL.get(light.level or "", UNKNOWN), is_span=True, is_open=light.until is None, is_hollow=is_coming, is_over=is_over,
    )  # fmt: skip


def _segments(clock: ParcelClock) -> Iterable[Segment]:
    """Land held and not begun, works, works stopped; nothing where dates contradict."""
    d, today = clock.dates, clock.as_of
    started = d.get("started_on")
    if started is not None and started > today:
        started = None
    held = d.get("delivered_on")
    if held is not None and held < (started or today):
        yield Segment("held", held, started or today)
    if started is None:
        return
    end = d.get("completed_on")
    end = today if end is None or not started <= end <= today else end
    stop, again = d.get("suspended_since_on"), d.get("resumed_on")
    if stop is None or not started <= stop <= end:
        yield Segment("works", started, end)
        return
    yield Segment("works", started, stop)
    resumed = again if again is not None and stop <= again <= end else None
    yield Segment("stopped", stop, resumed or end)
    if resumed is not None and resumed < end:
        yield Segment("works", resumed, end)


@dataclass(frozen=True, slots=True)
class NextDay:
    """A day to come: a lead's or a case's. `short` stands in the picture; it is grave when a lead begins to hold or a period ends."""

    on: date
    said: str
    short: str


def next_days(story: Story, words: Words, more: Iterable[NextDay] = ()) -> list[NextDay]:
    """The days to come, each once, the next first; of several of one day the gravest is said."""
    grave = (*FINDING_LEVEL, None)
    found: dict[date, NextDay] = {day.on: day for day in sorted(more, key=lambda d: d.said, reverse=True)}
    for one in sorted(story.coming, key=lambda c: (c.date.on, grave.index(c.date.level), c.rule.id)):
        if one.date.on not in found:
            found[one.date.on] = NextDay(one.date.on, one.date.happens.text(words.lang), _short(words, one))
    return [found[day] for day in sorted(found)]


def _short(words: Words, one: Coming) -> str:
    if one.date.holds == "yes" and one.date.result:
        return words.code("finding_result", one.date.result)
    return "" if one.date.holds is None else words("clock.turn_over", what=one.rule.title.text(words.lang))
