"""What was measured of a parcel: figures with their units, shapes, how it was measured, what is missing. For staff."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import orjson
import shapely
from fastapi import APIRouter, Request
from shapely.geometry.base import BaseGeometry

from api.deps import ReaderDep, Transaction, known_parameters
from api.ogc.crs import CRS84, EPSG
from api.ogc.parameters import moment_of
from geo.errors import Problem
from geo.landuse.evidence.measuring import NOT_SURVEYED
from geo.landuse.evidence.queries import Evidence, evidence_of
from geo.landuse.evidence.wording import method_words, missing_words
from geo.registry.moments import settle
from geo.registry.queries import item

router = APIRouter(prefix="/v1", tags=["evidence"])
DEGREES_GRID = 1e-8
"""Millimetres: what a survey does not know is not written out."""


@router.get("/parcels/{code}/evidence")
async def read_evidence(code: str, request: Request, reader: ReaderDep, connection: Transaction) -> dict[str, Any]:
    """The newest measuring of a parcel, or with `known_at` the newest that had been recorded at an instant. Staff only.

    `is_known` false: it is not known what is left of the parcel, and `missing` says why; figures are null then, never 0.
    """
    reader.must_be_staff()
    known_parameters(request, "known_at")
    moment = moment_of(request, reader)
    known_at = moment.known_at if moment else None
    thing = await item(connection, reader.actor, "parcels", reader.county.code, code)
    if known_at is not None:
        await settle(connection, reader.actor, known_at)
    return _shown(code, await evidence_of(connection, thing.id, known_at))


def _shown(code: str, found: Evidence | None) -> dict[str, Any]:
    if found is None:
        return {"parcel_code": code, "is_known": False, "surveyed_on": None, "missing": _missing((NOT_SURVEYED,)), "figures": {}, "remainder": None,
                "rectangle": None, "method": []}  # fmt: skip
    return {
        "parcel_code": code,
        "is_known": found.is_known,
        "surveyed_on": found.surveyed_on,
        "computed_at": found.computed_at,
        "version": found.version,
        "survey_crs": EPSG.format(found.survey_srid),
        "shape_crs": CRS84,
        "missing": _missing(found.missing),
        "figures": {
            "parcel_area": _figure(found.parcel_area_m2, "m2"),
            "footprint_area": _figure(found.footprint_m2, "m2"),
            "in_use_area": _figure(found.in_use_m2, "m2"),
            "remainder_area": _figure(found.remainder_area_m2, "m2"),
            "rectangle_width": _figure(found.rectangle_width_m, "m"),
            "rectangle_length": _figure(found.rectangle_length_m, "m"),
            "rectangle_area": _figure(found.rectangle_area_m2, "m2"),
            "coverage": _figure(found.coverage_ratio, "ratio"),
            "building_coefficient": _figure(found.coefficient_ratio, "ratio"),
            "plot_ratio": _figure(found.far_ratio, "ratio"),
            "setback": _figure(found.setback_m, "m"),
            "least_width": _figure(found.least_width_m, "m"),
        },
        "remainder": _geojson(found.remainder),
        "rectangle": _geojson(found.rectangle),
        "method": [_both(m) for m in method_words(found.survey_srid, found.setback_m, found.least_width_m)],
        "made_from": found.made_from,
    }


def _figure(value: Decimal | None, unit: str) -> dict[str, Any]:
    return {"value": None if value is None else float(value), "unit": unit}


def _missing(missing: Iterable[str]) -> list[dict[str, Any]]:
    names = tuple(missing)
    return [{"fact": name, **_both(words)} for name, words in zip(names, missing_words(names), strict=True)]


def _both(words: Problem) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}


def _geojson(shape: BaseGeometry | None) -> Any:
    """RFC 7946: CRS84, outer rings anticlockwise."""
    if shape is None:
        return None
    wound = shapely.orient_polygons(shapely.set_precision(shape, DEGREES_GRID, mode="pointwise"))
    return orjson.loads(shapely.to_geojson(wound))
