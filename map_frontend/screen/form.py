"""The filter form: what each filter offers and what is chosen, for the template. One GET form, with and without scripts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from map_frontend.layers import ALL
from map_frontend.screen.address import Screen
from map_frontend.screen.filters import FILTERS, Filter
from map_frontend.screen.kinds import KINDS
from map_frontend.screen.saying import unit_of
from map_frontend.style.palette import Mark
from map_frontend.words import Words

KM = ("2", "5", "10", "20", "30")
"""Distances offered; any other may stand in an address."""

MARKS: dict[str, Mapping[str, Mark]] = {layer.status[1]: layer.marks for layer in ALL if layer.status}


@dataclass(frozen=True, slots=True)
class Choice:
    """One code offered."""

    code: str
    name: str
    is_chosen: bool
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One filter as the form shows it; `kinds` it means something for, `is_shown` for the kind listed now."""

    filter: Filter
    label: str
    unit: str
    kinds: str
    is_shown: bool
    choices: tuple[Choice, ...]
    values: tuple[str, ...]


def fields(
    screen: Screen, words: Words, area_unit: str, options: Mapping[str, Mapping[str, tuple[str, str]]]
) -> list[Field]:
    """Every filter that can narrow anything in this county; one without choices is left out."""
    made = []
    for f in FILTERS:
        choices: tuple[Choice, ...] = ()
        if f.is_list:
            marks = MARKS.get(f.code_list or "", {})
            offered = options.get(f.code_list or "", {})
            chosen = screen.codes(f.key)
            # An order the map's own legend has comes first.
            ordered = sorted(offered, key=lambda code: list(marks).index(code) if code in marks else len(marks))
            choices = tuple(
                Choice(code, words.pick(*offered[code]), code in chosen, marks.get(code)) for code in ordered
            )
            if not choices:
                continue
        if f.form == "within":
            now = screen.values.get(f.key)
            choices = tuple(
                Choice(km, words("filter.km", km=km), km == now)
                for km in sorted({*KM, *([now] if now else [])}, key=float)
            )
        made.append(Field(
            f, words(f"filter.{f.key}"), unit_of(f, words, area_unit), " ".join(f.kinds), screen.kind.key in f.kinds, choices,
            tuple(screen.values.get(name, "") for name in f.parameters),
        ))  # fmt: skip
    return made


def config(words: Words) -> dict[str, Any]:
    """What the page's script knows of kinds and filters: names only, the server says the rest."""
    return {
        "first": KINDS[0].key,
        "parameters": [name for f in FILTERS for name in f.parameters],
        "kinds": {
            kind.key: {
                "collection": kind.collection,
                "label": kind.label,
                "orders": [[order.key, words(f"order.{order.key}")] for order in kind.orders],
                "parameters": [name for f in FILTERS if kind.key in f.kinds for name in f.parameters],
                "near": {order.key: order.shown[0] for order in kind.orders if order.shown},
            }
            for kind in KINDS
        },
    }
