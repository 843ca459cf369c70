"""Infrastructure works of the sample parks: dated around `as_of`, so that built, building, late and planned ones are all there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Life:
    """A work; all days are counted from `as_of`, those gone by below zero. None = it has not come to that."""

    kind: str
    name: str
    name_en: str
    planned_start: int
    planned_end: int
    started: int | None = None
    finished: int | None = None


LIVES = (
    Life("levelling", "场地平整", "Site levelling", -1500, -1180, -1490, -1200),
    Life("road", "主干路", "Main road", -1300, -800, -1290, -770),
    Life("water", "供水管线", "Water main", -900, -420, -880, -450),
    Life("drainage", "雨水泵站", "Storm-water pumping station", -700, -90, -640),
    Life("power", "110 千伏变电站", "110 kV substation", -400, 220, -380),
    Life("sewage", "污水管网二期", "Sewers, second phase", -150, 400, -120),
    Life("telecom", "通信管道", "Telecom ducts", 300, 620),
    Life("gas", "燃气中压管", "Medium-pressure gas main", 420, 800),
)
STEP_DAYS = 17
"""Parks differ by so many days, the first by none."""

NOT_EVERYWHERE = ("water", "power", "telecom")
"""Kinds that some parks lack."""


def works_of(parks: list[Any], as_of: date) -> Iterator[dict[str, Any]]:
    """Rows of `park_works` for the parks in their order: every park has one late work, and one that is not begun."""
    for place, park in enumerate(parks):
        base = as_of - timedelta(days=STEP_DAYS * (place % 4))
        for number, life in enumerate(LIVES, start=1):
            if life.kind in NOT_EVERYWHERE and (place + number) % 5 == 0:
                continue
            yield {
                "code": f"{park[0]}-W{number}", "park_code": park[0], "kind": life.kind, "name": life.name,
                "name_en": life.name_en, "planned_start_on": _day(base, life.planned_start),
                "planned_end_on": _day(base, life.planned_end), "started_on": _day(base, life.started),
                "finished_on": _day(base, life.finished), "is_sample": True,
            }  # fmt: skip


def _day(base: date, offset: int | None) -> str | None:
    return None if offset is None else (base + timedelta(days=offset)).isoformat()
