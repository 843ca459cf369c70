"""What the search knows of names: data/vocabulary.yaml, read once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Markers before names, endings by subject kind, readings of local names, and what comes first of equals."""

    markers: tuple[str, ...]
    endings: dict[str, tuple[str, ...]]
    readings: dict[str, str]
    collections: tuple[str, ...]
    state_lists: dict[str, str]
    states: dict[str, tuple[str, ...]]


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The vocabulary of this version."""
    raw = yaml.safe_load((Path(__file__).parent / "data" / "vocabulary.yaml").read_text(encoding="utf-8"))
    return Vocabulary(
        tuple(raw["markers"]),
        {kind: tuple(sorted(endings, key=len, reverse=True)) for kind, endings in raw["endings"].items()},
        raw["readings"],
        tuple(raw["collections"]),
        raw["state_lists"],
        {collection: tuple(states) for collection, states in raw["states"].items()},
    )
