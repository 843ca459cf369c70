"""What the loads did: how often, how long it took, what went wrong. Many threads write, one reads."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter

FAULTS_SHOWN = 20
SERVER_ERROR, WRONG, STALE, CUT = "5xx", "wrong answer", "stale answer", "connection lost"


class Fault(Exception):
    """An answer that must not be; `kind` is one of the above."""

    def __init__(self, kind: str, said: str) -> None:
        super().__init__(said)
        self.kind = kind


@dataclass(slots=True)
class Page:
    """What happened since the page was begun."""

    done: Counter[str] = field(default_factory=Counter)
    times_s: dict[str, list[float]] = field(default_factory=dict)

    def p95_ms(self, what: str) -> float | None:
        """The time within which 95 of 100 were done; None where nothing was."""
        times = sorted(self.times_s.get(what, ()))
        return times[min(int(len(times) * 0.95), len(times) - 1)] * 1000 if times else None


class Book:
    """Counts and times of the whole run and of the minute, and the faults."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.whole, self._minute = Page(), Page()
        self.faults: Counter[str] = Counter()
        self.examples: list[str] = []

    def note(self, what: str, seconds: float) -> None:
        """One thing was done and took so long."""
        with self._lock:
            for page in (self.whole, self._minute):
                page.done[what] += 1
                page.times_s.setdefault(what, []).append(seconds)

    @contextmanager
    def timed(self, what: str) -> Iterator[None]:
        """Notes what the block does when it ends well."""
        begun = perf_counter()
        yield
        self.note(what, perf_counter() - begun)

    def fault(self, what: str, fault: Fault) -> None:
        """Something went wrong."""
        with self._lock:
            self.faults[fault.kind] += 1
            if len(self.examples) < FAULTS_SHOWN:
                self.examples.append(f"{what}: {fault.kind}: {fault}")

    def turn_page(self) -> Page:
        """What happened since this was asked last."""
        with self._lock:
            page, self._minute = self._minute, Page()
            return page
