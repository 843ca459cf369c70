"""A GeoPackage of invented plots as a survey office sends it: EPSG:4529, our column names, some outlines broken."""

from __future__ import annotations

from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import shapely

from ops.bench import land
from ops.bench.attributes import COLUMNS, rows, town_of

FIELDS = ("code", "name", "name_en", "town_code", "unit_code", "land_use_code", "land_use_std", "registered_area_m2", "far_min", "far_max",
          "description")  # fmt: skip
ONE_BROKEN_IN = 150


def write(path: Path, row_count: int, first_block: int = 0) -> int:
    """Write `row_count` plots of the blocks from `first_block` on; returns how many are broken."""
    count = -(-row_count // land.PER_BLOCK)
    every = land.blocks(first_block + count)
    towns = town_of(shapely.get_coordinates(shapely.centroid(every)), land.towns())
    shapes, records = [], []
    for number in range(first_block, first_block + count):
        made = land.parcels(every[number], number)
        told = rows(land.degrees(made), shapely.area(made), number, int(towns[number]), 1).parcels
        shapes.append(made)
        records += [{name: row[COLUMNS.index(name)] for name in FIELDS} for row in told]
    geometry = np.concatenate(shapes)[:row_count]
    broken = range(0, row_count, ONE_BROKEN_IN)
    for i in broken:
        geometry[i] = _crossed(geometry[i])
    frame = geopandas.GeoDataFrame(pd.DataFrame(records[:row_count]), geometry=geometry, crs=land.SURVEY_EPSG)
    frame.to_file(path, layer="plots", engine="pyogrio")
    return len(broken)


def _crossed(shape: shapely.MultiPolygon) -> shapely.MultiPolygon:
    """The shape with two corners of its first ring changed about, so that the ring crosses itself."""
    parts = list(shape.geoms)
    ring = np.array(parts[0].exterior.coords)
    ring[[1, 2]] = ring[[2, 1]]
    parts[0] = shapely.Polygon(ring, [np.array(hole.coords) for hole in parts[0].interiors])
    return shapely.MultiPolygon(parts)
