"""What a part of the benchmark found, as a table for people and as JSON."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.table import Table

from ops.bench.rounds import Course, Spread
from ops.bench.targets import Verdict


@dataclass(frozen=True, slots=True)
class Line:
    """One contestant: requests a second, times, bytes, and its rate over the reference's."""

    contestant: str
    requests: int
    rate: Spread
    p50_ms: float
    p99_ms: float
    mean_bytes: float
    ratio: Spread


@dataclass(slots=True)
class Part:
    """A table of contestants, what it was measured on, and the targets it speaks of."""

    name: str
    reference: str = ""
    lines: list[Line] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)


def lines(courses: dict[str, Course], reference: str) -> list[Line]:
    """Lines in the order the contestants were given."""
    return [
        Line(course.name, course.count, course.rates, course.percentile_ms(0.5), course.percentile_ms(0.99), course.mean_bytes,
             course.over(courses[reference]))
        for course in courses.values()
    ]  # fmt: skip


def as_json(parts: Sequence[Part], conditions: dict[str, Any]) -> dict[str, Any]:
    """Everything, with plain numbers."""
    return {
        "conditions": conditions,
        "parts": [
            {
                "name": part.name, "reference": part.reference, "notes": part.notes,
                "contestants": [dataclasses.asdict(line) for line in part.lines],
                "targets": [
                    dataclasses.asdict(v.target) | {"state": v.state, "figure": dataclasses.asdict(v.figure) if v.figure else None}
                    for v in part.verdicts
                ],
            }
            for part in parts
        ],
    }  # fmt: skip


def spread(value: Spread, unit: str = "") -> str:
    """`median (least..most)`."""
    return f"{figure(value.median)}{unit} ({figure(value.least)}..{figure(value.most)})"


def figure(number: float) -> str:
    """A number with as many digits as mean something."""
    if number >= 100:
        return f"{number:.0f}"
    return f"{number:.1f}" if number >= 10 else f"{number:.2f}" if number >= 1 else f"{number:.3f}"


def show(part: Part, console: Console) -> None:
    """Print a part."""
    if part.lines:
        table = Table(title=part.name, title_justify="left", box=None, pad_edge=False, header_style="bold")
        table.add_column("contestant", no_wrap=True)
        for title in ("requests", "a second", "p50 ms", "p99 ms", "kB", f"/ {part.reference}"):
            table.add_column(title, justify="right", no_wrap=True)
        for line in part.lines:
            size = f"{line.mean_bytes / 1000:.0f}" if line.mean_bytes else "-"
            table.add_row(line.contestant, str(line.requests), spread(line.rate), figure(line.p50_ms), figure(line.p99_ms), size,
                          spread(line.ratio))  # fmt: skip
        console.print(table)
    for note in part.notes:
        console.print(f"  {note}", highlight=False)
    if part.verdicts:
        table = Table(box=None, pad_edge=False, header_style="bold")
        table.add_column(f"target ({part.name})", no_wrap=True)
        for title in ("goal", "median (min..max)", ""):
            table.add_column(title, justify="right", no_wrap=True)
        for verdict in part.verdicts:
            measured = spread(verdict.figure) if verdict.figure else "-"
            table.add_row(verdict.target.text, verdict.target.wanted, measured, verdict.said)
        console.print(table)
    console.print()
