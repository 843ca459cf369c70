"""A layer's paint as a small picture for legend and layer panel, in the colours and shapes the map uses."""

from __future__ import annotations

from markupsafe import Markup

from map_frontend.layers.layer import Paint
from map_frontend.style.marks import mark_svg, seal_svg
from map_frontend.style.palette import UNKNOWN, Hatch, Mark, Shape

_RUNS = {
    Hatch.RISING: "M1 9L9 1M5 13L17 1M13 13L19 7",
    Hatch.FALLING: "M1 5L9 13M5 1L17 13M13 1L19 7",
    Hatch.LEVEL: "M1 5h18M1 9h18",
    Hatch.UPRIGHT: "M6 1v12M10 1v12M14 1v12",
    Hatch.CROSSED: "M4 13L16 1M4 1L16 13M1 7L7 1M13 13L19 7M1 7L7 13M13 1L19 7",
    Hatch.GRID: "M1 7h18M7 1v12M13 1v12",
    Hatch.DOTTED: "M5 4.5h0M10 4.5h0M15 4.5h0M5 9.5h0M10 9.5h0M15 9.5h0",
}
"""The runs of `static/js/tiles/hatch.js` in a box of 20 by 14."""


def swatch_svg(paint: Paint, status: str | None = None) -> Markup:
    """The paint as SVG. `status` (`building`, `planned`): how that state changes a way and a point, side by side."""
    if status is not None:
        return _state(paint, status)
    if paint.is_way and paint.line:
        return _svg(_way_and_mark(paint, paint.line))
    if paint.letter and paint.mark:
        return seal_svg(paint.mark, paint.letter)
    if paint.shape is not None and paint.mark != paint.fill and not paint.hatch and not _is_area(paint):
        return mark_svg(mark_of(paint))
    parts = _area(paint) if paint.fill or paint.hatch else _way(paint)
    return _svg(parts)


def _is_area(paint: Paint) -> bool:
    """Whether the thing is known by its area, and its mark only stands in for it from afar."""
    return paint.mark_max_zoom < 99 or paint.mark_if is not None


def mark_of(paint: Paint) -> Mark:
    """A paint's mark."""
    return Mark(paint.mark or paint.fill or UNKNOWN.token, paint.shape or Shape.DOT)


def _svg(parts: list[str]) -> Markup:
    return Markup('<svg class="swatch" viewBox="0 0 20 14" aria-hidden="true">' + "".join(parts) + "</svg>")


def _area(paint: Paint) -> list[str]:
    ground = paint.fill or paint.hatch
    parts = [
        f'<rect class="tone-{ground}" x="1" y="1" width="18" height="12" rx="2" fill="currentColor" '
        f'fill-opacity="{paint.fill_alpha if paint.fill else 0.06}"/>'
    ]
    if paint.hatch:
        parts.append(
            f'<path class="tone-{paint.hatch}" d="{_RUNS[paint.hatch_form]}" fill="none" stroke="currentColor" '
            f'stroke-width="{2 if paint.hatch_form is Hatch.DOTTED else 1.1}" stroke-linecap="round" stroke-opacity="0.75"/>'
        )
    dash = ' stroke-dasharray="4 2"' if paint.dash else ""
    parts.append(
        f'<rect class="tone-{paint.line or paint.casing or ground}" x="1" y="1" width="18" height="12" rx="2" fill="none" '
        f'stroke="currentColor" stroke-width="1.6"{dash}/>'
    )
    if paint.mark == paint.fill and paint.shape is not None and paint.mark_min_zoom < 99 and not paint.hatch:
        parts.append(str(mark_svg(mark_of(paint))).replace("<svg ", '<svg x="5.5" y="2.5" width="9" height="9" '))
    return parts


def _way(paint: Paint) -> list[str]:
    if paint.line is None:
        return []
    dash = ' stroke-dasharray="2 3"' if paint.dash else ""
    wide = f'<path class="tone-{paint.casing or paint.line}" d="M1 7h18" stroke="currentColor" stroke-width="{6 if paint.casing else 3}"{dash}/>'
    inner = (
        f'<path class="tone-{paint.line}" d="M1 7h18" stroke="currentColor" stroke-width="3.6"/>'
        if paint.casing
        else ""
    )
    return [wide, inner]


def _way_and_mark(paint: Paint, line: str) -> list[str]:
    """The way with its own dash, at half its length on the map, and the mark at its end."""
    dash = f' stroke-dasharray="{" ".join(f"{part * 0.5:g}" for part in paint.dash)}"' if paint.dash else ""
    return [
        f'<path class="tone-{line}" d="M0 7h11" stroke="currentColor" stroke-width="2.4"{dash}/>',
        str(mark_svg(mark_of(paint))).replace("<svg ", '<svg x="11.5" y="2.5" width="9" height="9" '),
    ]


def _state(paint: Paint, status: str) -> Markup:
    way, rim = ("4 2.5", "") if status == "building" else ("1.5 3", ' stroke-dasharray="2 1.6"')
    token = paint.line or paint.mark
    return _svg(
        [
            f'<path class="tone-{token}" d="M0 7h10" stroke="currentColor" stroke-width="2.4" stroke-dasharray="{way}"/>',
            f'<circle class="tone-{token}" cx="15.500" cy="7" r="3.400" fill="none" stroke="currentColor" stroke-width="1.600"{rim}/>',
        ]
    )
