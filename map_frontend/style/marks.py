"""The marks of palette.py as SVG for pages: the same shapes that `static/js/shapes.js` draws on the map."""

from __future__ import annotations

import math

from markupsafe import Markup

from map_frontend.style.palette import Mark, Shape


def _corners(count: int, inner: float | None = None) -> list[tuple[float, float]]:
    steps = count * 2 if inner else count
    points = []
    for step in range(steps):
        angle = -math.pi / 2 + step * 2 * math.pi / steps
        radius = inner if inner and step % 2 else 1.0
        points.append((math.cos(angle) * radius, math.sin(angle) * radius))
    return points


_POLYGONS: dict[Shape, list[tuple[float, float]]] = {
    Shape.TRIANGLE: [(0, -1.05), (1.05, 0.8), (-1.05, 0.8)],
    Shape.SQUARE: [(-0.85, -0.85), (0.85, -0.85), (0.85, 0.85), (-0.85, 0.85)],
    Shape.DIAMOND: [(0, -1.15), (1.15, 0), (0, 1.15), (-1.15, 0)],
    Shape.BAR: [(-1, -0.45), (1, -0.45), (1, 0.45), (-1, 0.45)],
    Shape.HEXAGON: _corners(6),
    Shape.STAR: _corners(5, 0.45),
    Shape.CROSS: [
        (-1, -0.55), (-0.55, -1), (0, -0.45), (0.55, -1), (1, -0.55), (0.45, 0),
        (1, 0.55), (0.55, 1), (0, 0.45), (-0.55, 1), (-1, 0.55), (-0.45, 0),
    ],
    Shape.PLUS: [
        (-0.35, -1), (0.35, -1), (0.35, -0.35), (1, -0.35), (1, 0.35), (0.35, 0.35),
        (0.35, 1), (-0.35, 1), (-0.35, 0.35), (-1, 0.35), (-1, -0.35), (-0.35, -0.35),
    ],
    Shape.FLAG: [(-0.75, -1), (0.95, -0.45), (-0.3, 0.1), (-0.3, 1), (-0.75, 1)],
    Shape.TOWER: [(-0.9, 1), (-0.9, -0.2), (-0.1, -0.2), (-0.1, -1), (0.8, -1), (0.8, 1)],
}  # fmt: skip


def corners_of(shape: Shape) -> list[tuple[float, float]] | None:
    """Corners of a shape around 0, 0 with a radius of about 1; None for those made of circles."""
    return _POLYGONS.get(shape)


def mark_svg(mark: Mark) -> Markup:
    """A 16 by 16 picture of the mark in its own colour (class `tone-<token>`), for use beside its word."""
    polygon = _POLYGONS.get(mark.shape)
    if polygon:
        points = " ".join(f"{x * 6:.1f},{y * 6:.1f}" for x, y in polygon)
        body = f'<polygon points="{points}" fill="currentColor"/>'
    elif mark.shape is Shape.RING:
        body = '<circle r="4.8" fill="none" stroke="currentColor" stroke-width="2.6"/>'
    else:
        body = f'<circle r="{4.2 if mark.shape is Shape.DOT else 6}" fill="currentColor"/>'
    return Markup(f'<svg class="mark tone-{mark.token}" viewBox="-8 -8 16 16" aria-hidden="true">{body}</svg>')


def seal_svg(token: str, letter: str) -> Markup:
    """A class's seal, 20 by 20: its one letter on its colour (class `tone-<token>`), for use beside its word."""
    return Markup(
        '<svg class="seal tone-{}" viewBox="0 0 20 20" aria-hidden="true"><rect width="20" height="20" rx="4" fill="currentColor"/>'
        '<text x="10" y="14.6" text-anchor="middle" font-size="12.5" font-weight="700" fill="var(--seal-ink)">{}</text></svg>'
    ).format(token, letter)
