"""Counting what is in a vector tile, to see that everybody drew the same; the wire format of protobuf is all it needs."""

from __future__ import annotations

from collections.abc import Iterator

VARINT, EIGHT_BYTES, LENGTH, FOUR_BYTES = 0, 1, 2, 5
LAYERS, FEATURES = 3, 2
"""Field numbers: the layers of a tile, the features of a layer (Mapbox Vector Tile 2.1)."""


def features(tile: bytes) -> int:
    """How many features all layers of a tile have together."""
    return sum(sum(1 for _ in _messages(layer, FEATURES)) for layer in _messages(tile, LAYERS))


def _messages(body: bytes, wanted: int) -> Iterator[bytes]:
    """The embedded messages with one field number."""
    at = 0
    while at < len(body):
        tag, at = _varint(body, at)
        kind = tag & 7
        if kind == VARINT:
            _, at = _varint(body, at)
        elif kind == LENGTH:
            size, at = _varint(body, at)
            if tag >> 3 == wanted:
                yield body[at : at + size]
            at += size
        elif kind in (EIGHT_BYTES, FOUR_BYTES):
            at += 8 if kind == EIGHT_BYTES else 4
        else:
            raise ValueError(f"not a vector tile: wire type {kind} at byte {at}")


def _varint(body: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = body[at]
        at += 1
        number |= (byte & 127) << shift
        if byte < 128:
            return number, at
        shift += 7
