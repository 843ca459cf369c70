"""The layers of the map, one small object per file: source, style, legend and card together."""

from collections.abc import Sequence

from map_frontend.layers import (
    admin_areas,
    buildings,
    controls,
    enterprises,
    featured_towns,
    findings,
    parcels,
    park_works,
    parks,
    policies,
    projects,
    spare_land,
    transport,
    waiting_land,
)
from map_frontend.layers.layer import MapLayer

ALL: tuple[MapLayer, ...] = tuple(
    sorted(
        (
            module.LAYER
            for module in (
                admin_areas,
                buildings,
                controls,
                enterprises,
                featured_towns,
                findings,
                parcels,
                park_works,
                parks,
                policies,
                projects,
                spare_land,
                transport,
                waiting_land,
            )
        ),
        key=lambda layer: layer.order,
    )
)


def layers_for(*, is_staff: bool, chains: Sequence[str] = (), lang: str = "zh") -> tuple[MapLayer, ...]:
    """The layers a reader may have; what is not theirs is absent, not hidden. `chains`: codes of the county's chains."""
    own = {enterprises.LAYER.collection: enterprises.with_chains(chains), waiting_land.LAYER.collection: waiting_land.with_seals(lang)}  # fmt: skip
    made = (own.get(layer.collection, layer) for layer in ALL)
    return tuple(layer for layer in made if is_staff or not layer.is_staff_only)


__all__ = ["ALL", "MapLayer", "layers_for"]
