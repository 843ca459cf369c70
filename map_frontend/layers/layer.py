"""What one layer of the map is: where it comes from, how it is drawn, what its legend and its card say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from geo.registry.collections import COLLECTIONS
from map_frontend.style.palette import Hatch, Mark, Shape

Stops = tuple[tuple[float, float], ...]
"""(zoom, value) pairs; between them the value goes in a straight line."""


@dataclass(frozen=True, slots=True)
class Paint:
    """How one kind of feature is drawn; every colour is a token of palette.py, every length is in CSS pixels.

    `fill`, `line`, `casing` are for areas and ways; `shape` (with `mark`) for points, and for areas too small to see.
    """

    fill: str | None = None
    fill_alpha: float = 1.0
    hatch: str | None = None
    hatch_form: Hatch = Hatch.RISING
    line: str | None = None
    line_width: Stops = ((0, 1.0),)
    line_min_zoom: float = 0
    dash: tuple[float, ...] = ()
    casing: str | None = None
    casing_width: float = 0.0
    halo: str | None = None
    halo_width: float = 0.0
    """Under areas and ways, whatever their dash: what lies below is kept off."""

    mark: str | None = None
    shape: Shape | None = None
    letter: str | None = None
    """Written on the mark, which is a seal then, whatever its shape."""

    radius: Stops = ((0, 5.0),)
    mark_if: str | None = None
    """A property that must be above zero for the mark to stand."""

    mark_min_zoom: float = 0
    mark_max_zoom: float = 99
    yields: bool = False
    """A point that gives way to rings, names and greater marks where there is no room for it; others always stand."""

    is_way: bool = False
    """Most such things are ways: the legend shows a way with its dash, and the mark beside it."""

    min_zoom: float = 0
    rank: int = 0
    """Which mark or label wins where two would cover each other: the higher."""


@dataclass(frozen=True, slots=True)
class Label:
    """Which property is written on the map, from which zoom, how."""

    field: str
    min_zoom: float
    max_zoom: float = 99
    size: int = 12
    weight: int = 400
    token: str = "label"
    rank: int = 0
    beside: bool = False
    """Written above or below the thing, so that what lies inside stays free."""

    inside: bool = False
    """Only where the words fit into the thing itself: a plot's name never lies on its neighbour."""

    italic: bool = False


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """One line of the legend: a paint of the layer and the words for it (a code of a code list, or a catalogue key).

    `status`: the line speaks of a state instead (a key of the layer's `Dashes`), and shows how that state changes a drawing.
    """

    paint: str
    code_list: str | None = None
    word: str | None = None
    status: str | None = None


@dataclass(frozen=True, slots=True)
class Switch:
    """One box in the layer panel. `value`: only things whose `field` has it; several switches share one collection so."""

    key: str
    word: str
    field: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class CardField:
    """One fact on the small card: the item's property, what it means, how it is written."""

    name: str
    form: Literal["text", "code", "area", "number", "range", "price", "date", "yes_no"] = "text"
    code_list: str | None = None
    other: str | None = None
    """The upper end of a range."""

    word: str | None = None
    """Catalogue key, where the column's own name does not fit (a range has two columns)."""


@dataclass(frozen=True, slots=True)
class Dashes:
    """Dash patterns by a property: what is planned is not drawn as if it stood there. Points of these states are hollow,
    and their names say the state in words (`code_list`)."""

    field: str
    patterns: Mapping[str, tuple[float, ...]]
    code_list: str


@dataclass(frozen=True, slots=True)
class MapLayer:
    """One layer of one collection; `order` is what lies above what."""

    collection: str
    order: int
    group: Literal["ground", "offer", "context", "staff"]
    is_on: bool
    min_zoom: float
    other: Paint
    by: tuple[str, ...] = ()
    cases: Mapping[str, Paint] = field(default_factory=dict)
    dashes: Dashes | None = None
    label: Label | None = None
    legend: tuple[LegendEntry, ...] = ()
    card: tuple[CardField, ...] = ()
    status: tuple[str, str] | None = None
    """(property, code list) of the state shown first on card and list."""

    marks: Mapping[str, Mark] = field(default_factory=dict)
    is_staff_only: bool = False
    is_switchable: bool = True
    switches: tuple[Switch, ...] = ()
    """Boxes of the layer panel, where one for the whole collection is not enough."""

    sample: str | None = None
    """The case that stands for the layer beside its box, where that is not the first of the legend."""

    def boxes(self) -> tuple[Switch, ...]:
        """Every box the layer panel shows for this layer."""
        if not self.is_switchable:
            return ()
        return self.switches or (Switch(self.collection, f"collection.{self.collection}"),)

    @property
    def panel_paint(self) -> Paint:
        """The paint that stands for the layer beside its box."""
        first = self.legend[0].paint if self.legend else "*"
        return self.cases.get(self.sample or first, self.other)

    def spec(self) -> dict[str, Any]:
        """The layer as the browser gets it: plain JSON, absent values left out."""
        return {
            "id": self.collection,
            "order": self.order,
            "group": self.group,
            "on": self.is_on,
            "min_zoom": self.min_zoom,
            "by": list(self.by),
            "cases": {code: _paint(paint) for code, paint in self.cases.items()},
            "other": _paint(self.other),
            "dashes": (asdict(self.dashes) | {"patterns": dict(self.dashes.patterns)}) if self.dashes else None,
            "label": asdict(self.label) if self.label else None,
            "legend": [_compact(asdict(entry)) for entry in self.legend],
            "card": [_compact(asdict(entry)) for entry in self.card],
            "status": list(self.status) if self.status else None,
            "marks": {code: {"token": mark.token, "shape": mark.shape} for code, mark in self.marks.items()},
            "switchable": self.is_switchable,
            "said_of": told_as[0] if (told_as := COLLECTIONS[self.collection].told_as) else None,
        }

    def code_lists(self) -> set[str]:
        """The code lists whose words this layer needs."""
        lists = {entry.code_list for entry in self.legend} | {entry.code_list for entry in self.card}
        lists |= {self.status[1] if self.status else None, self.dashes.code_list if self.dashes else None}
        return {name for name in lists if name}


def _paint(paint: Paint) -> dict[str, Any]:
    plain = asdict(Paint())
    return {key: value for key, value in asdict(paint).items() if value != plain[key]}


def _compact(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in (None, (), [])}
