"""What a run was asked for, and what every part of it is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ops.bench.scratch import Scratch


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the benchmark: `seconds` is the least length of a turn, `peers` those that take part."""

    database: Scratch
    rounds: int
    seconds: float
    connections: int
    peers: tuple[str, ...]
    say: Callable[[str], None]
