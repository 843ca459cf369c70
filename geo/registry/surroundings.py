"""The land and the waters around a county: brought in one file, put in place of what was there before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, text

from geo.crs import STORAGE_SRID
from geo.errors import BadInput, NotFound, Problem

REACH_DEG = 5.0
"""Ground farther than this from the county's outline is no surrounding."""

ROWS_MAX, VERTICES_MAX = 500, 200_000
"""A page fetches all of it at once: more than this belongs into tiles."""


@dataclass(frozen=True, slots=True)
class Surround:
    """Ground beyond the border (`land`, polygons), or a name at a point: a neighbour's (`place`), a water's (`water`).

    EPSG:4490, longitude first.
    """

    kind: str
    geometry: BaseGeometry
    name: str | None = None
    name_en: str | None = None


def put_surroundings(
    connection: Connection,
    county_code: str,
    rows: Sequence[Surround],
    *,
    attribution: str | None,
    is_sample: bool = False,
) -> int:
    """Replace the surroundings of a county; returns how many there are now.

    Raises NotFound (no such county), BadInput (a shape of the wrong kind, too far away, too many vertices).
    """
    outline = connection.execute(
        text("select st_asbinary(outline) from register.county where code = :code"), {"code": county_code}
    ).scalar_one_or_none()
    if outline is None:
        raise NotFound.at(
            "county", Problem(zh=f"没有代码为“{county_code}”的县", en=f"there is no county '{county_code}'")
        )
    west, south, east, north = shapely.from_wkb(bytes(outline)).bounds
    reach = shapely.box(west - REACH_DEG, south - REACH_DEG, east + REACH_DEG, north + REACH_DEG)
    vertices = sum(int(shapely.get_num_coordinates(row.geometry)) for row in rows)
    if len(rows) > ROWS_MAX or vertices > VERTICES_MAX:
        raise BadInput.at(
            "surroundings",
            Problem(
                zh=f"周边图形过多：{len(rows)} 个、{vertices} 个顶点，最多 {ROWS_MAX} 个、{VERTICES_MAX} 个顶点",
                en=f"too much: {len(rows)} shapes with {vertices} vertices; at most {ROWS_MAX} with {VERTICES_MAX}",
            ),
        )
    made = [_row(number, row, reach) for number, row in enumerate(rows, start=1)]
    connection.execute(text("delete from register.surrounding where county_code = :code"), {"code": county_code})
    if made:
        connection.execute(
            text(
                "insert into register.surrounding (county_code, code, kind, name, name_en, geom, attribution, is_sample) values "
                "(:county, :code, :kind, :name, :name_en, st_setsrid(st_geomfromwkb(:geom), :srid), :attribution, :sample)"
            ),
            [
                {"county": county_code, "srid": STORAGE_SRID, "attribution": attribution, "sample": is_sample} | row
                for row in made
            ],
        )
    return len(made)


def _row(number: int, row: Surround, reach: BaseGeometry) -> dict[str, object]:
    where = f"surroundings/{number}"
    shape: BaseGeometry = row.geometry
    if row.kind == "land":
        parts = [p for p in shapely.get_parts(shapely.make_valid(shape)) if p.geom_type in ("Polygon", "MultiPolygon")]
        shape = shapely.union_all(parts) if parts else shapely.Polygon()
    is_right = not shape.is_empty and (
        shape.geom_type in ("Polygon", "MultiPolygon")
        if row.kind == "land"
        else row.kind in ("place", "water") and shape.geom_type == "Point" and bool(row.name)
    )
    if not is_right:
        raise BadInput.at(
            where,
            Problem(
                zh="应是陆地（kind=land，面），或者邻县、水域的名称（kind=place、water，点，带 name）",
                en="land is an area (kind=land); the name of a neighbour or a water is a point with a name (kind=place, water)",
            ),
        )
    if not np.isfinite(shapely.get_coordinates(shape)).all() or not reach.intersects(shape):
        raise BadInput.at(
            where, Problem(zh=f"离县界超过 {REACH_DEG:g} 度", en=f"more than {REACH_DEG:g} degrees from the county")
        )
    return {
        "code": f"S{number:03d}",
        "kind": row.kind,
        "name": row.name,
        "name_en": row.name_en,
        "geom": shapely.to_wkb(shape),
    }
