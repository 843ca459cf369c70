"""企业 by industry chain: points; the public sees name, chain, point and size class, and only where published."""

from collections.abc import Sequence
from dataclasses import replace

from map_frontend.layers.layer import CardField, Label, LegendEntry, MapLayer, Paint
from map_frontend.style.palette import Mark, Shape, series_mark

_RADIUS = ((10.0, 3.5), (15.0, 6.0))

LAYER = MapLayer(
    collection="enterprises",
    order=70,
    group="context",
    is_on=False,
    min_zoom=10,
    by=("chain_code",),
    other=Paint(mark="enterprise", shape=Shape.DOT, radius=_RADIUS, rank=8),
    label=Label("name", min_zoom=15, size=11, token="enterprise", rank=10),
    legend=(LegendEntry("*", word="legend.no_chain"),),
    card=(CardField("size_class", "code", "size_class"), CardField("industry_code")),
)


def chain_marks(chains: Sequence[str]) -> dict[str, Mark]:
    """The mark of every chain of a county; `chains` in an order that stays."""
    return {code: series_mark(number) for number, code in enumerate(chains)}


def with_chains(chains: Sequence[str]) -> MapLayer:
    """The layer of a county with these chains (codes, in an order that stays): chains are the county's own rows."""
    marks = chain_marks(chains)
    return replace(
        LAYER,
        cases={c: Paint(mark=mark.token, shape=mark.shape, radius=_RADIUS, rank=8) for c, mark in marks.items()},
        legend=(*(LegendEntry(code, "chain") for code in marks), *LAYER.legend),
        status=("chain_code", "chain"),
        marks=marks,
    )
