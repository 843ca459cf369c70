"""地块: neutral ground for land in use, bold for what is offered; staff see a lead (线索) as a ring around the plot."""

from map_frontend.layers.layer import CardField, Label, LegendEntry, MapLayer, Paint
from map_frontend.style.palette import PARCEL_STATUS, UNKNOWN

_ALPHA = {"AVAILABLE": 0.42, "ON_OFFER": 0.5, "IN_USE": 0.2}
_RANK = {"ON_OFFER": 39, "AVAILABLE": 38, "RESTRICTED": 33, "UNDER_CONSTRUCTION": 32, "SUPPLIED": 31, "RESERVE": 30}

LAYER = MapLayer(
    collection="parcels",
    order=40,
    group="offer",
    is_on=True,
    min_zoom=0,
    by=("status",),
    cases={
        code: Paint(
            fill=mark.token,
            fill_alpha=_ALPHA.get(code, 0.3),
            line=mark.token,
            line_width=((13, 0.8), (16, 2.0)),
            line_min_zoom=13,
            mark=mark.token,
            shape=mark.shape,
            radius=((11, 4), (15, 7)),
            mark_min_zoom=11.5 if code != "IN_USE" else 99,
            rank=_RANK.get(code, 5),
        )
        for code, mark in PARCEL_STATUS.items()
    },
    other=Paint(
        fill=UNKNOWN.token,
        fill_alpha=0.25,
        line=UNKNOWN.token,
        line_width=((13, 0.8), (16, 1.6)),
        line_min_zoom=13,
        mark=UNKNOWN.token,
        shape=UNKNOWN.shape,
        radius=((11, 3), (15, 5)),
        mark_min_zoom=99,
    ),
    label=Label("name", min_zoom=14.5, size=12, rank=28, inside=True),
    legend=(*(LegendEntry(code, "parcel_status") for code in PARCEL_STATUS), LegendEntry("*", word="unknown")),
    card=(
        CardField("area_m2", "area"),
        CardField("price_min_wan_cny_per_mu", "price", other="price_max_wan_cny_per_mu", word="range.price"),
        CardField("far_min", "range", other="far_max", word="range.far"),
        CardField("land_use_code", "code", "land_use"),
        CardField("flag", "code", "finding_result"),
    ),
    status=("status", "parcel_status"),
    marks=PARCEL_STATUS,
)
