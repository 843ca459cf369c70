"""The figures of all sizes as a picture of small panels, SVG by hand: one line each, both axes in steps of ten.

The grey line in a panel is what grows as fast as the county. Colours hold on a light and on a dark page.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from html import escape

from ops.bench.growth import FIGURES, Figure, Measured
from ops.bench.growth_text import series
from ops.bench.report import figure as digits

COLUMNS, PANEL_W, PANEL_H = 4, 250, 170
LEFT, RIGHT, TOP, BOTTOM = 18, 34, 50, 28
"""Room in a panel around its line, pixels."""

MARGIN, HEAD = 16, 46
DECADES_MIN = 2
STYLE = """
svg { font-family: system-ui, "Noto Sans", sans-serif; }
.page { fill: #ffffff; } .title { fill: #1b1f24; font-size: 16px; font-weight: 600; } .name { fill: #1b1f24; font-size: 12px; font-weight: 600; }
.note, .at { fill: #57606a; font-size: 11px; } .axis { stroke: #d0d7de; } .even { stroke: #8c959f; stroke-dasharray: 3 4; }
.line { stroke: #0b6e99; stroke-width: 2; fill: none; } .dot { fill: #0b6e99; } .limit { stroke: #b35900; stroke-dasharray: 6 3; }
.value { fill: #1b1f24; font-size: 11px; stroke: #ffffff; stroke-width: 3px; paint-order: stroke; } .said { fill: #b35900; font-size: 10px; }
@media (prefers-color-scheme: dark) {
.page { fill: #0d1117; } .title, .name, .value { fill: #e6edf3; } .value { stroke: #0d1117; } .note, .at { fill: #9198a1; } .axis { stroke: #3d444d; }
.even { stroke: #656c76; } .line { stroke: #58b4dd; } .dot { fill: #58b4dd; } .limit { stroke: #e3a04f; } .said { fill: #e3a04f; } }
"""


def plot(every: Mapping[int, Measured]) -> str:
    """The picture; panels without a figure say so."""
    rows = -(-len(FIGURES) // COLUMNS)
    width, height = MARGIN * 2 + COLUMNS * PANEL_W, MARGIN * 2 + HEAD + rows * PANEL_H
    sizes = ", ".join(f"{size:,}" for size in every) or "no size yet"
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="{escape(f"Figures of the benchmark at {sizes} parcels")}">',
        f"<style>{STYLE}</style>", f'<rect class="page" width="{width}" height="{height}"/>',
        f'<text class="title" x="{MARGIN}" y="{MARGIN + 14}">How it grows: {escape(sizes)} parcels</text>',
        f'<text class="note" x="{MARGIN}" y="{MARGIN + 32}">Both axes in steps of ten. Grey: as fast as the county. Orange: where it is no longer good enough.</text>',
    ]  # fmt: skip
    for n, one in enumerate(FIGURES):
        out += _panel(one, every, MARGIN + n % COLUMNS * PANEL_W, MARGIN + HEAD + n // COLUMNS * PANEL_H)
    return "\n".join([*out, "</svg>"]) + "\n"


def _panel(one: Figure, every: Mapping[int, Measured], x0: int, y0: int) -> list[str]:
    points = [(size, value) for size, value in series(every, one) if value > 0]
    out = [
        f'<g transform="translate({x0} {y0})">',
        f'<text class="name" x="{LEFT}" y="20">{escape(one.text)}, {one.unit}</text>',
    ]
    if not points:
        return [*out, f'<text class="note" x="{LEFT}" y="{PANEL_H / 2:.0f}">not measured</text>', "</g>"]
    bottom, right = PANEL_H - BOTTOM, PANEL_W - RIGHT
    x_low, x_high = math.log10(min(every)), math.log10(max(every))
    logs = [math.log10(value) for _, value in points]
    y_low, y_high = _range(min(logs), max(logs))

    def x(size: float) -> float:
        return LEFT + (right - LEFT) * ((math.log10(size) - x_low) / (x_high - x_low) if x_high > x_low else 0.5)

    def y(log: float) -> float:
        return bottom - (bottom - TOP) * (log - y_low) / (y_high - y_low)

    out.append(f'<line class="axis" x1="{LEFT}" y1="{bottom}" x2="{right}" y2="{bottom}"/>')
    if x_high > x_low:  # from the first point on, as far as there is room
        rise = min(x_high - math.log10(points[0][0]), y_high - logs[0])
        out.append(
            f'<line class="even" x1="{x(points[0][0]):.1f}" y1="{y(logs[0]):.1f}" x2="{x(points[0][0] * 10**rise):.1f}" y2="{y(logs[0] + rise):.1f}"/>'
        )
    if one.limit is not None and y_low <= math.log10(one.limit) <= y_high:
        at = y(math.log10(one.limit))
        out.append(f'<line class="limit" x1="{LEFT}" y1="{at:.1f}" x2="{right}" y2="{at:.1f}"/>')
        out.append(f'<text class="said" x="{right + 3}" y="{at + 3:.1f}">{one.limit:g}</text>')
    path = " ".join(f"{x(size):.1f},{y(log):.1f}" for (size, _), log in zip(points, logs, strict=True))
    out.append(f'<polyline class="line" points="{path}"/>')
    for (size, value), log in zip(points, logs, strict=True):
        out.append(f'<circle class="dot" cx="{x(size):.1f}" cy="{y(log):.1f}" r="3"/>')
        out.append(
            f'<text class="value" x="{x(size):.1f}" y="{y(log) - 8:.1f}" text-anchor="middle">{digits(value)}</text>'
        )
        out.append(f'<text class="at" x="{x(size):.1f}" y="{bottom + 15}" text-anchor="middle">{_short(size)}</text>')
    return [*out, "</g>"]


def _range(low: float, high: float) -> tuple[float, float]:
    """Logarithms at the foot and the head of a panel, at least DECADES_MIN apart, the line in the middle."""
    room = max(0.0, DECADES_MIN - (high - low)) / 2
    return low - room - 0.1, high + room + 0.1


def _short(size: int) -> str:
    return f"{size / 1e6:g}M" if size >= 1_000_000 else f"{size / 1e3:g}k"
