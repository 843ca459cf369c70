"""Columns of a file that goes out, and their values as plain ones every format can hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

OutType = Literal["string", "integer", "number", "boolean", "date", "timestamp", "string_array", "date_range"]
Rows: TypeAlias = list[tuple[Any, ...]]
"""Some rows: the columns in order, then the geometry as WKB or None."""


@dataclass(frozen=True, slots=True)
class OutColumn:
    """A column by the name it has in the file and what its values are."""

    name: str
    type: OutType


def joined(value: Any) -> str:
    """A list of texts as `a;b`, the way an import reads it."""
    return ";".join(str(part) for part in value)


def range_text(value: Any) -> str:
    """A range of dates as PostgreSQL writes it: `[2024-01-01,2025-01-01)`; an open end is left out."""
    if value.isempty:
        return "empty"
    first, last = ("" if end is None else end.isoformat() for end in (value.lower, value.upper))
    return f"{value.bounds[0]}{first},{last}{value.bounds[1]}"


AS_TEXT: dict[str, Callable[[Any], str]] = {"string": str, "string_array": joined, "date_range": range_text}
"""What is text in every format."""
