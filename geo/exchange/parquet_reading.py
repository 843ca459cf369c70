"""GeoParquet: geometry as WKB or native columns, its CRS from the `geo` metadata; plain Parquet is a table without geometry."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from geo.errors import BadInput
from geo.exchange.source import Source
from geo.exchange.unpacking import UNPACKED_MAX_BYTES, bad_file

ROWS_MAX = 5_000_000
COLUMNS_MAX = 2_000


def read_parquet(path: Path) -> Source:
    """Read one Parquet file. Raises BadInput (too large when unpacked) and what pyarrow and GeoPandas raise for damage."""
    metadata = pq.read_metadata(path)
    stated = sum(metadata.row_group(n).total_byte_size for n in range(metadata.num_row_groups))
    if metadata.num_rows > ROWS_MAX or metadata.num_columns > COLUMNS_MAX or stated > UNPACKED_MAX_BYTES:
        raise _too_large(metadata, stated)
    table = _plain(pq.read_table(path, use_threads=False))
    if table.nbytes > UNPACKED_MAX_BYTES:
        raise _too_large(metadata, table.nbytes)
    guess = {"format": {"value": "GeoParquet", "evidence": [f"{metadata.num_rows} rows"]}}
    if b"geo" not in (metadata.metadata or {}):
        frame = table.to_pandas(ignore_metadata=True)
        guess["format"] = {"value": "Parquet", "evidence": ["no `geo` metadata: a table without geometry"]}
        return Source(frame, None, None, guess)
    try:
        read = gpd.read_parquet(path)
    except (pa.ArrowException, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"geo metadata: {error}") from error
    source = Source(pd.DataFrame(read.drop(columns=read.active_geometry_name)), None, read.crs, guess)
    source.frame.reset_index(drop=True, inplace=True)
    source.geometry = read.geometry.to_numpy().copy()
    return source


def _plain(table: pa.Table) -> pa.Table:
    """The table with words written out: a column may say one long text a million times by its number."""
    for n, column in enumerate(table.columns):
        if pa.types.is_dictionary(column.type):
            table = table.set_column(n, table.field(n).name, column.cast(column.type.value_type))
    return table


def _too_large(metadata: pq.FileMetaData, size: int) -> BadInput:
    return bad_file(
        f"Parquet 解开后过大：{metadata.num_rows} 行、{metadata.num_columns} 列、{size >> 20} MiB",
        f"the Parquet file unpacks to far too much: {metadata.num_rows} rows, {metadata.num_columns} columns, {size >> 20} MiB",
    )
