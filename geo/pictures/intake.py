"""The bounds of intake and the sizes that are made, from data/intake.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

KINDS = ("photo", "plan", "panorama")
SIZES = ("thumb", "screen", "panorama")


@dataclass(frozen=True, slots=True)
class Child:
    """Bounds of the process that decodes, and how many run at once in one service process."""

    memory_max_bytes: int
    cpu_max_s: int
    wall_max_s: int
    at_once: int


@dataclass(frozen=True, slots=True)
class Intake:
    """What may come in; lengths in pixels, sizes in bytes."""

    file_max_bytes: int
    files_max: int
    pictures_per_thing_max: int
    side_max_px: int
    pixels_max: int
    panorama_side_min_px: int
    child: Child
    renditions: dict[str, dict[str, int]]

    def is_equirectangular(self, width_px: int, height_px: int) -> bool:
        """Twice as wide as high, within 2 % (the database asks the same), and wide enough to look around in."""
        return abs(width_px - 2 * height_px) * 50 <= width_px and width_px >= self.panorama_side_min_px


@lru_cache(maxsize=1)
def intake() -> Intake:
    """The rules of intake."""
    raw = yaml.safe_load((Path(__file__).parent / "data" / "intake.yaml").read_text(encoding="utf-8"))
    return Intake(**{**raw, "child": Child(**raw["child"])})
