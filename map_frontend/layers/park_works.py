"""园区配套工程: roads, pipes, stations of a park by the state they are in, told apart by colour, dash and shape. Its ground yields a click to
the plots on it."""

from map_frontend.layers.layer import CardField, Label, LegendEntry, MapLayer, Paint
from map_frontend.style.palette import PARK_WORK_STATUS, UNKNOWN, Mark

CODE_LIST = "park_work_status"


def _work(mark: Mark, dash: tuple[float, ...], rank: int, min_zoom: float = 0, wide: float = 1) -> Paint:
    return Paint(
        fill=mark.token, fill_alpha=0.1, line=mark.token, line_width=((10, 1.6 * wide), (13, 3.2 * wide), (16, 5.5 * wide)), dash=dash,
        halo="surface", halo_width=2.5, mark=mark.token, shape=mark.shape, radius=((10, 4), (13, 6), (16, 8)), yields=True, rank=rank,
        min_zoom=min_zoom, is_way=True,
    )  # fmt: skip


CASES = {
    "planned": _work(PARK_WORK_STATUS["planned"], (2, 4), 33),
    "building": _work(PARK_WORK_STATUS["building"], (8, 4), 34),
    "late": _work(PARK_WORK_STATUS["late"], (12, 3, 2, 3), 35),
    "built": _work(PARK_WORK_STATUS["built"], (), 32, min_zoom=12, wide=0.6),
}
"""What is done steps back: thinner, and not shown from afar. Where two marks have no room, the one that is late stays."""

LAYER = MapLayer(
    collection="park_works",
    order=56,
    group="context",
    is_on=False,
    min_zoom=10,
    by=("status",),
    cases=CASES,
    other=_work(UNKNOWN, (4, 4), 31, min_zoom=12),
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
