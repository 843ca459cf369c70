"""Where a policy clause holds, by what the clause is about: hatched, so that what lies under it stays readable."""

from map_frontend.layers.layer import CardField, Label, LegendEntry, MapLayer, Paint
from map_frontend.style.palette import POLICY_KIND, Hatching, Shape


def _zone(hatching: Hatching) -> Paint:
    return Paint(
        fill=hatching.token,
        fill_alpha=0.04,
        hatch=hatching.token,
        hatch_form=hatching.form,
        line=hatching.token,
        line_width=((8, 1.2), (14, 2)),
        dash=(8, 4, 2, 4),
        mark=hatching.token,
        shape=Shape.BAR,
        radius=((0, 6),),
        mark_min_zoom=99,
    )


LAYER = MapLayer(
    collection="policies",
    order=10,
    group="context",
    is_on=False,
    min_zoom=0,
    by=("kind",),
    cases={kind: _zone(hatching) for kind, hatching in POLICY_KIND.items()},
    other=_zone(POLICY_KIND["other"]),
    label=Label("clause_no", min_zoom=10.5, size=12, weight=600, beside=True, token="policy", rank=14),
    legend=tuple(LegendEntry(kind, "policy_kind") for kind in POLICY_KIND),
    card=(
        CardField("policy_name"),
        CardField("clause_no"),
        CardField("kind", "code", "policy_kind"),
        CardField("summary"),
        CardField("max_amount_wan_cny", "number"),
    ),
)
