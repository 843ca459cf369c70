"""厂房 and 楼宇: footprints from street level; a mark only where there is room to let."""

from map_frontend.layers.layer import CardField, Label, LegendEntry, MapLayer, Paint, Switch
from map_frontend.style.palette import BUILDING_STATUS, Shape


def _block(token: str, shape: Shape) -> Paint:
    return Paint(
        fill=token,
        fill_alpha=0.75,
        line=token,
        line_width=((14, 0.6), (17, 1.4)),
        line_min_zoom=14,
        mark="status-available",
        shape=shape,
        radius=((12, 3), (16, 6)),
        mark_if="vacant_area_m2",
        mark_min_zoom=14,
        rank=12,
    )


LAYER = MapLayer(
    collection="buildings",
    order=50,
    group="offer",
    is_on=True,
    min_zoom=12,
    by=("kind",),
    cases={
        "factory": _block("building-factory", Shape.SQUARE),
        "office": _block("building-office", Shape.BAR),
    },
    other=_block("building-factory", Shape.SQUARE),
    label=Label("name", min_zoom=16, size=11, rank=20, inside=True),
    legend=(LegendEntry("factory", "building_kind"), LegendEntry("office", "building_kind")),
    switches=(
        Switch("factories", "collection.factories", "kind", "factory"),
        Switch("offices", "collection.offices", "kind", "office"),
    ),
    card=(
        CardField("vacant_area_m2", "number"),
        CardField("floor_area_m2", "number"),
        CardField("storeys", "number"),
        CardField("rent_cny_m2_month", "number"),
        CardField("rent_cny_m2_day", "number"),
        CardField("clear_height_m", "number"),
        CardField("floor_load_t_m2", "number"),
    ),
    status=("status", "building_status"),
    marks=BUILDING_STATUS,
)
