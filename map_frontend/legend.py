"""What the legend says: groups of lines, each a picture of a paint and its words. The script shows those that are on the map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from map_frontend.layers import MapLayer
from map_frontend.layers.swatch import swatch_svg
from map_frontend.words import Words

GROUPS = (
    ("parcels", ("parcels",)),
    ("waiting_land", ("waiting_land",)),
    ("spare_land", ("spare_land",)),
    ("findings", ("findings",)),
    ("buildings", ("buildings",)),
    ("projects", ("projects",)),
    ("enterprises", ("enterprises",)),
    ("policies", ("policies",)),
    ("areas", ("parks", "featured_towns", "controls", "admin_areas")),
    ("park_works", ("park_works",)),
    ("transport", ("transport",)),
)
"""Groups of the legend in their order, and the layers whose lines each has."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: shown while `layer` has something painted as `paint` on the screen."""

    layer: str
    paint: str
    picture: Markup
    text: str
    counted: str = ""
    """Key under which the page's numbers have how many there are."""


@dataclass(frozen=True, slots=True)
class Group:
    """Lines under one heading."""

    key: str
    title: str
    lines: tuple[Line, ...]


def legend_of(layers: Sequence[MapLayer], words: Words) -> list[Group]:
    """The legend of these layers, whole; headings of one layer are its collection's name."""
    by_id = {layer.collection: layer for layer in layers}
    groups = []
    for key, members in GROUPS:
        lines = tuple(line for member in members if member in by_id for line in _lines(by_id[member], words))
        title = words("legend.areas") if key == "areas" else words(f"collection.{key}")
        if lines:
            groups.append(Group(key, title, lines))
    return groups


def _lines(layer: MapLayer, words: Words) -> list[Line]:
    lines = []
    for entry in layer.legend:
        paint = layer.cases.get(entry.paint, layer.other)
        code = entry.status or entry.paint
        text = words.code(entry.code_list, code) if entry.code_list else words(entry.word or "unknown")
        shown = f"status:{entry.status}" if entry.status else entry.paint
        counted = next((box.key for box in layer.switches if box.value == entry.paint and layer.is_staff_only), "")
        lines.append(Line(layer.collection, shown, swatch_svg(paint, entry.status), text, counted))
    return lines
