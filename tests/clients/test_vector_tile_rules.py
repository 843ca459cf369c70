"""The checker of vector tiles agrees with Mapbox's own fixtures: valid ones pass, invalid ones are caught."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.clients.vector_tile import Forbidden, read

DISPUTED = {
    "016": "the very bytes of 003 (no type), which is called invalid",
    "057": "a MoveTo that announces 536,870,911 points and brings one; its twin 051 is called invalid for just that",
}
"""Called valid by the fixtures, and refused here; the reason beside."""


def verdict(tile: bytes) -> str | None:
    """What is forbidden in a tile; none when nothing is."""
    try:
        read(tile)
    except Forbidden as found:
        return str(found)
    return None


@pytest.mark.shared_data
def test_valid_fixtures_pass_and_invalid_ones_are_caught(shared_data: Path) -> None:
    folders = sorted(p for p in (shared_data / "mvt").iterdir() if p.is_dir())
    assert len(folders) > 70
    wrong = {}
    for folder in folders:
        is_valid = json.loads((folder / "info.json").read_text(encoding="utf-8"))["validity"]["v2"]
        found = verdict((folder / "tile.mvt").read_bytes())
        if is_valid == (found is not None):
            wrong[folder.name] = found
    assert wrong.keys() == DISPUTED.keys(), wrong


def tile(*geometry: int, kind: int = 3, tags: bytes = b"", again: bool = False) -> bytes:
    """A tile of one layer with one feature (or the same twice) and a value; numbers below 128 only."""
    feature = b"\x08\x01\x12" + bytes([len(tags)]) + tags + bytes([0x18, kind, 0x22, len(geometry), *geometry])
    features = (b"\x12" + bytes([len(feature)]) + feature) * (2 if again else 1)
    layer = b"\x78\x02\x0a\x01a" + features + b"\x1a\x01k\x22\x02\x38\x01"
    return b"\x1a" + bytes([len(layer)]) + layer


SQUARE = (9, 0, 0, 26, 20, 0, 0, 20, 19, 0, 15)
"""From 0,0 to 10,0 to 10,10 to 0,10: clockwise on the screen, an exterior ring."""
HOLE = (9, 4, 15, 26, 0, 6, 6, 0, 0, 5, 15)
"""From 2,2 (the cursor stands at 0,10) the other way round."""


def test_what_the_fixtures_leave_out_is_caught_too() -> None:
    assert verdict(tile(*SQUARE, *HOLE)) is None
    assert verdict(tile(*SQUARE, tags=b"\x00\x00")) is None
    assert "interior ring first" in str(verdict(tile(9, 0, 0, 26, 0, 20, 20, 0, 0, 19, 15)))
    assert "without area" in str(verdict(tile(9, 0, 0, 18, 20, 0, 20, 0, 15)))
    assert "repeats its first point" in str(verdict(tile(9, 0, 0, 34, 20, 0, 0, 20, 19, 0, 0, 19, 15)))
    assert "stays where it is" in str(verdict(tile(9, 0, 0, 26, 20, 0, 0, 0, 0, 20, 15)))
    assert "ids of layer" in str(verdict(tile(*SQUARE, again=True)))
    assert "a key occurs twice" in str(verdict(tile(*SQUARE, tags=b"\x00\x00\x00\x00")))
    assert "a ring three" in str(verdict(tile(9, 0, 0, 10, 20, 0, 15)))
    assert "points are one MoveTo" in str(verdict(tile(9, 2, 2, 9, 2, 2, kind=1)))
    assert "beyond its message" in str(verdict(tile(*SQUARE)[:-3]))
