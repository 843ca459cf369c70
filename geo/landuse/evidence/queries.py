"""What was measured of a plot: now, or as it was known at an instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import shapely
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True, slots=True)
class Evidence:
    """One measuring of one plot. Areas m2, lengths m, ratios 0-1 of `parcel_area_m2`; None is not known, and `missing` says why.

    `remainder` (MultiPolygon, None where nothing is left) and `rectangle` are EPSG:4490, longitude first; their areas were
    measured in `survey_srid`. `surveyed_on` None: never surveyed as a whole, so that nothing is known, not even that it is empty.
    `made_from`: versions of the plot, the buildings and the grounds it was measured from.
    """

    parcel_id: int
    parcel_code: str
    surveyed_on: date | None
    computed_at: datetime
    version: int
    survey_srid: int
    setback_m: Decimal
    least_width_m: Decimal
    parcel_area_m2: Decimal | None
    footprint_m2: Decimal | None
    in_use_m2: Decimal | None
    coverage_ratio: Decimal | None
    coefficient_ratio: Decimal | None
    far_ratio: Decimal | None
    remainder: shapely.MultiPolygon | None
    remainder_area_m2: Decimal | None
    rectangle: shapely.Polygon | None
    rectangle_width_m: Decimal | None
    rectangle_length_m: Decimal | None
    missing: tuple[str, ...]
    made_from: dict[str, Any]

    @property
    def is_known(self) -> bool:
        """Whether it is known what is left of the plot."""
        return self.remainder_area_m2 is not None

    @property
    def rectangle_area_m2(self) -> Decimal | None:
        """Width by length of the largest rectangle."""
        if self.rectangle_width_m is None or self.rectangle_length_m is None:
            return None
        return self.rectangle_width_m * self.rectangle_length_m


_COLUMNS = (
    "e.parcel_id, p.code as parcel_code, e.surveyed_on, e.updated_at as computed_at, e.version, e.survey_srid, e.setback_m, "
    "e.least_width_m, e.parcel_area_m2, e.footprint_m2, e.in_use_m2, e.coverage_ratio, e.coefficient_ratio, e.far_ratio, "
    "st_asbinary(e.remainder) as remainder, e.remainder_area_m2, st_asbinary(e.rectangle) as rectangle, e.rectangle_width_m, "
    "e.rectangle_length_m, e.missing, e.made_from"
)
_NOW = text(
    f"select {_COLUMNS.replace('e.updated_at', 'e.computed_at').replace('p.code', 'e.parcel_code')} from staff_data.land_evidence e where e.parcel_id = :id"
)
_THEN = text(
    f"select {_COLUMNS} from staff_data.land_evidence_versions e join staff_data.parcels p on p.id = e.parcel_id "
    "where e.parcel_id = :id and e.recorded_during @> cast(:known_at as timestamptz)"
)


async def evidence_of(connection: AsyncConnection, parcel_id: int, known_at: datetime | None = None) -> Evidence | None:
    """The newest measuring of a plot, or the newest that was recorded at an instant; None where it was never due for one.

    For staff: the transaction's role must be able to read `staff_data`.
    """
    statement, bound = (_NOW, {}) if known_at is None else (_THEN, {"known_at": known_at})
    row = (await connection.execute(statement, {"id": parcel_id, **bound})).mappings().one_or_none()
    if row is None:
        return None
    shapes = {name: None if row[name] is None else shapely.from_wkb(row[name]) for name in ("remainder", "rectangle")}
    return Evidence(**dict(row) | shapes | {"missing": tuple(row["missing"])})
