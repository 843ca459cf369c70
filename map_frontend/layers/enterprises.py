"""企业: points; the public sees name, chain, point and size class, and only where published."""

from map_frontend.layers.layer import CardField, Label, LegendEntry, MapLayer, Paint
from map_frontend.style.palette import Shape

LAYER = MapLayer(
    collection="enterprises",
    order=70,
    group="context",
    is_on=False,
    min_zoom=10,
    other=Paint(mark="enterprise", shape=Shape.DOT, radius=((10, 3), (15, 5.5)), rank=8),
    label=Label("name", min_zoom=15, size=11, token="enterprise", rank=10),
    legend=(LegendEntry("*", word="collection.enterprises"),),
    card=(
        CardField("chain_code", "code", "chain"),
        CardField("size_class", "code", "size_class"),
        CardField("industry_code"),
    ),
)
