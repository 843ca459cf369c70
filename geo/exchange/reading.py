"""Files of land offices into one frame: rows as text or numbers, geometry with its declared CRS, and what was guessed."""

from __future__ import annotations

import csv
import io
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
from pyproj import CRS

from geo.exchange.unpacking import bad_file

GBK_LANGUAGE_BYTES = {0x4D, 0x7A}
"""DBF language driver ids of code page 936 (SHP-01)."""

CSV_ENCODINGS = ("utf-8-sig", "gb18030", "cp1252")
WKT_NAMES = {"wkt", "geom", "geometry", "the_geom", "图形"}
LON_NAMES = {"lon", "lng", "longitude", "x", "geox", "经度", "easting"}
LAT_NAMES = {"lat", "latitude", "y", "geoy", "纬度", "northing"}


@dataclass(slots=True)
class Source:
    """A file as read: `frame` has one row per feature (geometry in the file's own CRS, x before y)."""

    frame: pd.DataFrame
    geometry: Any | None
    crs: CRS | None
    guesses: dict[str, Any] = field(default_factory=dict)


def read(path: Path, layer: str | None = None) -> Source:
    """Read one data set. Raises BadInput that says what is wrong with the file."""
    if path.suffix.lower() == ".csv":
        return _read_csv(path)
    if path.suffix.lower() == ".shp":
        for part in (".dbf", ".shx"):
            if not _sibling(path, part):
                raise bad_file(
                    f"Shapefile 不完整：缺 {part}；.shp、.shx、.dbf 要一起上传",
                    f"the Shapefile is incomplete: {part} is missing; send .shp, .shx and .dbf together",
                )
    return _read_vector(path, layer)


def _sibling(path: Path, suffix: str) -> Path | None:
    wanted = (path.stem + suffix).lower()
    return next((p for p in path.parent.iterdir() if p.name.lower() == wanted), None)


def _read_vector(path: Path, layer: str | None) -> Source:
    guesses: dict[str, Any] = {}
    encoding = None
    if path.suffix.lower() == ".shp":
        encoding, evidence = _dbf_encoding(path)
        guesses["encoding"] = {"value": encoding or "as declared", "evidence": evidence}
    try:
        layers = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None] or [
            str(name) for name, _ in pyogrio.list_layers(path)
        ]
        if layer is None and len(layers) > 1:
            raise bad_file(
                f"文件有多个图层：{'、'.join(layers[:8])}；请指明一个",
                f"several layers: {', '.join(layers[:8])}; name one",
            )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            frame = pyogrio.read_dataframe(path, layer=layer or (layers[0] if layers else None), encoding=encoding)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FieldError) as error:
        raise bad_file(
            f"文件打不开或已损坏：{_short(error)}", f"the file cannot be opened or is damaged: {_short(error)}"
        ) from error
    except (ValueError, RuntimeError, UnicodeError, LookupError, OSError, shapely.errors.GEOSException) as error:
        raise bad_file(
            f"文件内容读不出：{_short(error)}", f"the file's content cannot be read: {_short(error)}"
        ) from error
    geometry, crs = None, None
    if isinstance(frame, gpd.GeoDataFrame) and frame.active_geometry_name:
        geometry = frame.geometry.to_numpy()
        crs = frame.crs
        frame = pd.DataFrame(frame.drop(columns=frame.active_geometry_name))
    guesses["layer"] = {"value": layer or (layers[0] if layers else None), "evidence": [f"{len(layers)} layer(s)"]}
    return Source(frame, geometry, crs, guesses)


def _short(error: Exception) -> str:
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__


def _dbf_encoding(path: Path) -> tuple[str | None, list[str]]:
    """SHP-01: .cpg, then the DBF's language byte, then strict UTF-8, then GBK; None = let GDAL follow the .cpg."""
    cpg = _sibling(path, ".cpg")
    if cpg is not None and cpg.read_bytes().strip():
        return None, [f".cpg says {cpg.read_bytes().strip().decode('latin-1')[:20]}"]
    dbf = _sibling(path, ".dbf")
    raw = dbf.read_bytes() if dbf else b""
    if len(raw) < 32:
        raise bad_file(".dbf 已损坏", "the .dbf is damaged")
    body = raw[int.from_bytes(raw[8:10], "little") :]
    if raw[29] in GBK_LANGUAGE_BYTES:
        return "GBK", [f"DBF language byte 0x{raw[29]:02X}"]
    for encoding in ("utf-8", "gbk"):
        try:
            body.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding.upper(), ["no .cpg", f"every byte reads as {encoding.upper()}"]
    return "ISO-8859-1", ["no .cpg", "neither UTF-8 nor GBK"]


def _read_csv(path: Path) -> Source:
    raw = path.read_bytes()
    text, encoding = None, ""
    for encoding in CSV_ENCODINGS:
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    if text is None or "\0" in text:
        raise bad_file("CSV 不是文本（编码无法识别）", "the CSV is no text in any encoding we know")
    try:
        dialect: Any = csv.Sniffer().sniff(text[:4096], delimiters=",;\t|")
        separator = dialect.delimiter
    except csv.Error:
        separator = ","
    try:
        frame = pd.read_csv(io.StringIO(text), sep=separator, dtype=str, keep_default_na=False, na_values=[""])
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError) as error:
        raise bad_file(f"CSV 读不出：{_short(error)}", f"the CSV cannot be read: {_short(error)}") from error
    geometry, evidence = _csv_geometry(frame)
    guesses = {"encoding": {"value": encoding, "evidence": [f"every byte reads as {encoding}"]}}
    if evidence:
        guesses["geometry"] = {"value": "from columns", "evidence": evidence}
    return Source(frame, geometry, None, guesses)


def _csv_geometry(frame: pd.DataFrame) -> tuple[Any | None, list[str]]:
    """Geometry of a WKT column or of a pair of coordinate columns, taken out of the frame; broken values become None."""
    by_name = {str(column).strip().lower(): column for column in frame.columns}
    wkt = next((by_name[n] for n in by_name if n in WKT_NAMES), None)
    if wkt is not None:
        values = frame.pop(wkt)
        return shapely.from_wkt(values.where(values.notna(), None).to_numpy(), on_invalid="ignore"), [f"WKT in {wkt}"]
    lon = next((by_name[n] for n in by_name if n in LON_NAMES), None)
    lat = next((by_name[n] for n in by_name if n in LAT_NAMES), None)
    if lon is None or lat is None:
        return None, []
    x = pd.to_numeric(frame.pop(lon), errors="coerce").to_numpy()
    y = pd.to_numeric(frame.pop(lat), errors="coerce").to_numpy()
    points: Any = shapely.points(x, y)
    points[pd.isna(x) | pd.isna(y)] = None
    return points, [f"x in {lon}", f"y in {lat}"]
