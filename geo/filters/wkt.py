"""Geometries in well-known text: read from the tokens of a filter, and written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from geo.filters.faults import Place, refuse, shown
from geo.filters.limits import VERTICES_MAX
from geo.filters.literals import coordinate
from geo.filters.tokens import Tokens
from geo.filters.tree import GEOMETRY_KINDS, Geometry, too_many_vertices

KINDS = {kind.lower(): kind for kind in GEOMETRY_KINDS}
_DEPTH = {"Point": 0, "LineString": 1, "MultiPoint": 1, "Polygon": 2, "MultiLineString": 2, "MultiPolygon": 3}
"""Lists of positions inside lists, by kind; the number of bracket levels is one more for all but a point."""


class WktReader:
    """Reads geometries; counts vertices over the whole filter."""

    def __init__(self, tokens: Tokens, expect: Callable[[str], Place]) -> None:
        self._tokens = tokens
        self._expect = expect
        self._vertices = 0

    def begins_here(self) -> bool:
        """Is the next word the tag of a geometry, and not a property of that name?"""
        if self._tokens.next.key not in KINDS:
            return False
        return self._tokens.after_next().key in ("(", "z", "m", "zm", "empty")

    def read(self) -> Geometry:
        """A tagged geometry; raises BadInput."""
        at = self._tokens.place(self._tokens.next)
        kind = KINDS[self._tokens.take().key]
        dimensions = 0
        if self._tokens.next.key == "z":
            self._tokens.take()
            dimensions = 3
        elif self._tokens.next.key in ("m", "zm", "empty"):
            word = self._tokens.next.text
            raise refuse(
                self._tokens.place(self._tokens.next), f"不支持 {word} 图形", f"{word.upper()} geometries are not taken",
                "二维或 Z 图形，且不为空", "geometries with two coordinates or Z, and not empty",
            )  # fmt: skip
        if kind == "GeometryCollection":
            return Geometry(kind, self._list(self._part), at=at)
        if kind == "Point":
            self._expect("(")
            position = self._position(dimensions)
            self._expect(")")
            return Geometry(kind, position, at=at)
        return Geometry(kind, self._nested(kind, _DEPTH[kind], dimensions), at=at)

    def _part(self) -> Geometry:
        token = self._tokens.next
        if token.key not in KINDS or token.key == "geometrycollection":
            raise refuse(
                self._tokens.place(token), f"集合的成员不能是“{shown(token.text)}”",
                f"'{shown(token.text)}' is no member of a collection",
                "POINT、LINESTRING、POLYGON 或其 MULTI 类型", "POINT, LINESTRING, POLYGON or their MULTI kinds",
            )  # fmt: skip
        return self.read()

    def _nested(self, kind: str, depth: int, dimensions: int) -> tuple[Any, ...]:
        if depth > 1:
            return self._list(lambda: self._nested(kind, depth - 1, dimensions))
        if kind == "MultiPoint" and self._tokens.after_next().key == "(":
            return self._list(lambda: self._bracketed_position(dimensions))
        return self._list(lambda: self._position(dimensions))

    def _list(self, item: Callable[[], Any]) -> tuple[Any, ...]:
        self._expect("(")
        items = [item()]
        while self._tokens.next.key == ",":
            self._tokens.take()
            items.append(item())
        self._expect(")")
        return tuple(items)

    def _bracketed_position(self, dimensions: int) -> tuple[float, ...]:
        self._expect("(")
        position = self._position(dimensions)
        self._expect(")")
        return position

    def _position(self, dimensions: int) -> tuple[float, ...]:
        at = self._tokens.place(self._tokens.next)
        self._vertices += 1
        if self._vertices > VERTICES_MAX:
            raise too_many_vertices(self._tokens.place(self._tokens.next))
        numbers = []
        while self._tokens.next.kind == "number" or self._tokens.next.key in ("-", "+"):
            numbers.append(signed_coordinate(self._tokens))
        if len(numbers) not in ((dimensions,) if dimensions else (2, 3)):
            raise refuse(
                at, f"一个坐标有 {len(numbers)} 个数值",
                f"a position of {len(numbers)} numbers",
                f"应为 {dimensions or '2 或 3'} 个，以空格分隔", f"{dimensions or '2 or 3'}, with spaces between",
            )  # fmt: skip
        return tuple(numbers)


def signed_coordinate(tokens: Tokens) -> float:
    """A number with or without a sign; raises BadInput."""
    sign = tokens.take().text if tokens.next.key in ("-", "+") else ""
    token = tokens.next
    if token.kind != "number":
        raise refuse(
            tokens.place(token), f"此处应为坐标，却是“{shown(token.text)}”",
            f"a coordinate should stand here, not '{shown(token.text)}'", "数字", "a number",
        )  # fmt: skip
    return coordinate(sign + tokens.take().text, tokens.place(token))


def write(geometry: Geometry) -> str:
    """Well-known text of a geometry, its coordinates in full."""
    if geometry.kind == "GeometryCollection":
        return f"GEOMETRYCOLLECTION({', '.join(write(part) for part in geometry.coordinates)})"
    if geometry.kind == "Point":
        return f"POINT({_position_text(geometry.coordinates)})"
    return geometry.kind.upper() + _nested_text(geometry.coordinates)


def _nested_text(coordinates: tuple[Any, ...]) -> str:
    inner = (_position_text(c) if isinstance(c[0], float) else _nested_text(c) for c in coordinates)
    return f"({', '.join(inner)})"


def _position_text(position: tuple[float, ...]) -> str:
    return " ".join(repr(number) for number in position)
