"""The conformance classes that hold in full; api/ogc/README.md names the test that shows each requirement."""

from __future__ import annotations

SPEC = "http://www.opengis.net/spec/"
CLASSES = tuple(
    f"{SPEC}{standard}/conf/{name}"
    for standard, names in (
        ("ogcapi-common-1/1.0", ("core", "landing-page", "json", "html", "oas30")),
        ("ogcapi-common-2/1.0", ("collections", "json", "html", "simple-query")),
        ("ogcapi-features-1/1.0", ("core", "geojson", "html", "oas30")),
        ("ogcapi-features-2/1.0", ("crs",)),
        ("ogcapi-features-3/1.0", ("filter", "features-filter", "queryables", "queryables-query-parameters")),
        (
            "cql2/1.0",
            ("cql2-text", "cql2-json", "basic-cql2", "advanced-comparison-operators", "case-insensitive-comparison",
             "accent-insensitive-comparison", "basic-spatial-functions", "basic-spatial-functions-plus", "spatial-functions",
             "temporal-functions", "array-functions", "property-property", "arithmetic"),
        ),
        ("ogcapi-tiles-1/1.0", ("core", "tileset", "tilesets-list", "geodata-tilesets", "mvt")),
        ("tms/2.0", ("tilematrixset", "json-tilematrixset")),
        ("json-fg-1/0.2", ("core",)),
    )
    for name in names
)  # fmt: skip
