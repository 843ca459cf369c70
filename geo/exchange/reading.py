"""Files of land offices into one frame: rows as text or numbers, geometry with its declared CRS, and what was guessed."""

from __future__ import annotations

import re
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from pyproj.exceptions import CRSError

from geo.exchange import encoding
from geo.exchange.apart import read_apart
from geo.exchange.csv_reading import read_csv
from geo.exchange.gml_checking import BOX_OF_FEATURE, all_there, copy_alone
from geo.exchange.kinds import JSON_ENDINGS, JSON_FG, KINDS, Kind, kind_of
from geo.exchange.kml_reading import read_kml
from geo.exchange.mapinfo import check_table, text_encoding
from geo.exchange.parquet_reading import read_parquet
from geo.exchange.source import Source
from geo.exchange.unpacking import CHUNK, bad_file

AS_BYTES = "ISO-8859-1"
"""How a DBF is read before its encoding is settled: every byte becomes one character and back."""

JSON_FG_MARKS = (b"/json-fg-1", b'"coordRefSys"')
COLLECTION = 7
SURFACES = {15: "PolyhedralSurface", 16: "TIN", 17: "Triangle"}
"""Surfaces of solids by their WKB number; no plan of the ground."""

FOLDERS = re.compile(r"(?:/[^/\s'\"]+)+/")
DAMAGE = (
    pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FieldError, pyogrio.errors.FeatureError,
    pyogrio.errors.GeometryError, pyogrio.errors.CRSError, CRSError, ValueError, RuntimeError, UnicodeError, LookupError, OSError,
    OverflowError, shapely.errors.ShapelyError,
)  # fmt: skip


def read(path: Path, layer: str | None = None) -> Source:
    """Read one data set. Raises BadInput that says what is wrong with the file, TooLarge when it is beyond bounds."""
    kind, ending = kind_of(path), path.suffix.lower()
    if kind is None:
        raise bad_file(f"不支持 {path.suffix} 文件", f"{path.suffix} files cannot be read")
    if ending in JSON_ENDINGS and is_json_fg(path):
        kind, ending = JSON_FG, ".jsonfg"
    _whole(path, kind)
    source = read_apart(path, ending, layer) if kind.is_apart else read_here(path, ending, layer)
    if kind.driver is not None:
        source.guesses = {"format": {"value": kind.name, "evidence": []}} | source.guesses
    return source


def read_here(path: Path, ending: str, layer: str | None) -> Source:
    """Read one data set in this process, as a file of this ending. Raises BadInput."""
    own = OWN_READERS.get(ending)
    guess = _dbf_encoding(path) if ending == ".shp" else None
    if ending == ".tab":
        check_table(path)
    try:
        with warnings.catch_warnings(), tempfile.TemporaryDirectory(prefix="yzt-gml-") as folder:
            warnings.simplefilter("ignore")
            if own is not None:
                return own(path, layer)
            if ending == ".gml":
                return _read_gml(path, layer, Path(folder))
            if KINDS[ending].driver == "MapInfo File":
                return _read_mapinfo(path, layer)
            return _read_vector(path, layer, guess)
    except DAMAGE as error:
        said = _short(error)
        if "not recognized as being" in said:
            raise bad_file(
                f"文件内容不是 {KINDS[ending].name}，或已损坏",
                f"the content is not {KINDS[ending].name}, or it is damaged",
            ) from error
        raise bad_file(f"文件打不开或已损坏：{said}", f"the file cannot be opened or is damaged: {said}") from error


def _read_csv(path: Path, _: str | None) -> Source:
    table = read_csv(path)
    return Source(table.frame, table.geometry, None, table.guesses, table.faults)


def _read_parquet(path: Path, _: str | None) -> Source:
    return read_parquet(path)


OWN_READERS: dict[str, Callable[[Path, str | None], Source]] = {
    ".csv": _read_csv, ".kml": read_kml, ".parquet": _read_parquet, ".geoparquet": _read_parquet,
}  # fmt: skip


def _read_gml(path: Path, layer: str | None, folder: Path) -> Source:
    alone, counts = copy_alone(path, folder)
    source = _read_vector(alone, layer, None)
    all_there(str(source.guesses["layer"]["value"]), len(source.frame), counts)
    source.frame = source.frame.drop(columns=BOX_OF_FEATURE, errors="ignore")
    return source


def is_json_fg(path: Path) -> bool:
    """Whether a JSON text is a JSON-FG document: its geometry may lie in `place`, in a CRS of its own."""
    before = b""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            if any(mark in before + chunk for mark in JSON_FG_MARKS):
                return True
            before = chunk[-len(max(JSON_FG_MARKS, key=len)) :]
    return False


def _whole(path: Path, kind: Kind) -> None:
    """Raise BadInput for a data set of several files that is not whole."""
    for part in kind.parts:
        if not sibling(path, part) and not (part == ".dat" and sibling(path, ".dbf")):
            all_parts = "、".join((path.suffix.lower(), *kind.parts))
            raise bad_file(
                f"{kind.name} 不完整：缺 {part}；{all_parts} 要放在一个 zip 中上传",
                f"the {kind.name} is incomplete: {part} is missing; send {', '.join((path.suffix.lower(), *kind.parts))} together in a zip",
            )


def sibling(path: Path, suffix: str) -> Path | None:
    """The part of a Shapefile with another ending, whatever its case."""
    wanted = (path.stem + suffix).lower()
    return next((p for p in path.parent.iterdir() if p.name.lower() == wanted), None)


def _short(error: Exception) -> str:
    """What an error says, without the folders of this machine."""
    said = FOLDERS.sub("", str(error).splitlines()[0][:1000])[:200] if str(error) else ""
    return said or type(error).__name__


def _read_mapinfo(path: Path, layer: str | None) -> Source:
    """A MapInfo table, read byte for byte: many are GBK and say `Neutral`."""
    source = _read_vector(path, layer, encoding.Guess(AS_BYTES, ()))
    written = "\n".join([*map(str, source.frame.columns), *_texts(source.frame)])
    guess = text_encoding(path, written.encode(AS_BYTES, "replace"))
    source.guesses["encoding"] = guess.report()
    source.frame = _decoded(source.frame, guess.codec)
    return source


def _texts(frame: pd.DataFrame) -> Iterator[str]:
    for n in range(frame.shape[1]):
        yield from (cell for cell in frame.iloc[:, n] if isinstance(cell, str))


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
            f"文件有 {len(names)} 个图层：{'、'.join(names[:8])}；请用 --layer 指明一个",
            f"several layers ({len(names)}): {', '.join(names[:8])}; name one with --layer",
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
            kind = _surface(wkb[i])
            source.faults[int(i)] = ("wrong_geometry_type", kind) if kind else ("bad_coordinates", "")
        else:
            source.geometry[i] = closed
            source.notes[int(i)] = "ring closed"


def _surface(wkb: bytes) -> str | None:
    """The name of a surface of a solid, or of the first one in a collection; None for anything else."""
    kind = (
        int.from_bytes(wkb[1:5], "little" if wkb[0] else "big") & 0x0FFFFFFF
    ) % 1000  # without its marks for Z and M
    return _surface(wkb[9:]) if kind == COLLECTION and len(wkb) > 14 else SURFACES.get(kind)


def _dbf_encoding(path: Path) -> encoding.Guess:
    """SHP-01: .cpg, then the DBF's language byte, then what its bytes look like. Raises BadInput."""
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
