"""Measuring plots and keeping the result: what is due (a trigger notes it), or all that was ever surveyed in a county.

Any number of workers may measure at once, and twice is as good as once: a plot whose result is the same keeps its row.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import shapely
from sqlalchemy import Connection, Engine, TextClause, text

from geo.clock import Now, now, today
from geo.db import Actor, acting_sync
from geo.errors import NotFound, Problem
from geo.landuse.commands import recompute_sync
from geo.landuse.evidence.floors import Building
from geo.landuse.evidence.measuring import BELONGS_RATIO, Footprint, Ground, Measured, Plot, measure
from geo.landuse.evidence.remainder import Limits

PLOTS_PER_BATCH = 500
AREA_PLACES, RATIO_PLACES, LENGTH_PLACES = 2, 6, 2


def _sql(name: str) -> TextClause:
    return text((Path(__file__).parent / "sql" / f"{name}.sql").read_text(encoding="utf-8"))


PLOTS, BUILDINGS, GROUNDS, KEEP = (_sql(name) for name in ("plots", "buildings", "grounds", "keep"))
_TAKE = text(
    "delete from register.evidence_due where id in "
    "(select id from register.evidence_due order by county_code, id limit :limit for update skip locked) returning county_code, parcel_id"
)
_SURVEYED = text(
    "select distinct subject_id from register.fact where county_code = :county and kind = 'ground_surveyed_on' "
    "and subject_kind = 'parcel' order by subject_id"
)
_COUNTY = text("select time_zone from register.county where code = :county")
_PARAMETERS = text(
    "select k.key, register.parameter_value(k.key, :county, :day) from unnest(cast(:keys as text[])) as k (key)"
)
_LIMITS = {
    "setback_m": "evidence.setback_m",
    "least_width_m": "evidence.least_width_m",
    "sliver_m2": "plan.sliver_m2",
    "high_storey_m": "ind.high_storey_m",
}


def limits_on(connection: Connection, county_code: str, day: date) -> Limits:
    """What the county goes by on a day. Raises LookupError for a parameter that has no value then."""
    bound = {"keys": list(_LIMITS.values()), "county": county_code, "day": day}
    found = {key: value for key, value in connection.execute(_PARAMETERS, bound)}
    for key in _LIMITS.values():
        if found[key] is None:
            raise LookupError(f"parameter {key} has no value on {day}")
    return Limits(**{name: float(found[key]) for name, key in _LIMITS.items()})


def measure_plots(connection: Connection, county_code: str, ids: Sequence[int], day: date) -> list[int]:
    """Measure plots as they stand and as surveyed by `day`; returns those whose evidence is another than before."""
    bound = {"county": county_code, "ids": list(ids)}
    limits = limits_on(connection, county_code, day)
    plots = connection.execute(PLOTS, bound | {"as_of": day}).mappings().all()
    buildings, grounds = _by_plot(connection, BUILDINGS, bound), _by_plot(connection, GROUNDS, bound)
    rows = [_row(plot, buildings[plot["id"]], grounds[plot["id"]], limits) for plot in plots]
    if not rows:
        return []
    return list(connection.execute(KEEP, {"county": county_code, "rows": json.dumps(rows)}).scalars())


def _by_plot(connection: Connection, statement: TextClause, bound: dict[str, Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in connection.execute(statement, bound).mappings():
        found[row["parcel_id"]].append(row)
    return found


def _row(plot: Any, buildings: Iterable[Any], grounds: Iterable[Any], limits: Limits) -> dict[str, Any]:
    outline = shapely.from_wkb(plot["outline"])
    footprints = [f for f in (_footprint(row, outline) for row in buildings) if f is not None]
    lying = [Ground(g["code"], g["in_coefficient"], g["is_in_use"], shapely.from_wkb(g["outline"])) for g in grounds]
    found = measure(Plot(plot["area_m2"], outline, plot["surveyed_on"], footprints, lying), limits)
    standing = {f.building.code for f in footprints}
    return {
        "parcel_id": plot["id"],
        "surveyed_on": plot["surveyed_on"].isoformat() if plot["surveyed_on"] else None,
        "survey_srid": plot["survey_srid"],
        "setback_m": limits.setback_m,
        "least_width_m": limits.least_width_m,
        "parcel_area_m2": plot["area_m2"],
        "missing": list(found.missing),
        "made_from": {
            "parcel": plot["version"],
            "buildings": {row["code"]: row["version"] for row in buildings if row["code"] in standing},
            "ground_uses": {row["code"]: row["version"] for row in grounds},
        },
        **_numbers(found),
    }


def _footprint(row: Any, plot: shapely.geometry.base.BaseGeometry) -> Footprint | None:
    """The building with its share in the plot; None when it only touches it."""
    outline = None if row["outline"] is None else shapely.from_wkb(row["outline"])
    share = 1.0 if outline is None else shapely.intersection(plot, outline).area / outline.area
    if share < BELONGS_RATIO:
        return None
    return Footprint(
        Building(
            row["code"], share, None if outline is None else outline.area, row["storeys"], row["height_m"], row["clear_height_m"],
            row["floor_area_m2"], {int(floor): float(area) for floor, area in (row["floors_m2"] or {}).items()},
        ),
        outline,
    )  # fmt: skip


def _numbers(found: Measured) -> dict[str, Any]:
    left, fits = found.remainder, found.rectangle
    return {
        "footprint_m2": _rounded(found.footprint_m2, AREA_PLACES),
        "in_use_m2": _rounded(found.in_use_m2, AREA_PLACES),
        "coverage_ratio": _rounded(found.coverage_ratio, RATIO_PLACES),
        "coefficient_ratio": _rounded(found.coefficient_ratio, RATIO_PLACES),
        "far_ratio": _rounded(found.far_ratio, RATIO_PLACES),
        "remainder_wkb": None if left is None or left.is_empty else shapely.to_wkb(left, hex=True),
        "remainder_area_m2": None if left is None else round(left.area, AREA_PLACES),
        "rectangle_wkb": None if fits is None else shapely.to_wkb(fits.shape, hex=True),
        "rectangle_width_m": None if fits is None else round(fits.width_m, LENGTH_PLACES),
        "rectangle_length_m": None if fits is None else round(fits.length_m, LENGTH_PLACES),
    }


def _rounded(value: float | None, places: int) -> float | None:
    return None if value is None else round(value, places)


def measure_due(engine: Engine, actor: Actor, at: Now = now) -> int:
    """Measure what is due, a batch a transaction, and say anew what the rules say of it; returns how many plots were looked at."""
    seen = 0
    while True:
        with acting_sync(engine, actor) as connection:
            due = connection.execute(_TAKE, {"limit": PLOTS_PER_BATCH}).all()
            by_county: dict[str, set[int]] = defaultdict(set)
            for county_code, parcel_id in due:
                by_county[county_code].add(parcel_id)
            for county_code, ids in sorted(by_county.items()):
                _measure_and_judge(connection, county_code, sorted(ids), at)
                seen += len(ids)
        if len(due) < PLOTS_PER_BATCH:
            return seen


def measure_county(engine: Engine, actor: Actor, county_code: str, at: Now = now) -> tuple[int, int]:
    """Measure every plot of a county that was surveyed (after a limit changed); returns how many, and how many came out otherwise.

    Raises NotFound for a county that is not here.
    """
    with acting_sync(engine, actor) as connection:
        if connection.execute(_COUNTY, {"county": county_code}).first() is None:
            raise NotFound.at(
                "county", Problem(zh=f"没有代码为“{county_code}”的县", en=f"there is no county '{county_code}'")
            )
        ids = list(connection.execute(_SURVEYED, {"county": county_code}).scalars())
    changed = 0
    for start in range(0, len(ids), PLOTS_PER_BATCH):
        with acting_sync(engine, actor) as connection:
            changed += len(_measure_and_judge(connection, county_code, ids[start : start + PLOTS_PER_BATCH], at))
    return len(ids), changed


def _measure_and_judge(connection: Connection, county_code: str, ids: list[int], at: Now) -> list[int]:
    day = today(connection.execute(_COUNTY, {"county": county_code}).scalar_one(), at)
    changed = measure_plots(connection, county_code, ids, day)
    if changed:
        recompute_sync(connection, county_code, day, changed)
    return changed
