"""One plot measured: everything that is said of it as evidence, from shapes in the survey zone. Pure: no database, no clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import shapely
from shapely.geometry.base import BaseGeometry

from geo.landuse.evidence.floors import Building, floor_area
from geo.landuse.evidence.rectangle import Rectangle, largest_rectangle
from geo.landuse.evidence.remainder import Limits, built_on, remainder

BELONGS_RATIO = 0.01
"""A building less of whose outline lies in a plot only touches it: two surveys of one wall differ by more."""

NOT_SURVEYED = "ground_surveyed_on"


@dataclass(frozen=True, slots=True)
class Footprint:
    """A building as recorded, and its outline in the survey zone; None where only a point or nothing is known."""

    building: Building
    outline: BaseGeometry | None


@dataclass(frozen=True, slots=True)
class Ground:
    """A piece of ground that is no building, in the survey zone. `in_coefficient`: such ground counts into the building coefficient
    (IND-02) while it is in use; `register.ground_use_kind` says which does."""

    code: str
    in_coefficient: bool
    is_in_use: bool
    outline: BaseGeometry


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot to measure. `area_m2` is the registered area, the measured one where none is registered (GEO-08).

    `surveyed_on`: the day on which all that stands on it was taken down; None = never, and then nothing is concluded from what
    is not there.
    """

    area_m2: float
    outline: BaseGeometry
    surveyed_on: date | None
    footprints: Sequence[Footprint] = ()
    grounds: Sequence[Ground] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured, m2 and ratios (0-1) of the registered area; None where it is not known, with what is `missing`.

    `coverage_ratio` 建筑密度: under buildings. `coefficient_ratio` 建筑系数: under buildings, structures and open storage.
    `far_ratio` 容积率. `remainder` and `rectangle` lie in the survey zone.
    """

    footprint_m2: float | None = None
    in_use_m2: float | None = None
    coverage_ratio: float | None = None
    coefficient_ratio: float | None = None
    far_ratio: float | None = None
    remainder: shapely.MultiPolygon | None = None
    rectangle: Rectangle | None = None
    missing: tuple[str, ...] = ()


def measure(plot: Plot, limits: Limits) -> Measured:
    """Measure a plot. Never surveyed: nothing is known. A building without outline leaves open what hangs on outlines, one
    without storeys or height only the plot ratio."""
    if plot.surveyed_on is None or plot.outline.is_empty or plot.area_m2 <= 0:
        return Measured(missing=(NOT_SURVEYED,))
    outlines = [f.outline for f in plot.footprints if f.outline is not None]
    floors = floor_area([f.building for f in plot.footprints], limits.high_storey_m)
    far_ratio = None if floors.area_m2 is None else floors.area_m2 / plot.area_m2
    lacking = tuple(f"{f.building.code}.geom" for f in plot.footprints if f.outline is None)
    missing = tuple(sorted({*floors.missing, *lacking}))
    if lacking:
        return Measured(far_ratio=far_ratio, missing=missing)
    built = built_on(plot.outline, outlines)
    used = [g.outline for g in plot.grounds if g.is_in_use]
    counted = [g.outline for g in plot.grounds if g.is_in_use and g.in_coefficient]
    left = remainder(plot.outline, outlines, used, limits)
    return Measured(
        footprint_m2=built.area,
        in_use_m2=shapely.difference(built_on(plot.outline, used), built).area,
        coverage_ratio=built.area / plot.area_m2,
        coefficient_ratio=built_on(plot.outline, [*outlines, *counted]).area / plot.area_m2,
        far_ratio=far_ratio,
        remainder=left,
        rectangle=largest_rectangle(left, limits.least_width_m),
        missing=missing,
    )
