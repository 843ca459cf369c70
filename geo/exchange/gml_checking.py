"""GML before GDAL sees it: checked as XML of strangers, copied away from its schemas, its features counted."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from geo.exchange.unpacking import bad_file
from geo.exchange.xml_walking import walk

MEMBERS = {"featureMember", "featureMembers", "member"}
BOX_OF_FEATURE = ["lowerCorner", "upperCorner"]
"""Columns GDAL makes of every feature's gml:boundedBy."""


class _Members:
    """Counts features by the name of their element."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._path: list[str] = []

    def start(self, name: str, _: dict[str, str]) -> None:
        if self._path and self._path[-1] in MEMBERS:
            self.counts[name] += 1
        self._path.append(name)

    def end(self, _: str) -> None:
        self._path.pop()


def copy_alone(path: Path, folder: Path) -> tuple[Path, Counter[str]]:
    """A copy in UTF-8 in a folder without the .xsd and .gfs that lie beside it, and how many features of each kind it holds."""
    alone, members = folder / "alone.gml", _Members()
    with alone.open("wb") as file:
        file.write(b'<?xml version="1.0" encoding="UTF-8"?>\n')
        walk(path, members.start, members.end, lambda _: None, copy=file.write)
    return alone, members.counts


def all_there(layer: str, read: int, counts: Counter[str]) -> None:
    """Raise BadInput when GDAL stopped before the end of a layer: at geometry it cannot build it does, without a word."""
    if read < counts[layer]:
        raise bad_file(
            f"GML 的 {counts[layer]} 个“{layer}”只能读出 {read} 个；第 {read + 1} 个有无法读取的图形",
            f"only {read} of the {counts[layer]} '{layer}' of the GML can be read; number {read + 1} has a geometry nobody can build",
        )
