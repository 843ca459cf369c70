"""The dates of a parcel's life and the order they are expected in; data from events.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).with_name("events.yaml")


@dataclass(frozen=True, slots=True)
class EventKind:
    """One date of the ledger. `lane`: agreed or actual; `due`: (rule, value) that moves it by pauses; `against`: an agreed day."""

    fact: str
    lane: str
    due: tuple[str, str] | None
    against: str | None


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two told dates the wrong way round: `earlier` should not come after `later`."""

    earlier: str
    later: str
    days: int
    """How many days the wrong way round, at least 1."""


@cache
def event_kinds() -> tuple[EventKind, ...]:
    """Every kind of date, in the order of a parcel's life."""
    rows = yaml.safe_load(FILE.read_text("utf-8"))["events"]
    return tuple(EventKind(r["fact"], r["lane"], _pair(r.get("due")), r.get("against")) for r in rows)


@cache
def expected_order() -> tuple[tuple[str, str], ...]:
    """(earlier, later): pairs of dates that cannot come the other way round."""
    return tuple((one, two) for one, two in yaml.safe_load(FILE.read_text("utf-8"))["order"])


def contradictions(dates: Mapping[str, date]) -> list[Contradiction]:
    """Told dates that contradict one another, by the order of events.yaml; the same day is no contradiction."""
    return [
        Contradiction(earlier, later, (dates[earlier] - dates[later]).days)
        for earlier, later in expected_order()
        if earlier in dates and later in dates and dates[earlier] > dates[later]
    ]


def _pair(text: str | None) -> tuple[str, str] | None:
    if text is None:
        return None
    rule_id, _, name = text.partition(".")
    return rule_id, name
