"""What is told of the invented parcels: land use, planning figures, price, words, and for some the facts of their story."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import shapely

from ops.bench.land import Shapes

COUNTY = "330225"
COLUMNS = (
    "id", "code", "name", "name_en", "geom", "town_code", "unit_code", "cadastral_code", "land_use_code", "land_use_std",
    "registered_area_m2", "far_min", "far_max", "density_min_pct", "density_max_pct", "green_min_pct", "green_max_pct",
    "height_max_m", "price_min_wan_cny_per_mu", "price_max_wan_cny_per_mu", "price_negotiable", "utilities", "power_kva",
    "investment_intensity_min_wan_cny_per_mu", "tax_min_wan_cny_per_mu", "energy_max_tce_per_wan_cny", "description",
    "description_en", "publication_state", "data_date", "extra",
)  # fmt: skip
FACT_COLUMNS = ("subject_id", "kind", "value_text", "value_date", "effective_on")

LAND_USE = {
    "100101": 0.12, "100102": 0.10, "110101": 0.04, "0701": 0.22, "0703": 0.30, "0901": 0.06, "0902": 0.03, "0803": 0.02,
    "1207": 0.03, "1401": 0.03, "0101": 0.05,
}  # fmt: skip
INDUSTRIAL = ("100101", "100102", "110101")
STATUS = {
    "RESERVE": 0.10, "AVAILABLE": 0.14, "ON_OFFER": 0.04, "SUPPLIED": 0.12, "UNDER_CONSTRUCTION": 0.14, "IN_USE": 0.42,
    "RESTRICTED": 0.04,
}  # fmt: skip
UTILITIES = ["water", "drainage", "power", "road", "telecom", "gas", "heat"]
WITH_STATUS, WITH_STORY, PUBLISHED = 0.30, 0.04, 0.97
FIRST_DAY = date(2008, 1, 1)
NAME = "示例{town}镇{block:04d}街坊{n:03d}号地块"
NAME_EN = "Sample plot {n:03d}, block {block:04d}, town {town}"
DESCRIPTION = "临{road}路，{flat}，已通{served}，适合{use}，四至以勘测定界为准。"
EXTRA = '{{"survey": "S{block:04d}-{sheet}", "grade": {grade}}}'
DESCRIPTION_EN = "Beside {road} Road; {served} connected; boundaries as surveyed."


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one street block as COPY takes them, in the order of COLUMNS and of FACT_COLUMNS."""

    parcels: list[tuple[Any, ...]]
    facts: list[tuple[Any, ...]]


def rows(shapes: Shapes, areas_m2: Any, block: int, town: int, first_id: int) -> Rows:
    """Attributes of a block's parcels; `shapes` in EPSG:4490. The same block always gives the same rows."""
    rng = np.random.default_rng([6, block])
    count = len(shapes)
    wkb = [shape.hex() for shape in shapely.to_wkb(shapely.set_srid(shapes, 4490), include_srid=True)]
    use = rng.choice(list(LAND_USE), count, p=list(LAND_USE.values()))
    far = np.round(rng.uniform(0.6, 2.0, count), 1)
    density = rng.integers(30, 45, count)
    price = np.round(rng.uniform(18, 60, count), 1)
    registered = np.round(areas_m2 * rng.uniform(0.99, 1.01, count), 2)
    power, served = rng.integers(1, 40, count) * 50, rng.integers(1, len(UTILITIES) + 1, count)
    priced, described = rng.random(count) < 0.25, rng.random(count) < 0.35
    state = np.where(rng.random(count) < PUBLISHED, "published", "internal")
    day = rng.integers(0, 6_000, count)
    out = []
    for i in range(count):
        industrial = use[i] in INDUSTRIAL
        out.append((
            first_id + i, f"{COUNTY}-{block:04d}-{i:03d}", NAME.format(town=town + 1, block=block, n=i),
            NAME_EN.format(town=town + 1, block=block, n=i), wkb[i], f"T{town + 1:02d}", f"U{town + 1:02d}",
            f"{COUNTY}{block:06d}GB{i:05d}", use[i], "GB/T 21010", max(float(registered[i]), 0.01), float(far[i]),
            float(far[i]) + 1.0, int(density[i]), int(density[i]) + 20, 10, 20, 24 + int(day[i] % 60),
            float(price[i]) if priced[i] else None, float(price[i]) + 12 if priced[i] else None, bool(priced[i] and day[i] % 3 == 0),
            UTILITIES[: served[i]] if industrial or described[i] else None, int(power[i]) if industrial else None,
            float(100 + power[i] / 10) if industrial else None, 15.0 + day[i] % 20 if industrial else None,
            0.08 if industrial else None,
            DESCRIPTION.format(road=block % 97, flat="场地平整", served=served[i], use=use[i]) if described[i] else None,
            DESCRIPTION_EN.format(road=block % 97, served=served[i]) if described[i] else None,
            state[i], FIRST_DAY + timedelta(days=6_100 + int(day[i] % 700)), EXTRA.format(block=block, sheet=i % 9, grade=day[i] % 5),
        ))  # fmt: skip
    return Rows(out, _facts(rng, first_id, day))


def _facts(rng: np.random.Generator, first_id: int, day: Any) -> list[tuple[Any, ...]]:
    count = len(day)
    status = rng.choice(list(STATUS), count, p=list(STATUS.values()))
    told, story = rng.random(count) < WITH_STATUS, rng.random(count) < WITH_STORY
    out: list[tuple[Any, ...]] = []
    for i in np.nonzero(told)[0]:
        begun = FIRST_DAY + timedelta(days=int(day[i]))
        subject = first_id + int(i)
        out.append((subject, "status", status[i], None, begun))
        if story[i]:
            steps = (("approved_on", 0), ("contract_on", 120), ("agreed_start_on", 300), ("started_on", 420))
            for kind, after in steps:
                out.append((subject, kind, None, begun + timedelta(days=after), begun))
    return out


def town_of(points: Any, towns: Any) -> Any:
    """Index of the town nearest to each point (metres)."""
    return np.argmin(np.hypot(points[:, None, 0] - towns[None, :, 0], points[:, None, 1] - towns[None, :, 1]), axis=1)
