"""FlatGeobuf and GeoPackage through GDAL's Arrow door.

Two passes: rows are first spooled to disk as they come from the database, then written. Only after the last row is it known
whether there are several types of geometry (then single ones become Multi, or the layer takes any) and whether some have
none (then a FlatGeobuf cannot have its index); and the transaction is over before GDAL begins.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyogrio

from geo.crs import STORAGE_SRID
from geo.exchange.outgoing import AS_TEXT, OutColumn, Rows

GEOMETRY = "geom"
DRIVERS = {"fgb": "FlatGeobuf", "gpkg": "GPKG"}
ARROW = {
    "string": pa.string(), "string_array": pa.string(), "date_range": pa.string(), "integer": pa.int64(), "number": pa.float64(),
    "boolean": pa.bool_(), "date": pa.date32(), "timestamp": pa.timestamp("ms", tz="UTC"),
}  # fmt: skip
PLAIN: dict[str, Callable[[Any], Any]] = {**AS_TEXT, "number": float}
NAMES = {1: "Point", 2: "LineString", 3: "Polygon", 4: "MultiPoint", 5: "MultiLineString", 6: "MultiPolygon"}
"""Flat types by their WKB number; a Multi has three more than its single type."""


@dataclass(slots=True)
class Spool:
    """Rows on disk as an Arrow stream, and what was seen of their geometry: WKB type numbers, and whether some have none."""

    path: Path
    rows: int = 0
    types: set[int] = field(default_factory=set)
    lacks_geometry: bool = False

    @classmethod
    def of(cls, batches: Iterable[Rows], columns: Sequence[OutColumn], path: Path) -> Spool:
        """Write rows to disk as they come."""
        spool = cls(path)
        schema = pa.schema([(c.name, ARROW[c.type]) for c in columns] + [(GEOMETRY, pa.binary())])
        with pa.OSFile(str(path), "wb") as file, pa.ipc.new_stream(file, schema) as stream:
            for rows in batches:
                stream.write_batch(_batch(rows, columns, schema))
                spool._see([row[-1] for row in rows])
        return spool

    def _see(self, shapes: list[bytes | None]) -> None:
        self.rows += len(shapes)
        self.types.update(_type_of(wkb) for wkb in shapes if wkb is not None)
        self.lacks_geometry = self.lacks_geometry or None in shapes

    @property
    def multi(self) -> int | None:
        """The Multi type all become where there are both a single type and its Multi."""
        highest = max(self.types, default=0)
        return highest if highest in NAMES and self.types == {highest - 3, highest} else None

    @property
    def layer_type(self) -> str:
        """The geometry type of the layer."""
        only = self.multi or (next(iter(self.types)) if len(self.types) == 1 else 0)
        return NAMES.get(only, "Unknown")


def write_gis(spool: Spool, kind: Literal["fgb", "gpkg"], layer: str, out: Path) -> int:
    """Write spooled rows into one layer with its CRS and its spatial index; returns the number of rows."""
    with pa.OSFile(str(spool.path)) as file, pa.ipc.open_stream(file) as stream:
        reader = pa.RecordBatchReader.from_batches(stream.schema, _promoted(stream, spool.multi))
        pyogrio.write_arrow(
            reader, out, layer=layer, driver=DRIVERS[kind], geometry_name=GEOMETRY, geometry_type=spool.layer_type, crs=f"EPSG:{STORAGE_SRID}",
            layer_options=_options(kind, spool, stream.schema),
        )  # fmt: skip
    return spool.rows


def _options(kind: str, spool: Spool, schema: pa.Schema) -> dict[str, str]:
    if kind == "fgb":
        return {"SPATIAL_INDEX": "NO" if spool.lacks_geometry else "YES"}
    key, taken = "fid", {name.casefold() for name in schema.names}
    while key in taken:
        key = f"_{key}"
    return {"SPATIAL_INDEX": "YES", "GEOMETRY_NAME": GEOMETRY, "FID": key}


def _batch(rows: Rows, columns: Sequence[OutColumn], schema: pa.Schema) -> pa.RecordBatch:
    arrays = []
    for n, column in enumerate(columns):
        plain = PLAIN.get(column.type)
        cells = [row[n] if plain is None or row[n] is None else plain(row[n]) for row in rows]
        arrays.append(pa.array(cells, ARROW[column.type]))
    arrays.append(pa.array([row[-1] for row in rows], pa.binary()))
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _promoted(stream: Iterable[pa.RecordBatch], multi: int | None) -> Iterator[pa.RecordBatch]:
    """The batches, single geometries made Multi where the layer is one of Multis."""
    for batch in stream:
        if multi is not None:
            shapes = [_in_multi(wkb, multi) for wkb in batch.column(GEOMETRY).to_pylist()]
            batch = batch.set_column(batch.num_columns - 1, GEOMETRY, pa.array(shapes, pa.binary()))
        yield batch


def _type_of(wkb: bytes) -> int:
    number: int = struct.unpack_from("<I" if wkb[0] else ">I", wkb, 1)[0]
    return number


def _in_multi(wkb: bytes | None, multi: int) -> bytes | None:
    if wkb is None or _type_of(wkb) == multi:
        return wkb
    return struct.pack("<BII", 1, multi, 1) + wkb
