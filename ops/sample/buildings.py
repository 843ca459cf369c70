"""Factory and office buildings on a plot: inside its setback, within its control figures, with floors and vacancy as facts."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

import numpy as np
import shapely

from ops.sample.plots import footprints
from ops.sample.writing import Writer

OFFICE_STOREY_M = 3.9
FACTORY_HALL_M, FACTORY_STOREY_M = 9.5, 6.5


def _storeys(plot: dict[str, Any], covered: float, is_office: bool, rng: np.random.Generator) -> int | None:
    """A number of storeys that keeps the floor area ratio and the height limit; None when there is none."""
    low = max(1, math.ceil(plot["far_min"] / covered))
    high = math.floor(plot["far_max"] / covered)
    storey = OFFICE_STOREY_M if is_office else FACTORY_STOREY_M
    high = min(high, math.floor(plot["height_max_m"] / storey))
    return int(rng.integers(low, high + 1)) if low <= high else None


def raise_buildings(
    writer: Writer,
    row: dict[str, Any],
    plot: shapely.Polygon,
    is_office: bool,
    rng: np.random.Generator,
    room: int,
    as_of: date,
) -> int:
    """Write up to `room` buildings on a plot (`row` of the parcels, shape in metres); returns how many.

    A plot too awkward for its control figures stays without buildings.
    """
    share = float(rng.uniform(row["density_min_pct"] + 4, row["density_max_pct"] - 2)) / 100
    if not room:
        return 0
    wanted = min(int(rng.integers(1, 4)), room)
    made = footprints(plot, wanted, share, rng)
    covered = sum(shape.area for shape in made) / plot.area
    if covered * 100 < row["density_min_pct"]:
        made = footprints(plot, 1, share, rng)
        covered = sum(shape.area for shape in made) / plot.area
    if not row["density_min_pct"] <= covered * 100 <= row["density_max_pct"]:
        return 0
    storeys = _storeys(row, covered, is_office, rng)
    if storeys is None:
        return 0
    parcel, park, town = row["code"], row["park_code"], row["town_code"]
    height = storeys * OFFICE_STOREY_M if is_office else FACTORY_HALL_M if storeys == 1 else storeys * FACTORY_STOREY_M
    for k, shape in enumerate(made, start=1):
        code = f"{parcel}-{'B' if is_office else 'F'}{k}"
        floor_area = round(shape.area * storeys)
        vacant = min(int(rng.choice([0, 0, 1, 1, 2])) * round(shape.area), floor_area)
        own = (
            {"grade": str(rng.choice(["A", "B", "C"])), "rent_cny_m2_day": round(float(rng.uniform(0.9, 2.4)), 2), "parking_spaces": int(rng.integers(30, 220)),
             "clear_height_m": 2.8}
            if is_office
            else {"rent_cny_m2_month": round(float(rng.uniform(12, 22)), 1), "floor_load_t_m2": float(rng.choice([0.8, 1.0, 1.5, 2.5])), "crane_t": float(rng.choice([0, 5, 10, 20])),
                  "clear_height_m": round(float(rng.uniform(4.2, 9.5)), 1), "column_grid": str(rng.choice(["8x8", "9x9", "8x24"])), "fire_class": str(rng.choice(["丙类", "丁类", "戊类"]))}
        )  # fmt: skip
        writer.add(
            "buildings", shape, code=code, name=f"示例·{'楼宇' if is_office else '厂房'} {code}", name_en=f"Sample {'office' if is_office else 'factory'} {code}",
            kind="office" if is_office else "factory", park_code=park, parcel_code=parcel, town_code=town, unit_code=f"P{park}", storeys=storeys,
            floor_area_m2=floor_area, typical_floor_area_m2=round(shape.area), height_m=round(height, 1),
            built_year=as_of.year - int(rng.integers(1, 6)), power_kva=int(rng.choice([400, 630, 1250])), position_quality="demo", is_sample=True, **own,
        )  # fmt: skip
        for floor in range(1, storeys + 1):
            writer.add("building_spaces", code=f"{code}-{floor}", building_code=code, floor=floor, part_no=0, area_m2=round(shape.area),
                       is_vacant=floor <= vacant / max(1, round(shape.area)), is_sample=True)  # fmt: skip
        status = "VACANT" if vacant == floor_area else "PARTLY_LET" if vacant else "LET"
        for kind, value in (("building_status", status), ("vacant_area_m2", str(vacant))):
            on = (as_of - timedelta(days=int(rng.integers(20, 500)))).isoformat()
            writer.rows["facts"].append(
                {
                    "subject_kind": "building",
                    "subject_code": code,
                    "kind": kind,
                    "value": value,
                    "effective_on": on,
                    "document_no": "",
                    "is_sample": "true",
                }
            )
    return len(made)
