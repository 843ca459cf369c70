"""What the processes hold: memory of their own, open files, connections; and how the last quarter of a run stands to the first."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import psycopg

MEMORY_MOST, MEMORY_ROOM_MB = 1.10, 8.0
"""Growth of the median that is still none: so many times, and so much on top."""

COUNT_ROOM = 2
SAMPLES_MIN = 24
"""With fewer samples than this nothing is said of growth."""

_BACKENDS = "select pid from pg_stat_activity where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()"


@dataclass(frozen=True, slots=True)
class Sample:
    """At one moment: megabytes and open files by process, memory of all database backends together, connections.

    Memory is what a process shares with nobody. None = cannot be read here.
    """

    memory_mb: Mapping[str, float | None]
    files: Mapping[str, int | None]
    backends_mb: float | None
    connections: int


class State(StrEnum):
    """How a verdict stands."""

    FINE = "fine"
    BAD = "NOT FINE"
    UNKNOWN = "not judged"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was looked at, how it stands, and the figures."""

    what: str
    state: State
    said: str


def own_mb(pid: int) -> float | None:
    """Memory a process shares with nobody; None where it is gone or may not be read."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return None
    found = [int(line.split()[1]) for line in lines if line.startswith(("Private_Clean:", "Private_Dirty:"))]
    return sum(found) / 1000 if found else None


def open_files(pid: int) -> int | None:
    """Files, sockets and pipes a process holds open."""
    try:
        return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
    except OSError:
        return None


def look(owner: psycopg.Connection[tuple[object, ...]], processes: Mapping[str, int]) -> Sample:
    """One sample; `owner` is the connection that asks and is not counted."""
    backends = [int(str(pid)) for (pid,) in owner.execute(_BACKENDS)]
    held = [own_mb(pid) for pid in backends]
    known = [mb for mb in held if mb is not None]
    return Sample(
        {name: own_mb(pid) for name, pid in processes.items()}, {name: open_files(pid) for name, pid in processes.items()},
        sum(known) if known else None, len(backends),
    )  # fmt: skip


def grown(samples: Sequence[Sample]) -> list[Verdict]:
    """Medians of the last quarter against those of the first, for everything a sample holds.

    Of the backends the most in a quarter: a connection lives for minutes (`GEO_POOL_RECYCLE_S`) and takes its memory with it, so theirs is
    a saw whose teeth tell growth, and a median only where in a tooth the quarter ends.
    """
    if not samples:
        return []
    out = []
    for name in samples[0].memory_mb:
        out.append(_judge(f"memory of {name}", "MB", [s.memory_mb[name] for s in samples], _memory_limit))
    out.append(_judge("memory of the database's backends", "MB", [s.backends_mb for s in samples], _memory_limit, max))
    for name in samples[0].files:
        out.append(_judge(f"open files of {name}", "", [s.files[name] for s in samples], _count_limit))
    out.append(_judge("connections to the database", "", [s.connections for s in samples], _count_limit))
    return out


def _memory_limit(first: float) -> float:
    return first * MEMORY_MOST + MEMORY_ROOM_MB


def _count_limit(first: float) -> float:
    return first * MEMORY_MOST + COUNT_ROOM


def _judge(
    what: str,
    unit: str,
    values: Sequence[float | None],
    limit: Callable[[float], float],
    of_quarter: Callable[[Sequence[float]], float] = statistics.median,
) -> Verdict:
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return Verdict(what, State.UNKNOWN, f"could be read {len(known)} of {len(values)} times")
    quarter = max(1, len(known) // 4)
    first, last = of_quarter(known[:quarter]), of_quarter(known[-quarter:])
    said = f"first quarter {first:.0f}, last {last:.0f}, most {max(known):.0f} {unit}".rstrip()
    if len(known) < SAMPLES_MIN:
        return Verdict(what, State.UNKNOWN, f"{said}; too short a run to tell growth")
    return Verdict(what, State.FINE if last <= limit(first) else State.BAD, said)
