"""The county with a ring of classes per town or park; each ring sets the filter its row sets. The matrix is its twin for readers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import shapely
from markupsafe import Markup, escape
from sqlalchemy.ext.asyncio import AsyncConnection

from api.deps import Reader
from geo.landuse.classes import land_classes
from geo.landuse.stock.bands import NONE
from geo.landuse.stock.filtering import By
from geo.landuse.stock.measure import StockRow
from geo.landuse.stock.queries import stock
from map_frontend import reading
from map_frontend.drawing import pens
from map_frontend.drawing.frame import fitting, survey_box
from map_frontend.drawing.inks import PAGE
from map_frontend.drawing.labels import Name, arranged
from map_frontend.drawing.map_drawing import map_body
from map_frontend.drawing.reading import features_in, layers_in
from map_frontend.drawing.scene import Notes, Scene
from map_frontend.drawing.scenes import review_line
from map_frontend.drawing.text import safe
from map_frontend.stock.address import Address
from map_frontend.stock.board import Board
from map_frontend.style.palette import LAND_CLASS
from map_frontend.things.states import layer_of

SIZE = (560.0, 470.0)
GROUND = ("admin_areas", "transport")
SMALLEST_PX, LARGEST_PX, APART_PX = 12.0, 24.0, 4.0
ROUNDS = 120


@dataclass(frozen=True, slots=True)
class Ring:
    """A ring at a place of the paper: what it counts, where it leads."""

    x: float
    y: float
    radius: float
    name: str
    href: str
    is_set: bool
    row: StockRow


@dataclass(frozen=True, slots=True)
class StockPicture:
    """The picture, and the lines below it."""

    svg: Markup
    lines: tuple[str, ...]
    by: By


def radius_of(parcels: int, most: int) -> float:
    """A ring's radius in pixels: its area grows with the number."""
    return SMALLEST_PX + (LARGEST_PX - SMALLEST_PX) * math.sqrt(parcels / most) if most else SMALLEST_PX


def apart(spots: Sequence[tuple[float, float, float]], size: tuple[float, float]) -> list[tuple[float, float]]:
    """Places of circles (x, y, radius) moved so that none covers another and all lie inside; as near as may be to where they were."""
    places = [[x, y] for x, y, _ in spots]
    for _ in range(ROUNDS):
        moved = False
        for i in range(len(places)):
            for j in range(i + 1, len(places)):
                dx, dy = places[j][0] - places[i][0], places[j][1] - places[i][1]
                far, least = math.hypot(dx, dy), spots[i][2] + spots[j][2] + APART_PX
                if far >= least:
                    continue
                if far < 1e-6:
                    dx, dy, far = math.cos(i + 1), math.sin(i + 1), 1.0
                push = (least - far) / 2 + 0.01
                places[i][0] -= dx / far * push
                places[i][1] -= dy / far * push
                places[j][0] += dx / far * push
                places[j][1] += dy / far * push
                moved = True
        for place, (_, _, radius) in zip(places, spots, strict=True):
            for axis in (0, 1):
                place[axis] = min(max(place[axis], radius + 3), size[axis] - radius - 3)
        if not moved:
            break
    return [(x, y) for x, y in places]


async def picture(
    connection: AsyncConnection, reader: Reader, address: Address, board: Board, review_number: str, day: date
) -> StockPicture | None:
    """The map of the present filter; rings per park when the rows are parks, else per town. None without a place to draw."""
    by: By = "park" if address.by == "park" else "town"
    county, srid = reader.county.code, reader.county.survey_srid
    found = board.stock
    if address.by != by:
        found = await stock(connection, county, day, by, address.wanted.without("class", by))
    ground = await reading.ground(connection, reader.actor, county)
    frame = fitting(survey_box(ground.home or reader.county.bounds, srid), srid, *SIZE, share=0.95)
    layers = await layers_in(connection, reader.actor, county, map(layer_of, GROUND), frame, board.words)
    places = {}
    for collection in ("parks", "featured_towns") if by == "park" else ("admin_areas",):
        for feature in await features_in(connection, reader.actor, county, layer_of(collection), frame, board.words):
            if not feature.geometry.is_empty:
                point = shapely.point_on_surface(feature.geometry)
                places[feature.code] = frame.place(np.array([[point.x, point.y]]))[0].tolist()
    rows = [row for row in found.rows if row.key in places and row.total.all.parcels]
    most = max((row.total.all.parcels for row in rows), default=0)
    spots = [(*places[row.key], radius_of(row.total.all.parcels, most)) for row in rows]
    rings = [
        Ring(x, y, radius, board.name(by, row.key), address.set(**{by: row.key}), getattr(address.wanted, by) == (row.key,), row)
        for row, (x, y), (_, _, radius) in zip(rows, apart(spots, SIZE), spots, strict=True)
    ]  # fmt: skip
    label = board.words("stock.picture", n=len(rings))
    notes = Notes(label, board.words("item.north"), board.words.length(frame.bar(frame.width / 4)[0]))
    scene = Scene(frame, tuple(replace(layer, has_labels=False) for layer in layers), notes, has_names=False)
    body = map_body(scene, PAGE) + _leaders(rings, spots) + "".join(_ring(r, board) for r in rings) + _names(rings)
    credits = await reading.credits_of(connection, reader.actor, county)
    elsewhere = sum(row.total.all.parcels for row in found.rows if row.key == NONE or row.key not in places)
    lines = [review_line(board.words, review_number), " · ".join(credits)]
    if elsewhere:
        lines.insert(0, board.words("stock.not_on_picture", n=elsewhere))
    svg = pens.document(*SIZE, label, body, PAGE).replace(' role="img"', ' role="group"')
    return StockPicture(Markup(svg), tuple(line for line in lines if line), by)


def _leaders(rings: list[Ring], spots: list[tuple[float, float, float]]) -> str:
    """A thin line from a ring that had to move to where it belongs."""
    lines = [
        f'<path d="M{pens.n(x)} {pens.n(y)}L{pens.n(ring.x)} {pens.n(ring.y)}"/><circle cx="{pens.n(x)}" cy="{pens.n(y)}" r="1.8"/>'
        for ring, (x, y, _) in zip(rings, spots, strict=True)
        if math.hypot(ring.x - x, ring.y - y) > ring.radius * 0.6
    ]
    return pens.group(lines, stroke=PAGE("muted"), stroke_width="1", fill=PAGE("muted"))


def _ring(ring: Ring, board: Board) -> str:
    words, amount = board.words, ring.row.total.all
    title = words("stock.cell_label", what=ring.name, mu=board.mu(amount.area_mu), n=amount.parcels)
    edge = PAGE("selection") if ring.is_set else PAGE("label-halo")
    body = [
        f'<title>{safe(title)}</title><circle cx="{pens.n(ring.x)}" cy="{pens.n(ring.y)}" r="{pens.n(ring.radius)}" '
        f'fill="{PAGE("surface")}" stroke="{edge}" stroke-width="{3 if ring.is_set else 2.4}"/>'
    ]
    width = ring.radius * 0.36
    middle, turned = ring.radius - width / 2 - 0.6, 0.0
    around = 2 * math.pi * middle
    for land_class in land_classes():
        parcels = ring.row.cell(land_class.code).all.parcels
        if not parcels:
            continue
        length = around * parcels / amount.parcels
        gap = 1.4 if parcels < amount.parcels else 0.0
        body.append(
            f'<circle cx="{pens.n(ring.x)}" cy="{pens.n(ring.y)}" r="{middle:.2f}" fill="none" stroke="{PAGE(LAND_CLASS[land_class.code].token)}" '
            f'stroke-width="{width:.2f}" stroke-dasharray="{max(length - gap, 0.6):.2f} {around:.2f}" '
            f'transform="rotate({turned * 360 - 90:.2f} {pens.n(ring.x)} {pens.n(ring.y)})"/>'
        )
        turned += parcels / amount.parcels
    body.append(pens.words_at(ring.x, ring.y + 4, str(amount.parcels), 11.5, font_weight="700", text_anchor="middle", fill=PAGE("ink")))  # fmt: skip
    return f'<a href="{escape(ring.href)}" tabindex="-1">{"".join(body)}</a>'


def _names(rings: list[Ring]) -> str:
    taken = [(r.x - r.radius, r.y - r.radius, r.x + r.radius, r.y + r.radius) for r in rings]
    taken.append((SIZE[0] - 52, 0, SIZE[0], 62))
    wanted = [Name(r.name, r.x, r.y, r.row.total.all.parcels, 11.5, 500, "label", r.radius + 2) for r in rings]
    placed = arranged(wanted, taken, (3, 3, SIZE[0] - 3, SIZE[1] - 3))
    halos = [pens.words_at(p.x, p.baseline, p.name.text, p.name.size, font_weight="500") for p in placed]
    texts = [pens.words_at(p.x, p.baseline, p.name.text, p.name.size, font_weight="500") for p in placed]
    return pens.group(
        halos, fill="none", stroke=PAGE("label-halo"), stroke_width="3.2", stroke_linejoin="round", text_anchor="middle", aria_hidden="true"
    ) + pens.group(texts, fill=PAGE("label"), text_anchor="middle")  # fmt: skip
