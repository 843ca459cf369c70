"""What stands and lies on a plot, as shapes in the survey zone: what evidence is drawn over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.landuse.evidence.measuring import BELONGS_RATIO

_SQL = (Path(__file__).parent / "sql" / "standing.sql").read_text(encoding="utf-8")
_STANDING = text(_SQL)
_MOMENT = "(:county, cast(:as_of as date), cast(:known_at as timestamptz))"
_STOOD = text(
    _SQL.replace("staff_data.parcels as", f"staff_data.parcels_at{_MOMENT} as")
    .replace("staff_data.buildings as", f"staff_data.buildings_at{_MOMENT} as")
    .replace(
        "staff_data.ground_uses as",
        "(select v.county_code, v.code, w.name, w.name_en, v.kind, v.is_in_use, v.geom from staff_data.ground_use_versions as v "
        "left join staff_data.code_values as w on w.list_code = 'ground_use_kind' and w.code = v.kind "
        "where v.county_code = :county and v.recorded_during @> cast(:known_at as timestamptz)) as",
    )
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A building (`kind` of building_kind, `storeys`) or ground (`kind` of ground_use_kind, `is_in_use`); metres of the survey CRS."""

    code: str
    name: str | None
    name_en: str | None
    kind: str
    storeys: int | None
    is_in_use: bool | None
    outline: BaseGeometry


@dataclass(frozen=True, slots=True)
class Standing:
    """A plot's outline with what stands and lies on it, all in metres of `survey_srid`."""

    survey_srid: int
    outline: BaseGeometry
    buildings: Sequence[Piece]
    grounds: Sequence[Piece]


async def standing_on(
    connection: AsyncConnection, parcel_id: int, survey_srid: int, at: tuple[str, date, datetime] | None = None
) -> Standing | None:
    """What is recorded of a plot's ground now, or was at an instant (`at`: county, civil date, instant); None where the plot has no
    outline. For staff.

    A building that only touches the plot is left out, as the measuring leaves it out.
    """
    bound: dict[str, object] = {"parcel": parcel_id, "srid": survey_srid}
    if at is not None:
        bound |= {"county": at[0], "as_of": at[1], "known_at": at[2]}
    rows = (await connection.execute(_STANDING if at is None else _STOOD, bound)).mappings().all()
    pieces: dict[str, list[Piece]] = {"building": [], "ground": []}
    plot: BaseGeometry | None = None
    for row in rows:
        shape = shapely.from_wkb(row["outline"])
        if row["what"] == "plot":
            plot = shape
            continue
        pieces[row["what"]].append(
            Piece(row["code"], row["name"], row["name_en"], row["kind"], row["storeys"], row["is_in_use"], shape)
        )
    if plot is None:
        return None
    inside = [b for b in pieces["building"] if _share(b.outline, plot) >= BELONGS_RATIO]
    return Standing(survey_srid, plot, inside, pieces["ground"])


def _share(outline: BaseGeometry, plot: BaseGeometry) -> float:
    return 0.0 if outline.area == 0 else float(shapely.intersection(outline, plot).area / outline.area)
