"""What can be asked of the things beside the map: one entry per filter, used by form, address, chips and condition alike.

Keys stand in addresses that people keep: a key is never given another meaning (`address.VERSION` counts changes).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Form = Literal["range", "overlap", "codes", "all_of", "any_of", "within", "at_least", "text"]
"""range: from-to of a number (keys <key>0, <key>1). overlap: the same against a property with its own lower and upper end. codes: one
of several. all_of, any_of: against a list property. within: at most so many km. at_least: this much or more. text: part of a name."""


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter. `unit` is that of the number in the address; 'area' = the county's own unit (mu, ha), stored square metres."""

    key: str
    form: Form
    kinds: tuple[str, ...]
    properties: tuple[str, ...]
    unit: str | None = None
    code_list: str | None = None

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names it has in an address."""
        return (f"{self.key}0", f"{self.key}1") if self.form in ("range", "overlap") else (self.key,)

    @property
    def is_list(self) -> bool:
        """Whether its value is codes with commas between."""
        return self.form in ("codes", "all_of", "any_of")


LAND = ("parcels",)
PLANT = ("factories",)
ROOMS = ("factories", "offices")
SITES = (*LAND, *ROOMS)
EVERYTHING = (*SITES, "featured_towns", "projects", "parks", "enterprises", "policies")

FILTERS = (
    Filter("q", "text", EVERYTHING, ("name", "name_en", "code")),
    Filter("st", "codes", LAND, ("status",), code_list="parcel_status"),
    Filter("bs", "codes", ROOMS, ("status",), code_list="building_status"),
    Filter("sg", "codes", ("projects",), ("stage",), code_list="project_stage"),
    Filter("a", "range", LAND, ("area_m2",), unit="area"),
    Filter("va", "range", ROOMS, ("vacant_area_m2",), unit="m2"),
    Filter("p", "overlap", LAND, ("price_min_wan_cny_per_mu", "price_max_wan_cny_per_mu"), unit="万元/亩"),
    Filter("rm", "range", PLANT, ("rent_cny_m2_month",), unit="元/m2·月"),
    Filter("rd", "range", ("offices",), ("rent_cny_m2_day",), unit="元/m2·日"),
    Filter("iv", "range", ("projects",), ("total_investment_wan_cny",), unit="万元"),
    Filter("ht", "at_least", PLANT, ("clear_height_m",), unit="m"),
    Filter("fl", "at_least", PLANT, ("floor_load_t_m2",), unit="t/m2"),
    Filter("cr", "at_least", PLANT, ("crane_t",), unit="t"),
    Filter("sy", "range", ROOMS, ("storeys",)),
    Filter("lu", "codes", LAND, ("land_use_code",), code_list="land_use"),
    Filter("ut", "all_of", LAND, ("utilities",), code_list="utility"),
    Filter("ch", "any_of", SITES, ("chain_codes",), code_list="chain"),
    Filter("se", "any_of", SITES, ("chain_codes",), code_list="sector"),
    Filter("cp", "codes", ("projects", "enterprises", "policies"), ("chain_code",), code_list="chain"),
    Filter("sz", "codes", ("enterprises",), ("size_class",), code_list="size_class"),
    Filter("pt", "codes", ("policies",), ("kind",), code_list="policy_kind"),
    Filter("tn", "codes", (*SITES, "featured_towns", "projects", "parks", "enterprises"), ("town_code",), code_list="town"),
    Filter("pk", "codes", SITES, ("park_code",), code_list="park"),
    Filter("dr", "within", SITES, ("nearest_ramp_m",), unit="km"),
    Filter("ds", "within", SITES, ("nearest_station_m",), unit="km"),
    Filter("dp", "within", SITES, ("nearest_port_m",), unit="km"),
    Filter("da", "within", SITES, ("nearest_airport_m",), unit="km"),
)  # fmt: skip
BY_PARAMETER = {name: f for f in FILTERS for name in f.parameters}


def filters_of(kind: str) -> tuple[Filter, ...]:
    """The filters that mean something for a kind."""
    return tuple(f for f in FILTERS if kind in f.kinds)
