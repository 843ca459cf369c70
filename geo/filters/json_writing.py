"""A tree written as CQL2 JSON."""

from __future__ import annotations

from typing import Any

from geo.filters.text_writing import instant_text
from geo.filters.tree import (
    Array,
    BBox,
    Boolean,
    Call,
    Date,
    Function,
    Geometry,
    Interval,
    Node,
    Number,
    Property,
    Text,
    Timestamp,
)


def to_json(node: Node) -> Any:
    """What `json.dumps` writes to a document that reads to an equal tree; a dict for everything but a bare literal."""
    if isinstance(node, Call):
        return {"op": node.op, "args": [to_json(arg) for arg in node.args]}
    if isinstance(node, Function):
        return {"op": node.name, "args": [to_json(arg) for arg in node.args]}
    if isinstance(node, Property):
        return {"property": node.name}
    if isinstance(node, Text | Boolean):
        return node.value
    if isinstance(node, Number):
        return int(node.value) if node.value == node.value.to_integral_value() else float(node.value)
    if isinstance(node, Date | Timestamp):
        return {type(node).__name__.lower(): instant_text(node)}
    if isinstance(node, Interval):
        return {"interval": [_interval_end(node.start), _interval_end(node.end)]}
    if isinstance(node, Geometry):
        return _geometry(node)
    if isinstance(node, BBox):
        return {"bbox": list(node.numbers)}
    if isinstance(node, Array):
        return [to_json(item) for item in node.items]
    return ".."


def _interval_end(node: Node) -> Any:
    return instant_text(node) if isinstance(node, Date | Timestamp) else to_json(node)


def _geometry(node: Geometry) -> dict[str, Any]:
    if node.kind == "GeometryCollection":
        return {"type": node.kind, "geometries": [_geometry(part) for part in node.coordinates]}
    return {"type": node.kind, "coordinates": _lists(node.coordinates)}


def _lists(coordinates: Any) -> Any:
    return [_lists(c) for c in coordinates] if isinstance(coordinates, tuple) else coordinates
