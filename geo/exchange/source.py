"""A file as read: what every reader gives and every later step takes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from pyproj import CRS

Faults = dict[int, tuple[str, str]]
"""Row index -> (reason code, what the file says there): geometry that is written but cannot be read."""


@dataclass(slots=True)
class Source:
    """`frame` has one row per feature; geometry in the file's own CRS, x before y.

    `faults` are rows whose geometry is there but cannot be read; `notes` what was mended while reading, by row index.
    """

    frame: pd.DataFrame
    geometry: Any | None
    crs: CRS | None
    guesses: dict[str, Any] = field(default_factory=dict)
    faults: Faults = field(default_factory=dict)
    notes: dict[int, str] = field(default_factory=dict)
