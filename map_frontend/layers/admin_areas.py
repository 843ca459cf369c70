"""Towns as the land itself: the offline ground of the map. A sketched boundary says so (PUB-04)."""

from map_frontend.layers.layer import CardField, Label, LegendEntry, MapLayer, Paint

_LAND = Paint(
    fill="land",
    line="land-line",
    line_width=((8, 0.8), (14, 1.4)),
    dash=(5, 4),
    casing="coast",
    casing_width=1.6,
    halo="sea-shallow",
    halo_width=9,
)

LAYER = MapLayer(
    collection="admin_areas",
    order=0,
    group="ground",
    is_on=True,
    min_zoom=0,
    by=("level",),
    cases={"other": Paint(fill="land-beyond", casing="coast", casing_width=1.2)},
    other=_LAND,
    label=Label("name", min_zoom=9.5, max_zoom=14.4, size=13, weight=600, rank=30),
    legend=(LegendEntry("*", word="legend.town"),),
    card=(
        CardField("kind", "code", "admin_area_kind"),
        CardField("area_m2", "area"),
        CardField("is_indicative", "yes_no"),
    ),
    is_switchable=False,
)
