"""Leads on a parcel as its page and the drawer tell them: the explanation every face tells, with its mark. For staff."""

from __future__ import annotations

from dataclasses import dataclass

from api.deps import Reader, Transaction
from geo.landuse.explaining.explanation import Explanation, LegalDate
from geo.landuse.explaining.queries import findings_explained
from map_frontend.style.palette import FINDING_LEVEL, UNKNOWN, Mark

ORDER = (*FINDING_LEVEL, None)
"""The most serious first; what cannot be judged last."""


@dataclass(frozen=True, slots=True)
class Lead:
    """One lead, and the mark of its level."""

    told: Explanation
    mark: Mark

    @property
    def is_serious(self) -> bool:
        """Whether it holds and is more than a note: these the drawer tells."""
        return self.told.holds == "yes" and self.told.level in ("RED", "YELLOW")

    def days_to(self, date: LegalDate) -> int:
        """Days from the day of the answer to a legal date."""
        return (date.on - self.told.as_of).days


async def findings_on(connection: Transaction, reader: Reader, collection_id: str, thing_id: int) -> list[Lead]:
    """The leads of a parcel that hold or cannot be judged, the most serious first; none for other things and for the public."""
    if collection_id != "parcels" or not reader.is_staff:
        return []
    found = await findings_explained(connection, reader.actor, reader.county.code, thing_id)
    leads = [
        Lead(told, FINDING_LEVEL.get(told.level or "", UNKNOWN) if told.holds == "yes" else UNKNOWN)
        for _, told in found
        if told.holds in ("yes", "unknown")
    ]
    return sorted(leads, key=lambda lead: (ORDER.index(lead.told.level), lead.told.rule_id))
