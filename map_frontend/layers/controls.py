"""Control lines (三区三线 and others): for people with a login only; the public gets verdicts."""

from map_frontend.layers.layer import CardField, Label, LegendEntry, MapLayer, Paint

LAYER = MapLayer(
    collection="controls",
    order=55,
    group="staff",
    is_on=False,
    min_zoom=0,
    other=Paint(hatch="control", line="control", line_width=((8, 1.0), (14, 1.8)), dash=(10, 3, 2, 3)),
    label=Label("name", min_zoom=12.5, size=11, token="control", rank=18),
    legend=(LegendEntry("*", word="collection.controls"),),
    card=(
        CardField("kind", "code", "control_kind"),
        CardField("plan_name"),
        CardField("approval_no"),
        CardField("approved_on", "date"),
        CardField("data_date", "date"),
    ),
    is_staff_only=True,
)
