"""Where a policy clause holds: hatched, so that what lies under it stays readable."""

from map_frontend.layers.layer import CardField, Label, LegendEntry, MapLayer, Paint
from map_frontend.style.palette import Shape

LAYER = MapLayer(
    collection="policies",
    order=10,
    group="context",
    is_on=False,
    min_zoom=0,
    other=Paint(
        fill="policy",
        fill_alpha=0.05,
        hatch="policy",
        line="policy",
        line_width=((8, 1.2), (14, 2)),
        dash=(8, 4, 2, 4),
        mark="policy",
        shape=Shape.BAR,
        radius=((0, 6),),
        mark_min_zoom=99,
    ),
    label=Label("name", min_zoom=12, size=12, token="policy", rank=14),
    legend=(LegendEntry("*", word="legend.policy"),),
    card=(
        CardField("policy_name"),
        CardField("clause_no"),
        CardField("kind", "code", "policy_kind"),
        CardField("summary"),
        CardField("max_amount_wan_cny", "number"),
    ),
)
