"""Infrastructure works of the sample parks: dated around `as_of`, so that built, building, late and planned ones are all there, and
drawn where there is room for them: along the road through the park, in the free strip inside its edge, on a third of its ground."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from ops.sample.plots import axis_of


@dataclass(frozen=True, slots=True)
class Life:
    """A work; all days are counted from `as_of`, those gone by below zero. None = it has not come to that."""

    kind: str
    name: str
    name_en: str
    planned_start: int
    planned_end: int
    started: int | None = None
    finished: int | None = None


LIVES = (
    Life("levelling", "场地平整", "Site levelling", -1500, -1180, -1490, -1200),
    Life("road", "主干路", "Main road", -1300, -800, -1290, -770),
    Life("water", "供水管线", "Water main", -900, -420, -880, -450),
    Life("drainage", "雨水泵站", "Storm-water pumping station", -700, -90, -640),
    Life("power", "110 千伏变电站", "110 kV substation", -400, 220, -380),
    Life("sewage", "污水管网二期", "Sewers, second phase", -150, 400, -120),
    Life("telecom", "通信管道", "Telecom ducts", 300, 620),
    Life("gas", "燃气中压管", "Medium-pressure gas main", 420, 800),
)
STEP_DAYS = 17
"""Parks differ by so many days, the first by none."""

NOT_EVERYWHERE = ("water", "power", "telecom")
"""Kinds that some parks lack."""


EDGE_M = 7.0
"""Plots keep 14 m from the edge of a park (plots.py): pipes and ducts lie in the middle of that strip."""

ROAD_LEAST_M = 250.0
"""A shorter piece of road inside a park is not taken for its main road."""

STRETCHES = {
    "road": (0.02, 0.26),
    "water": (0.30, 0.50),
    "sewage": (0.53, 0.72),
    "telecom": (0.76, 0.86),
    "gas": (0.88, 0.98),
}
"""From where to where along the edge, as shares of its length; none lies on another."""

PLACES = {"drainage": 0.515, "power": 0.74}
NOT_DRAWN_EVERY = 3
"""So many parks apart, the route of the work that is planned last is not settled yet: no shape."""


def works_of(
    parks: list[Any], as_of: date, shapes: dict[str, shapely.Polygon], roads: BaseGeometry
) -> Iterator[tuple[BaseGeometry | None, dict[str, Any]]]:
    """Shapes (metres; None = not known) and rows of `park_works` for the parks in their order: every park has one late work, and one that
    is not begun. `roads`: lines of the county's roads."""
    for place, park in enumerate(parks):
        base = as_of - timedelta(days=STEP_DAYS * (place % 4))
        for number, life in enumerate(LIVES, start=1):
            if life.kind in NOT_EVERYWHERE and (place + number) % 5 == 0:
                continue
            is_settled = life is not LIVES[-1] or place % NOT_DRAWN_EVERY
            yield _drawn(life.kind, shapes[park[0]], roads) if is_settled else None, {
                "code": f"{park[0]}-W{number}", "park_code": park[0], "kind": life.kind, "name": life.name,
                "name_en": life.name_en, "planned_start_on": _day(base, life.planned_start),
                "planned_end_on": _day(base, life.planned_end), "started_on": _day(base, life.started),
                "finished_on": _day(base, life.finished), "position_quality": "demo" if is_settled else None, "is_sample": True,
            }  # fmt: skip


def _drawn(kind: str, park: shapely.Polygon, roads: BaseGeometry) -> BaseGeometry:
    edge = _largest(park.buffer(-EDGE_M).simplify(0.5)).exterior
    if kind == "levelling":
        return _third(park)
    if kind in PLACES:
        return edge.interpolate(PLACES[kind], normalized=True)
    if kind == "road":
        inside = shapely.get_parts(shapely.line_merge(shapely.intersection(roads, park)))
        longest = max(inside, key=lambda line: float(line.length), default=None)
        if longest is not None and longest.length >= ROAD_LEAST_M:
            return shapely.LineString(longest)
    return substring(edge, *STRETCHES[kind], normalized=True)


def _third(park: shapely.Polygon) -> shapely.Polygon:
    """The third of a park at one end of its longer axis, a little inside its edge."""
    along, across, length, width = axis_of(park)
    inner = park.buffer(-2 * EDGE_M)
    centre = np.array(park.centroid.coords[0])
    corners = [centre + along * u * length + across * v * width for u, v in ((1, -1), (1, 1), (1 / 6, 1), (1 / 6, -1))]
    return _largest(shapely.intersection(inner, shapely.Polygon(corners)))


def _largest(shape: BaseGeometry) -> shapely.Polygon:
    found: shapely.Polygon = max(shapely.get_parts(shape), key=lambda part: float(part.area))
    return found


def _day(base: date, offset: int | None) -> str | None:
    return None if offset is None else (base + timedelta(days=offset)).isoformat()
