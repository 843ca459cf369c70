"""What a filter may ask about: the names it may use, their types, and the trusted SQL behind each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class ValueType(StrEnum):
    """Types of queryables and the SQL types they stand for."""

    STRING = "string"  # text
    INTEGER = "integer"  # smallint, integer, bigint
    NUMBER = "number"  # numeric, double precision
    BOOLEAN = "boolean"  # boolean
    DATE = "date"  # date
    TIMESTAMP = "timestamp"  # timestamptz
    DATE_RANGE = "date_range"  # daterange; its last day is the day before its upper bound
    STRING_ARRAY = "string_array"  # text[]
    GEOMETRY = "geometry"  # geometry in the storage CRS


@dataclass(frozen=True, slots=True)
class Queryable:
    """One property. `sql` is a trusted expression for its column, such as 'x."far_min"'; it must not be able to fail."""

    name: str
    type: ValueType
    sql: str


Queryables = Mapping[str, Queryable]
"""Keyed by every name a filter may use for it."""
