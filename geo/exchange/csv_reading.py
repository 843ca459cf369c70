"""CSV: encoding and separator found out, geometry from a WKT column or a pair of coordinate columns."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely

from geo.exchange import encoding
from geo.exchange.source import Faults
from geo.exchange.unpacking import bad_file

WKT_NAMES = {"wkt", "geom", "geometry", "the_geom", "图形"}
LON_NAMES = {"lon", "lng", "long", "longitude", "x", "geox", "经度", "easting", "东坐标", "横坐标"}
LAT_NAMES = {"lat", "latitude", "y", "geoy", "纬度", "northing", "北坐标", "纵坐标"}
SEPARATORS = ",;\t|"
MADE_SAFE = re.compile("^'('*[=+\\-@\t\r])")
"""A text kept from being a formula by an apostrophe, as spreadsheets and our own writer do (csv_writing.py)."""


@dataclass(slots=True)
class Table:
    """A CSV as read: text cells, geometry as far as there are columns for it, and what could not be read of it."""

    frame: pd.DataFrame
    geometry: Any | None
    guesses: dict[str, Any]
    faults: Faults = field(default_factory=dict)


def read_csv(path: Path) -> Table:
    """Read a CSV. Raises BadInput when it is no table of text."""
    raw = path.read_bytes()
    guess = encoding.of_bytes(raw)
    text = raw.decode(guess.codec, "replace")
    if "\0" in text or text.count("�") > max(10, len(text) // 1000):
        raise bad_file("CSV 不是文本（编码无法识别）", "the CSV is no text in any encoding we know")
    try:
        frame = pd.read_csv(
            io.StringIO(text), sep=_separator(text), dtype=str, keep_default_na=False, na_values=[""], index_col=False
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError) as error:
        short = str(error).splitlines()[0][:200]
        raise bad_file(f"CSV 读不出：{short}", f"the CSV cannot be read: {short}") from error
    if "'" in text:
        frame = frame.apply(lambda cells: cells.str.replace(MADE_SAFE, r"\1", regex=True))
    table = Table(frame, None, {"encoding": guess.report()})
    _find_geometry(table)
    return table


def _separator(text: str) -> str:
    first = text.lstrip("\ufeff").split("\n", 1)[0]
    try:
        return csv.Sniffer().sniff(first, delimiters=SEPARATORS).delimiter
    except csv.Error:
        return max(SEPARATORS, key=first.count)


def _find_geometry(table: Table) -> None:
    by_name = {str(column).strip().lower(): column for column in table.frame.columns}
    wkt = next((by_name[n] for n in by_name if n in WKT_NAMES), None)
    lon = next((by_name[n] for n in by_name if n in LON_NAMES), None)
    lat = next((by_name[n] for n in by_name if n in LAT_NAMES), None)
    if wkt is not None:
        _from_wkt(table, wkt)
    elif lon is not None and lat is not None:
        _from_pair(table, lon, lat)


def _from_wkt(table: Table, name: str) -> None:
    written = np.array([c if isinstance(c, str) else None for c in table.frame.pop(name)], dtype=object)
    shapes: Any = shapely.from_wkt(written, on_invalid="ignore")
    for i in np.flatnonzero(shapely.is_missing(shapes) & np.array([w is not None for w in written])):
        table.faults[int(i)] = ("bad_coordinates", f"{name}: {str(written[i])[:60]}")
    table.geometry = shapes
    table.guesses["geometry"] = {"value": "from columns", "evidence": [f"WKT in {name}"]}


def _from_pair(table: Table, lon: str, lat: str) -> None:
    said = list(zip(table.frame[lon].tolist(), table.frame[lat].tolist(), strict=True))
    x, y = (pd.to_numeric(table.frame.pop(name), errors="coerce").to_numpy() for name in (lon, lat))
    points: Any = shapely.points(x, y)
    bad = ~(np.isfinite(x) & np.isfinite(y))
    points[bad] = None
    for i in np.flatnonzero(bad).tolist():
        if not all(pd.isna(cell) for cell in said[i]):
            table.faults[i] = ("bad_coordinates", f"{lon}={str(said[i][0])[:40]}, {lat}={str(said[i][1])[:40]}")
    table.geometry = points
    table.guesses["geometry"] = {"value": "from columns", "evidence": [f"x in {lon}", f"y in {lat}"]}
