"""One plot as evidence, drawn: its outline, what stands and lies on it, the setback, what is left over, the largest rectangle.

Metres of the survey CRS come in; an SVG goes out, with a legend and, where it stands alone, the figures below. What a colour says
a hatch, a dash or a word says too. The same plot gives the same bytes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.landuse.evidence.remainder import grown
from map_frontend.drawing import pens, shapes
from map_frontend.drawing.frame import Frame, fitting
from map_frontend.drawing.hatching import DASH_OF_DOTS, hatched
from map_frontend.drawing.inks import LIGHT, Inks
from map_frontend.drawing.map_drawing import north_arrow, scale_bar
from map_frontend.drawing.painting import painted
from map_frontend.drawing.plot_foot import Key, foot, foot_px
from map_frontend.drawing.plot_labels import Labels
from map_frontend.drawing.scene import Drawn
from map_frontend.style.palette import Hatch, Hatching

SIZE = (380.0, 300.0)
SHARE = 0.74
"""How much of each side the plot takes at most."""

LEAST_M = 40.0
FAINT = "0.42"
"""Opacity of what is not this plot."""

LEFT_OVER = Hatching("class-used", Hatch.RISING)
GROUNDS = {
    "ROAD": Hatching("muted", Hatch.LEVEL),
    "YARD": Hatching("muted", Hatch.DOTTED),
    "STORAGE": Hatching("muted", Hatch.GRID),
    "PARKING": Hatching("muted", Hatch.UPRIGHT),
    "GREEN": Hatching("series-5", Hatch.FALLING),
    "WATER": Hatching("rail", Hatch.LEVEL),
    "STRUCTURE": Hatching("muted", Hatch.CROSSED),
    "OTHER": Hatching("muted", Hatch.FALLING),
}
"""Code list `ground_use_kind`, where it is in use; ground that lies idle has an edge and no hatch."""

APART_PX = {Hatch.DOTTED: 5.0, Hatch.GRID: 6.0, Hatch.CROSSED: 7.0}
APART_OTHERS_PX = 6.0
DASH_RECTANGLE, DASH_SETBACK, DASH_IDLE = "8 5", "1.5 4", "3 3"


@dataclass(frozen=True, slots=True)
class Footprint:
    """A building on the plot. `labels`: what may stand on it, the best first; each one a few lines."""

    code: str
    geometry: BaseGeometry
    labels: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Ground:
    """A piece of ground that is no building: a code of `ground_use_kind` with its word."""

    code: str
    kind: str
    word: str
    is_in_use: bool
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class Plot:
    """What is drawn. `remainder` None: not known, which is not the same as nothing left (an empty shape)."""

    outline: BaseGeometry
    footprints: Sequence[Footprint] = ()
    grounds: Sequence[Ground] = ()
    remainder: BaseGeometry | None = None
    rectangle: shapely.Polygon | None = None
    sides: tuple[str, str] = ("", "")
    """The rectangle's shorter and longer side in words."""

    left_over: tuple[tuple[str, ...], ...] = ()
    """What may be written on what is left, the best first; each one a few lines."""

    setback_m: float | None = None


@dataclass(frozen=True, slots=True)
class PlotWords:
    """What is said around it, in the reader's language. `keys`: words of the legend by what they stand for."""

    label: str
    north: str
    bar: str
    keys: dict[str, str]
    figures: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    unknown: str = ""
    """Why it is not known what is left; '' where it is known."""


@dataclass(frozen=True, slots=True)
class PlotScene:
    """Everything of one drawing. `around`: neighbours, drawn faint; the first of them is the ground they lie on."""

    frame: Frame
    plot: Plot
    words: PlotWords
    around: tuple[Drawn, ...] = field(default=())


def frame_of(outline: BaseGeometry, survey_srid: int, size: tuple[float, float] = SIZE) -> Frame:
    """The frame in which a plot is drawn."""
    return fitting(outline.bounds, survey_srid, *size, share=SHARE, least_m=LEAST_M)


def draw_plot(scene: PlotScene, inks: Inks = LIGHT, *, has_figures: bool = True) -> str:
    """The drawing as an SVG document: the map, the legend, and with `has_figures` figures and notes below."""
    frame, words = scene.frame, scene.words
    keys = _keys(scene, inks)
    body = [pens.rect(0, 0, frame.width, frame.height, fill=inks("land")), *_around(scene, inks)]
    body += _plot(scene, inks)
    labels = Labels(frame, inks)
    labels.keep_clear((frame.width - 44, 0, frame.width, 60))
    labels.keep_clear((0, frame.height - 32, frame.bar(frame.width / 4)[1] + 30, frame.height))
    body += _words(scene, labels, inks)
    body += [scale_bar(frame, words.bar, inks), north_arrow(frame, words.north, inks)]
    figures, notes = (words.figures, words.notes) if has_figures else ((), ())
    body.append(foot(frame, keys, figures, notes, words.unknown, inks))
    height = frame.height + foot_px(frame, keys, figures, notes, words.unknown)
    return pens.document(frame.width, height, words.label, "".join(body), inks)


def _around(scene: PlotScene, inks: Inks) -> list[str]:
    if not scene.around:
        return []
    ground, *others = (painted(drawn, scene.frame, inks) for drawn in scene.around)
    faint = [piece for layer in others for piece in layer.ground]
    sea = pens.rect(0, 0, scene.frame.width, scene.frame.height, fill=inks("sea")) if any(ground.ground) else ""
    return [sea, *ground.ground, pens.group([p for p in faint if p], opacity=FAINT)]


def _path(geometry: BaseGeometry, frame: Frame, **attributes: str) -> str:
    d, _ = shapes.path(shapes.clipped(geometry, frame), frame)
    told = "".join(f' {name.rstrip("_").replace("_", "-")}="{value}"' for name, value in attributes.items())
    return f'<path d="{d}"{told} fill-rule="evenodd"/>' if d else ""


def placed(geometry: BaseGeometry, frame: Frame) -> BaseGeometry:
    """A geometry in pixels of the paper."""
    moved: BaseGeometry = shapely.transform(shapes.clipped(geometry, frame), frame.place)
    return moved if moved.is_valid else shapely.make_valid(moved)


def _hatch(shape: BaseGeometry, hatching: Hatching, inks: Inks, width: float = 1.0) -> str:
    d = hatched(shape, hatching.form, APART_PX.get(hatching.form, APART_OTHERS_PX))
    dots = f' stroke-dasharray="{DASH_OF_DOTS}" stroke-linecap="round"' if hatching.form is Hatch.DOTTED else ""
    wide = width * 1.9 if hatching.form is Hatch.DOTTED else width
    return f'<path d="{d}" fill="none" stroke="{inks(hatching.token)}" stroke-width="{wide:g}"{dots}/>' if d else ""


def _plot(scene: PlotScene, inks: Inks) -> list[str]:
    frame, plot = scene.frame, scene.plot
    body = [
        _path(plot.outline, frame, fill="none", stroke=inks("label-halo"), stroke_width="7", stroke_opacity="0.9", stroke_linejoin="round"),
        _path(plot.outline, frame, class_="plot-ground", fill=inks("surface")),
    ]  # fmt: skip
    for ground in plot.grounds:
        body.append(_ground(ground, frame, inks))
    if plot.remainder is not None and not plot.remainder.is_empty:
        tone = inks(LEFT_OVER.token)
        body.append(_path(plot.remainder, frame, class_="plot-left", fill=tone, fill_opacity="0.1", stroke=tone, stroke_width="1.2"))  # fmt: skip
        body.append(_hatch(placed(plot.remainder, frame), LEFT_OVER, inks))
    body += [
        _path(f.geometry, frame, class_="plot-building", fill=inks("building-factory"), fill_opacity="0.6", stroke=inks("ink"), stroke_width="1.1")
        for f in plot.footprints
    ]  # fmt: skip
    if plot.setback_m:
        inner = grown(plot.outline, -plot.setback_m)
        body.append(_path(inner, frame, class_="plot-setback", fill="none", stroke=inks("ink"), stroke_width="1.3", stroke_dasharray=DASH_SETBACK, stroke_linecap="round"))  # fmt: skip
    if plot.rectangle is not None:
        wide = {"fill": "none", "stroke_linejoin": "round"}
        body.append(_path(plot.rectangle, frame, stroke=inks("surface"), stroke_width="4.5", **wide))
        body.append(_path(plot.rectangle, frame, class_="plot-rectangle", stroke=inks(LEFT_OVER.token), stroke_width="2.4", stroke_dasharray=DASH_RECTANGLE, **wide))  # fmt: skip
    body.append(_path(plot.outline, frame, class_="plot-outline", fill="none", stroke=inks("selection"), stroke_width="2.6", stroke_linejoin="round"))  # fmt: skip
    return body


def _ground(ground: Ground, frame: Frame, inks: Inks) -> str:
    if not ground.is_in_use:
        return _path(ground.geometry, frame, class_="plot-idle", fill="none", stroke=inks("muted"), stroke_width="1", stroke_dasharray=DASH_IDLE)  # fmt: skip
    hatching = GROUNDS.get(ground.kind, GROUNDS["OTHER"])
    edge = {"stroke": inks("muted"), "stroke_width": "0.9"}
    return _path(ground.geometry, frame, class_="plot-used", fill=inks("surface-3"), **edge) + _hatch(
        placed(ground.geometry, frame), hatching, inks, 0.8
    )


def _words(scene: PlotScene, labels: Labels, inks: Inks) -> list[str]:
    """Names on the drawing: what is left first, then the rectangle's sides, buildings, ground."""
    frame, plot = scene.frame, scene.plot
    if plot.rectangle is not None:
        room = placed(plot.rectangle, frame)
        labels.first(plot.left_over, room, token="ink", size=13)
        for (start, end), text in zip(_two_sides(plot.rectangle, frame), plot.sides, strict=True):
            labels.along(start, end, text, room)
    elif plot.remainder is not None and not plot.remainder.is_empty:
        largest = max(shapely.get_parts(placed(plot.remainder, frame)), key=lambda part: part.area)
        labels.first(plot.left_over, largest, token="ink", size=13)
    for footprint in plot.footprints:
        labels.first(footprint.labels, placed(footprint.geometry, frame), token="ink", size=11.5)
    for ground in plot.grounds:
        labels.first(((ground.word,),), placed(ground.geometry, frame), token="ink", size=11)
    return labels.drawn()


def _two_sides(rectangle: shapely.Polygon, frame: Frame) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """A shorter and a longer side in pixels: the lower and the left one of each pair."""
    corners = frame.place(np.asarray(rectangle.exterior.coords)[:4, :2])
    sides = [(tuple(corners[i].tolist()), tuple(corners[(i + 1) % 4].tolist())) for i in range(4)]
    first, second = (sides[0], sides[2]), (sides[1], sides[3])
    short, long = sorted((first, second), key=lambda pair: round(math.dist(*pair[0]), 3))
    return [max(pair, key=lambda side: (side[0][1] + side[1][1]) - (side[0][0] + side[1][0]) / 1000) for pair in (short, long)]  # fmt: skip


def _keys(scene: PlotScene, inks: Inks) -> list[Key]:
    """The legend: only what the drawing shows, in the order of its importance."""
    plot, words = scene.plot, scene.words.keys
    box = shapely.box(1, 1, 21, 13)
    edge = pens.rect(1, 1, 20, 12, fill=inks("surface"), stroke=inks("selection"), stroke_width="2.4")
    found = [Key(edge, words["outline"])]
    if plot.footprints:
        found.append(Key(pens.rect(1, 1, 20, 12, fill=inks("building-factory"), fill_opacity="0.6", stroke=inks("ink"), stroke_width="1.1"), words["building"]))  # fmt: skip
    for kind, word in dict.fromkeys((g.kind, g.word) for g in plot.grounds if g.is_in_use):
        ground = pens.rect(1, 1, 20, 12, fill=inks("surface-3"), stroke=inks("muted"), stroke_width="0.9")
        found.append(Key(ground + _hatch(box, GROUNDS.get(kind, GROUNDS["OTHER"]), inks, 0.8), word))
    if any(not g.is_in_use for g in plot.grounds):
        found.append(Key(pens.rect(1, 1, 20, 12, fill="none", stroke=inks("muted"), stroke_width="1", stroke_dasharray=DASH_IDLE), words["idle"]))  # fmt: skip
    if plot.setback_m:
        found.append(Key(_line(inks("ink"), 1.3, DASH_SETBACK), words["setback"]))
    if plot.remainder is not None and not plot.remainder.is_empty:
        tone = inks(LEFT_OVER.token)
        left = pens.rect(1, 1, 20, 12, fill=tone, fill_opacity="0.1", stroke=tone, stroke_width="1.2")
        found.append(Key(left + _hatch(box, LEFT_OVER, inks), words["left"]))
    if plot.rectangle is not None:
        found.append(Key(_line(inks(LEFT_OVER.token), 2.4, DASH_RECTANGLE), words["rectangle"]))
    return found


def _line(ink: str, width: float, dash: str) -> str:
    return f'<path d="M0 7H22" fill="none" stroke="{ink}" stroke-width="{width:g}" stroke-dasharray="{dash}"/>'
