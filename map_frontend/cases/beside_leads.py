"""What stands beside the leads of a parcel on its page: overrides, its case, whether one can be opened. For staff."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from api.deps import Reader, Transaction
from geo.clock import today
from geo.landuse.cases.case import Case
from geo.landuse.cases.commands import OPENS_BY
from geo.landuse.cases.queries import Override, case_of, overrides_of
from map_frontend.things.findings import Lead


@dataclass(frozen=True, slots=True)
class Said:
    """Overrides by rule, the newest case, and whether a lead that opens a case holds."""

    overrides: Mapping[str, Override] = field(default_factory=dict)
    case: Case | None = None
    opens: bool = False

    def is_struck(self, rule_id: str) -> bool:
        """Whether somebody said that the lead is wrong, and it still answers as it did then."""
        override = self.overrides.get(rule_id)
        return override is not None and not override.is_lapsed


async def said_of_leads(
    connection: Transaction, reader: Reader, collection_id: str, thing_id: int, leads: Sequence[Lead]
) -> Said:
    """What stands beside the leads of a parcel; nothing for other things and for the public."""
    if collection_id != "parcels" or not reader.is_staff:
        return Said()
    overrides = await overrides_of(connection, [thing_id])
    return Said(
        {rule_id: override for (_, rule_id), override in overrides.items()},
        await case_of(connection, thing_id, today(reader.county.time_zone)),
        any(lead.told.rule_id in OPENS_BY and lead.told.holds == "yes" for lead in leads),
    )
