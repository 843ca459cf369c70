"""Adding a county: the first row of everything (design.md 9, `county add`)."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import shapely
from sqlalchemy import Connection, text

from geo.crs import STORAGE_SRID, survey_crs
from geo.errors import BadInput, Conflict, Problem


def add_county(
    connection: Connection, code: str, *, name: str, name_en: str, outline: shapely.Geometry, survey_epsg: int, time_zone: str,
    rule_set: str | None, is_sample: bool = False, public_decimals: int = 6,
) -> None:  # fmt: skip
    """Insert a county; `outline` in EPSG:4490, longitude first. The first county is the default one.

    Raises BadInput (survey CRS not projected in metres, unknown time zone, outline without area), Conflict (code taken).
    """
    survey_crs(survey_epsg)
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise BadInput.at(
            "time_zone", Problem(zh=f"没有时区“{time_zone}”", en=f"there is no time zone '{time_zone}'")
        ) from error
    polygons = [p for p in shapely.get_parts(shapely.make_valid(outline)) if p.geom_type in ("Polygon", "MultiPolygon")]
    shape = shapely.union_all(polygons) if polygons else shapely.Polygon()
    if shape.is_empty:
        raise BadInput.at("outline", Problem(zh="县界没有面积", en="the outline has no area"))
    multi = shape if shape.geom_type == "MultiPolygon" else shapely.multipolygons([shape])
    if connection.execute(text("select 1 from register.county where code = :code"), {"code": code}).first():
        raise Conflict(Problem(zh=f"县 {code} 已存在", en=f"county {code} exists already"))
    connection.execute(
        text(
            "insert into register.county (code, name, name_en, outline, survey_srid, time_zone, rule_set, is_default, is_sample, "
            "public_decimals) values (:code, :name, :name_en, st_setsrid(st_geomfromwkb(:outline), :storage), :srid, :zone, :rules, "
            "not exists (select from register.county where is_default), :sample, :decimals)"
        ),
        {
            "code": code, "name": name, "name_en": name_en, "outline": shapely.to_wkb(multi), "storage": STORAGE_SRID,
            "srid": survey_epsg, "zone": time_zone, "rules": rule_set, "sample": is_sample, "decimals": public_decimals,
        },
    )  # fmt: skip
