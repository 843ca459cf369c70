"""A park beside its county, year by year: bars with their numbers, the county as a line across. Plain SVG in the page's own colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from markupsafe import Markup

from map_frontend.drawing import pens
from map_frontend.drawing.inks import PAGE

WIDTH, HEIGHT = 460.0, 214.0
TOP, BOTTOM, SIDE = 26.0, 30.0, 14.0
BAR_SHARE, COUNTY_SHARE = 0.42, 0.74
LINE_PX = 19.0


@dataclass(frozen=True, slots=True)
class Point:
    """One year: the park's and the county's value; None where nobody knows."""

    year: int
    own: Fraction | None
    county: Fraction | None


def shown(value: Fraction) -> str:
    """A value as it is written on the chart: one decimal."""
    return f"{Decimal(value.numerator) / Decimal(value.denominator):,.1f}"


def chart(points: Sequence[Point], label: str, county_word: str, unknown_word: str) -> Markup:
    """The chart; its numbers stand in a table beside it for readers who do not see it."""
    highest = max((v for p in points for v in (p.own, p.county) if v is not None), default=Fraction(0)) or Fraction(1)
    room, step = HEIGHT - TOP - BOTTOM, (WIDTH - 2 * SIDE) / max(len(points), 1)
    floor = HEIGHT - BOTTOM
    body = [
        f'<path d="M{pens.n(SIDE)} {pens.n(floor)}H{pens.n(WIDTH - SIDE)}" stroke="{PAGE("hair")}" stroke-width="1"/>'
    ]
    over: list[str] = []
    for number, point in enumerate(points):
        middle = SIDE + step * (number + 0.5)
        top = None
        if point.own is None:
            body.append(pens.words_at(middle, floor - 8, unknown_word, 12, text_anchor="middle", fill=PAGE("muted")))
        else:
            tall = float(point.own / highest) * room
            top = floor - tall
            body.append(
                pens.rect(middle - step * BAR_SHARE / 2, top, step * BAR_SHARE, tall, rx="3", fill=PAGE("brand"))
            )
        if point.county is not None:
            across = floor - float(point.county / highest) * room
            left, right = middle - step * COUNTY_SHARE / 2, middle + step * COUNTY_SHARE / 2
            over.append(
                f'<path d="M{pens.n(left)} {pens.n(across)}H{pens.n(right)}" stroke="{PAGE("surface")}" stroke-width="5"/>'
                f'<path d="M{pens.n(left)} {pens.n(across)}H{pens.n(right)}" stroke="{PAGE("ink")}" stroke-width="2" stroke-dasharray="5 3"/>'
            )
            over.append(_beside(right + 2, across, f"{county_word} {shown(point.county)}"))
        if point.own is not None and top is not None:
            line = None if point.county is None else floor - float(point.county / highest) * room
            over.append(_over(middle, top, shown(point.own), line, floor))
        body.append(pens.words_at(middle, HEIGHT - 9, str(point.year), 12.5, text_anchor="middle", fill=PAGE("muted")))
    return Markup(pens.document(WIDTH, HEIGHT, label, "".join([*body, *over]), PAGE))


def _beside(x: float, y: float, words: str) -> str:
    return pens.words_at(x, y - 5, words, 11.5, text_anchor="end", fill=PAGE("muted"))


def _over(x: float, top: float, words: str, line: float | None, floor: float) -> str:
    """The park's number within its bar, clear of the county's line; above a bar that is too low for it."""
    if floor - top < 2 * LINE_PX:
        return pens.words_at(x, top - 6, words, 14, font_weight="700", text_anchor="middle", fill=PAGE("ink"))
    baseline = top + LINE_PX
    if line is not None and abs(line - (baseline - 5)) < 13:
        baseline = line + LINE_PX + 3
    return pens.words_at(
        x, min(baseline, floor - 5), words, 14, font_weight="700", text_anchor="middle", fill=PAGE("brand-ink")
    )
