"""What a drawing shows, before it is drawn: the frame, layers of features in survey metres, the subject, what is said around."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shapely.geometry.base import BaseGeometry

from map_frontend.drawing.frame import Frame
from map_frontend.layers.layer import MapLayer, Paint
from map_frontend.style.palette import Mark


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing: its code, its name in the reader's language, the properties its paint depends on, metres of the survey CRS."""

    code: str
    name: str
    properties: Mapping[str, Any]
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class Drawn:
    """A layer and those of its features the reader may see; `is_marks_only` draws no shapes."""

    layer: MapLayer
    features: tuple[Feature, ...]
    is_marks_only: bool = False
    has_labels: bool = True


@dataclass(frozen=True, slots=True)
class Notes:
    """What stands around a map: sentences in the reader's language. `label` is what a screen reader says of the picture."""

    label: str
    north: str
    bar: str
    """The scale bar's length in words."""

    legend: tuple[tuple[Mark, str], ...] = ()
    lines: tuple[str, ...] = ()
    """Under the map: review number, data date, CRS, credits."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything of one map. `subject` is (layer, feature) of the thing it is about; it is also in its layer or not at all."""

    frame: Frame
    layers: tuple[Drawn, ...]
    notes: Notes
    subject: tuple[MapLayer, Feature] | None = None
    has_names: bool = True


def paint_of(layer: MapLayer, properties: Mapping[str, Any]) -> Paint:
    """The paint of a feature: the first property of `layer.by` that has a case (the same rule as static/js/tiles/style.js)."""
    for field in layer.by:
        found = layer.cases.get(str(properties.get(field)))
        if found is not None:
            return found
    return layer.other


def at(stops: tuple[tuple[float, float], ...], zoom: float) -> float:
    """The value of `stops` at a zoom: straight lines between them, level outside."""
    if zoom <= stops[0][0]:
        return stops[0][1]
    for (z0, v0), (z1, v1) in zip(stops, stops[1:], strict=False):
        if zoom <= z1:
            return v0 + (v1 - v0) * (zoom - z0) / (z1 - z0)
    return stops[-1][1]
