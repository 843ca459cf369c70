"""Which layers a person with one question wants: a click instead of ten. Keys are those of the layer panel's boxes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from map_frontend.layers.layer import MapLayer


@dataclass(frozen=True, slots=True)
class Preset:
    """A choice of layers; its word is `map.preset.<key>`."""

    key: str
    switches: tuple[str, ...]


PRESETS = (
    Preset("investor", ("parks", "featured_towns", "parcels", "factories", "offices", "transport")),
    Preset("industry", ("parks", "featured_towns", "factories", "offices", "projects", "enterprises")),
    Preset("policy", ("parks", "featured_towns", "parcels", "policies")),
    Preset("transport", ("parks", "transport")),
    Preset("works", ("parks", "featured_towns", "transport", "park_works")),
    Preset(
        "land_clock",
        (
            "parks",
            "waiting_land.approved",
            "waiting_land.supplied",
            "waiting_land.used",
            "waiting_land.built",
            "waiting_land.producing",
            "waiting_land.low",
            "spare_land",
        ),
    ),
)


def presets_for(layers: Sequence[MapLayer]) -> tuple[Preset, ...]:
    """The presets whose layers this reader has."""
    there = {switch.key for layer in layers for switch in layer.boxes()}
    return tuple(preset for preset in PRESETS if set(preset.switches) <= there)
