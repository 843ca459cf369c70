"""The county itself, its towns, and the units that answer for things."""

from __future__ import annotations

from datetime import date, datetime

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Integer,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import DATERANGE, JSONB, Range
from sqlalchemy.orm import Mapped, mapped_column

from geo.crs import STORAGE_SRID
from geo.schema import (
    CODE_SYNTAX,
    NOW,
    SCHEMA,
    Base,
    Coded,
    InCounty,
    MapThing,
    county_fk,
    thing_constraints,
    versioned,
)


class County(Base):
    """A county is data: where it lies, how it measures, which law applies, what it calls things."""

    __tablename__ = "county"
    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_en: Mapped[str]
    outline: Mapped[WKBElement] = mapped_column(Geometry("MULTIPOLYGON", STORAGE_SRID, spatial_index=False))
    survey_srid: Mapped[int] = mapped_column(Integer, comment="EPSG code of a projected CRS in metres")
    time_zone: Mapped[str] = mapped_column(comment="IANA name; civil dates are of this zone")
    rule_set: Mapped[str | None] = mapped_column(comment="which land rules apply; null = none")
    words: Mapped[dict[str, object]] = mapped_column(
        JSONB, server_default=text("'{}'::jsonb"), comment="units and words it uses"
    )
    public_decimals: Mapped[int] = mapped_column(Integer, server_default=text("6"))
    is_default: Mapped[bool] = mapped_column(server_default=text("false"))
    is_sample: Mapped[bool] = mapped_column(server_default=text("false"))
    version: Mapped[int] = mapped_column(server_default=text("1"))
    updated_at: Mapped[datetime] = mapped_column(server_default=NOW)

    __table_args__ = (
        CheckConstraint(CODE_SYNTAX, name="code_syntax"),
        CheckConstraint("public_decimals between 2 and 8", name="public_decimals"),
        CheckConstraint("st_isvalid(outline)", name="outline_valid"),
        Index("uq_county_is_default", "is_default", unique=True, postgresql_where=text("is_default")),
        Index("ix_county_outline", "outline", postgresql_using="gist"),
    )


class Surrounding(InCounty, Base):
    """The land and the waters around a county, so that its map does not float: ground only, no thing of the county."""

    __tablename__ = "surrounding"
    id: Mapped[int] = mapped_column(Identity(always=False), primary_key=True)
    code: Mapped[str]
    kind: Mapped[str] = mapped_column(
        comment="land: ground beyond the border; place, water: the name of a neighbour or a water at a point"
    )
    name: Mapped[str | None]
    name_en: Mapped[str | None]
    geom: Mapped[WKBElement] = mapped_column(Geometry("GEOMETRY", STORAGE_SRID, spatial_index=False))
    attribution: Mapped[str | None] = mapped_column(comment="what the source wants to be said on the map")
    is_sample: Mapped[bool] = mapped_column(server_default=text("false"))
    __table_args__ = (
        UniqueConstraint("county_code", "code"),
        CheckConstraint("kind in ('land', 'place', 'water')", name="kind"),
        CheckConstraint(
            "case kind when 'land' then st_geometrytype(geom) in ('ST_Polygon', 'ST_MultiPolygon') "
            "else st_geometrytype(geom) = 'ST_Point' and name is not null end",
            name="shape",
        ),
        CheckConstraint("st_isvalid(geom)", name="valid"),
    )


class AdminArea(MapThing, Base):
    """A town, subdistrict or township (GB/T 2260 division codes, CODE-01), or a village."""

    __tablename__ = "admin_area"
    level: Mapped[str] = mapped_column(server_default="town", comment="town, village, other")
    kind: Mapped[str | None] = mapped_column(comment="subdistrict, town, township")
    is_indicative: Mapped[bool] = mapped_column(
        server_default=text("false"), comment="示意: the boundary is a sketch, not the approved line (PUB-04)"
    )
    __table_args__ = thing_constraints(
        "admin_area", CheckConstraint("level in ('town', 'village', 'other')", name="level")
    )


class Unit(Coded, Base):
    """Who answers for a thing: town, park office, bureau, company, liaison office (招引责任单位)."""

    __tablename__ = "unit"
    kind: Mapped[str]
    parent_code: Mapped[str | None]
    town_code: Mapped[str | None]
    phone: Mapped[str | None] = mapped_column(comment="office telephone, never a person's")
    valid_during: Mapped[Range[date]] = mapped_column(DATERANGE, server_default=text("'(,)'::daterange"))
    is_sample: Mapped[bool] = mapped_column(server_default=text("false"))
    version: Mapped[int] = mapped_column(server_default=text("1"))
    updated_at: Mapped[datetime] = mapped_column(server_default=NOW)
    updated_by: Mapped[str] = mapped_column(server_default="")
    __table_args__ = (
        UniqueConstraint("county_code", "code"),
        CheckConstraint(CODE_SYNTAX, name="code_syntax"),
        CheckConstraint("kind in ('town', 'park', 'bureau', 'department', 'company', 'liaison_office')", name="kind"),
        county_fk("parent_code", "unit"),
        county_fk("town_code", "admin_area"),
    )


class UnitSuccessor(InCounty, Base):
    """After a reorganisation: which unit took over from which, from what day."""

    __tablename__ = "unit_successor"
    id: Mapped[int] = mapped_column(Identity(always=False), primary_key=True)
    unit_code: Mapped[str]
    successor_code: Mapped[str]
    effective_on: Mapped[date]
    __table_args__ = (
        UniqueConstraint("county_code", "unit_code", "successor_code"),
        CheckConstraint("unit_code <> successor_code", name="not_itself"),
        county_fk("unit_code", "unit"),
        county_fk("successor_code", "unit"),
    )


class Person(InCounty, Base):
    """A responsible leader or directly responsible person; personal data, so no version table (design.md 4)."""

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(Identity(always=False), primary_key=True)
    code: Mapped[str]
    name: Mapped[str]
    unit_code: Mapped[str]
    duty: Mapped[str | None]
    phone: Mapped[str | None]
    account_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey(f"{SCHEMA}.account.id", ondelete="SET NULL"))
    __table_args__ = (UniqueConstraint("county_code", "code"), county_fk("unit_code", "unit"))


versioned(AdminArea.metadata.tables[f"{SCHEMA}.admin_area"])
versioned(Unit.metadata.tables[f"{SCHEMA}.unit"])
