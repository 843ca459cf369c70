"""Land, towns, platforms and a road network that follows the land and meets at junctions. Metres in the survey CRS."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import dijkstra
from shapely.geometry.base import BaseGeometry

from ops.sample import sources

CELL_M = 250
HOLE_MIN_M2 = 1_500_000
ISLET_MIN_M2 = 20_000
SEA_COST = 40.0
ROAD_COST = 0.45
PLATFORM_COST = 12.0
OUTSIDE_COST = 4000.0
SPEED_KM_H = {"expressway": 100, "national": 70, "provincial": 60, "county": 50, "street": 30}


@dataclass
class County:
    """The county in metres, with ways to and from degrees."""

    places: dict[str, Any]
    outline: BaseGeometry = field(init=False)
    land: BaseGeometry = field(init=False)
    around_deg: BaseGeometry = field(init=False)
    points: dict[str, tuple[float, float]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        epsg = self.places["county"]["survey_epsg"]
        self._to = Transformer.from_crs(4490, epsg, always_xy=True)
        outline_deg = sources.outline(self.places["county"]["code"])
        west, south, east, north = outline_deg.bounds
        near = (west - 0.1, south - 0.1, east + 0.1, north + 0.1)
        coast_deg = sources.coast(near)
        self.around_deg = sources.land_around(near)
        self.outline_deg = outline_deg
        self.outline = shapely.make_valid(self.metres(outline_deg))
        land = shapely.make_valid(shapely.intersection(self.metres(coast_deg), self.outline))
        self.land = polygons_only(shapely.intersection(_without_specks(land), self.outline))
        for code, _, _, _, lon, lat in self.places["towns"]:
            self.points[code] = self._to.transform(lon, lat)
        for code, *_, lon, lat, _length, _width, _turn, _industries in self.places["parks"]:
            self.points[code] = self._to.transform(lon, lat)

    def metres(self, shape: BaseGeometry) -> BaseGeometry:
        """Degrees to metres."""
        return shapely.transform(shape, lambda p: np.column_stack(self._to.transform(p[:, 0], p[:, 1])))

    def degrees(self, shape: BaseGeometry) -> BaseGeometry:
        """Metres to degrees."""
        return shapely.transform(
            shape, lambda p: np.column_stack(self._to.transform(p[:, 0], p[:, 1], direction="INVERSE"))
        )

    def at(self, place: Any) -> tuple[float, float]:
        """A place of the parameters (code, or lon and lat) in metres."""
        return self.points[place] if isinstance(place, str) else self._to.transform(*place)

    def inland(self, point: tuple[float, float], margin_m: float) -> tuple[float, float]:
        """The point itself, or the nearest one at least `margin_m` from the shore."""
        inner = self.land.buffer(-margin_m)
        near = shapely.shortest_line(inner, shapely.Point(point))
        if inner.contains(shapely.Point(point)):
            return point
        x, y = near.coords[0][:2]
        return x, y


def towns(county: County) -> dict[str, shapely.MultiPolygon]:
    """Voronoi cells of the label points cut to land (示意)."""
    codes = [t[0] for t in county.places["towns"]]
    cells = shapely.voronoi_polygons(
        shapely.MultiPoint([county.points[c] for c in codes]), extend_to=shapely.box(*county.outline.bounds)
    )
    out = {}
    for code in codes:
        cell = next(c for c in cells.geoms if c.contains(shapely.Point(county.points[code])))
        out[code] = polygons_only(shapely.intersection(cell, county.land))
    return out


def _without_specks(land: BaseGeometry) -> BaseGeometry:
    """Land without the specks that two coastlines of different detail leave: small holes closed, notches rounded off."""
    rounded = land.buffer(40).buffer(-40)
    kept = []
    for part in shapely.get_parts(rounded):
        if part.geom_type == "Polygon" and part.area > ISLET_MIN_M2:
            kept.append(
                shapely.Polygon(part.exterior, [r for r in part.interiors if shapely.Polygon(r).area > HOLE_MIN_M2])
            )
    return shapely.MultiPolygon(kept)


def polygons_only(shape: BaseGeometry, larger_than: float = 1.0) -> shapely.MultiPolygon:
    """The polygons of a geometry as one MultiPolygon."""
    parts = [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon"]
    parts += [q for m in shapely.get_parts(shape) if m.geom_type == "MultiPolygon" for q in m.geoms]
    return shapely.MultiPolygon([p for p in parts if p.area > larger_than])


def platforms(county: County, rng: np.random.Generator) -> dict[str, shapely.Polygon]:
    """Outlines of parks and featured towns: bent rectangles pushed ashore, cut to land, not overlapping one another."""
    out: dict[str, shapely.Polygon] = {}
    inner = county.land.buffer(-60)
    for code, *_, length, width, turn, _industries in county.places["parks"]:
        x, y = county.inland(county.points[code], width * 0.45)
        corners = []
        for fx, fy in (
            (-0.5, -0.5),
            (0.0, -0.54),
            (0.5, -0.46),
            (0.53, 0.05),
            (0.5, 0.5),
            (-0.05, 0.53),
            (-0.5, 0.48),
            (-0.54, 0.0),
        ):
            corners.append((fx * length + rng.normal(0, 35), fy * width + rng.normal(0, 35)))
        shape: BaseGeometry = _turned(shapely.Polygon(corners), turn)
        shape = shapely.transform(shape, _moved_by(x, y))
        shape = shapely.intersection(shape, inner)
        for other in out.values():
            shape = shapely.difference(shape, other.buffer(120))
        largest = max(shapely.get_parts(shape), key=lambda p: p.area)
        out[code] = shapely.Polygon(largest.exterior)
    return out


def _moved_by(x: float, y: float) -> Any:
    return lambda points: points + np.array([x, y])


def _turned(shape: BaseGeometry, degrees: float) -> BaseGeometry:
    a = np.radians(degrees)
    turn = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
    return shapely.transform(shape, lambda p: p @ turn.T)


class Roads:
    """A network on a grid of cells: later roads follow earlier ones for a while, so they share ways and meet.

    An expressway lies on a level of its own (node = cell + number of cells) and meets other roads at its ramps only.
    `platforms`: ground that ways go round; `bends`: how much a way may wander (0 = as straight as the land allows).
    """

    def __init__(self, county: County, platforms: BaseGeometry | None = None, bends: float = 0.8) -> None:
        self.county = county
        west, south, east, north = county.outline.bounds
        self.nx, self.ny = int((east - west) / CELL_M) + 1, int((north - south) / CELL_M) + 1
        self.west, self.south = west, south
        xs, ys = np.meshgrid(west + (np.arange(self.nx) + 0.5) * CELL_M, south + (np.arange(self.ny) + 0.5) * CELL_M)
        self.centres = np.column_stack([xs.ravel(), ys.ravel()])
        shapely.prepare(county.land)
        on_land = shapely.contains_xy(county.land, self.centres[:, 0], self.centres[:, 1])
        noise = np.random.default_rng(7).uniform(1.0, 1.0 + bends, len(self.centres))
        self.cost = np.where(on_land, noise, SEA_COST)
        self.within = within = county.outline.buffer(-CELL_M)
        shapely.prepare(within)
        self.cost[~shapely.contains_xy(within, self.centres[:, 0], self.centres[:, 1])] = OUTSIDE_COST
        if platforms is not None:
            shapely.prepare(platforms)
            self.cost[shapely.contains_xy(platforms, self.centres[:, 0], self.centres[:, 1])] *= PLATFORM_COST
        self.ramps: set[int] = set()
        self.apart: set[int] = set()
        self.used: dict[tuple[int, int], tuple[int, dict[str, Any]]] = {}

    def cell(self, point: tuple[float, float]) -> int:
        """Index of the cell a point lies in."""
        col = min(max(int((point[0] - self.west) / CELL_M), 0), self.nx - 1)
        row = min(max(int((point[1] - self.south) / CELL_M), 0), self.ny - 1)
        return row * self.nx + col

    def _graph(self) -> csr_matrix:
        index = np.arange(self.nx * self.ny).reshape(self.ny, self.nx)
        pairs = [
            (index[:, :-1], index[:, 1:], 1.0), (index[:-1], index[1:], 1.0),
            (index[:-1, :-1], index[1:, 1:], 1.414), (index[:-1, 1:], index[1:, :-1], 1.414),
        ]  # fmt: skip
        rows, cols, weights = [], [], []
        for a, b, length in pairs:
            a, b = a.ravel(), b.ravel()
            rows.append(a)
            cols.append(b)
            weights.append(length * (self.cost[a] + self.cost[b]) / 2)
        size = self.nx * self.ny
        return coo_matrix(
            (np.concatenate(weights), (np.concatenate(rows), np.concatenate(cols))), shape=(size, size)
        ).tocsr()

    def add(self, stops: list[tuple[float, float]], tags: dict[str, Any], rank: int) -> None:
        """Lay a road through stops; the lower rank keeps a way that several roads use."""
        near = [shapely.shortest_line(self.within, shapely.Point(s)).coords[0] for s in stops]
        cells = [self.cell((x, y)) for x, y in near]
        is_apart = tags["class"] == "expressway"
        for a, b in zip(cells, cells[1:], strict=False):
            _, before = dijkstra(self._graph(), directed=False, indices=a, return_predecessors=True)
            way = [b]
            while way[-1] != a:
                way.append(int(before[way[-1]]))
            laid = [c + len(self.centres) if is_apart and c not in self.ramps else c for c in way]
            for u, v in zip(laid, laid[1:], strict=False):
                key = (min(u, v), max(u, v))
                if key not in self.used or self.used[key][0] > rank:
                    self.used[key] = (rank, tags)
            if is_apart:
                self.apart.update(way)
                continue
            self.cost[way] = np.minimum(self.cost[way], ROAD_COST)

    def ways_beside_expressways(self) -> None:
        """Call between the expressways and the rest: what is laid now crosses an expressway but does not run on it."""
        lane = sorted(self.apart - self.ramps)
        self.cost[lane] *= 4.0

    def edges(self) -> list[tuple[int, int, shapely.LineString, dict[str, Any]]]:
        """Chains between junctions and ends: (from node, to node, line in metres, tags). Ends are shared exactly."""
        near: dict[int, list[int]] = {}
        for u, v in self.used:
            near.setdefault(u, []).append(v)
            near.setdefault(v, []).append(u)

        def tags(u: int, v: int) -> dict[str, Any]:
            return self.used[min(u, v), max(u, v)][1]

        def is_node(n: int) -> bool:
            return len(near[n]) != 2 or tags(n, near[n][0]) is not tags(n, near[n][1])

        seen: set[tuple[int, int]] = set()
        out = []
        for node in sorted(n for n in near if is_node(n)):
            for first in sorted(near[node]):
                if (min(node, first), max(node, first)) in seen:
                    continue
                chain = [node, first]
                seen.add((min(node, first), max(node, first)))
                while not is_node(chain[-1]):
                    following = next(n for n in near[chain[-1]] if n != chain[-2])
                    seen.add((min(chain[-1], following), max(chain[-1], following)))
                    chain.append(following)
                out.append(
                    (chain[0], chain[-1], _smooth(self.centres[np.array(chain) % len(self.centres)]), tags(node, first))
                )
        return out


def _smooth(points: Any) -> shapely.LineString:
    """Corner cutting that keeps both ends."""
    line = np.array(shapely.LineString(points).simplify(CELL_M * 0.55).coords)
    for _ in range(3):
        if len(line) < 3:
            break
        a, b = line[:-1], line[1:]
        cut = np.empty((2 * len(a), 2))
        cut[0::2], cut[1::2] = 0.75 * a + 0.25 * b, 0.25 * a + 0.75 * b
        line = np.vstack([line[:1], cut[1:-1], line[-1:]])
    return shapely.LineString(line)
