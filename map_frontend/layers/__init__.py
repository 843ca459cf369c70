"""The layers of the map, one small object per file: source, style, legend and card together."""

from map_frontend.layers import (
    admin_areas,
    buildings,
    controls,
    enterprises,
    featured_towns,
    findings,
    parcels,
    parks,
    policies,
    projects,
    transport,
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
                parks,
                policies,
                projects,
                transport,
            )
        ),
        key=lambda layer: layer.order,
    )
)


def layers_for(*, is_staff: bool) -> tuple[MapLayer, ...]:
    """The layers a reader may have; what is not theirs is absent, not hidden."""
    return tuple(layer for layer in ALL if is_staff or not layer.is_staff_only)


__all__ = ["ALL", "MapLayer", "layers_for"]
