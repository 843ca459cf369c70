"""Rejected rows as a file with their reasons: GeoPackage where there is geometry, CSV where there is none."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.exchange.report import Report
from geo.exchange.shaping import COORDINATE_MAX
from geo.exchange.source import Source
from geo.exchange.stored import Content

REASON_COLUMNS = ("row_no", "field", "reason_code", "reason")
RESERVED = {"fid", "geom", "geometry"}
"""Names a GeoPackage keeps for itself."""


def rejects_of(source: Source, report: Report) -> Content | None:
    """The rows that `report` rejected as they stood in the file, with `row_no, field, reason_code, reason`; None if there are none.

    Coordinates that no file can hold are left out of the shape; the reason names them.
    """
    bad = [row for row in report.rows if row.action == "rejected"]
    if not bad:
        return None
    picked = [row.row_no - 1 for row in bad]
    reasons = pd.DataFrame([[getattr(row, c) for c in REASON_COLUMNS] for row in bad], columns=list(REASON_COLUMNS))
    theirs = source.frame.iloc[picked].reset_index(drop=True)
    frame = pd.concat([reasons, theirs.set_axis(_names(theirs), axis=1)], axis=1)
    if source.geometry is None:
        return Content("rejects.csv", frame.to_csv(index=False).encode("utf-8-sig"))
    shapes = shapely.force_2d(source.geometry[picked].copy())
    shapes[~_writable(shapes)] = None
    with tempfile.TemporaryDirectory(prefix="yzt-rejects-") as folder:
        path = Path(folder) / "rejects.gpkg"
        gpd.GeoDataFrame(_plain(frame), geometry=shapes, crs=source.crs).to_file(path, driver="GPKG", layer="rejects")
        return Content("rejects.gpkg", path.read_bytes())


def _names(frame: pd.DataFrame) -> list[str]:
    """Column names that do not clash, with each other (SQLite knows no case) or with ours."""
    taken = set(REASON_COLUMNS) | RESERVED
    names = []
    for column in map(str, frame.columns):
        name, number = column, 2
        while name.casefold() in taken:
            name, number = f"{column}_{number}", number + 1
        taken.add(name.casefold())
        names.append(name)
    return names


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Cells a GeoPackage can hold: lists and the like as text."""
    out = frame.copy()
    for column in out.columns:
        if out[column].dtype == object:
            out[column] = [None if _is_empty(v) else v if isinstance(v, str | int) else str(v) for v in out[column]]
    return out


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, float) and np.isnan(value))


def _writable(shapes: Any) -> Any:
    points, owner = shapely.get_coordinates(shapes, return_index=True)
    fine = np.isfinite(points).all(axis=1) & (np.abs(points) < COORDINATE_MAX).all(axis=1)
    out = np.ones(len(shapes), dtype=bool)
    out[np.unique(owner[~fine])] = False
    return out
