"""Rows of the register as a file: FlatGeobuf, GeoPackage or CSV, in constant memory however many rows there are.

The statement runs under the actor's own role, so a file never holds what that actor may not read. Coordinates are longitude,
latitude in EPSG:4490, which every file but a CSV names.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection, Engine, text

from geo.db import Actor, acting_sync
from geo.exchange.csv_writing import write_csv
from geo.exchange.gis_writing import Spool, write_gis
from geo.exchange.outgoing import OutColumn, Rows

__all__ = ["OutColumn", "write_file"]

ROWS_AT_ONCE = 500
"""Rows fetched together: outlines of a hundred kilobytes each stay below 50 MiB."""

OutKind = Literal["fgb", "gpkg", "csv"]


def write_file(
    engine: Engine, actor: Actor, statement: str, values: Mapping[str, Any], columns: Sequence[OutColumn], kind: OutKind, layer: str, out: Path,
    *, timeout_ms: int,
) -> int:  # fmt: skip
    """Write what a statement yields to `out`; returns the number of rows. `out` is there whole or not at all.

    `statement` yields the columns in order and, last, the geometry as WKB (EPSG:4490 longitude, latitude; may be null), with
    `values` as its bound parameters. `timeout_ms` holds for each fetch. Raises what the database says (a timeout as
    OperationalError) and OSError when the disk is full.
    """
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".yzt-out-") as folder:
        part = Path(folder) / f"part.{kind}"
        with acting_sync(engine, actor, timeout_ms) as connection:
            rows = _streamed(connection, statement, values)
            if kind == "csv":
                count = write_csv(rows, columns, part)
            else:
                spool = Spool.of(rows, columns, Path(folder) / "spool.arrow")
        if kind != "csv":
            count = write_gis(spool, kind, layer, part)
        os.replace(part, out)
    return count


def _streamed(connection: Connection, statement: str, values: Mapping[str, Any]) -> Iterator[Rows]:
    """Rows of a server-side cursor, some hundred at a time."""
    result = connection.execute(text(statement), dict(values), execution_options={"yield_per": ROWS_AT_ONCE})
    for rows in result.partitions(ROWS_AT_ONCE):
        yield [tuple(row) for row in rows]
