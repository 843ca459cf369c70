"""The drawn pictures: the same bytes twice, small, three of them all round, and on things of a loaded county."""

from __future__ import annotations

from pathlib import Path

from geo.pictures.rendering import render
from ops.sample.pictures.hanging import DRAWINGS, draw, file_of

MOST_BYTES = 3_000_000


def test_twice_gives_the_same_bytes_and_three_are_all_round(tmp_path: Path) -> None:
    for folder in (tmp_path / "a", tmp_path / "b"):
        draw(folder)
    files = {name: file_of(tmp_path / "a", name).read_bytes() for name in DRAWINGS}
    assert all(file_of(tmp_path / "b", name).read_bytes() == data for name, data in files.items())
    assert sum(len(data) for data in files.values()) < MOST_BYTES
    kinds = [render(file_of(tmp_path / "a", name)).kind for name in DRAWINGS]
    assert kinds.count("panorama") == 3
