"""存量土地: parcels by the class of land that waits, each once by its primary flag. Leads, never determinations."""

from dataclasses import replace

from geo.landuse.classes import land_classes
from map_frontend.layers.layer import CardField, LegendEntry, MapLayer, Paint, Switch
from map_frontend.style.palette import LAND_CLASS

CODE_LIST = "land_class"

LAYER = MapLayer(
    collection="waiting_land",
    order=57,
    group="staff",
    is_on=False,
    min_zoom=8,
    by=("land_class",),
    cases={
        code: Paint(
            fill=mark.token, fill_alpha=0.3, line=mark.token, line_width=((11, 1.0), (16, 2.6)), mark=mark.token, shape=mark.shape,
            radius=((10, 6.5), (15, 9)), rank=60,
        )
        for code, mark in LAND_CLASS.items()
    },
    other=Paint(line="status-unknown"),
    legend=tuple(LegendEntry(code, CODE_LIST) for code in LAND_CLASS),
    card=(
        CardField("land_class", "code", CODE_LIST),
        CardField("since_on", "date"),
        CardField("next_on", "date"),
    ),
    status=("land_class", CODE_LIST),
    marks=LAND_CLASS,
    is_staff_only=True,
    switches=tuple(Switch(f"waiting_land.{code}", f"map.class.{code}", "land_class", code) for code in LAND_CLASS),
)  # fmt: skip


def with_seals(lang: str) -> MapLayer:
    """The layer with the letters of its seals in a language."""
    letters = {land_class.code: land_class.seal.text(lang) for land_class in land_classes()}
    return replace(LAYER, cases={code: replace(paint, letter=letters[code]) for code, paint in LAYER.cases.items()})
