"""Contestants in turn, round by round, so that what disturbs the machine disturbs all of them; ratios are made within a round."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ops.bench.client import Lap


@dataclass(frozen=True, slots=True)
class Contestant:
    """A name, and a turn: whole laps for at least so many seconds."""

    name: str
    turn: Callable[[float], Lap]


@dataclass(frozen=True, slots=True)
class Spread:
    """A figure over the rounds."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Of one value a round."""
        return cls(statistics.median(values), min(values), max(values))


@dataclass(slots=True)
class Course:
    """What a contestant did in each round."""

    name: str
    laps: list[Lap] = field(default_factory=list)

    @property
    def rates(self) -> Spread:
        """Requests a second."""
        return Spread.of([lap.rate for lap in self.laps])

    @property
    def mean_bytes(self) -> float:
        """Of one body, as sent; 0 where sizes are not counted."""
        return sum(lap.size_bytes for lap in self.laps) / self.count

    @property
    def count(self) -> int:
        """Requests of all rounds."""
        return sum(len(lap.latencies_ms) for lap in self.laps)

    def percentile_ms(self, share: float) -> float:
        """The time within which this share of the requests of all rounds was answered."""
        times = sorted(time for lap in self.laps for time in lap.latencies_ms)
        return times[min(int(len(times) * share), len(times) - 1)]

    def over(self, other: Course) -> Spread:
        """How many times as many requests a second as the other, round by round."""
        return Spread.of([mine.rate / theirs.rate for mine, theirs in zip(self.laps, other.laps, strict=True)])


def interleave(contestants: Sequence[Contestant], rounds: int, seconds: float) -> dict[str, Course]:
    """One unmeasured lap each, then `rounds` rounds; every round begins with another contestant."""
    courses = {contestant.name: Course(contestant.name) for contestant in contestants}
    for contestant in contestants:
        contestant.turn(0.0)
    for number in range(rounds):
        start = number % len(contestants)
        for contestant in (*contestants[start:], *contestants[:start]):
            courses[contestant.name].laps.append(contestant.turn(seconds))
    return courses
