"""Which sample plots were surveyed as a whole, and the ground on them that is no building: loop roads, yards, storage, parking."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from ops.sample.geography import polygons_only
from ops.sample.plots import axis_of
from ops.sample.writing import Writer

LOOP_ROAD_M, CLEAR_M, EDGE_M = 6.5, 1.5, 0.6
"""Width of the road around a plot; what stays free beside a building; how far ground keeps from the plot's edge."""

LEAST_M2 = 60.0
USED_SHARE = 0.52
"""How much of a partly used plot has been built on, along its long side."""

KINDS = ("YARD", "STORAGE", "PARKING", "GREEN", "YARD", "STRUCTURE")
SOURCES = ("示例·航片", "示例·实地测绘")
UNBUILT = {"stalled": 1, "paused_resumed": 2, "building": 3}
"""Situations without finished buildings that are surveyed too: every plot, every second, every third."""


def used_part(plot: shapely.Polygon) -> shapely.Polygon:
    """The end of a plot that a partly used one was built on."""
    along, across, length, width = axis_of(plot)
    centre = np.array(plot.centroid.coords[0])
    corners = [
        centre + along * length * at + across * width * side
        for at, side in ((-1, -1), (USED_SHARE - 0.5, -1), (USED_SHARE - 0.5, 1), (-1, 1))
    ]
    used = shapely.intersection(plot, shapely.Polygon(corners))
    return max((p for p in shapely.get_parts(used) if isinstance(p, shapely.Polygon)), key=lambda p: p.area)


def survey(writer: Writer, lives: Iterable[tuple[str, str, str]], as_of: date, seed: int) -> None:
    """Rows of `ground_uses` and facts `ground_surveyed_on` for a good share of the plots on which works began."""
    rng = np.random.default_rng([seed, 18])
    plots = {row["code"]: row for row in writer.rows["parcels"]}
    built: dict[str, list[BaseGeometry]] = {}
    for row in writer.rows["buildings"]:
        built.setdefault(row["parcel_code"], []).append(writer.county.metres(row["geom"]))
    seen = dict.fromkeys(UNBUILT, 0)
    for code, life, _ in lives:
        if life in UNBUILT:
            seen[life] += 1
            is_surveyed = seen[life] % UNBUILT[life] == 0
        else:
            is_surveyed = code in built and (life != "in_use" or bool(rng.random() < 0.75))
        if not is_surveyed:
            continue
        shape = writer.county.metres(plots[code]["geom"])
        on = as_of - timedelta(days=int(rng.integers(20, 260)))
        _write(writer, plots[code], _grounds(shape, built.get(code, []), life, rng), on, rng)


def _write(writer: Writer, plot: dict[str, Any], grounds: Iterable[tuple[str, bool, BaseGeometry]], on: date, rng: np.random.Generator) -> None:  # fmt: skip
    source = str(rng.choice(SOURCES))
    for number, (kind, is_in_use, shape) in enumerate(grounds, start=1):
        writer.add("ground_uses", shape, code=f"{plot['code']}-G{number}", kind=kind, is_in_use=is_in_use, surveyed_on=on.isoformat(), source=source,
                   unit_code=plot["unit_code"], is_sample=True)  # fmt: skip
    writer.rows["facts"].append(
        {"subject_kind": "parcel", "subject_code": plot["code"], "kind": "ground_surveyed_on", "value": on.isoformat(), "effective_on": on.isoformat(),
         "document_no": f"示例测〔{on.year}〕{plot['code']}", "is_sample": "true"}
    )  # fmt: skip


def _grounds(plot: BaseGeometry, buildings: Sequence[BaseGeometry], life: str, rng: np.random.Generator) -> Iterator[tuple[str, bool, BaseGeometry]]:  # fmt: skip
    """(kind, whether it is in use, shape): a loop road, and what lies inside it in pieces along the plot."""
    single = max(shapely.get_parts(plot), key=lambda p: p.area)
    is_part = life in ("partly_used", *UNBUILT) or rng.random() < 0.12
    ground = used_part(single) if is_part else single
    free = shapely.difference(ground.buffer(-EDGE_M), shapely.union_all([b.buffer(CLEAR_M) for b in buildings]))
    inner = ground.buffer(-EDGE_M - LOOP_ROAD_M)
    if life not in UNBUILT:
        yield from _kept("ROAD", True, shapely.difference(free, inner))
    bands = list(_bands(shapely.intersection(free, inner), single, int(rng.integers(3, 6))))
    first = int(rng.integers(0, len(KINDS)))
    for number, band in enumerate(bands):
        kind = "STRUCTURE" if life in UNBUILT and number % 2 == 0 else KINDS[(first + number) % len(KINDS)]
        is_idle = kind in ("YARD", "STORAGE") and rng.random() < 0.1
        yield from _kept(kind, not is_idle, band)


def _kept(kind: str, is_in_use: bool, shape: BaseGeometry) -> Iterator[tuple[str, bool, BaseGeometry]]:
    kept = polygons_only(shapely.set_precision(shape, 0.01), larger_than=LEAST_M2)
    if not kept.is_empty:
        yield kind, is_in_use, kept


def _bands(shape: BaseGeometry, plot: shapely.Polygon, how_many: int) -> Iterator[BaseGeometry]:
    """The shape cut across the plot's long side."""
    along, across, length, width = axis_of(plot)
    centre = np.array(plot.centroid.coords[0])
    if shape.is_empty:
        return
    reach = (shapely.get_coordinates(shape) - centre) @ along
    edges = np.linspace(reach.min(), reach.max(), how_many + 1)
    for low, high in zip(edges[:-1], edges[1:], strict=True):
        corners = [centre + along * a + across * s * (length + width) for a, s in ((low, -1), (high, -1), (high, 1), (low, 1))]  # fmt: skip
        yield shapely.intersection(shape, shapely.Polygon(corners))
