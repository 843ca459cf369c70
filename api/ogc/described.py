"""How the parameters of items stand in the service's description (/openapi.json)."""

from __future__ import annotations

from typing import Any

TEXT: dict[str, Any] = {"type": "string"}
_ITEMS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("bbox", "four or six numbers in the axis order of bbox-crs; west > east crosses 180 degrees",
     {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6}),
    ("bbox-crs", "CRS of bbox, default CRS84", {"type": "string", "format": "uri"}),
    ("crs", "CRS of the answer, default CRS84", {"type": "string", "format": "uri"}),
    ("datetime", "instant or interval (RFC 3339, `..` for an open end) of `updated_at`", TEXT),
    ("limit", "how many, 10 without it, 10,000 at most", {"type": "integer", "minimum": 1, "default": 10}),
    ("cursor", "where the next page begins, as a `next` link gives it", TEXT),
    ("sortby", "properties, `-` before one for descending", TEXT),
    ("properties", "which properties, comma separated", TEXT),
    ("filter", "CQL2 over the collection's queryables", TEXT),
    ("filter-lang", "language of filter", {"type": "string", "enum": ["cql2-text", "cql2-json"], "default": "cql2-text"}),
    ("filter-crs", "CRS of geometries in filter, default CRS84", {"type": "string", "format": "uri"}),
)  # fmt: skip
_MOMENT: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("as_of", "the civil date things are true on", {"type": "string", "format": "date"}),
    ("known_at", "the instant up to which they were known", {"type": "string", "format": "date-time"}),
)
_FORMAT = (("f", "format", TEXT),)


def _described(rows: tuple[tuple[str, str, dict[str, Any]], ...]) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "query", "required": False, "description": said, "schema": schema}
        | ({"style": "form", "explode": False} if schema.get("type") == "array" else {})
        for name, said, schema in rows
    ]


def _extra(*names: str, media: tuple[str, ...]) -> dict[str, Any]:
    rows = {"items": _ITEMS, "moment": _MOMENT, "format": _FORMAT, "crs": tuple(row for row in _ITEMS if row[0] == "crs")}  # fmt: skip
    return {
        "parameters": [row for name in names for row in _described(rows[name])],
        "responses": {"200": {"description": "OK", "content": {kind: {} for kind in media}}},
    }


ITEMS = _extra("items", "moment", "format", media=(
    "application/geo+json", "application/vnd.ogc.fg+json", "application/flatgeobuf", "application/geopackage+sqlite3", "text/csv", "text/html"))  # fmt: skip
ITEM = _extra("crs", "moment", "format", media=("application/geo+json", "application/vnd.ogc.fg+json", "text/html"))
DOCUMENT = _extra("format", media=("application/json", "text/html"))
SCHEMA = _extra("format", media=("application/schema+json", "text/html"))
RECORD = _extra("format", media=("application/geo+json", "text/html"))
TILE = _extra(media=("application/vnd.mapbox-vector-tile",))
TILESET = _extra("format", media=("application/json", "application/vnd.mapbox.tilejson+json", "text/html"))
