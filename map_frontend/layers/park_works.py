"""园区配套工程: roads, pipes, stations of a park by the state they are in, told apart by colour, dash and shape. Its ground yields a click to
the plots on it."""

from map_frontend.layers.layer import CardField, Label, LegendEntry, MapLayer, Paint
from map_frontend.style.palette import PARK_WORK_STATUS, UNKNOWN, Mark

CODE_LIST = "park_work_status"
DASHES: dict[str, tuple[float, ...]] = {"planned": (1.5, 4.5), "building": (8, 4), "late": (12, 3, 2, 3), "built": ()}


def _work(mark: Mark, dash: tuple[float, ...]) -> Paint:
    return Paint(
        fill=mark.token, fill_alpha=0.1, line=mark.token, line_width=((10, 1.8), (13, 3.2), (16, 5.5)), dash=dash, mark=mark.token,
        shape=mark.shape, radius=((10, 4), (13, 6), (16, 8)), yields=True, rank=33, is_way=True,
    )  # fmt: skip


LAYER = MapLayer(
    collection="park_works",
    order=56,
    group="context",
    is_on=False,
    min_zoom=10,
    by=("status",),
    cases={status: _work(mark, DASHES[status]) for status, mark in PARK_WORK_STATUS.items()},
    other=_work(UNKNOWN, (4, 4)),
    label=Label("name", min_zoom=14, size=11, weight=600, rank=24),
    legend=(
        *(LegendEntry(status, CODE_LIST) for status in PARK_WORK_STATUS),
        LegendEntry("*", word="legend.work_undated"),
    ),
    card=(
        CardField("kind", "code", "park_work_kind"),
        CardField("status", "code", CODE_LIST),
        CardField("planned_start_on", "date"),
        CardField("planned_end_on", "date"),
        CardField("started_on", "date"),
        CardField("finished_on", "date"),
        CardField("length_m", "number"),
    ),
    status=("status", CODE_LIST),
    marks=PARK_WORK_STATUS,
)
