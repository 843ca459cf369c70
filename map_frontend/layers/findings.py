"""线索/预警: what a rule says about a plot, by its light. A lead, never a determination."""

from map_frontend.layers.layer import CardField, LegendEntry, MapLayer, Paint
from map_frontend.style.palette import FINDING_LEVEL

LAYER = MapLayer(
    collection="findings",
    order=60,
    group="staff",
    is_on=True,
    min_zoom=10,
    by=("level",),
    cases={
        code: Paint(
            line=mark.token,
            line_width=((12, 1.6), (16, 3.2)) if code != "INFO" else ((12, 0.8), (16, 1.6)),
            mark=mark.token,
            shape=mark.shape,
            radius=((10, 4), (15, 7)),
            mark_min_zoom=0 if code != "INFO" else 15.5,
            rank=50 - number if code != "INFO" else 29,
        )
        for number, (code, mark) in enumerate(FINDING_LEVEL.items())
    },
    other=Paint(),
    legend=tuple(LegendEntry(code, "finding_level") for code in FINDING_LEVEL),
    card=(
        CardField("rule_id"),
        CardField("result", "code", "finding_result"),
        CardField("as_of", "date"),
        CardField("since_on", "date"),
        CardField("next_on", "date"),
    ),
    status=("level", "finding_level"),
    marks=FINDING_LEVEL,
    is_staff_only=True,
)
