"""Geometry of KML elements: built while they go by, flat (heights are dropped and noted where they say something)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

GEOMETRIES = {"Point", "LineString", "LinearRing", "Polygon", "MultiGeometry", "Track", "MultiTrack"}
COLLECTIONS = {"MultiGeometry", "MultiTrack"}
BOUNDARIES = {"outerBoundaryIs", "innerBoundaryIs"}
MULTI: dict[str, Callable[[Any], Any]] = {
    "Point": shapely.multipoints,
    "LineString": shapely.multilinestrings,
    "Polygon": shapely.multipolygons,
}


@dataclass(slots=True)
class _Shape:
    kind: str
    texts: list[str] = field(default_factory=list)
    parts: list[Any] = field(default_factory=list)
    is_inner: bool = False
    holes: list[Any] = field(default_factory=list)


@dataclass(slots=True)
class Builder:
    """The geometry of one Placemark. A fault is kept and raised at the end: it is of this row, not of the file."""

    _open: list[_Shape] = field(default_factory=list)
    _done: list[Any] = field(default_factory=list)
    _notes: dict[str, None] = field(default_factory=dict)
    _fault: Exception | None = None

    def start(self, name: str) -> None:
        """An element begins."""
        if name in GEOMETRIES:
            self._open.append(_Shape(name))
        elif name in BOUNDARIES and self._open:
            self._open[-1].is_inner = name == "innerBoundaryIs"

    def end(self, name: str, content: str) -> None:
        """A geometry, or the coordinates in one, ends."""
        if not self._open or self._fault is not None:
            return
        if name == "coordinates":
            self._open[-1].texts.append(content)
        elif name == "coord":  # of a gx:Track: blanks between the numbers
            self._open[-1].texts.append(",".join(content.split()))
        elif name == self._open[-1].kind:
            shape = self._open.pop()
            try:
                self._add(shape, self._built(shape))
            except (ValueError, shapely.errors.ShapelyError) as error:
                self._fault = error

    def _add(self, shape: _Shape, built: Any | None) -> None:
        if built is None:
            return
        if not self._open:
            self._done.append(built)
        elif self._open[-1].kind == "Polygon" and shape.kind == "LinearRing":
            (self._open[-1].holes if self._open[-1].is_inner else self._open[-1].parts).append(built)
        else:
            self._open[-1].parts.append(built)

    def finished(self) -> tuple[Any | None, str]:
        """The geometry (None where there is none) and what was mended; raises ValueError or ShapelyError of this row."""
        if self._fault is not None:
            raise self._fault
        return (_together(self._done, self._notes) if self._done else None), "; ".join(self._notes)

    def _built(self, shape: _Shape) -> Any | None:
        if shape.kind in COLLECTIONS:
            return _together(shape.parts, self._notes) if shape.parts else None
        if shape.kind == "Polygon":
            if not shape.parts:
                return None
            if len(shape.parts) > 1:
                raise ValueError("a polygon with several outer boundaries")
            return shapely.polygons(shape.parts[0], shape.holes or None)
        points = self._points(" ".join(shape.texts))
        if not len(points):
            return None
        if shape.kind == "Point":
            return shapely.points(points[0])
        if shape.kind == "LinearRing":
            if not (points[0] == points[-1]).all():
                self._notes["ring closed"] = None
            return shapely.linearrings(points)
        return shapely.linestrings(points)

    def _points(self, text: str) -> Any:
        """`lon,lat[,height] lon,lat[,height] ...` as an array of longitude and latitude."""
        tokens = text.split()
        if any(token.startswith(",") or token.endswith(",") for token in tokens):  # blanks around commas
            tokens = " ".join(tokens).replace(" ,", ",").replace(", ", ",").split()
        sizes = {token.count(",") for token in tokens}
        if not sizes <= {1, 2}:
            bad = next(token for token in tokens if token.count(",") not in (1, 2))
            raise ValueError(bad[:40])
        if len(sizes) == 1:
            numbers = np.array(",".join(tokens).split(","), dtype=float).reshape(len(tokens), -1)
        else:
            numbers = np.array([(*token.split(","), "0")[:3] for token in tokens], dtype=float).reshape(-1, 3)
        if numbers.shape[1] > 2 and numbers[:, 2:].any():
            self._notes["heights dropped"] = None
        return numbers[:, :2]


def _together(parts: list[Any], notes: dict[str, None]) -> Any:
    """One geometry of many: a Multi of one type, else a collection. A point beside a line or polygon carries its label."""
    if len(parts) == 1:
        return parts[0]
    flat = [p for part in parts for p in shapely.get_parts(part).tolist()]
    simple = [shapely.linestrings(p.coords) if p.geom_type == "LinearRing" else p for p in flat]
    drawn = [p for p in simple if p.geom_type != "Point"]
    if drawn and len(drawn) < len(simple):
        notes["label points dropped"] = None
        simple = drawn
    kinds = {p.geom_type for p in simple}
    if len(simple) == 1:
        return simple[0]
    return (
        MULTI[kinds.pop()](simple) if len(kinds) == 1 and kinds <= set(MULTI) else shapely.geometrycollections(simple)
    )
