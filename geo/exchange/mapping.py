"""File columns onto the target's columns: what was asked for, equal names, then what land offices call them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pandas as pd
import yaml

from geo.errors import BadInput, Problem
from geo.exchange.targets import Target

BYTES_MAX = 10
"""A field name of a DBF holds so many bytes (SHP-02): long names arrive cut."""


@lru_cache(maxsize=1)
def aliases() -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """What a file may call a column (folded), with the columns it can mean: names in full, and cut as a DBF cuts them."""
    table: dict[str, list[str]] = yaml.safe_load(
        (Path(__file__).parent / "data" / "aliases.yaml").read_text(encoding="utf-8")
    )
    full: dict[str, set[str]] = {}
    cut: dict[str, set[str]] = {}
    for column, names in table.items():
        for alias in names:
            full.setdefault(_fold(alias), set()).add(column)
            for codec in ("gbk", "utf-8"):
                cut.setdefault(_fold(_cut(alias, codec)), set()).add(column)
    return full, cut


def _cut(name: str, codec: str) -> str:
    return name.encode(codec)[:BYTES_MAX].decode(codec, "ignore")


def _fold(name: object) -> str:
    return "".join(str(name).split()).lower()


def map_columns(frame: pd.DataFrame, target: Target, asked: dict[str, str]) -> dict[str, str]:
    """File column -> target column. What was asked for wins, then equal names, then names cut by a DBF, then aliases.

    Raises BadInput when a mapping names a column that is not there.
    """
    allowed = set(target.columns) | {r.column for r in target.relations}
    for source, wanted in asked.items():
        if source not in frame.columns:
            there = "、".join(str(c) for c in frame.columns[:12])
            raise BadInput.at(
                "map",
                Problem(
                    zh=f"文件没有“{source}”列；有：{there}", en=f"the file has no column '{source}'; it has: {there}"
                ),
            )
        if wanted not in allowed:
            names = ", ".join(sorted(allowed))
            raise BadInput.at(
                "map",
                Problem(
                    zh=f"没有“{wanted}”这一列；可用：{names}", en=f"there is no column '{wanted}'; there are: {names}"
                ),
            )
    if len(set(asked.values())) < len(asked):
        raise BadInput.at("map", Problem(zh="两列映射到同一列", en="two columns are mapped to the same one"))
    mapped = dict(asked)
    full, cut = aliases()
    for meanings in (
        lambda name: {name},
        lambda name: {c for c in allowed if len(name) == BYTES_MAX and c[:BYTES_MAX] == name},
        lambda name: full.get(_fold(name), set()),
        lambda name: cut.get(_fold(name), set()),
    ):
        for name in map(str, frame.columns):
            if name in mapped:
                continue
            fits = (meanings(name) & allowed) - set(mapped.values())
            if len(fits) == 1:
                mapped[name] = fits.pop()
    return mapped
