"""What is told of each kind of thing first, how, and what is not told again: plain data for the drawer and the pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from geo.registry.collections import COLLECTIONS

WORKS = "park_works"
PAGES = (*(c.id for c in COLLECTIONS.values() if c.told_as is None), WORKS)
"""Collections whose things have a page of their own: all but those that say something of another thing; a work of a park has one."""

LINKED = {"park_code": "parks", "parcel_code": "parcels", "town_code": "admin_areas", "subject_code": "parcels"}
"""Properties that name another thing, and the collection it is in."""

NAMED = {"town_code": "town", "unit_code": "unit", "chain_code": "chain", "park_code": "park"}
"""Properties whose codes have names among the county's own."""

AREAS = ("area_m2", "registered_area_m2", "planned_area_m2", "construction_area_m2")
"""Areas of land, said in the county's unit; floor space stays in square metres."""

PLAIN_NUMBERS = ("built_year", "source_srid")
"""Numbers that are not counted."""

NOT_A_ROW = frozenset(
    {"code", "name", "name_en", "description", "description_en", "summary", "summary_en", "version", "updated_at", "data_date",
     "policy_name_en", "geometry_quality", "is_sample", "status", "flag_level", "utilities"}
)  # fmt: skip
"""Shown elsewhere on the page."""


@dataclass(frozen=True, slots=True)
class Range:
    """Two columns told as one: the word for both, their unit, and where a bar for them ends (None = no bar)."""

    low: str
    high: str
    word: str
    unit: str | None = None
    ends_at: float | None = None


RANGES: Mapping[str, Range] = {
    each.low: each
    for each in (
        Range("far_min", "far_max", "range.far", None, 5),
        Range("density_min_pct", "density_max_pct", "range.density", "%", 100),
        Range("green_min_pct", "green_max_pct", "range.green", "%", 100),
        Range("height_min_m", "height_max_m", "range.height", "m", 100),
        Range("price_min_wan_cny_per_mu", "price_max_wan_cny_per_mu", "range.price", "万元/亩"),
    )
}
CONTROLS = ("far_min", "density_min_pct", "green_min_pct", "height_min_m")
"""Control figures (控制指标) of a parcel, in order."""

CONTROL_FLOORS = ("investment_intensity_min_wan_cny_per_mu", "tax_min_wan_cny_per_mu", "energy_max_tce_per_wan_cny",
                  "emission_max_kg_per_wan_cny")  # fmt: skip
"""Further control figures that have one end only."""

KEY_FIGURES: Mapping[str, tuple[str, str, str]] = {
    "parcels": ("area_m2", "price_min_wan_cny_per_mu", "far_min"),
    "buildings/factory": ("vacant_area_m2", "rent_cny_m2_month", "floor_load_t_m2"),
    "buildings/office": ("vacant_area_m2", "rent_cny_m2_day", "grade"),
    "projects": ("total_investment_wan_cny", "chain_code", "stage_since_on"),
    "parks": ("area_m2", "level", "price_guide"),
    "featured_towns": ("planned_area_m2", "construction_area_m2", "theme"),
    "enterprises": ("chain_code", "size_class", "town_code"),
    "policies": ("kind", "max_amount_wan_cny", "valid_during"),
    "transport": ("kind", "status", "length_m"),
    "admin_areas": ("kind", "area_m2", "is_indicative"),
    "controls": ("kind", "approved_on", "plan_name"),
    WORKS: ("park_code", "planned_end_on", "finished_on"),
}
"""The three figures one looks for first; buildings by their kind."""


def key_figures(collection_id: str, kind: str | None) -> tuple[str, str, str]:
    """The three figures of a collection, or of one kind of its things."""
    return (
        KEY_FIGURES.get(f"{collection_id}/{kind}") or KEY_FIGURES.get(collection_id) or KEY_FIGURES["buildings/factory"]
    )
