"""园区/平台: an outline with a faint tint; the plots inside speak for themselves."""

from map_frontend.layers.layer import CardField, Label, LegendEntry, MapLayer, Paint
from map_frontend.style.palette import Shape

LAYER = MapLayer(
    collection="parks",
    order=20,
    group="offer",
    is_on=True,
    min_zoom=0,
    other=Paint(
        fill="park",
        fill_alpha=0.07,
        line="park",
        line_width=((8, 1.0), (14, 2.2)),
        mark="park",
        shape=Shape.HEXAGON,
        radius=((8, 5), (14, 7)),
        mark_max_zoom=11.9,
        min_zoom=11,
        rank=40,
    ),
    label=Label("name", min_zoom=11.5, size=13, weight=600, beside=True, token="park", rank=42),
    legend=(LegendEntry("*", word="collection.parks"),),
    card=(
        CardField("kind", "code", "park_kind"),
        CardField("level", "code", "park_level"),
        CardField("area_m2", "area"),
        CardField("theme"),
        CardField("price_guide"),
    ),
)
