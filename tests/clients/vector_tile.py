"""A vector tile read byte by byte, and what the Mapbox Vector Tile specification 2.1 forbids in it.

Decoders are lenient: what one of them passes over, another one trips on. Here nothing is passed over.
Source: Mapbox Vector Tile Specification 2.1 (sections by number below) and Protocol Buffers' encoding.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

POINT, LINE, POLYGON = 1, 2, 3
MOVE_TO, LINE_TO, CLOSE_PATH = 1, 2, 7
VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
VALUE_WIRES = {1: BYTES, 2: FIXED32, 3: FIXED64, 4: VARINT, 5: VARINT, 6: VARINT, 7: VARINT}
"""Wire type of each of the seven kinds of value (4.4)."""

Field = tuple[int, int, bytes | int]
Point = tuple[int, int]


class Forbidden(Exception):
    """What the specification does not allow; the text says where and what."""


@dataclass
class Feature:
    """A feature as it is encoded; `paths` are its points, lines or rings in tile units, y downwards."""

    id: int | None
    kind: int
    tags: list[int]
    paths: list[list[Point]]


@dataclass
class Layer:
    """A layer as it is encoded."""

    name: str
    version: int
    extent: int
    keys: list[str]
    values: int
    features: list[Feature] = field(default_factory=list)


def read(tile: bytes) -> list[Layer]:
    """The layers of a tile. Raises Forbidden for the first thing that the specification does not allow."""
    layers = [_layer(_bytes(f, "layer")) for f in _fields(tile) if f[0] == 3]
    names = [layer.name for layer in layers]
    if len(set(names)) != len(names):
        raise Forbidden(f"4.1: two layers of one name among {names}")
    return layers


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(data) or shift > 63:
            raise Forbidden("a number that does not end")
        value |= (data[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if data[at - 1] < 0x80:
            return value, at


def _fields(data: bytes) -> Iterator[Field]:
    """Number, wire type and content of each field of a message."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        number, wire = key >> 3, key & 7
        if wire == VARINT:
            value, at = _varint(data, at)
            yield number, wire, value
            continue
        if wire == BYTES:
            size, at = _varint(data, at)
        elif wire in (FIXED32, FIXED64):
            size = 4 if wire == FIXED32 else 8
        else:
            raise Forbidden(f"wire type {wire}")
        if number == 0 or at + size > len(data):
            raise Forbidden("a field that goes beyond its message")
        yield number, wire, data[at : at + size]
        at += size


def _bytes(f: Field, what: str) -> bytes:
    if f[1] != BYTES or isinstance(f[2], int):
        raise Forbidden(f"{what} has wire type {f[1]}")
    return f[2]


def _number(f: Field, what: str) -> int:
    if f[1] != VARINT or not isinstance(f[2], int):
        raise Forbidden(f"{what} has wire type {f[1]}")
    return f[2]


def _text(f: Field, what: str) -> str:
    try:
        return _bytes(f, what).decode()
    except UnicodeDecodeError:
        raise Forbidden(f"{what} is not UTF-8") from None


def _once(fields: list[Field], number: int, what: str) -> Field | None:
    found = [f for f in fields if f[0] == number]
    if len(found) > 1:
        raise Forbidden(f"{what} occurs {len(found)} times")
    return found[0] if found else None


def _layer(data: bytes) -> Layer:
    fields = list(_fields(data))
    version, name, extent = (_once(fields, n, w) for n, w in ((15, "version"), (1, "name"), (5, "extent")))
    if version is None or _number(version, "version") not in (1, 2):
        raise Forbidden("4.1: a layer has a version, 1 or 2")
    if name is None:
        raise Forbidden("4.1: a layer has a name")
    layer = Layer(
        _text(name, "name"), _number(version, "version"), _number(extent, "extent") if extent else 4096,
        [_text(f, "key") for f in fields if f[0] == 3], sum(f[0] == 4 for f in fields),
    )  # fmt: skip
    for f in fields:
        if f[0] == 4:
            _check_value(list(_fields(_bytes(f, "value"))))
    layer.features = [_feature(_bytes(f, "feature"), layer) for f in fields if f[0] == 2]
    ids = [feature.id for feature in layer.features if feature.id is not None]
    if len(set(ids)) != len(ids):
        raise Forbidden(f"4.2: ids of layer {layer.name} repeat")
    return layer


def _check_value(fields: list[Field]) -> None:
    if len(fields) != 1 or fields[0][0] not in VALUE_WIRES:
        raise Forbidden("4.1: a value is exactly one of the seven kinds")
    if fields[0][1] != VALUE_WIRES[fields[0][0]]:
        raise Forbidden(f"4.1: value of kind {fields[0][0]} with wire type {fields[0][1]}")
    if fields[0][0] == 1:
        _text(fields[0], "value")


def _feature(data: bytes, layer: Layer) -> Feature:
    fields = list(_fields(data))
    id_, tags, kind, geometry = (_once(fields, n, w) for n, w in ((1, "id"), (2, "tags"), (3, "type"), (4, "geometry")))
    if kind is None or geometry is None:
        raise Forbidden("4.2: a feature has a type and a geometry")
    if _number(kind, "type") > POLYGON:
        raise Forbidden(f"4.3.4: type {kind[2]!r}")
    numbers = _packed(tags, "tags") if tags else []
    if len(numbers) % 2:
        raise Forbidden("4.4: tags come in pairs")
    if any(key >= len(layer.keys) for key in numbers[::2]) or any(value >= layer.values for value in numbers[1::2]):
        raise Forbidden("4.4: a tag points beyond the keys or values")
    if len(set(numbers[::2])) != len(numbers) // 2:
        raise Forbidden("4.4: a key occurs twice in a feature")
    of_kind = _number(kind, "type")
    paths = list(_paths(_packed(geometry, "geometry"), of_kind)) if of_kind else []
    return Feature(_number(id_, "id") if id_ else None, of_kind, numbers, paths)


def _packed(f: Field, what: str) -> list[int]:
    data, at, out = _bytes(f, what), 0, []
    while at < len(data):
        value, at = _varint(data, at)
        out.append(value)
    return out


def _paths(numbers: list[int], kind: int) -> Iterator[list[Point]]:
    """Points, lines or rings (4.3); a ring's first point is not repeated at its end."""
    at, x, y = 0, 0, 0
    first, exterior_seen = True, False
    while at < len(numbers):
        begun, at = _command(numbers, at, MOVE_TO)
        if kind == POINT:
            if not first or not begun:
                raise Forbidden("4.3.4.2: points are one MoveTo")
        elif len(begun) != 1:
            raise Forbidden("4.3.4: a line or ring begins with one MoveTo")
        path: list[Point] = []
        for dx, dy in begun:
            x, y = x + dx, y + dy
            path.append((x, y))
        first = False
        if kind == POINT:
            yield path
            continue
        steps, at = _command(numbers, at, LINE_TO)
        if len(steps) < kind - 1:
            raise Forbidden("4.3.4: a line has two points or more, a ring three")
        for dx, dy in steps:
            if dx == dy == 0:
                raise Forbidden("4.3.3.2: a LineTo that stays where it is")
            x, y = x + dx, y + dy
            path.append((x, y))
        if kind == POLYGON:
            if at >= len(numbers) or numbers[at] != CLOSE_PATH | 1 << 3:
                raise Forbidden("4.3.4.4: a ring ends with one ClosePath")
            at += 1
            exterior_seen = _check_ring(path, exterior_seen)
        yield path
    if first:
        raise Forbidden("4.3: a geometry without commands")


def _command(numbers: list[int], at: int, wanted: int) -> tuple[list[Point], int]:
    """The parameter pairs of a command that has to be here, and where the next one begins."""
    word = numbers[at] if at < len(numbers) else 0
    command, count = word & 7, word >> 3
    if command != wanted or count == 0:
        raise Forbidden(f"4.3: command {command} where {wanted} belongs")
    end = at + 1 + 2 * count
    if end > len(numbers):
        raise Forbidden(f"4.3.2: {count} parameter pairs announced, {(len(numbers) - at - 1) / 2} there")
    signed = [(n >> 1) ^ -(n & 1) for n in numbers[at + 1 : end]]
    return list(zip(signed[::2], signed[1::2], strict=True)), end


def _check_ring(ring: list[Point], exterior_seen: bool) -> bool:
    """Exterior rings turn one way, interior ones the other, and an interior one has an exterior before it."""
    twice_area = sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise([*ring, ring[0]]))
    if twice_area == 0:
        raise Forbidden("4.3.4.4: a ring without area")
    if ring[0] == ring[-1]:
        raise Forbidden("4.3.4.4: a ring that repeats its first point before ClosePath")
    if twice_area < 0 and not exterior_seen:
        raise Forbidden("4.3.4.4: an interior ring first")
    return True
