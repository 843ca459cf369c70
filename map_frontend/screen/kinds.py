"""The kinds of things beside the map, and the orders each can be listed in."""

from __future__ import annotations

from dataclasses import dataclass

from geo.registry.features import SortKey


@dataclass(frozen=True, slots=True)
class Order:
    """One way to list a kind: `key` stands in the address, `word` in the catalogue as `order.<word>`."""

    key: str
    keys: tuple[SortKey, ...]

    @property
    def shown(self) -> tuple[str, ...]:
        """The distance a row should say because the list is sorted by it."""
        return tuple(key.name for key in self.keys if key.name.startswith("nearest_"))


@dataclass(frozen=True, slots=True)
class Kind:
    """One list beside the map: a collection, or one kind of its things. The first order is the one without a wish."""

    key: str
    collection: str
    label: str
    orders: tuple[Order, ...]
    only: tuple[str, str] | None = None
    """(property, value) that makes these things of the collection."""

    is_first: bool = True
    """Shown as a tab; the others lie behind "more"."""


def _by(key: str, *names: str) -> Order:
    return Order(key, tuple(SortKey(name.removeprefix("-"), name.startswith("-")) for name in names))


_CODE = _by("code")
_NEW = _by("new", "-updated_at")
_NEAR = (_by("port", "nearest_port_m"), _by("ramp", "nearest_ramp_m"))

KINDS = (
    Kind("parcels", "parcels", "parcels",
         (_by("offer", "offer_rank", "realm", "-area_m2"), _by("area", "-area_m2"), _by("price", "price_min_wan_cny_per_mu"), *_NEAR, _NEW, _CODE)),
    Kind("factories", "buildings", "factories",
         (_by("offer", "-vacant_area_m2"), _by("rent", "rent_cny_m2_month"), *_NEAR, _NEW, _CODE), ("kind", "factory")),
    Kind("offices", "buildings", "offices",
         (_by("offer", "-vacant_area_m2"), _by("rent", "rent_cny_m2_day"), *_NEAR, _NEW, _CODE), ("kind", "office")),
    Kind("featured_towns", "featured_towns", "featured_towns", (_CODE, _by("area", "-area_m2"), _NEW)),
    Kind("projects", "projects", "projects",
         (_by("stage", "-stage_since_on"), _by("money", "-total_investment_wan_cny"), _NEW, _CODE)),
    Kind("parks", "parks", "parks", (_CODE, _by("area", "-area_m2"), _NEW), is_first=False),
    Kind("enterprises", "enterprises", "enterprises", (_CODE, _NEW), is_first=False),
    Kind("policies", "policies", "policies", (_CODE, _NEW), is_first=False),
)  # fmt: skip
BY_KEY = {kind.key: kind for kind in KINDS}
