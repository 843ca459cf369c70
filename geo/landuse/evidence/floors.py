"""Floor area for the plot ratio, from what is told of buildings (IND-01): a storey over the limit counts twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Building:
    """What the register tells of a building. `share`: how much of its footprint lies in the plot (0-1).

    `floors_m2`: area by storey, where storeys are recorded one by one (the parts of a storey summed). `footprint_m2`: None where
    it has no outline.
    """

    code: str
    share: float
    footprint_m2: float | None
    storeys: int | None = None
    height_m: float | None = None
    clear_height_m: float | None = None
    floor_area_m2: float | None = None
    floors_m2: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FloorArea:
    """Floor area for the ratio, m2; None with the facts that are `missing`, each as `building code.fact`."""

    area_m2: float | None
    missing: tuple[str, ...] = ()


def floor_area(buildings: Iterable[Building], high_storey_m: float) -> FloorArea:
    """The buildings' floor area for the plot ratio within a plot, storeys higher than `high_storey_m` twice.

    Where storeys are not recorded one by one, all have the mean height, and the told area, or footprint by storeys, stands
    for their sum. A clear height over the limit settles it too: a storey is never lower than the room in it.
    """
    total, missing = 0.0, []
    for building in buildings:
        area, lacks = _area(building)
        is_high = _is_high(building, high_storey_m)
        if is_high is None:
            lacks = (*lacks, "height_m")
        missing += [f"{building.code}.{fact}" for fact in dict.fromkeys(lacks)]
        total += (area or 0.0) * (2 if is_high else 1) * building.share
    return FloorArea(None if missing else total, tuple(sorted(missing)))


def _area(building: Building) -> tuple[float | None, tuple[str, ...]]:
    if building.storeys is not None and len(building.floors_m2) == building.storeys:
        return sum(building.floors_m2.values()), ()
    if building.floor_area_m2 is not None:
        return building.floor_area_m2, ()
    if building.storeys is None:
        return None, ("storeys",)
    return (None, ("geom",)) if building.footprint_m2 is None else (building.footprint_m2 * building.storeys, ())


def _is_high(building: Building, high_storey_m: float) -> bool | None:
    """Whether its storeys are over the limit; None where that is not known."""
    if building.clear_height_m is not None and building.clear_height_m > high_storey_m:
        return True
    if building.height_m is not None and building.height_m <= high_storey_m:
        return False
    if building.height_m is None or building.storeys is None or building.storeys < 1:
        return None
    return building.height_m / building.storeys > high_storey_m
