"""Files in and out of the register.

GDAL is told here, before anything loads it, to leave out every vector driver but the few this room reads and writes: some
of the others open further files or addresses that a file's content names (VRT, GDALG, WFS), whatever the file is called.
"""

from __future__ import annotations

import os

DRIVERS = ("ESRI Shapefile", "GeoJSON", "GPKG", "FlatGeobuf", "CSV", "MEM")
"""Drivers that stay; an issue that reads a further format adds its driver here."""

NOT_WANTED = (
    "ADBC", "AIVector", "AVCBin", "AVCE00", "AmigoCloud", "CSW", "Carto", "DGN", "DXF", "EDIGEO", "EEDA", "ESRIJSON", "Elasticsearch",
    "GDALG", "GML", "GPSBabel", "GPX", "GTFS", "GeoJSONSeq", "GeoRSS", "HTTP", "Idrisi", "JML", "JSONFG", "KML", "LIBKML", "LVBAG",
    "MBTiles", "MVT", "MapInfo File", "MapML", "MiraMonVector", "NGW", "OAPIF", "ODS", "OGCAPI", "OGR_GMT", "OGR_PDS", "OGR_VRT",
    "OSM", "OpenFileGDB", "PCIDSK", "PDF", "PDS4", "PGDUMP", "PLSCENES", "PMTiles", "S57", "SQLite", "SXF", "Selafin", "TopoJSON",
    "VDV", "VFK", "VICAR", "WAsP", "WFS", "XLSX",
)  # fmt: skip

os.environ.setdefault("GDAL_SKIP", ",".join(NOT_WANTED))
