"""The collections: one generic description each, used by items, tiles, pages and queryables alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import yaml

from geo.db import Audience
from geo.errors import NotFound, Problem

COMMON = ("code", "name", "name_en", "area_m2", "town_code", "unit_code", "is_sample", "data_date", "position_quality",
          "geometry_quality", "updated_at", "version")  # fmt: skip
COMMON_STAFF = ("publication_state", "source_code", "source_srid")

CODE_LISTS = {
    ("parcels", "status"): "parcel_status", ("parcels", "stage"): "parcel_stage",
    ("buildings", "status"): "building_status", ("buildings", "kind"): "building_kind",
    ("projects", "stage"): "project_stage", ("parks", "kind"): "park_kind", ("parks", "level"): "park_level",
    ("featured_towns", "kind"): "park_kind", ("featured_towns", "level"): "park_level",
    ("admin_areas", "kind"): "admin_area_kind", ("admin_areas", "level"): "admin_area_level",
    ("transport", "kind"): "transport_kind", ("transport", "status"): "transport_status",
    ("policies", "kind"): "policy_kind", ("controls", "kind"): "control_kind", ("findings", "level"): "finding_level",
    ("park_works", "kind"): "park_work_kind", ("park_works", "status"): "park_work_status",
    ("waiting_land", "level"): "finding_level", ("spare_land", "kind"): "spare_land_kind",
}  # fmt: skip
"""Code list of a property whose list depends on the collection."""


@dataclass(frozen=True, slots=True)
class Word:
    """What a property is called in both languages, its unit, its code list, and the type of its values."""

    zh: str
    en: str
    unit: str | None = None
    list: str | None = None
    type: str = "string"
    """string, integer, number, boolean, date, timestamp, date_range, string_array"""
    source: str = "register"
    """Who defines it: a rule id or section of the domain, a standard, or the register itself."""


@dataclass(frozen=True, slots=True, eq=False)
class Collection:
    """One collection: view name = id, in schema open_data (public) and staff_data. Each is declared once, and equal to itself alone.

    `own` are properties for everyone, `staff` those only staff may see; `tile` and `tile_staff` go into vector tiles.
    `is_recorded`: the register keeps versions of it, so that it can be read at a moment. `own_words`: words of properties that
    no other collection has. `is_settled_by_version`: nothing the public is told of a row changes without its version.
    """

    id: str
    zh: str
    en: str
    subject_kind: str
    own: tuple[str, ...]
    staff: tuple[str, ...] = ()
    tile: tuple[str, ...] = ()
    tile_staff: tuple[str, ...] = ()
    staff_only: bool = False
    is_recorded: bool = True
    is_settled_by_version: bool = True
    own_words: Mapping[str, Word] = field(default_factory=dict)
    on_request: tuple[str, ...] = ()
    """To filter and sort by, and said when `properties` names them: they change without the row's version."""
    told_as: tuple[str, str] | None = None
    """(collection, property that holds its code): the thing this is said of or belongs to. Such rows have no publication of their own
    and no page."""

    def properties(self, audience: Audience) -> tuple[str, ...]:
        """Properties this audience may see, in order."""
        if audience is Audience.PUBLIC:
            return (*COMMON, *self.own)
        return (*COMMON, *self.own, *self.staff, *(() if self.told_as else COMMON_STAFF))

    def askable(self, audience: Audience) -> tuple[str, ...]:
        """Properties this audience may filter and sort by, and name in `properties`."""
        return (*self.properties(audience), *self.on_request)

    def tile_properties(self, audience: Audience) -> tuple[str, ...]:
        """Properties in a vector tile for this audience."""
        return (
            "code",
            "name",
            "name_en",
            "is_sample",
            *self.tile,
            *(() if audience is Audience.PUBLIC else self.tile_staff),
        )

    def word(self, name: str) -> Word:
        """What a property is called; the code list may depend on the collection."""
        word = self.own_words.get(name) or words().get(name, Word(name, name))
        return replace(word, list=CODE_LISTS.get((self.id, name), word.list))


@lru_cache(maxsize=1)
def words() -> dict[str, Word]:
    """Words of all properties, from data/properties.yaml."""
    raw = yaml.safe_load((Path(__file__).parent / "data" / "properties.yaml").read_text(encoding="utf-8"))
    return {name: Word(**entry) for name, entry in raw.items()}


NEAREST = ("nearest_ramp_m", "nearest_station_m", "nearest_port_m", "nearest_airport_m")
"""Straight-line metres to the nearest built ramp, station, port and airport (migration 0008)."""

_PARK = ("kind", "level", "theme", "leading_industries", "planned_area_m2", "built_area_m2", "construction_area_m2", "price_guide",
         "contact_desk", "description", "description_en")  # fmt: skip

COLLECTIONS = {
    c.id: c
    for c in (
        Collection("admin_areas", "镇乡街道", "Towns", "admin_area", ("level", "kind", "is_indicative"), tile=("level", "kind")),
        Collection("parks", "园区平台", "Parks", "park", _PARK, tile=("kind", "level")),
        Collection("featured_towns", "特色小镇", "Featured towns", "park", _PARK, tile=("kind", "level")),
        Collection(
            "parcels", "地块", "Parcels", "parcel",
            ("status", "realm", "park_code", "land_use_code", "land_use_std", "registered_area_m2", "far_min", "far_max",
             "density_min_pct", "density_max_pct", "green_min_pct", "green_max_pct", "height_min_m", "height_max_m",
             "price_min_wan_cny_per_mu", "price_max_wan_cny_per_mu", "price_negotiable", "utilities", "power_kva",
             "investment_intensity_min_wan_cny_per_mu", "tax_min_wan_cny_per_mu", "energy_max_tce_per_wan_cny",
             "emission_max_kg_per_wan_cny", "description", "description_en"),
            ("cadastral_code", "real_estate_unit_code", "stage", "approved_on", "supply_method", "contract_on", "land_price_wan_cny",
             "agreed_delivery_on", "delivered_on", "agreed_start_on", "started_on", "suspended_since_on", "agreed_completion_on",
             "completed_on", "agreed_production_on", "produced_on", "agreed_capacity_on", "delay_cause", "flag", "flag_level"),
            tile=("status", "land_use_code", "realm"), tile_staff=("flag", "flag_level"),
            on_request=(*NEAREST, "chain_codes", "offer_rank"),
        ),
        Collection(
            "buildings", "厂房楼宇", "Buildings", "building",
            ("kind", "status", "vacant_area_m2", "park_code", "parcel_code", "storeys", "floor_area_m2", "typical_floor_area_m2",
             "min_unit_area_m2", "height_m", "clear_height_m", "floor_load_t_m2", "column_grid", "crane_t", "power_kva",
             "fire_class", "grade", "parking_spaces", "rent_cny_m2_month", "rent_cny_m2_day", "sale_cny_m2", "built_year",
             "description", "description_en"),
            ("completed_on",), tile=("kind", "status", "vacant_area_m2"), on_request=(*NEAREST, "chain_codes"),
        ),
        Collection(
            "projects", "项目", "Projects", "project",
            ("stage", "stage_since_on", "chain_code", "track", "total_investment_wan_cny", "description", "description_en"),
            ("investor_name", "origin", "land_cost_wan_cny", "tax_fee_wan_cny", "other_investment_wan_cny", "planned_tax_wan_cny",
             "planned_output_wan_cny", "planned_jobs", "responsible_leader", "direct_owner", "needs_new_land", "signed_on"),
            tile=("stage",),
        ),
        Collection(
            "enterprises", "企业", "Enterprises", "enterprise", ("chain_code", "size_class"),
            ("credit_code", "industry_code", "industry_std_version", "is_above_scale", "park_code"), tile=("chain_code",),
        ),
        Collection(
            "policies", "优惠政策", "Policies", "policy_clause",
            ("policy_code", "clause_no", "kind", "summary", "summary_en", "chain_code", "max_amount_wan_cny", "policy_name",
             "policy_name_en", "document_no", "issuer", "valid_during", "legal_basis", "fair_review_on", "fair_review_result"),
            tile=("clause_no", "kind"), is_settled_by_version=False,
        ),
        Collection(
            "transport", "区位交通", "Transport", "transport_feature",
            ("kind", "status", "road_class", "route_no", "opened_on", "expected_on", "length_m", "published_source"),
            tile=("kind", "status", "road_class"),
        ),
        Collection(
            "park_works", "园区配套工程", "Park works", "park_work",
            ("park_code", "kind", "status", "planned_start_on", "planned_end_on", "started_on", "finished_on", "length_m"),
            tile=("kind", "status"), is_recorded=False, is_settled_by_version=False, told_as=("parks", "park_code"),
            own_words={
                "started_on": Word("实际开工", "Begun on", type="date"),
                "finished_on": Word("完工日期", "Finished on", type="date"),
            },
        ),
        Collection(
            "controls", "控制线", "Planning controls", "planning_control",
            ("kind", "plan_name", "approval_no", "approved_on", "land_use_code", "far_min", "far_max", "density_max_pct", "height_max_m"),
            tile=("kind",), staff_only=True,
        ),
        Collection(
            "findings", "线索", "Leads", "finding",
            ("subject_code", "rule_id", "rule_version", "as_of", "holds", "result", "level", "since_on", "next_on", "missing", "basis"),
            tile=("rule_id", "result", "level", "holds"), staff_only=True, is_recorded=False, is_settled_by_version=False,
            told_as=("parcels", "subject_code"),
        ),
        Collection(
            "waiting_land", "存量土地", "Land that waits", "waiting_land",
            ("subject_code", "land_class", "rule_id", "result", "level", "since_on", "next_on"),
            tile=("land_class", "level"), staff_only=True, is_recorded=False, is_settled_by_version=False, told_as=("parcels", "subject_code"),
        ),
        Collection(
            "spare_land", "未开发土地", "Undeveloped land", "spare_land", ("kind", "parcel_code", "width_m", "length_m"),
            tile=("kind", "area_m2"), staff_only=True, is_recorded=False, is_settled_by_version=False, told_as=("parcels", "parcel_code"),
            own_words={
                "width_m": Word("可用最大矩形短边", "Shorter side of the largest rectangle", "m", type="number", source="UNDER-03"),
                "length_m": Word("可用最大矩形长边", "Longer side of the largest rectangle", "m", type="number", source="UNDER-03"),
            },
        ),
    )
}  # fmt: skip


def collection(collection_id: str, audience: Audience) -> Collection:
    """The description of a collection; raises NotFound for one that is not there, or not for this audience."""
    found = COLLECTIONS.get(collection_id)
    if found is None or (found.staff_only and audience is Audience.PUBLIC):
        raise NotFound.at(
            "collection",
            Problem(zh=f"没有集合“{collection_id[:64]}”", en=f"there is no collection '{collection_id[:64]}'"),
        )
    return found


def visible(audience: Audience) -> list[Collection]:
    """Collections this audience may see."""
    return [c for c in COLLECTIONS.values() if audience is not Audience.PUBLIC or not c.staff_only]
