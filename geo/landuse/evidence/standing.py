"""What stands and lies on a plot, as shapes in the survey zone: what evidence is drawn over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.landuse.evidence.measuring import BELONGS_RATIO

_STANDING = text((Path(__file__).parent / "sql" / "standing.sql").read_text(encoding="utf-8"))


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


async def standing_on(connection: AsyncConnection, parcel_id: int, survey_srid: int) -> Standing | None:
    """What is recorded of a plot's ground now; None where the plot has no outline. For staff.

    A building that only touches the plot is left out, as the measuring leaves it out.
    """
    rows = (await connection.execute(_STANDING, {"parcel": parcel_id, "srid": survey_srid})).mappings().all()
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
