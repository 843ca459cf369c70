"""One layer of a scene as SVG: ground first, then ways, then marks; bounded in vertices, the first features win."""

from __future__ import annotations

from dataclasses import dataclass, field

from shapely.geometry.base import BaseGeometry

from map_frontend.drawing import pens, shapes
from map_frontend.drawing.frame import Frame
from map_frontend.drawing.inks import Inks
from map_frontend.drawing.scene import Drawn, Feature, at, paint_of
from map_frontend.layers.layer import Label, MapLayer, Paint
from map_frontend.style.palette import Mark

VERTICES_MAX = 20_000
"""Of one layer. A county's coast at any scale has fewer once it is simplified to half a pixel."""

MARK_NEEDS_PX = 15.0
"""An area narrower than this has no room for its mark inside."""

NAMED_INSIDE = ("parcels", "buildings")
"""Layers whose things lie side by side: a name that is wider than its thing gives way to the code."""


@dataclass
class Painted:
    """A layer as SVG, and the spots its labels and marks want: (feature, x, y, radius of its mark, room for its name)."""

    ground: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    spots: list[tuple[Feature, float, float, float, float]] = field(default_factory=list)


def stroke(paint: Paint, layer: MapLayer, feature: Feature, frame: Frame, inks: Inks) -> dict[str, str]:
    """Attributes of a line of this paint."""
    if not paint.line or frame.zoom < paint.line_min_zoom:
        return {}
    dash = paint.dash
    if layer.dashes:
        dash = layer.dashes.patterns.get(str(feature.properties.get(layer.dashes.field)), dash)
    found = {"stroke": inks(paint.line), "stroke_width": pens.n(at(paint.line_width, frame.zoom))}
    return found | ({"stroke_dasharray": " ".join(pens.n(d) for d in dash)} if dash else {})


def painted(drawn: Drawn, frame: Frame, inks: Inks, skip: str | None = None) -> Painted:
    """The layer without the feature `skip`, which is drawn apart."""
    result = Painted()
    halos: list[str] = []
    casings: list[str] = []
    bodies: list[tuple[int, str]] = []
    room = VERTICES_MAX
    for feature in drawn.features:
        paint = paint_of(drawn.layer, feature.properties)
        if feature.code == skip or (frame.zoom < paint.min_zoom and not drawn.is_marks_only):
            continue
        geometry = shapes.clipped(feature.geometry, frame)
        if geometry.is_empty:
            continue
        d, vertices = ("", 0) if drawn.is_marks_only else shapes.path(geometry, frame)
        room -= vertices
        if room < 0:
            break
        if d:
            if paint.halo:
                halos.append(
                    f'<path d="{d}" stroke="{inks(paint.halo)}" stroke-width="{pens.n(paint.halo_width * 2)}"/>'
                )
            line = stroke(paint, drawn.layer, feature, frame, inks)
            if paint.casing:
                wide = paint.casing_width * 2 + (
                    0 if shapes.is_area(geometry) else float(line.get("stroke_width", "0"))
                )
                casings.append(f'<path d="{d}" stroke="{inks(paint.casing)}" stroke-width="{pens.n(wide)}"/>')
            bodies.append((paint.rank, _body(d, paint, line, shapes.is_area(geometry), inks)))
        _spot(result, drawn, paint, feature, geometry, frame, inks)
    bodies.sort(key=lambda body: body[0])
    lines = {"fill": "none", "stroke_linejoin": "round", "stroke_linecap": "round"}
    result.ground = [pens.group(halos, **lines), pens.group(casings, **lines), pens.group([b for _, b in bodies], stroke_linejoin="round")]  # fmt: skip
    return result


def _body(d: str, paint: Paint, line: dict[str, str], is_area: bool, inks: Inks) -> str:
    fill = f'fill="{inks(paint.fill)}"' if paint.fill and is_area else 'fill="none"'
    if paint.fill and is_area and paint.fill_alpha < 1:
        fill += f' fill-opacity="{paint.fill_alpha:g}"'
    strokes = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in line.items())
    return f'<path d="{d}" {fill}{strokes} fill-rule="evenodd"/>'


def _spot(result: Painted, drawn: Drawn, paint: Paint, feature: Feature, geometry: BaseGeometry, frame: Frame, inks: Inks) -> None:  # fmt: skip
    """Where a feature's mark and name go, when there is room for them."""
    place = shapes.spot(geometry, frame)
    if place is None:
        return
    west, south, east, north = geometry.bounds
    across = min(east - west, north - south) / frame.m_per_px
    is_area = shapes.is_area(geometry)
    radius = at(paint.radius, frame.zoom)
    room = (east - west) / frame.m_per_px if is_area and drawn.layer.collection in NAMED_INSIDE else float("inf")
    wants_mark = (
        paint.mark and paint.shape
        and (drawn.is_marks_only or paint.mark_min_zoom <= frame.zoom <= paint.mark_max_zoom)
        and (drawn.is_marks_only or not is_area or across > MARK_NEEDS_PX)
        and (paint.mark_if is None or (feature.properties.get(paint.mark_if) or 0) > 0)
    )  # fmt: skip
    if wants_mark and paint.mark and paint.shape and not (geometry.geom_type.endswith("LineString")):
        result.marks.append(pens.mark_at(Mark(paint.mark, paint.shape), *place, radius, inks))
        result.spots.append((feature, *place, radius + 2, room))
    else:
        result.spots.append((feature, *place, 0.0, room))


def names_wanted(label: Label | None, drawn: Drawn, zoom: float) -> bool:
    """Whether this layer writes names at this scale."""
    if label is None or not drawn.has_labels:
        return False
    return drawn.is_marks_only or label.min_zoom - 1 <= zoom <= label.max_zoom
