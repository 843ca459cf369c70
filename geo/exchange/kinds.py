"""Which kinds of files go in: what each is called, begins with and is read by; and why the others do not go in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file. `marks`: bytes it begins with, by offset (what it holds decides, not what it is called).

    `is_apart`: it is read in a process of its own with bounded memory and time; `driver`: by this GDAL driver alone.
    `parts`: files that must lie beside it.
    """

    name: str
    marks: tuple[tuple[int, bytes], ...] = ()
    is_apart: bool = False
    driver: str | None = None
    parts: tuple[str, ...] = ()


_JSON = Kind("GeoJSON")
JSON_FG = Kind("JSON-FG", is_apart=True, driver="JSONFG")
_PARQUET = Kind("GeoParquet", ((0, b"PAR1"),), is_apart=True)

KINDS = {
    ".shp": Kind("Shapefile", ((0, b"\x00\x00\x27\x0a"),), parts=(".dbf", ".shx")),
    ".geojson": _JSON,
    ".json": _JSON,
    ".jsonfg": JSON_FG,
    ".gpkg": Kind("GeoPackage", ((0, b"SQLite format 3\x00"),)),
    ".fgb": Kind("FlatGeobuf", ((0, b"fgb"),)),
    ".csv": Kind("CSV"),
    ".kml": Kind("KML", is_apart=True),
    ".gml": Kind("GML", is_apart=True, driver="GML"),
    ".gdb": Kind("FileGDB", is_apart=True, driver="OpenFileGDB"),
    ".tab": Kind("MapInfo TAB", is_apart=True, driver="MapInfo File", parts=(".dat",)),
    ".mif": Kind("MapInfo MIF", is_apart=True, driver="MapInfo File", parts=(".mid",)),
    ".parquet": _PARQUET,
    ".geoparquet": _PARQUET,
}
"""Kinds by ending. A `.gdb` is a folder; it comes in a zip, as several parts of one data set always do."""

JSON_ENDINGS = (".geojson", ".json", ".jsonfg")
ZIP_MARKS = ((0, b"PK"),)
ACCEPTED_ZH = (
    "Shapefile（可压缩为 zip）、GeoJSON、JSON-FG、GeoPackage、FlatGeobuf、KML/KMZ、GML、FileGDB（.gdb 压缩为 zip）、"
    "MapInfo TAB 或 MIF/MID（压缩为 zip）、GeoParquet、CSV"
)
ACCEPTED_EN = (
    "Shapefile (also zipped), GeoJSON, JSON-FG, GeoPackage, FlatGeobuf, KML/KMZ, GML, FileGDB (.gdb in a zip), "
    "MapInfo TAB or MIF/MID (in a zip), GeoParquet and CSV"
)

_PART_OF_SHAPEFILE = (
    "这是 Shapefile 的一部分；请把 .shp、.shx、.dbf（和 .prj、.cpg）一起压缩为 zip",
    "this is one part of a Shapefile; send .shp, .shx, .dbf (and .prj, .cpg) together in a zip",
)
_PART_OF_MAPINFO = (
    "这是 MapInfo 表的一部分；请把 .tab、.dat、.map、.id（或 .mif、.mid）一起压缩为 zip",
    "this is one part of a MapInfo table; send .tab, .dat, .map, .id (or .mif, .mid) together in a zip",
)
_DRAWING = (
    "CAD 图只有线条和图块，没有编号和属性，多数也没有坐标系，无法逐宗登记；请在 CAD 或 GIS 中把地块另存为 Shapefile 或 GeoPackage",
    "a CAD drawing holds lines and blocks without codes or attributes, mostly without a coordinate system too, so its plots "
    "cannot be told apart; save the plots as Shapefile or GeoPackage in the CAD or GIS",
)
_PACKED = ("这种压缩包不支持；请解开，或改用 zip", "this kind of archive is not unpacked; send its content, or a zip")
_TILE = (
    "矢量瓦片是切碎、取整过的图，不是数据；请上传它的来源",
    "a vector tile is a drawing, cut and rounded; send the data it was made from",
)
_WORKBOOK = ("工作簿不能当作地理数据读取；请把工作表另存为 CSV", "a workbook is no geodata; save the sheet as CSV")
_OSM = (
    "OpenStreetMap 摘录没有图层和编号；请先把需要的要素另存为 GeoPackage",
    "an OpenStreetMap extract has no layers; save the features you need as GeoPackage first",
)
_TEXT = (
    "文本没有统一的格式；界址点坐标文件请先转为 Shapefile 或 GeoPackage，表格请另存为 CSV",
    "a text has no one format; turn boundary points (界址点) into Shapefile or GeoPackage first, save a table as CSV",
)

WHY_NOT = {
    **dict.fromkeys((".dbf", ".shx", ".prj", ".cpg", ".sbn", ".sbx", ".qix"), _PART_OF_SHAPEFILE),
    **dict.fromkeys((".dat", ".map", ".id", ".ind", ".mid"), _PART_OF_MAPINFO),
    **dict.fromkeys((".gdbtable", ".gdbtablx"), ("请把整个 .gdb 文件夹压缩为 zip", "send the whole .gdb folder in a zip")),
    **dict.fromkeys((".dxf", ".dwg", ".dgn"), _DRAWING),
    **dict.fromkeys((".7z", ".rar", ".gz", ".tar", ".tgz", ".bz2", ".xz"), _PACKED),
    **dict.fromkeys((".mvt", ".mbtiles", ".pmtiles"), _TILE),
    **dict.fromkeys((".xlsx", ".xls", ".ods"), _WORKBOOK),
    **dict.fromkeys((".osm", ".pbf"), _OSM),
    ".txt": _TEXT,
}  # fmt: skip
"""The true reason for kinds people do send (zh, en), by ending."""


def kind_of(path: Path) -> Kind | None:
    """The kind a file is called, None for one that does not go in."""
    return KINDS.get(path.suffix.lower())
