"""Files of land offices into one frame: rows as text or numbers, geometry with its declared CRS, and what was guessed."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from geo.exchange import encoding
from geo.exchange.csv_reading import Faults, read_csv
from geo.exchange.unpacking import bad_file

AS_BYTES = "ISO-8859-1"
"""How a DBF is read before its encoding is settled: every byte becomes one character and back."""

DAMAGE = (
    pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FieldError, pyogrio.errors.FeatureError,
    pyogrio.errors.GeometryError, pyogrio.errors.CRSError, CRSError, ValueError, RuntimeError, UnicodeError, LookupError, OSError,
    OverflowError, shapely.errors.ShapelyError,
)  # fmt: skip


@dataclass(slots=True)
class Source:
    """A file as read: `frame` has one row per feature (geometry in the file's own CRS, x before y).

    `faults` are rows whose geometry is there but cannot be read; `notes` what was mended while reading, by row index.
    """

    frame: pd.DataFrame
    geometry: Any | None
    crs: CRS | None
    guesses: dict[str, Any] = field(default_factory=dict)
    faults: Faults = field(default_factory=dict)
    notes: dict[int, str] = field(default_factory=dict)


def read(path: Path, layer: str | None = None) -> Source:
    """Read one data set. Raises BadInput that says what is wrong with the file."""
    if path.suffix.lower() == ".csv":
        table = read_csv(path)
        return Source(table.frame, table.geometry, None, table.guesses, table.faults)
    guess = _dbf_encoding(path) if path.suffix.lower() == ".shp" else None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            source = _read_vector(path, layer, guess)
    except DAMAGE as error:
        said = _short(error).replace(str(path), path.name)
        raise bad_file(f"文件打不开或已损坏：{said}", f"the file cannot be opened or is damaged: {said}") from error
    return source


def sibling(path: Path, suffix: str) -> Path | None:
    """The part of a Shapefile with another ending, whatever its case."""
    wanted = (path.stem + suffix).lower()
    return next((p for p in path.parent.iterdir() if p.name.lower() == wanted), None)


def _short(error: Exception) -> str:
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__


def _read_vector(path: Path, layer: str | None, guess: encoding.Guess | None) -> Source:
    chosen, count = _layer(path, layer)
    frame = pyogrio.read_dataframe(path, layer=chosen, encoding=AS_BYTES if guess else None, on_invalid="ignore")
    source = Source(frame, None, None, {"layer": {"value": chosen, "evidence": [f"{count} layer(s)"]}})
    if isinstance(frame, gpd.GeoDataFrame) and frame.active_geometry_name:
        source.geometry = frame.geometry.to_numpy().copy()
        source.crs = frame.crs
        source.frame = pd.DataFrame(frame.drop(columns=frame.active_geometry_name))
        if shapely.is_missing(source.geometry).any():
            _close_rings(source, path, chosen)
    if guess:
        source.guesses["encoding"] = guess.report()
        source.frame = _decoded(source.frame, guess.codec)
    return source


def _layer(path: Path, asked: str | None) -> tuple[str | None, int]:
    """The layer to read: the one asked for, else the only one with geometry, else the only one."""
    found = [(str(name), kind) for name, kind in pyogrio.list_layers(path)]
    names = [name for name, kind in found if kind is not None] or [name for name, _ in found]
    if asked is not None:
        if asked not in [name for name, _ in found]:
            raise bad_file(
                f"没有图层“{asked}”；有：{'、'.join(names[:8])}",
                f"there is no layer '{asked}'; there are: {', '.join(names[:8])}",
            )
        return asked, len(found)
    if len(names) > 1:
        raise bad_file(
            f"文件有多个图层：{'、'.join(names[:8])}；请用 --layer 指明一个",
            f"several layers: {', '.join(names[:8])}; name one with --layer",
        )
    return (names[0] if names else None), len(found)


def _close_rings(source: Source, path: Path, layer: str | None) -> None:
    """Geometry shapely would not take: a ring that does not close is closed and noted, anything else is a fault of its row."""
    wkb: Any = pyogrio.raw.read(path, layer=layer, columns=[])[2]
    assert source.geometry is not None
    for i in np.flatnonzero(shapely.is_missing(source.geometry)):
        if wkb[i] is None:
            continue
        closed = shapely.from_wkb(wkb[i], on_invalid="fix")
        if closed is None:
            source.faults[int(i)] = ("bad_coordinates", "")
        else:
            source.geometry[i] = closed
            source.notes[int(i)] = "ring closed"


def _dbf_encoding(path: Path) -> encoding.Guess:
    """SHP-01: .cpg, then the DBF's language byte, then what its bytes look like. Raises BadInput for missing parts."""
    for part in (".dbf", ".shx"):
        if not sibling(path, part):
            raise bad_file(
                f"Shapefile 不完整：缺 {part}；.shp、.shx、.dbf 要一起上传",
                f"the Shapefile is incomplete: {part} is missing; send .shp, .shx and .dbf together",
            )
    dbf, cpg = sibling(path, ".dbf"), sibling(path, ".cpg")
    raw = dbf.read_bytes() if dbf else b""
    if len(raw) < 32:
        raise bad_file(".dbf 已损坏", "the .dbf is damaged")
    said = encoding.of_code_page_file(cpg.read_bytes()) if cpg is not None else None
    guess = said or encoding.of_language_byte(raw[29]) or encoding.of_bytes(raw[32:])
    if guess.codec.startswith("utf-16"):
        raise bad_file(
            ".dbf 是 UTF-16，不支持；请另存为 UTF-8 或 GBK",
            "the .dbf is UTF-16, which cannot be read; save it as UTF-8 or GBK",
        )
    return guess


def _decoded(frame: pd.DataFrame, codec: str) -> pd.DataFrame:
    """The frame with names and text cells, read byte for byte, in their own encoding."""
    out = {}
    for number, name in enumerate(frame.columns):
        cells = frame.iloc[:, number]
        if pd.api.types.is_string_dtype(cells) or cells.dtype == object:
            cells = pd.Series(
                [_text(cell, codec) if isinstance(cell, str) else cell for cell in cells],
                index=cells.index,
                dtype=object,
            )
        out[_text(str(name), codec)] = cells
    return pd.DataFrame(out)


def _text(cell: str, codec: str) -> str:
    try:
        return encoding.decode(cell.encode(AS_BYTES), codec)
    except UnicodeEncodeError:  # it was not read byte for byte after all
        return cell
