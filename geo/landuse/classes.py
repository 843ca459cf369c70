"""Classes of land that waits: 批而未供, 供而未用, 用而未尽, 建而未投, 投而未达, 低效用地 (domain.md 2)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from geo.errors import Problem

FILE = Path(__file__).with_name("classes.yaml")


@dataclass(frozen=True, slots=True)
class LandClass:
    """One class: its words, its seal, and the results of rules that put a parcel into it."""

    code: str
    seal: Problem
    name: Problem
    results: tuple[str, ...]


@cache
def land_classes() -> tuple[LandClass, ...]:
    """All classes, in the order of a parcel's life."""
    return tuple(
        LandClass(
            row["code"], Problem(zh=row["seal"], en=row["seal_en"]), Problem(zh=row["name"], en=row["name_en"]),
            tuple(row["results"]),
        )
        for row in yaml.safe_load(FILE.read_text("utf-8"))
    )  # fmt: skip


def class_of(result: str | None) -> LandClass | None:
    """The class a rule's result puts a parcel into; None for a result that is no class (reminders, indicators)."""
    return next((c for c in land_classes() if result in c.results), None)
