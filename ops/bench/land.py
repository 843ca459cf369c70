"""The shapes of an invented county: about 1400 km², street blocks of 400 parcels each, dense around its towns.

Everything is in metres of EPSG:4529 (zone number in the easting) where not said otherwise, and follows from fixed seeds: block
number n is the same block whatever ROWS is, and blocks are numbered from the main town outwards, so that a small ROWS is the
middle of the large county and not a thinner one.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from ops.bench.edges import winding

SURVEY_EPSG = 4529
PER_BLOCK = 400
CENTRE = (41_390_000.0, 3_250_000.0)
AREA_KM2 = 1400.0
TOWNS = 18
BLOCKS_DRAWN = 2_900
DRAWN_FOR_EACH = (1.16, 1.45)
"""Blocks drawn for each one asked for: more where so many are asked for that some of the crowded ones come out too small."""

BLOCK_MIN_M2 = 30_000.0
STREET_HALF_M = 5.0
MULTIPART, WITH_HOLE = 12, 6
"""Of the parcels of a block, so many have two parts, and so many are tried for a hole (every second one with a parcel in it)."""

Shapes = npt.NDArray[np.object_]


def _blob(centre: tuple[float, float], radius_m: float, seed: int, points: int) -> shapely.Polygon:
    """A round shape with bays and headlands."""
    rng = np.random.default_rng(seed)
    angle = np.linspace(0, 2 * np.pi, points, endpoint=False)
    radius = np.full(points, float(radius_m))
    for wave in range(2, 14):
        radius += radius_m * 0.16 / wave * rng.normal() * np.cos(wave * angle + rng.uniform(0, 6.28))
    return shapely.Polygon(np.column_stack([centre[0] + radius * np.cos(angle), centre[1] + radius * np.sin(angle)]))


@lru_cache(maxsize=1)
def outline() -> shapely.MultiPolygon:
    """The county: a mainland and twelve islands, scaled to AREA_KM2."""
    mainland = _blob(CENTRE, 20_000, 1, 900)
    rng = np.random.default_rng(2)
    parts = [mainland]
    for number in range(12):
        angle, far = rng.uniform(0, 2 * np.pi), rng.uniform(26_000, 32_000)
        centre = (CENTRE[0] + far * np.cos(angle), CENTRE[1] + far * np.sin(angle))
        parts.append(_blob(centre, rng.uniform(500, 1_900), 10 + number, 120))
    whole = shapely.union_all(parts)
    factor = np.sqrt(AREA_KM2 * 1e6 / whole.area)
    scaled = shapely.transform(whole, lambda p: (p - CENTRE) * factor + CENTRE)
    return _multi(scaled)


def _multi(shape: BaseGeometry) -> shapely.MultiPolygon:
    """The polygons of a shape as one."""
    return shapely.MultiPolygon([part for part in shapely.get_parts(shape) if isinstance(part, shapely.Polygon)])


@lru_cache(maxsize=1)
def towns() -> npt.NDArray[np.float64]:
    """The towns' middles, the main town first: TOWNS x 2."""
    rng = np.random.default_rng(3)
    land = shapely.get_parts(outline())
    mainland = land[np.argmax(shapely.area(land))]
    places = [CENTRE]
    while len(places) < TOWNS:
        x, y = rng.uniform(mainland.bounds[:2], mainland.bounds[2:])
        apart = min(np.hypot(x - px, y - py) for px, py in places) > 3_500
        if apart and shapely.contains_xy(mainland, x, y):
            places.append((float(x), float(y)))
    return np.array(places)


def town_areas() -> list[shapely.MultiPolygon]:
    """What belongs to each town, in the order of `towns`."""
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(towns()), extend_to=outline()))
    out = []
    for place in map(shapely.Point, towns()):
        out.append(_multi(shapely.intersection(cells[shapely.contains(cells, place)][0], outline())))
    return out


@lru_cache(maxsize=2)
def blocks(count: int) -> Shapes:
    """The first `count` street blocks, nearest to the main town first."""
    for share in DRAWN_FOR_EACH:
        parts = _drawn(max(BLOCKS_DRAWN, int(count * share)))
        if len(parts) >= count:
            order = np.argsort(shapely.distance(shapely.centroid(parts), shapely.Point(CENTRE)), kind="stable")
            chosen: Shapes = parts[order][:count]
            return chosen
    raise ValueError(f"the county has {len(parts)} blocks of {PER_BLOCK} parcels, not {count}")


def _drawn(drawn: int) -> Shapes:
    """Street blocks that are large enough, of so many that are drawn."""
    rng = np.random.default_rng(4)
    near = int(drawn * 0.6)
    spread = rng.uniform(700, 2_600, TOWNS)
    home = rng.choice(TOWNS, near)
    around = towns()[home] + rng.normal(size=(near, 2)) * spread[home, None]
    west, south, east, north = outline().bounds
    anywhere = rng.uniform((west, south), (east, north), (drawn * 4, 2))
    land = outline()
    shapely.prepare(land)
    around = around[shapely.contains_xy(land, around[:, 0], around[:, 1])]
    anywhere = anywhere[shapely.contains_xy(land, anywhere[:, 0], anywhere[:, 1])][: drawn - len(around)]
    middles = shapely.MultiPoint(np.vstack([around, anywhere]))
    cells = shapely.get_parts(shapely.voronoi_polygons(middles, extend_to=land))
    parts = shapely.get_parts(shapely.buffer(shapely.intersection(cells, land), -STREET_HALF_M, join_style="mitre"))
    large: Shapes = parts[shapely.area(parts) >= BLOCK_MIN_M2]
    return large


def parcels(block: shapely.Polygon, number: int) -> Shapes:
    """PER_BLOCK MultiPolygons that fill a block, valid in metres and in degrees; neighbours share their winding boundaries."""
    asked = PER_BLOCK + MULTIPART
    while True:
        shapes = _parcels(block, np.random.default_rng([5, number]), asked)
        shapes = shapes[shapely.is_valid(degrees(shapes))]
        if len(shapes) >= PER_BLOCK:
            return shapes[:PER_BLOCK]
        asked += PER_BLOCK - len(shapes) + 5


def _parcels(block: shapely.Polygon, rng: np.random.Generator, count: int) -> Shapes:
    shapely.prepare(block)
    west, south, east, north = block.bounds
    points = np.empty((0, 2))
    while len(points) < count:
        more = rng.uniform((west, south), (east, north), (count * 2, 2))
        points = np.vstack([points, more[shapely.contains_xy(block, more[:, 0], more[:, 1])]])[:count]
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=block))
    across = ~shapely.contains(block, cells)
    cells[across] = shapely.intersection(cells[across], block)
    cells = cells[np.argsort(shapely.get_x(shapely.centroid(cells)), kind="stable")]
    parts, owner = shapely.get_parts(cells, return_index=True)
    kept = (shapely.get_type_id(parts) == 3) & (shapely.area(parts) > 1.0)
    parts, owner = winding(parts[kept]), owner[kept]
    parts, owner = _with_holes(parts, owner, rng)
    far = rng.permutation(count // 3)[:MULTIPART]
    for i in far:  # the left third takes one each of the right third: they never touch
        owner[owner == count - 1 - i] = i
    order = np.argsort(owner, kind="stable")
    _, group = np.unique(owner[order], return_inverse=True)
    shapes = np.asarray(shapely.multipolygons(parts[order], indices=group))
    return shapes[shapely.is_valid(shapes)]


def _with_holes(
    parts: Shapes, owner: npt.NDArray[np.int64], rng: np.random.Generator
) -> tuple[Shapes, npt.NDArray[np.int64]]:
    """Some parcels surround a pond (water, or a parcel of its own)."""
    islands = []
    for turn, i in enumerate(rng.choice(len(parts), WITH_HOLE, replace=False)):
        middle, corners = shapely.point_on_surface(parts[i]), int(rng.integers(6, 24))
        angle = np.linspace(0, 2 * np.pi, corners, endpoint=False)
        radius = np.sqrt(parts[i].area) * 0.2 * rng.uniform(0.8, 1.1, corners)
        pond = shapely.Polygon(np.column_stack([middle.x + radius * np.cos(angle), middle.y + radius * np.sin(angle)]))
        if shapely.contains_properly(parts[i], pond):
            parts[i] = shapely.Polygon(parts[i].exterior, [pond.exterior])
            if turn % 2:
                islands.append(pond)
    if not islands:
        return parts, owner
    top = int(owner.max()) + 1
    return np.append(parts, np.array(islands, object)), np.append(owner, np.arange(top, top + len(islands)))


@lru_cache(maxsize=1)
def _transformer() -> Transformer:
    return Transformer.from_crs(SURVEY_EPSG, 4490, always_xy=True)


def degrees(shapes: Shapes) -> Shapes:
    """The same in EPSG:4490, longitude first, rounded to 1e-9 degrees (0.1 mm)."""
    moved: Shapes = shapely.transform(
        shapes, lambda p: np.round(np.column_stack(_transformer().transform(p[:, 0], p[:, 1])), 9)
    )
    return moved
