"""The state of a thing as every face tells it: its mark and its word, after the layer of its collection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from map_frontend.layers import ALL, MapLayer
from map_frontend.style.palette import UNKNOWN, Mark
from map_frontend.words import Words


@dataclass(frozen=True, slots=True)
class State:
    """The state of a thing: its mark and its word."""

    mark: Mark
    word: str


def layer_of(collection_id: str) -> MapLayer:
    """The map layer of a collection."""
    return next(layer for layer in ALL if layer.collection == collection_id)


def coded_state(words: Words, layer: MapLayer, code: str | None) -> State | None:
    """The state with a code, unknown for none; None for a layer whose things have no states."""
    if layer.status is None:
        return None
    return State(layer.marks.get(code or "", UNKNOWN), words.code(layer.status[1], code) if code else words("unknown"))


def state_of(words: Words, collection_id: str, properties: Mapping[str, Any]) -> State | None:
    """The state shown first; None for a collection without one. The chain that marks a firm is no state it is in."""
    layer = layer_of(collection_id)
    if layer.status is None or layer.status[1] == "chain":
        return None
    return coded_state(words, layer, properties.get(layer.status[0]))
