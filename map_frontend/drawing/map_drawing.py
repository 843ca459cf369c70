"""A scene as one SVG: sea, layers in their order, the subject above them, names, scale bar, north, and what is said below.

The same scene gives the same bytes: nothing here asks a clock, a set's order or a random number.
"""

from __future__ import annotations

import numpy as np

from map_frontend.drawing import pens, shapes
from map_frontend.drawing.frame import Box, Frame
from map_frontend.drawing.inks import LIGHT, Inks
from map_frontend.drawing.labels import Name, Placed, arranged
from map_frontend.drawing.painting import Painted, names_wanted, painted
from map_frontend.drawing.scene import Feature, Scene, paint_of
from map_frontend.drawing.text import clean, cut, width
from map_frontend.layers.layer import Label, MapLayer
from map_frontend.style.palette import UNKNOWN, Mark, Shape

NAME_MOST_PX = 170.0
LINE_PX, LEGEND_PX = 17.0, 22.0
NOTE_SIZE = 11.0
SUBJECT_RANK = 1000

AROUND_OTHERS = ("admin_areas", "parks", "featured_towns", "policies")
"""Collections whose things hold other things: they are shown by their edge, so that what lies inside stays to be seen."""

NAMED_OUTSIDE = ("parks", "featured_towns", "policies")
"""Those too small and too full to hold their own name; a town has room for it."""


def foot_px(scene: Scene) -> float:
    """Height of what is said under the map."""
    rows = _legend_rows(scene)
    return (len(rows) * LEGEND_PX + 4 if rows else 0) + (len(scene.notes.lines) * LINE_PX + 6 if scene.notes.lines else 0)  # fmt: skip


def map_body(scene: Scene, inks: Inks) -> str:
    """The map without the document around it: it begins at `scene.frame.left`, 0; the foot is below the frame."""
    frame = scene.frame
    # What holds other things keeps its own ground: a town left out of its layer would be sea.
    apart = scene.subject if scene.subject and scene.subject[0].collection not in AROUND_OTHERS else None
    done = [painted(d, frame, inks, apart[1].code if apart and d.layer is apart[0] else None) for d in scene.layers]
    body = [pens.rect(frame.left, 0, frame.width, frame.height, fill=inks("sea"))]
    for layer in done:
        body += layer.ground
    shown, place = _subject(scene, inks)
    body += [*shown[:1], *(mark for layer in done for mark in layer.marks), *shown[1:]]
    body += _names(scene, done, place, inks) if scene.has_names else []
    body += [scale_bar(frame, scene.notes.bar, inks), north_arrow(frame, scene.notes.north, inks), _foot(scene, inks)]
    return "".join(body)


def draw(scene: Scene, inks: Inks = LIGHT) -> str:
    """The whole picture as an SVG document: `frame.width` by `frame.height` and the foot, in pixels."""
    frame = scene.frame
    return pens.document(frame.width, frame.height + foot_px(scene), scene.notes.label, map_body(scene, inks), inks)


def mark_of(layer: MapLayer, feature: Feature) -> Mark:
    """The mark of a feature: that of its state, else of its paint."""
    if layer.status:
        return layer.marks.get(str(feature.properties.get(layer.status[0])), UNKNOWN)
    paint = paint_of(layer, feature.properties)
    return Mark(paint.mark or paint.line or paint.fill or UNKNOWN.token, paint.shape or Shape.DOT)


def _subject(scene: Scene, inks: Inks) -> tuple[list[str], tuple[float, float] | None]:
    """[its ground, its mark] and its spot: a light rim and a strong line in the colour of its state."""
    if scene.subject is None:
        return [], None
    layer, feature = scene.subject
    geometry = shapes.clipped(feature.geometry, scene.frame)
    if geometry.is_empty:
        return [], None
    mark, place = mark_of(layer, feature), shapes.spot(geometry, scene.frame)
    d, _ = shapes.path(geometry, scene.frame)
    found = []
    if d:
        is_area = shapes.is_area(geometry)
        alpha = 0.04 if layer.collection in AROUND_OTHERS else 0.5
        fill = f'fill="{inks(mark.token)}" fill-opacity="{alpha}"' if is_area else 'fill="none"'
        line = inks("selection")
        found.append(
            f'<g stroke-linejoin="round" stroke-linecap="round" fill-rule="evenodd"><path d="{d}" fill="none" stroke="{inks("label-halo")}" '
            f'stroke-width="7" stroke-opacity="0.9"/><path d="{d}" {fill} stroke="{line}" stroke-width="2.8"/></g>'
        )
    if place and layer.collection not in AROUND_OTHERS and (not d or shapes.is_area(geometry)):
        found.append(pens.mark_at(mark, *place, 7.5 if d else 10, inks))
    return found, place


def _names(scene: Scene, done: list[Painted], place: tuple[float, float] | None, inks: Inks) -> list[str]:
    frame = scene.frame
    taken: list[Box] = [(frame.left + frame.width - 52, 0, frame.left + frame.width, 62),
                        (frame.left, frame.height - 34, frame.left + 40 + frame.bar(frame.width / 4)[1], frame.height)]  # fmt: skip
    wanted: list[Name] = []
    if scene.subject and place:
        wanted.append(_subject_name(scene.subject, place, frame))
        taken.append((place[0] - 9, place[1] - 9, place[0] + 9, place[1] + 9))
    for drawn, layer in zip(scene.layers, done, strict=True):
        taken += [(x - r, y - r, x + r, y + r) for _, x, y, r, _ in layer.spots if r]
        label = drawn.layer.label
        if label is None or not names_wanted(label, drawn, frame.zoom):
            continue
        for feature, x, y, radius, room in layer.spots:
            text = _fitting(feature, label, room)
            rank = label.rank * 10 + min(paint_of(drawn.layer, feature.properties).rank, 9)
            if text:
                wanted.append(Name(text, x, y, rank, label.size, label.weight, label.token, radius))
    seen: set[str] = set()
    once = [name for name in wanted if not (name.text in seen or seen.add(name.text))]  # type: ignore[func-returns-value]
    within = (frame.left + 3, 3.0, frame.left + frame.width - 3, frame.height - 3)
    placed = arranged(once, taken, within)
    return [_halos(placed, inks), *(_text(p, inks) for p in placed)]


def _subject_name(subject: tuple[MapLayer, Feature], place: tuple[float, float], frame: Frame) -> Name:
    """Beside its mark; of what is full of other things, below or above its outline."""
    layer, feature = subject
    text = cut(clean(feature.name), NAME_MOST_PX * 1.5, 14, 700)
    if layer.collection not in NAMED_OUTSIDE:
        return Name(text, *place, SUBJECT_RANK, 14, 700, "ink", beside=11)
    west, south, east, north = shapes.clipped(feature.geometry, frame).bounds
    (left, top), (right, bottom) = frame.place(np.array([[west, north], [east, south]])).tolist()
    return Name(
        text, (left + right) / 2, (top + bottom) / 2, SUBJECT_RANK, 14, 700, "ink", beside=(bottom - top) / 2 + 3
    )


def _fitting(feature: Feature, label: Label, room: float) -> str:
    """The name when there is room for it, else the code, else nothing; inside a shape the shorter of the two goes first."""
    names = [cut(clean(feature.name), NAME_MOST_PX, label.size, label.weight), clean(feature.code)]
    if label.inside:
        names.sort(key=len)
    return next((text for text in names if width(text, label.size, label.weight) <= room), "")


def _text(placed: Placed, inks: Inks) -> str:
    name = placed.name
    return pens.words_at(placed.x, placed.baseline, name.text, name.size, font_weight=str(name.weight), text_anchor="middle", fill=inks(name.token))  # fmt: skip


def _halos(placed: list[Placed], inks: Inks) -> str:
    """Drawn as text of its own: WeasyPrint does not know `paint-order`."""
    halo = inks("label-halo")
    texts = [pens.words_at(p.x, p.baseline, p.name.text, p.name.size, font_weight=str(p.name.weight)) for p in placed]
    return pens.group(texts, fill="none", stroke=halo, stroke_width="3.2", stroke_linejoin="round", text_anchor="middle", aria_hidden="true")  # fmt: skip


def scale_bar(frame: Frame, words: str, inks: Inks) -> str:
    """The scale bar in the lower left corner, with its length in words."""
    _, across = frame.bar(frame.width / 4)
    x, y = frame.left + 14, frame.height - 12
    d = f"M{pens.n(x)} {pens.n(y - 5)}v5h{across:.2f}v-5"
    return (
        f'<path d="{d}" fill="none" stroke="{inks("label-halo")}" stroke-width="5" stroke-linecap="round"/>'
        f'<path class="scale-bar" d="{d}" fill="none" stroke="{inks("ink")}" stroke-width="1.6"/>'
        + pens.words_at(
            x + 5, y - 6, words, 11, fill="none", stroke=inks("label-halo"), stroke_width="3.2", aria_hidden="true"
        )
        + pens.words_at(x + 5, y - 6, words, 11, fill=inks("ink"))
    )


def north_arrow(frame: Frame, word: str, inks: Inks) -> str:
    """The arrow to the north in the upper right corner."""
    x, y = frame.left + frame.width - 26, 12.0
    return (
        pens.rect(x - 14, y - 4, 28, 44, rx="6", fill=inks("surface"), fill_opacity="0.86")
        + f'<path d="M{pens.n(x)} {pens.n(y)}l7 19l-7 -4.5l-7 4.5z" fill="{inks("ink")}"/>'
        + pens.words_at(x, y + 34, word, 12, font_weight="600", text_anchor="middle", fill=inks("ink"))
    )


def _legend_rows(scene: Scene) -> list[list[tuple[Mark, str, float]]]:
    """The legend in rows no wider than the frame; each entry with its own width."""
    rows: list[list[tuple[Mark, str, float]]] = []
    used = scene.frame.width
    for mark, word in scene.notes.legend:
        across = 34 + width(clean(word), 12)
        if used + across > scene.frame.width - 16:
            rows.append([])
            used = 0
        rows[-1].append((mark, word, across))
        used += across
    return rows


def _foot(scene: Scene, inks: Inks) -> str:
    frame = scene.frame
    height = foot_px(scene)
    if not height:
        return ""
    body = [pens.rect(frame.left, frame.height, frame.width, height, fill=inks("surface"))]
    y = frame.height + 2
    for row in _legend_rows(scene):
        x = frame.left + 14
        for mark, word, across in row:
            body.append(pens.mark_at(mark, x, y + 11, 5.5, inks, halo=None))
            body.append(pens.words_at(x + 12, y + 15.2, word, 12, fill=inks("ink")))
            x += across
        y += LEGEND_PX
    y += 3
    for line in scene.notes.lines:
        body.append(
            pens.words_at(
                frame.left + 8, y + 12, cut(clean(line), frame.width - 16, NOTE_SIZE), NOTE_SIZE, fill=inks("muted")
            )
        )
        y += LINE_PX
    return "".join(body)
