"""Roads, railways, stations, ports, airports, and what is around: schools, hospitals. What is being built is dashed."""

from map_frontend.layers.layer import CardField, Dashes, Label, LegendEntry, MapLayer, Paint
from map_frontend.style.palette import Shape


def _road(fill: str, casing: str, widths: tuple[tuple[float, float], ...], rank: int, min_zoom: float = 0) -> Paint:
    return Paint(line=fill, line_width=widths, casing=casing, casing_width=1.6, rank=rank, min_zoom=min_zoom)


def _place(shape: Shape, rank: int, min_zoom: float = 0) -> Paint:
    return Paint(mark="transport", shape=shape, radius=((8, 4), (13, 7)), rank=rank, min_zoom=min_zoom, yields=True)


def _facility(shape: Shape) -> Paint:
    return Paint(
        fill="transport", fill_alpha=0.12, line="transport", line_width=((12, 0.6), (16, 1.2)), line_min_zoom=13,
        mark="transport", shape=shape, radius=((12, 3.5), (15, 6)), mark_min_zoom=12.5, min_zoom=12, rank=14,
    )  # fmt: skip


_MINOR = ((10, 0.6), (13, 1.8), (16, 7.0))
_MAIN = ((8, 1.0), (12, 2.2), (16, 9.0))
_MOTOR = ((8, 1.4), (12, 3.2), (16, 11.0))

_KINDS = ("bridge", "rail", "station", "port", "berth", "airport", "ferry", "school", "hospital", "cbd")

LAYER = MapLayer(
    collection="transport",
    order=30,
    group="context",
    is_on=True,
    min_zoom=0,
    by=("road_class", "kind"),
    cases={
        "street": _road("road", "road-casing", _MINOR, 1, min_zoom=12.5),
        "town": _road("road", "road-casing", _MINOR, 2, min_zoom=11),
        "county": _road("road", "road-casing", _MAIN, 3),
        "ramp": _road("expressway", "expressway-casing", _MINOR, 4, min_zoom=11),
        "road": _road("road", "road-casing", _MAIN, 3),
        "provincial": _road("road-major", "road-major-casing", _MAIN, 5),
        "national": _road("road-major", "road-major-casing", _MAIN, 6),
        "expressway": _road("expressway", "expressway-casing", _MOTOR, 8),
        "bridge": _road("road-major", "road-major-casing", _MAIN, 7),
        "rail": Paint(line="rail", line_width=((8, 1.2), (14, 2.6)), rank=7),
        "ferry": Paint(line="transport", line_width=((8, 1.0), (14, 1.6)), dash=(2, 5), rank=1),
        "station": _place(Shape.SQUARE, 24),
        "port": _place(Shape.ANCHOR, 25),
        "berth": _place(Shape.HEXAGON, 20, min_zoom=12),
        "airport": _place(Shape.STAR, 26),
        "school": _facility(Shape.FLAG),
        "hospital": _facility(Shape.PLUS),
        "cbd": _facility(Shape.TOWER),
    },
    other=Paint(
        line="road", line_width=_MINOR, casing="road-casing", casing_width=1.6, mark="transport", shape=Shape.DOT
    ),
    dashes=Dashes("status", {"building": (7, 4), "planned": (2, 5)}, "transport_status"),
    label=Label("name", min_zoom=12, size=11, token="transport", rank=16),
    legend=(
        LegendEntry("expressway", "transport_kind"),
        LegendEntry("ramp", "transport_kind"),
        LegendEntry("national", "road_class"),
        LegendEntry("provincial", "road_class"),
        LegendEntry("county", "road_class"),
        *(LegendEntry(kind, "transport_kind") for kind in _KINDS),
        *(LegendEntry("rail", "transport_status", status=status) for status in ("building", "planned")),
    ),
    card=(
        CardField("kind", "code", "transport_kind"),
        CardField("status", "code", "transport_status"),
        CardField("road_class", "code", "road_class"),
        CardField("route_no"),
        CardField("length_m", "number"),
        CardField("opened_on", "date"),
        CardField("expected_on", "date"),
    ),
)
