"""KML: every Placemark of a document in one table, whatever folder it lies in. Nothing a document points at is fetched.

A reader of our own: GDAL's gives each folder as a layer and eleven columns of display settings, and folders of a KML are
an arrangement on a screen, not data sets. Coordinates are longitude, latitude in WGS 84 by definition (CRS84).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from geo.exchange.kml_shapes import GEOMETRIES, Builder
from geo.exchange.source import Source
from geo.exchange.unpacking import bad_file
from geo.exchange.xml_walking import walk

CONTAINERS = {"Document", "Folder"}
PICTURES = {"GroundOverlay", "PhotoOverlay", "ScreenOverlay"}
PLAIN = {"name", "description", "address", "phoneNumber", "snippet", "Snippet"}
TIMES = {("TimeStamp", "when"), ("TimeSpan", "begin"), ("TimeSpan", "end")}
COLUMNS_MAX = 1_000


@dataclass(slots=True)
class _Placemark:
    cells: dict[str, str]
    depth: int
    shapes: Builder = field(default_factory=Builder)

    def put(self, name: str, value: str) -> None:
        """A cell; a second one of the same name stands beside the first."""
        key, number = name, 2
        while key in self.cells:
            key, number = f"{name}_{number}", number + 1
        self.cells[key] = value


def read_kml(path: Path, layer: str | None = None) -> Source:
    """All Placemarks of a KML, or those of the folder named `layer` ("Outer/Inner") and below.

    Columns: name, description, ..., begin, end, whatever ExtendedData says, `folder` and `id`. Raises BadInput.
    """
    document = _Document()
    walk(path, document.start, document.end, document.text.append)
    rows = document.rows
    if not document.has_root:
        raise bad_file("文件内容不是 KML", "the content is not KML")
    if not rows and document.links:
        raise bad_file(
            "KML 只有 NetworkLink（指向别处的数据），本系统不会去取；请上传数据本身",
            "the KML holds only NetworkLinks to data elsewhere, which are never followed; send the data itself",
        )
    if layer is not None:
        rows = _within(rows, layer)
    return _source(document, rows)


def _within(rows: list[_Placemark], layer: str) -> list[_Placemark]:
    kept = [r for r in rows if (r.cells.get("folder", "") + "/").startswith(layer + "/")]
    if not kept:
        names = list(dict.fromkeys(r.cells["folder"] for r in rows if "folder" in r.cells))[:8]
        raise bad_file(
            f"没有文件夹“{layer}”；有：{'、'.join(names)}",
            f"there is no folder '{layer}'; there are: {', '.join(names)}",
        )
    return kept


def _source(document: _Document, rows: list[_Placemark]) -> Source:
    columns = dict.fromkeys(name for row in rows for name in row.cells)
    if len(columns) > COLUMNS_MAX:
        raise bad_file(f"KML 的属性超过 {COLUMNS_MAX} 种", f"the KML has more than {COLUMNS_MAX} kinds of attributes")
    frame = pd.DataFrame({name: [row.cells.get(name) for row in rows] for name in columns}, index=range(len(rows)))
    geometry = np.full(len(rows), None, dtype=object)
    source = Source(
        frame, geometry, CRS.from_authority("OGC", "CRS84"), {"format": {"value": "KML", "evidence": document.told()}}
    )
    for i, row in enumerate(rows):
        try:
            geometry[i], note = row.shapes.finished()
        except (ValueError, shapely.errors.ShapelyError) as error:
            source.faults[i] = ("bad_coordinates", str(error)[:80])
            continue
        if note:
            source.notes[i] = note
    return source


class _Document:
    """Where we are in a document, and the Placemarks it has shown so far."""

    def __init__(self) -> None:
        self.rows: list[_Placemark] = []
        self.text: list[str] = []
        self.has_root = False
        self.links = self.pictures = 0
        self._path: list[tuple[str, str]] = []
        self._folders: list[str | None] = []
        self._current: _Placemark | None = None
        self._is_placemark, self._own_fields = {"Placemark"}, set[str]()

    def told(self) -> list[str]:
        """What a reader should know of what was left out."""
        out = [f"{len(self.rows)} Placemarks"]
        if self.links:
            out.append(f"{self.links} NetworkLinks not followed")
        if self.pictures:
            out.append(f"{self.pictures} overlays (pictures) left out")
        return out

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.has_root = self.has_root or name == "kml" or (not self._path and name in CONTAINERS | self._is_placemark)
        self._path.append((name, attributes.get("name", "")))
        self.text.clear()
        if self._current is not None:
            self._current.shapes.start(name)
        elif name in self._is_placemark:
            self._begin(attributes)
        elif name in CONTAINERS:
            self._folders.append(None)
        elif name == "Schema" and attributes.get("parent") == "Placemark":  # KML 2.0
            self._is_placemark = self._is_placemark | {attributes.get("name", "")}
        elif name == "SimpleField":
            self._own_fields.add(attributes.get("name", ""))
        self.links += name == "NetworkLink"
        self.pictures += name in PICTURES

    def _begin(self, attributes: dict[str, str]) -> None:
        cells = {"id": attributes["id"]} if attributes.get("id") else {}
        folder = "/".join(f for f in self._folders if f)
        if folder:
            cells["folder"] = folder
        self._current = _Placemark(cells, len(self._path))

    def end(self, name: str) -> None:
        content = "".join(self.text)
        self.text.clear()
        _, own_name = self._path.pop()
        above, name_above = self._path[-1] if self._path else ("", "")
        if self._current is None:
            self._end_outside(name, above, content.strip())
            return
        if len(self._path) + 1 == self._current.depth:
            self.rows.append(self._current)
            self._current = None
            return
        if name in GEOMETRIES or name in ("coordinates", "coord"):
            self._current.shapes.end(name, content)
        elif content.strip():
            self._cell(self._current, name, own_name, above, name_above, content.strip())

    def _end_outside(self, name: str, above: str, content: str) -> None:
        if name in CONTAINERS:
            self._folders.pop()
        elif name == "name" and above == "Folder" and content:
            self._folders[-1] = content

    def _cell(self, row: _Placemark, name: str, own_name: str, above: str, name_above: str, content: str) -> None:
        if len(self._path) == row.depth and (name in PLAIN or name in self._own_fields):
            row.put(name.lower() if name == "Snippet" else name, content)
        elif (above, name) in TIMES:
            row.put(name, content)
        elif name == "value" and above == "Data":
            row.put(name_above or name, content)
        elif name == "SimpleData":
            row.put(own_name or name, content)
        elif above == "ExtendedData" and name != "Data":
            row.put(name, content)
