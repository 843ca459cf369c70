"""The window of a drawing: a rectangle of the county's survey CRS, north up, and where its metres fall on the paper."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

from geo.crs import STORAGE_SRID

Box = tuple[float, float, float, float]
"""west, south, east, north."""

Coordinates = NDArray[np.float64]

_STEPS_M = tuple(step * 10**power for power in range(0, 7) for step in (1, 2, 5))
_METRES_PER_PIXEL_AT_EQUATOR = 156_543.033_928
"""Of web map zoom 0 with tiles of 256 pixels, whose zooms the layers' paints are written for."""


@lru_cache(maxsize=8)
def to_survey(survey_srid: int) -> Transformer:
    """Degrees (EPSG:4490, longitude first) -> metres of `survey_srid` (east first)."""
    return Transformer.from_crs(STORAGE_SRID, survey_srid, always_xy=True)


def survey_box(bounds_deg: Box, survey_srid: int) -> Box:
    """The box in metres of `survey_srid` that holds a box in degrees (EPSG:4490)."""
    west, south, east, north = to_survey(survey_srid).transform_bounds(*bounds_deg)
    return west, south, east, north


@dataclass(frozen=True)
class Frame:
    """`width` by `height` pixels around the survey point `east`, `north`, at `m_per_px` metres a pixel."""

    survey_srid: int
    east: float
    north: float
    m_per_px: float
    width: float
    height: float
    left: float = 0.0
    """Where the frame begins on the paper, in pixels; its top is the paper's."""

    @property
    def box_m(self) -> Box:
        """What the frame shows, in metres of the survey CRS."""
        across, up = self.width * self.m_per_px / 2, self.height * self.m_per_px / 2
        return self.east - across, self.north - up, self.east + across, self.north + up

    @cached_property
    def bounds_deg(self) -> Box:
        """A box in degrees (EPSG:4490) that holds all the frame shows."""
        west, south, east, north = to_survey(self.survey_srid).transform_bounds(*self.box_m, direction="INVERSE")
        return west, south, east, north

    @cached_property
    def zoom(self) -> float:
        """The zoom of a web map with this scale, here."""
        south, north = self.bounds_deg[1], self.bounds_deg[3]
        equator = self.m_per_px / max(math.cos(math.radians((south + north) / 2)), 0.05)
        return math.log2(_METRES_PER_PIXEL_AT_EQUATOR / equator)

    def place(self, coordinates: Coordinates) -> Coordinates:
        """Metres of the survey CRS (n, 2) -> pixels on the paper, y downwards."""
        west, _, _, north = self.box_m
        placed = np.empty_like(coordinates)
        placed[:, 0] = self.left + (coordinates[:, 0] - west) / self.m_per_px
        placed[:, 1] = (north - coordinates[:, 1]) / self.m_per_px
        return placed

    def bar(self, most_px: float) -> tuple[int, float]:
        """The scale bar: the longest of 1, 2, 5, 10 ... metres that is no longer than `most_px`, and its pixels."""
        metres = max((step for step in _STEPS_M if step / self.m_per_px <= most_px), default=1)
        return metres, metres / self.m_per_px


def fitting(box_m: Box, survey_srid: int, width: float, height: float, *, share: float, least_m: float = 0, left: float = 0) -> Frame:  # fmt: skip
    """The frame around `box_m` in which the box takes at most `share` of each side, and which shows at least `least_m` across."""
    west, south, east, north = box_m
    m_per_px = max((east - west) / (width * share), (north - south) / (height * share), least_m / width, 0.01)
    return Frame(survey_srid, (west + east) / 2, (south + north) / 2, m_per_px, width, height, left)
