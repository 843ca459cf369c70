"""项目: a mark by its stage; the public sees signed and later ones only (the database says which)."""

from map_frontend.layers.layer import CardField, Label, LegendEntry, MapLayer, Paint
from map_frontend.style.palette import PROJECT_STAGE, UNKNOWN

LAYER = MapLayer(
    collection="projects",
    order=80,
    group="offer",
    is_on=True,
    min_zoom=11,
    by=("stage",),
    cases={
        code: Paint(
            fill="project",
            fill_alpha=0.06,
            line="project",
            line_width=((12, 1.2), (16, 2.4)),
            dash=(3, 3),
            mark=mark.token,
            shape=mark.shape,
            radius=((11, 5), (15, 7)),
            rank=36,
        )
        for code, mark in PROJECT_STAGE.items()
    },
    other=Paint(mark="project", shape=UNKNOWN.shape, radius=((11, 5), (15, 7)), line="project", dash=(3, 3)),
    label=Label("name", min_zoom=15.5, size=12, token="project", rank=26),
    legend=tuple(LegendEntry(code, "project_stage") for code in PROJECT_STAGE),
    card=(
        CardField("chain_code", "code", "chain"),
        CardField("track", "code", "track"),
        CardField("total_investment_wan_cny", "number"),
        CardField("stage_since_on", "date"),
    ),
    status=("stage", "project_stage"),
    marks=PROJECT_STAGE,
    sample="UNDER_CONSTRUCTION",
)
