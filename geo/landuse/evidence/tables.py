"""Ground in use, and what was measured of surveyed plots. One class per table, no SQL."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Numeric,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from geo.crs import STORAGE_SRID, TILE_SRID
from geo.schema import CODE_SYNTAX, NOW, SCHEMA, VERSIONED, Base, InCounty, county_fk, versioned

GROUND_KINDS = ("ROAD", "YARD", "STORAGE", "PARKING", "GREEN", "WATER", "STRUCTURE", "OTHER")


def _area() -> Any:
    return mapped_column(Numeric(16, 2))


def _ratio() -> Any:
    return mapped_column(Numeric(12, 6))


class GroundUse(InCounty, Base):
    """A piece of ground that is no building: road, yard, storage ... It belongs to the plots it lies in.

    `geom` is EPSG:4490, longitude first; `tile_geom` and `area_m2` follow from it by trigger.
    """

    __tablename__ = "ground_use"
    id: Mapped[int] = mapped_column(Identity(always=False), primary_key=True)
    code: Mapped[str]
    kind: Mapped[str]
    is_in_use: Mapped[bool] = mapped_column(
        server_default=text("true"), comment="false = lies idle: it is not taken off the land left over"
    )
    surveyed_on: Mapped[date] = mapped_column(comment="the day of the survey or picture it was taken from")
    source: Mapped[str | None] = mapped_column(comment="picture, field survey ... as the surveyor calls it")
    geom: Mapped[WKBElement] = mapped_column(Geometry("MULTIPOLYGON", STORAGE_SRID, spatial_index=False))
    tile_geom: Mapped[WKBElement | None] = mapped_column(Geometry("MULTIPOLYGON", TILE_SRID, spatial_index=False))
    area_m2: Mapped[Decimal | None] = _area()
    source_srid: Mapped[int | None] = mapped_column(Integer)
    data_source_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey(f"{SCHEMA}.data_source.id"))
    unit_code: Mapped[str | None]
    is_sample: Mapped[bool] = mapped_column(server_default=text("false"))
    version: Mapped[int] = mapped_column(server_default=text("1"))
    updated_at: Mapped[datetime] = mapped_column(server_default=NOW)
    updated_by: Mapped[str] = mapped_column(server_default="")
    __table_args__ = (
        UniqueConstraint("county_code", "code"),
        CheckConstraint(CODE_SYNTAX, name="code_syntax"),
        CheckConstraint(f"kind in {GROUND_KINDS!r}", name="kind"),
        CheckConstraint("st_isvalid(geom) and not st_isempty(geom)", name="geom_valid"),
        CheckConstraint("length(source) <= 200", name="source_length"),
        county_fk("unit_code", "unit"),
        Index("ix_ground_use_geom", "geom", postgresql_using="gist"),
        Index("ix_ground_use_tile_geom", "tile_geom", postgresql_using="gist"),
    )


class GroundUseKind(Base):
    """What a kind of ground counts into (code list `ground_use_kind`). Data, from migrations/seed."""

    __tablename__ = "ground_use_kind"
    code: Mapped[str] = mapped_column(primary_key=True)
    in_coefficient: Mapped[bool] = mapped_column(
        comment="whether such ground, in use, counts into the building coefficient beside buildings"
    )
    source: Mapped[str]


class LandEvidence(InCounty, Base):
    """What was measured of one plot, the newest; every older measuring lies in its version table.

    Shapes are EPSG:4490, areas and lengths were measured in `survey_srid`. Null is not known, and `missing` says why.
    """

    __tablename__ = "land_evidence"
    id: Mapped[int] = mapped_column(Identity(always=False), primary_key=True)
    parcel_id: Mapped[int] = mapped_column(BigInteger, ForeignKey(f"{SCHEMA}.parcel.id", ondelete="CASCADE"))
    surveyed_on: Mapped[date | None] = mapped_column(
        comment="the newest day the plot was surveyed as a whole; null = never, or taken back"
    )
    survey_srid: Mapped[int] = mapped_column(Integer)
    setback_m: Mapped[Decimal] = mapped_column(Numeric(6, 2))
    least_width_m: Mapped[Decimal] = mapped_column(Numeric(6, 2))
    parcel_area_m2: Mapped[Decimal | None] = mapped_column(
        Numeric(16, 2), comment="the registered area, or the measured one: what the ratios are of"
    )
    footprint_m2: Mapped[Decimal | None] = _area()
    in_use_m2: Mapped[Decimal | None] = _area()
    coverage_ratio: Mapped[Decimal | None] = _ratio()
    coefficient_ratio: Mapped[Decimal | None] = _ratio()
    far_ratio: Mapped[Decimal | None] = _ratio()
    remainder: Mapped[WKBElement | None] = mapped_column(Geometry("MULTIPOLYGON", STORAGE_SRID, spatial_index=False))
    remainder_area_m2: Mapped[Decimal | None] = _area()
    rectangle: Mapped[WKBElement | None] = mapped_column(Geometry("POLYGON", STORAGE_SRID, spatial_index=False))
    rectangle_width_m: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    rectangle_length_m: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    tile_geom: Mapped[WKBElement | None] = mapped_column(Geometry("MULTIPOLYGON", TILE_SRID, spatial_index=False))
    tile_rectangle: Mapped[WKBElement | None] = mapped_column(Geometry("POLYGON", TILE_SRID, spatial_index=False))
    missing: Mapped[list[str]] = mapped_column(
        ARRAY(Text),
        server_default=text("'{}'::text[]"),
        comment="facts that are not told: ground_surveyed_on, <building code>.<fact>",
    )
    made_from: Mapped[dict[str, Any]] = mapped_column(
        JSONB, comment="versions of the plot, the buildings and the grounds it was measured from"
    )
    version: Mapped[int] = mapped_column(server_default=text("1"))
    updated_at: Mapped[datetime] = mapped_column(server_default=NOW)
    updated_by: Mapped[str] = mapped_column(server_default="")
    __table_args__ = (
        UniqueConstraint("parcel_id"),
        CheckConstraint(
            "surveyed_on is not null or (coverage_ratio is null and far_ratio is null and remainder_area_m2 is null)",
            name="not_surveyed_is_not_known",
        ),
        CheckConstraint(
            "(cardinality(missing) = 0) = (num_nulls(coverage_ratio, coefficient_ratio, far_ratio, remainder_area_m2) = 0)",
            name="known_or_missing",
        ),
        CheckConstraint("remainder is null or remainder_area_m2 > 0", name="remainder_has_its_area"),
        CheckConstraint(
            "(rectangle is null) = (rectangle_width_m is null) and (rectangle is null) = (rectangle_length_m is null) "
            "and (rectangle is null or remainder is not null) and rectangle_width_m <= rectangle_length_m",
            name="rectangle_lies_in_a_remainder",
        ),
        Index("ix_land_evidence_tile_geom", "tile_geom", postgresql_using="gist"),
        Index("ix_land_evidence_tile_rectangle", "tile_rectangle", postgresql_using="gist"),
    )


class EvidenceDue(Base):
    """A plot to be measured anew; the worker takes the row away."""

    __tablename__ = "evidence_due"
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    county_code: Mapped[str]
    parcel_id: Mapped[int]


for _name in ("ground_use", "land_evidence"):
    versioned(Base.metadata.tables[f"{SCHEMA}.{_name}"])
Index(
    "ix_land_evidence_version_parcel",
    VERSIONED["land_evidence"].c.parcel_id,
    VERSIONED["land_evidence"].c.recorded_during,
)
