"""Roads, rail, ramps, stations and ports of the sample county, and the road graph for travel times."""

from __future__ import annotations

from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from ops.sample.geography import SPEED_KM_H, County, Roads
from ops.sample.writing import Writer

RANK = {"expressway": 0, "national": 1, "provincial": 2, "county": 3, "street": 4}
CORRIDOR_M = {"expressway": 22.0, "national": 14.0, "provincial": 12.0, "county": 10.0, "street": 9.0}
RAIL_CORRIDOR_M = 16.0


def lay_ways(writer: Writer, places: dict[str, Any], county: County, park_shapes: dict[str, Any]) -> BaseGeometry:
    """Write transport and road edges; returns the ground (metres) that roads and rail need, for plots to keep off."""
    grounds = shapely.union_all(list(park_shapes.values()))
    roads = Roads(county, grounds)
    ramps = [(name, name_en, roads.cell(county.at([lon, lat]))) for name, name_en, lon, lat in places["ramps"]]
    roads.ramps = {cell for _, _, cell in ramps}
    own_level = [r for r in places["roads"] if r[0] == "expressway"]
    others = [r for r in places["roads"] if r[0] != "expressway"]
    for number, (kind, zh, en, route, status, stops) in enumerate((*own_level, *others)):
        if number == len(own_level):
            roads.ways_beside_expressways()
        tags = {"class": kind, "name": zh, "name_en": en, "route": route, "status": status}
        roads.add([county.at(s) for s in stops], tags, RANK[kind])
    towns = [county.points[t[0]] for t in places["towns"]]
    for name, name_en, cell in ramps:
        _join(roads, tuple(roads.centres[cell]), towns, f"{name}互通连接线", f"{name_en} interchange link")
    for code, zh, en, *_ in places["parks"]:
        _join(roads, county.points[code], towns, f"{zh}进园路", f"{en} access")
    ground = _write_roads(writer, roads)
    rail = _write_rail(writer, places, county, grounds)
    for number, (name, name_en, cell) in enumerate(ramps, start=1):
        _point(writer, f"RAMP{number:02d}", name, name_en, "ramp", "built", shapely.Point(roads.centres[cell]))
    for number, (name, name_en, lon, lat) in enumerate(places["stations"], start=1):
        on_rail = rail.interpolate(rail.project(shapely.Point(county.at([lon, lat]))))
        _point(writer, f"STATION{number:02d}", name, name_en, "station", "building", on_rail)
    for number, (name, name_en, kind, status, lon, lat) in enumerate(places["ports"], start=1):
        at = shapely.Point(county.at([lon, lat]))
        quay = shapely.shortest_line(county.land, at).coords[0]
        _point(writer, f"PORT{number:02d}", name, name_en, kind, status, shapely.Point(quay))
    return shapely.union_all([*ground, rail.buffer(RAIL_CORRIDOR_M)])


def _join(roads: Roads, start: Any, towns: list[tuple[float, float]], name: str, name_en: str) -> None:
    nearest = min(towns, key=lambda p: (p[0] - start[0]) ** 2 + (p[1] - start[1]) ** 2)
    tags = {"class": "street", "name": name, "name_en": name_en, "route": None, "status": "built"}
    roads.add([nearest, start], tags, RANK["street"])


def _write_roads(writer: Writer, roads: Roads) -> list[BaseGeometry]:
    ground: list[BaseGeometry] = []
    for number, (a, b, line, tags) in enumerate(roads.edges(), start=1):
        kind = "expressway" if tags["class"] == "expressway" else "road"
        writer.add("transport", line, code=f"R{number:03d}", name=tags["name"], name_en=tags["name_en"], kind=kind, status=tags["status"], road_class=tags["class"],
                   route_no=tags["route"], position_quality="demo", is_sample=True)  # fmt: skip
        writer.add("road_edges", line, code=f"E{number:03d}", from_node=a, to_node=b, length_m=round(line.length, 2), speed_km_h=SPEED_KM_H[tags["class"]],
                   road_class=tags["class"], status=tags["status"], is_sample=True)  # fmt: skip
        ground.append(line.buffer(CORRIDOR_M[tags["class"]]))
    return ground


def _write_rail(writer: Writer, places: dict[str, Any], county: County, grounds: BaseGeometry) -> shapely.LineString:
    zh, en, status, due, stops = places["rail"]
    rails = Roads(county, grounds, bends=0.05)
    rails.add([county.at(s) for s in stops], {"class": "rail"}, 0)
    lines = [line for _, _, line, _ in rails.edges()]
    for number, line in enumerate(lines, start=1):
        writer.add("transport", line, code=f"RAIL{number:02d}", name=zh, name_en=en, kind="rail", status=status, expected_on=str(due),
                   position_quality="demo", is_sample=True)  # fmt: skip
    return max(lines, key=lambda line: float(line.length))


def _point(writer: Writer, code: str, name: str, name_en: str, kind: str, status: str, at: BaseGeometry) -> None:
    writer.add("transport", at, code=code, name=name, name_en=name_en, kind=kind, status=status,
               position_quality="demo", is_sample=True)  # fmt: skip
