"""What grows with the county, how, and what gives first, said from the figures alone."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from ops.bench.growth import FIGURES, Figure, Measured
from ops.bench.report import figure as digits

FARTHEST = 100_000_000
"""Parcels; nothing is said of counties beyond."""

STAYS, WITH = 0.15, 0.85
"""Exponents over the whole range: below the one a figure stays, from the other on it grows with the county (1 = as fast)."""


def series(every: Mapping[int, Measured], figure: Figure) -> list[tuple[int, float]]:
    """Sizes and values of one figure, where it was measured."""
    return [
        (size, told["figures"][figure.id]) for size, told in every.items() if told["figures"].get(figure.id) is not None
    ]


def exponent(points: Sequence[tuple[int, float]]) -> float | None:
    """b of value ~ size^b, by least squares of the logarithms; None with fewer than two sizes."""
    known = [(math.log(size), math.log(value)) for size, value in points if value > 0]
    if len(known) < 2:
        return None
    middle_x, middle_y = (sum(column) / len(known) for column in zip(*known, strict=True))
    over = sum((x - middle_x) ** 2 for x, _ in known)
    return float(sum((x - middle_x) * (y - middle_y) for x, y in known) / over)


def gives_at(points: Sequence[tuple[int, float]], limit: float) -> float | None:
    """The size at which the limit is passed, as the last two sizes go on; None when it never is. The first size already over counts."""
    for size, value in points:
        if value > limit:
            return float(size)
    slope = exponent(points[-2:])
    if slope is None or slope <= STAYS:
        return None
    size, value = points[-1]
    return size * float((limit / value) ** (1 / slope))


def text(every: Mapping[int, Measured], picture: str) -> str:
    """The page docs/growth.md; `picture` lies beside it."""
    sizes = list(every)
    lines = ["# How it grows", "", f"![Each figure at each size]({picture})", "", _measured(every), ""]
    lines += [
        "| figure | " + " | ".join(f"{size:,}" for size in sizes) + " | grows |",
        "|---|" + "---:|" * len(sizes) + "---|",
    ]
    for one in FIGURES:
        cells = [_cell(every[size]["figures"], one) for size in sizes]
        lines.append(f"| {one.text} | " + " | ".join(cells) + f" | {_how(exponent(series(every, one)))} |")
    lines += ["", "What gives first, if the last two sizes go on as they do:", ""]
    return "\n".join([*lines, *_first(every)]) + "\n"


def _measured(every: Mapping[int, Measured]) -> str:
    told = [
        f"{size:,} parcels on {one['measured_on']} ({one['machine']}, load {one['load_before']:g})"
        for size, one in every.items()
    ]
    return "`make bench GROWTH=...`: " + "; ".join(told) + "."


def _cell(figures: Mapping[str, float | None], one: Figure) -> str:
    if one.id not in figures:
        return "not measured"
    value = figures[one.id]
    return "ended by the service" if value is None else f"{digits(value)} {one.unit}"


def _how(slope: float | None) -> str:
    if slope is None:
        return "one size only"
    if slope < STAYS:
        return "stays"
    if slope < WITH:
        return f"slower than the county (x{10**slope:.1f} for ten times the parcels)"
    return f"with the county (x{10**slope:.0f} for ten times the parcels)"


def _first(every: Mapping[int, Measured]) -> list[str]:
    """Figures with a limit, the one that is passed first at the top."""
    out = []
    for one in FIGURES:
        points = series(every, one)
        if (
            one.limit is not None
            and len(points) > 1
            and (size := gives_at(points, one.limit)) is not None
            and size <= FARTHEST
        ):
            over = next((value for at, value in points if at == size and value > one.limit), None)
            said = (
                f"over it already at {size:,.0f} parcels ({digits(over)} {one.unit})"
                if over
                else f"at about {_round(size)} parcels"
            )
            out.append((size, f"- {one.text}: {one.limit:g} {one.unit} ({one.limit_is}) {said}"))
    if not out:
        return [f"- nothing up to {FARTHEST:,} parcels that can be told from the sizes measured so far"]
    return [line for _, line in sorted(out)]


def _round(size: float) -> str:
    step = 10 ** (len(str(int(size))) - 1)
    return f"{round(size / step) * step:,.0f}"
