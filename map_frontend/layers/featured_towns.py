"""特色小镇: a planned place with a theme, not an administrative town."""

from map_frontend.layers.layer import CardField, Label, LegendEntry, MapLayer, Paint
from map_frontend.style.palette import Shape

LAYER = MapLayer(
    collection="featured_towns",
    order=21,
    group="offer",
    is_on=True,
    min_zoom=0,
    other=Paint(
        fill="featured-town",
        fill_alpha=0.08,
        line="featured-town",
        line_width=((8, 1.0), (14, 2.2)),
        dash=(7, 3),
        mark="featured-town",
        shape=Shape.STAR,
        radius=((8, 6), (14, 8)),
        mark_max_zoom=11.9,
        min_zoom=11,
        rank=41,
    ),
    label=Label("name", min_zoom=11.5, size=13, weight=600, beside=True, token="featured-town", rank=43),
    legend=(LegendEntry("*", word="collection.featured_towns"),),
    card=(
        CardField("theme"),
        CardField("level", "code", "park_level"),
        CardField("planned_area_m2", "area"),
        CardField("construction_area_m2", "area"),
    ),
)
