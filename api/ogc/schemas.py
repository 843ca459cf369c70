"""Properties of a collection as a JSON Schema (Features Part 3, queryables): titles, types, units, codes with their words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from api.deps import Reader
from api.ogc.links import pick
from geo.registry.collections import Collection

DRAFT = "https://json-schema.org/draft/2020-12/schema"
TYPES: dict[str, dict[str, Any]] = {
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "timestamp": {"type": "string", "format": "date-time"},
    "date_range": {"type": "string", "x-range-of": "date"},
    "string_array": {"type": "array", "items": {"type": "string"}},
}
GEOMETRY = {"format": "geometry-any", "x-ogc-role": "primary-geometry"}

Words = Mapping[tuple[str, str], tuple[str, str]]
"""(code list, code) -> (zh, en)."""


def schema_of(c: Collection, reader: Reader, names: Iterable[str], words: Words, path: str, *, geometry: bool = False) -> dict[str, Any]:  # fmt: skip
    """The schema of some properties. Titles in the reader's language, both under `x-title`; codes as `oneOf` constants."""
    properties: dict[str, Any] = {}
    if geometry:
        properties["geom"] = {
            "title": pick(reader, "图形", "Geometry"),
            "x-title": {"zh": "图形", "en": "Geometry"},
            **GEOMETRY,
        }
    for name in names:
        word = c.word(name)
        entry: dict[str, Any] = {"title": pick(reader, word.zh, word.en), "x-title": {"zh": word.zh, "en": word.en}}
        entry |= TYPES[word.type]
        if word.unit:
            entry["x-ogc-unit"] = word.unit
        if word.list:
            codes = [{"const": code, "title": pick(reader, *both)} for (code_list, code), both in words.items() if code_list == word.list]  # fmt: skip
            if codes and word.type == "string_array":
                entry["items"] = {"type": "string", "oneOf": codes}
            elif codes:
                entry["oneOf"] = codes
        if name == "code":
            entry["x-ogc-role"] = "id"
        if name == "updated_at":
            entry["x-ogc-role"] = "primary-instant"
        properties[name] = entry
    return {
        "$schema": DRAFT,
        "$id": f"{path}?county={reader.county.code}",
        "type": "object",
        "title": pick(reader, c.zh, c.en),
        "properties": properties,
        "additionalProperties": False,
    }
