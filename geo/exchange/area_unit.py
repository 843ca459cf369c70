"""In which unit a file gives registered areas: told by comparing them with the shapes (UNIT-01, GEO-08)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer

from geo.crs import STORAGE_SRID
from geo.exchange.placing import Place
from geo.exchange.shaping import moved
from geo.exchange.staging import Staged

COLUMN = "registered_area_m2"
UNITS = {"m2": Fraction(1), "mu": Fraction(2000, 3), "ha": Fraction(10_000), "km2": Fraction(1_000_000)}
"""Square metres in a unit."""

TOLERANCE = 0.1
AGREEING_SHARE_MIN = 0.8
ROWS_MIN = 3


def settle_area_unit(staged: Staged, place: Place) -> dict[str, Any] | None:
    """Convert registered areas that are plainly in mu, hectares or km2; returns the guess with its evidence, None if there is none.

    A column that calls itself `registered_area_m2` is taken at its word.
    """
    source = staged.sources.get(COLUMN)
    if source is None or source == COLUMN or staged.geometry is None:
        return None
    told = np.array([float(v) if v is not None else np.nan for v in staged.values[COLUMN]])
    to_metres = Transformer.from_crs(STORAGE_SRID, place.survey_srid, always_xy=True)
    measured = shapely.area(moved(staged.geometry, to_metres))
    usable = (told > 0) & (measured > 0)
    if usable.sum() < ROWS_MIN:
        return {"value": "m2", "evidence": ["too few areas to compare with the shapes"]}
    ratio = measured[usable] / told[usable]
    agreeing = {unit: float(np.mean(np.abs(ratio / float(m2) - 1) < TOLERANCE)) for unit, m2 in UNITS.items()}
    unit = max(agreeing, key=lambda u: agreeing[u])
    if agreeing[unit] < AGREEING_SHARE_MIN:
        return {"value": "m2", "evidence": [f"{source} agrees with the shapes in no unit; taken as m2"]}
    if unit != "m2":
        staged.values[COLUMN] = [None if v is None else in_m2(v, unit) for v in staged.values[COLUMN]]
    return {
        "value": unit,
        "evidence": [
            f"{source} in {unit} agrees with the shapes within {TOLERANCE:.0%} in {agreeing[unit]:.0%} of the rows"
        ],
    }


def in_m2(value: Decimal, unit: str) -> Decimal:
    """An area in square metres, exact to 0.01 m2 (1 mu = 2000/3 m2)."""
    factor = UNITS[unit]
    return round(value * factor.numerator / factor.denominator, 2)
