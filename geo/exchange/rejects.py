"""Rejected rows as a file with their reasons: GeoPackage where there is geometry, CSV where there is none."""

from __future__ import annotations

import tempfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from geo.errors import BadInput
from geo.exchange.reading import read
from geo.exchange.report import Report
from geo.exchange.unpacking import readable_file


def write_rejects(source_file: Path, report: Report, out: Path) -> Path:
    """Write the rows of `source_file` that `report` rejected, with `row_no, field, reason_code, reason`; returns the path."""
    bad = {row.row_no: row for row in report.rows if row.action in ("rejected", "kept")}
    with tempfile.TemporaryDirectory(prefix="yzt-rejects-") as workdir:
        try:
            source = read(readable_file(source_file, Path(workdir)))
        except BadInput:
            return out
    numbers = [n for n in bad if n <= len(source.frame)]
    frame = source.frame.iloc[[n - 1 for n in numbers]].reset_index(drop=True)
    frame.insert(0, "row_no", numbers)
    for place, name in enumerate(("field", "reason_code", "reason"), start=1):
        frame.insert(place, name if name not in frame else f"reject_{name}", [getattr(bad[n], name) for n in numbers])
    if source.geometry is None:
        target = out.with_suffix(".csv")
        frame.to_csv(target, index=False)
        return target
    shapes = source.geometry[[n - 1 for n in numbers]]
    target = out.with_suffix(".gpkg")
    frame = frame.drop(columns=[c for c in frame.columns if str(c).lower() == "fid"])
    frame = frame.astype({c: str for c in frame.columns if frame[c].dtype == object})
    gpd.GeoDataFrame(pd.DataFrame(frame), geometry=shapely.force_2d(shapes), crs=source.crs).to_file(
        target, driver="GPKG", layer="rejects"
    )
    return target
