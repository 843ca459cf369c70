"""What a project inherits of its parcels (UNDER-07). Not a rule about one parcel."""

from __future__ import annotations

from collections.abc import Iterable

from geo.landuse.rules.answer import Answer

WITHOUT_LAND = frozenset({"UNDER-04", "UNDER-05"})
"""A project in a leased plant can only be built and not producing, or below target."""


def inherited(answers: Iterable[Answer], has_land: bool) -> list[Answer]:
    """The leads that hold on the parcels (or on the leased plant) of a project, the most serious first."""
    weight = {"RED": 0, "YELLOW": 1, "INFO": 2}
    held = [a for a in answers if a.holds == "yes" and a.level is not None and (has_land or a.rule_id in WITHOUT_LAND)]
    return sorted(held, key=lambda a: (weight[a.level or "INFO"], a.rule_id))
