"""What a picture, a page to take away and a comparison tell of a thing: figures and place, by subject."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geo.registry.collections import Collection
from map_frontend.things.kinds import key_figures
from map_frontend.things.writing import Row, Writer
from map_frontend.words import Words

GROUPS: Mapping[str, tuple[str, ...]] = {
    "area": (
        "area_m2", "registered_area_m2", "planned_area_m2", "construction_area_m2", "built_area_m2", "floor_area_m2", "vacant_area_m2",
        "typical_floor_area_m2", "min_unit_area_m2", "storeys", "kind", "realm", "land_use_code", "level", "theme", "leading_industries",
        "town_code", "park_code", "parcel_code", "chain_code", "track", "size_class", "stage_since_on", "built_year",
    ),
    "price": (
        "price_min_wan_cny_per_mu", "price_guide", "rent_cny_m2_month", "rent_cny_m2_day", "sale_cny_m2", "total_investment_wan_cny",
    ),
    "controls": (
        "far_min", "density_min_pct", "green_min_pct", "height_min_m", "investment_intensity_min_wan_cny_per_mu",
        "tax_min_wan_cny_per_mu", "energy_max_tce_per_wan_cny", "emission_max_kg_per_wan_cny", "height_m", "clear_height_m",
        "floor_load_t_m2", "column_grid", "crane_t", "fire_class", "grade", "parking_spaces",
    ),
    "utilities": ("utilities", "power_kva"),
}  # fmt: skip
"""Subject -> properties of any collection that belong to it, in their order; a range by its first column."""


def key_rows(writer: Writer, properties: Mapping[str, Any]) -> list[Row]:
    """The three figures people ask for first."""
    found = (writer.row(name, properties) for name in key_figures(writer.collection.id, properties.get("kind")))
    return [row for row in found if row.text]


def place_of(words: Words, properties: Mapping[str, Any]) -> str:
    """Town and park, as far as they are known."""
    named = (("town", "town_code"), ("park", "park_code"))
    return " · ".join(words.code(kind, properties[name]) for kind, name in named if properties.get(name))


def names_in(group: str, c: Collection, offered: tuple[str, ...]) -> tuple[str, ...]:
    """The properties of a group that this collection has for this reader."""
    return tuple(name for name in GROUPS[group] if name in offered)
