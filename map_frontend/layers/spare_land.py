"""Where the undeveloped land of surveyed plots lies, and the largest rectangle in it. For staff."""

from map_frontend.layers.layer import CardField, LegendEntry, MapLayer, Paint

CODE_LIST = "spare_land_kind"

LAYER = MapLayer(
    collection="spare_land",
    order=58,
    group="staff",
    is_on=False,
    min_zoom=12,
    by=("kind",),
    cases={
        "REMAINDER": Paint(fill="class-used", fill_alpha=0.14, hatch="class-used", line="class-used", line_width=((12, 0.8), (16, 1.6))),
        "RECTANGLE": Paint(line="class-used", line_width=((13, 1.4), (17, 2.8)), dash=(7, 4), min_zoom=14, rank=1),
    },
    other=Paint(line="class-used"),
    legend=(LegendEntry("REMAINDER", CODE_LIST), LegendEntry("RECTANGLE", CODE_LIST)),
    card=(
        CardField("area_m2", "area"),
        CardField("width_m", "number"),
        CardField("length_m", "number"),
        CardField("data_date", "date"),
    ),
    is_staff_only=True,
)  # fmt: skip
