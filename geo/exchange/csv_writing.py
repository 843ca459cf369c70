"""CSV for spreadsheets and people: UTF-8 with a mark Excel knows, geometry as WKT, exact numbers, no cell that is a formula."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import shapely

from geo.exchange.outgoing import AS_TEXT, OutColumn, Rows

GEOMETRY_COLUMN = "wkt"
STARTS_A_FORMULA = re.compile("'*[=+\\-@\t\r]")
"""A text that a spreadsheet would compute, or one that looks like one made safe: it gets an apostrophe, and the import takes
exactly one away again (csv_reading.py)."""


def write_csv(batches: Iterable[Rows], columns: Sequence[OutColumn], out: Path) -> int:
    """Write rows as they come; returns how many."""
    writers = [WRITERS[column.type] for column in columns]
    count = 0
    with out.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file, lineterminator="\r\n")
        table.writerow([safe(column.name) for column in columns] + [GEOMETRY_COLUMN])
        for rows in batches:
            shapes = shapely.to_wkt(shapely.from_wkb([row[-1] for row in rows]), rounding_precision=-1).tolist()
            for row, shape in zip(rows, shapes, strict=True):
                cells = ("" if v is None else write(v) for write, v in zip(writers, row[:-1], strict=True))
                table.writerow([*cells, shape or ""])
            count += len(rows)
    return count


def safe(value: str) -> str:
    """A text no spreadsheet takes for a formula."""
    return f"'{value}" if STARTS_A_FORMULA.match(value) else value


def _text_writer(as_text: Callable[[Any], str]) -> Callable[[Any], str]:
    return lambda value: safe(as_text(value))


def _number(value: Any) -> str:
    return repr(value) if isinstance(value, float) else format(value, "f")


WRITERS: dict[str, Callable[[Any], str]] = {
    **{kind: _text_writer(as_text) for kind, as_text in AS_TEXT.items()},
    "integer": str,
    "number": _number,
    "boolean": lambda value: "true" if value else "false",
    "date": lambda value: str(value.isoformat()),
    "timestamp": lambda value: str(value.isoformat()),
}
