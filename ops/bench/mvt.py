"""What is in a vector tile: how many features, and what is told of them as text; the wire format of protobuf is all it needs."""

from __future__ import annotations

from collections.abc import Iterator

VARINT, EIGHT_BYTES, LENGTH, FOUR_BYTES = 0, 1, 2, 5
LAYERS, FEATURES, KEYS, VALUES, TAGS, TEXT = 3, 2, 3, 4, 2, 1
"""Field numbers: the layers of a tile; features, keys and values of a layer; tags of a feature; text of a value
(Mapbox Vector Tile 2.1)."""


def features(tile: bytes) -> int:
    """How many features all layers of a tile have together."""
    return sum(sum(1 for _ in _messages(layer, FEATURES)) for layer in _messages(tile, LAYERS))


def texts(tile: bytes) -> Iterator[dict[str, str]]:
    """Of every feature of all layers, the properties that are text."""
    for layer in _messages(tile, LAYERS):
        keys = [key.decode() for key in _messages(layer, KEYS)]
        values = [next((text.decode() for text in _messages(value, TEXT)), None) for value in _messages(layer, VALUES)]
        for feature in _messages(layer, FEATURES):
            tags = [number for packed in _messages(feature, TAGS) for number in _numbers(packed)]
            pairs = ((keys[key], values[value]) for key, value in zip(tags[::2], tags[1::2], strict=True))
            yield {key: value for key, value in pairs if value is not None}


def _numbers(packed: bytes) -> Iterator[int]:
    at = 0
    while at < len(packed):
        number, at = _varint(packed, at)
        yield number


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
