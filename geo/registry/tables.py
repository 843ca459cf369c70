"""Parks, parcels, buildings, projects, enterprises: the things on the map. One class per table, no SQL."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Numeric,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, DATERANGE, Range
from sqlalchemy.orm import Mapped, mapped_column

from geo.crs import STORAGE_SRID, TILE_SRID
from geo.schema import (
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


def _unplaced(table: str) -> tuple[Index, Index]:
    """Things without a place, as staff and as the public see them: in no box, and few (migration 0028)."""
    return (
        Index(f"ix_{table}_unplaced", "county_code", postgresql_where=text("geom is null")),
        Index(f"ix_{table}_unplaced_public", "county_code", postgresql_where=text("geom_public is null")),
    )


class Park(MapThing, Base):
    """园区/平台 and 小镇 by `kind`; collections `parks` and `featured_towns`."""

    __tablename__ = "park"
    kind: Mapped[str]
    level: Mapped[str | None] = mapped_column(comment="national, provincial, county")
    theme: Mapped[str | None]
    leading_industries: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    planned_area_m2: Mapped[Decimal | None] = mapped_column(Numeric(16, 2))
    built_area_m2: Mapped[Decimal | None] = mapped_column(Numeric(16, 2))
    construction_area_m2: Mapped[Decimal | None] = mapped_column(Numeric(16, 2))
    price_guide: Mapped[str | None]
    contact_desk: Mapped[str | None] = mapped_column(comment="office, never a person")
    description: Mapped[str | None]
    description_en: Mapped[str | None]
    __table_args__ = thing_constraints(
        "park",
        CheckConstraint(
            "kind in ('development_zone', 'industrial_park', 'innovation_base', 'featured_town')", name="kind"
        ),
    )


class ParkWork(InCounty, Base):
    """An infrastructure work of a park with planned and actual dates, and where it lies (no shape: unknown).

    Seen with its park: it has no publication of its own. What follows from `geom` is written by triggers, as for `MapThing`;
    `register.work_status` says the state it is in on a day.
    """

    __tablename__ = "park_work"
    id: Mapped[int] = mapped_column(Identity(always=False), primary_key=True)
    code: Mapped[str]
    park_code: Mapped[str]
    name: Mapped[str]
    name_en: Mapped[str | None]
    kind: Mapped[str] = mapped_column(
        comment="road, power, water, gas, sewage, telecom, heat, drainage, levelling, other"
    )
    planned_start_on: Mapped[date | None]
    planned_end_on: Mapped[date | None]
    started_on: Mapped[date | None]
    finished_on: Mapped[date | None]
    is_sample: Mapped[bool] = mapped_column(server_default=text("false"))
    geom: Mapped[WKBElement | None] = mapped_column(Geometry("GEOMETRY", STORAGE_SRID, spatial_index=False))
    geom_public: Mapped[WKBElement | None] = mapped_column(Geometry("GEOMETRY", STORAGE_SRID, spatial_index=False))
    tile_geom: Mapped[WKBElement | None] = mapped_column(Geometry("GEOMETRY", TILE_SRID, spatial_index=False))
    tile_geom_public: Mapped[WKBElement | None] = mapped_column(Geometry("GEOMETRY", TILE_SRID, spatial_index=False))
    geometry_quality: Mapped[str] = mapped_column(
        server_default="none", comment="what the public sees: shape, point (snapped), none"
    )
    position_quality: Mapped[str] = mapped_column(
        server_default="unknown", comment="surveyed, digitised, approximate, demo, unknown"
    )
    source_srid: Mapped[int | None] = mapped_column(Integer, comment="EPSG code the geometry came in")
    area_m2: Mapped[Decimal | None] = mapped_column(Numeric(16, 2), comment="measured in the county's survey CRS, m2")
    length_m: Mapped[Decimal | None] = mapped_column(Numeric(14, 2), comment="measured in the county's survey CRS, m")
    data_source_id: Mapped[int | None] = mapped_column(ForeignKey(f"{SCHEMA}.data_source.id"))
    data_date: Mapped[date | None] = mapped_column(comment="the day the content was true at its source")
    version: Mapped[int] = mapped_column(server_default=text("1"))
    updated_at: Mapped[datetime] = mapped_column(server_default=NOW)
    updated_by: Mapped[str] = mapped_column(server_default="")
    __table_args__ = (
        UniqueConstraint("county_code", "code"),
        CheckConstraint("geometry_quality in ('shape', 'point', 'none')", name="geometry_quality"),
        CheckConstraint(
            "position_quality in ('surveyed', 'digitised', 'approximate', 'demo', 'unknown')", name="position_quality"
        ),
        CheckConstraint("geom is null or (st_isvalid(geom) and not st_isempty(geom))", name="geom_valid"),
        CheckConstraint("geom is null or st_geometrytype(geom) <> 'ST_GeometryCollection'", name="geom_form"),
        county_fk("park_code", "park"),
        *(Index(f"ix_park_work_{name}", name, postgresql_using="gist")
          for name in ("geom", "tile_geom", "geom_public", "tile_geom_public")),
    )  # fmt: skip


class Parcel(MapThing, Base):
    """地块, land or sea. What happens to it is facts; what it is stands here."""

    __tablename__ = "parcel"
    realm: Mapped[str] = mapped_column(server_default="land")
    park_code: Mapped[str | None]
    cadastral_code: Mapped[str | None] = mapped_column(comment="宗地代码, 19 characters (CODE-02)")
    real_estate_unit_code: Mapped[str | None] = mapped_column(comment="不动产单元号, 28 characters (CODE-03)")
    land_use_code: Mapped[str | None]
    land_use_std: Mapped[str | None] = mapped_column(comment="the classification the code is of")
    registered_area_m2: Mapped[Decimal | None] = mapped_column(Numeric(16, 2), comment="the legal area (GEO-08)")
    far_min: Mapped[Decimal | None] = mapped_column(Numeric(6, 3))
    far_max: Mapped[Decimal | None] = mapped_column(Numeric(6, 3))
    density_min_pct: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    density_max_pct: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    green_min_pct: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    green_max_pct: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    height_min_m: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    height_max_m: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    price_min_wan_cny_per_mu: Mapped[Decimal | None] = mapped_column(Numeric(14, 4), comment="public price range")
    price_max_wan_cny_per_mu: Mapped[Decimal | None] = mapped_column(Numeric(14, 4))
    price_negotiable: Mapped[bool] = mapped_column(server_default=text("false"), comment="面议")
    utilities: Mapped[list[str] | None] = mapped_column(ARRAY(Text), comment="九通一平: codes of code list `utility`")
    power_kva: Mapped[int | None] = mapped_column(Integer)
    investment_intensity_min_wan_cny_per_mu: Mapped[Decimal | None] = mapped_column(Numeric(14, 4))
    tax_min_wan_cny_per_mu: Mapped[Decimal | None] = mapped_column(Numeric(14, 4))
    energy_max_tce_per_wan_cny: Mapped[Decimal | None] = mapped_column(Numeric(10, 4))
    emission_max_kg_per_wan_cny: Mapped[Decimal | None] = mapped_column(Numeric(10, 4))
    description: Mapped[str | None]
    description_en: Mapped[str | None]
    __table_args__ = thing_constraints(
        "parcel",
        CheckConstraint("realm in ('land', 'sea')", name="realm"),
        CheckConstraint("geom is null or geometrytype(geom) = 'MULTIPOLYGON'", name="geom_type"),
        CheckConstraint("registered_area_m2 > 0", name="registered_area_positive"),
        CheckConstraint("cadastral_code ~ '^\\d{12}[GJZ][A-HSWXY]\\d{5}$'", name="cadastral_code"),
        CheckConstraint("far_min <= far_max", name="far_order"),
        CheckConstraint("density_min_pct <= density_max_pct", name="density_order"),
        CheckConstraint("green_min_pct <= green_max_pct", name="green_order"),
        CheckConstraint("height_min_m <= height_max_m", name="height_order"),
        CheckConstraint("price_min_wan_cny_per_mu <= price_max_wan_cny_per_mu", name="price_order"),
        county_fk("park_code", "park"),
        Index("ix_parcel_park", "county_code", "park_code"),
        Index("ix_parcel_unit", "county_code", "unit_code"),
        *_unplaced("parcel"),
        Index(
            "ix_parcel_overview",
            "county_code",
            "town_code",
            postgresql_include=[
                "id", "code", "area_m2", "realm", "price_min_wan_cny_per_mu", "land_use_code", "data_date", "updated_at",
            ],
            postgresql_where=text("publication_state = 'published'"),
        ),
    )  # fmt: skip


class Building(MapThing, Base):
    """厂房 (factory) and 楼宇 (office) by `kind`."""

    __tablename__ = "building"
    kind: Mapped[str]
    park_code: Mapped[str | None]
    parcel_code: Mapped[str | None]
    storeys: Mapped[int | None] = mapped_column(Integer)
    floor_area_m2: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    typical_floor_area_m2: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    min_unit_area_m2: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    height_m: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    clear_height_m: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    floor_load_t_m2: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    column_grid: Mapped[str | None]
    crane_t: Mapped[Decimal | None] = mapped_column(Numeric(6, 1))
    power_kva: Mapped[int | None] = mapped_column(Integer)
    fire_class: Mapped[str | None]
    grade: Mapped[str | None] = mapped_column(comment="offices: A, B, C")
    parking_spaces: Mapped[int | None] = mapped_column(Integer)
    rent_cny_m2_month: Mapped[Decimal | None] = mapped_column(Numeric(10, 2), comment="factories (UNIT-04)")
    rent_cny_m2_day: Mapped[Decimal | None] = mapped_column(Numeric(10, 2), comment="offices (UNIT-04)")
    sale_cny_m2: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    built_year: Mapped[int | None] = mapped_column(Integer)
    description: Mapped[str | None]
    description_en: Mapped[str | None]
    __table_args__ = thing_constraints(
        "building",
        CheckConstraint("kind in ('factory', 'office')", name="kind"),
        CheckConstraint("floor_area_m2 > 0", name="floor_area_positive"),
        county_fk("park_code", "park"),
        county_fk("parcel_code", "parcel"),
        Index("ix_building_parcel", "county_code", "parcel_code"),
        *_unplaced("building"),
        Index("ix_building_park", "county_code", "park_code"),
    )


class BuildingSpace(InCounty, Base):
    """A floor, or a numbered part of one, that can be let or promised."""

    __tablename__ = "building_space"
    id: Mapped[int] = mapped_column(Identity(always=False), primary_key=True)
    code: Mapped[str]
    building_code: Mapped[str]
    floor: Mapped[int] = mapped_column(Integer)
    part_no: Mapped[int] = mapped_column(Integer, server_default=text("0"), comment="0 = the whole floor")
    area_m2: Mapped[Decimal] = mapped_column(Numeric(14, 2))
    is_vacant: Mapped[bool | None] = mapped_column(comment="null = unknown")
    rent_cny_m2_month: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    is_sample: Mapped[bool] = mapped_column(server_default=text("false"))
    version: Mapped[int] = mapped_column(server_default=text("1"))
    updated_at: Mapped[datetime] = mapped_column(server_default=NOW)
    updated_by: Mapped[str] = mapped_column(server_default="")
    __table_args__ = (
        UniqueConstraint("county_code", "code"),
        UniqueConstraint("county_code", "building_code", "floor", "part_no"),
        CheckConstraint("area_m2 > 0", name="area_positive"),
        county_fk("building_code", "building"),
    )


class Chain(Coded, Base):
    """An industry chain, or a sector beside the chains (domain.md 0.4)."""

    __tablename__ = "chain"
    kind: Mapped[str] = mapped_column(server_default="chain")
    is_confirmed: Mapped[bool] = mapped_column(server_default=text("true"), comment="false: [verify] in domain.md 0.4")
    __table_args__ = (
        UniqueConstraint("county_code", "code"),
        CheckConstraint("kind in ('chain', 'sector')", name="kind"),
    )


class ParcelChain(InCounty, Base):
    """Which chains a parcel is meant for."""

    __tablename__ = "parcel_chain"
    parcel_code: Mapped[str]
    chain_code: Mapped[str]
    __table_args__ = (
        PrimaryKeyConstraint("county_code", "parcel_code", "chain_code"),
        county_fk("parcel_code", "parcel"),
        county_fk("chain_code", "chain"),
    )


class BuildingChain(InCounty, Base):
    """Which chains a building is meant for."""

    __tablename__ = "building_chain"
    building_code: Mapped[str]
    chain_code: Mapped[str]
    __table_args__ = (
        PrimaryKeyConstraint("county_code", "building_code", "chain_code"),
        county_fk("building_code", "building"),
        county_fk("chain_code", "chain"),
    )


class Project(MapThing, Base):
    """项目. Its stage is a fact; public only when published (design.md 5)."""

    __tablename__ = "project"
    chain_code: Mapped[str | None]
    track: Mapped[str | None] = mapped_column(comment="manufacturing, services, agriculture, tourism, trade")
    investor_name: Mapped[str | None]
    origin: Mapped[str | None]
    total_investment_wan_cny: Mapped[Decimal | None] = mapped_column(Numeric(16, 4))
    land_cost_wan_cny: Mapped[Decimal | None] = mapped_column(
        Numeric(16, 4), comment="apart: IDLE-04 excludes it, IND-06 not"
    )
    tax_fee_wan_cny: Mapped[Decimal | None] = mapped_column(Numeric(16, 4))
    other_investment_wan_cny: Mapped[Decimal | None] = mapped_column(Numeric(16, 4))
    planned_tax_wan_cny: Mapped[Decimal | None] = mapped_column(Numeric(16, 4))
    planned_output_wan_cny: Mapped[Decimal | None] = mapped_column(Numeric(16, 4))
    planned_jobs: Mapped[int | None] = mapped_column(Integer)
    responsible_leader: Mapped[str | None]
    direct_owner: Mapped[str | None]
    needs_new_land: Mapped[bool | None]
    description: Mapped[str | None]
    description_en: Mapped[str | None]
    __table_args__ = thing_constraints(
        "project",
        CheckConstraint("total_investment_wan_cny >= 0", name="investment_not_negative"),
        county_fk("chain_code", "chain"),
    )


class ProjectStage(InCounty, Base):
    """Every entry and exit of a list, with its evidence; exclusive in time (LIFE-01)."""

    __tablename__ = "project_stage"
    id: Mapped[int] = mapped_column(Identity(always=False), primary_key=True)
    project_code: Mapped[str]
    stage: Mapped[str]
    during: Mapped[Range[date]] = mapped_column(DATERANGE)
    evidence: Mapped[str | None]
    reason: Mapped[str | None]
    recorded_by: Mapped[str] = mapped_column(server_default="")
    __table_args__ = (
        county_fk("project_code", "project"),
        CheckConstraint("not isempty(during)", name="during_not_empty"),
    )


class ProjectParcel(InCounty, Base):
    """Land a project takes, and for how long."""

    __tablename__ = "project_parcel"
    project_code: Mapped[str]
    parcel_code: Mapped[str]
    during: Mapped[Range[date]] = mapped_column(DATERANGE, server_default=text("'(,)'::daterange"))
    __table_args__ = (
        PrimaryKeyConstraint("county_code", "project_code", "parcel_code"),
        county_fk("project_code", "project"),
        county_fk("parcel_code", "parcel"),
    )


class ProjectBuilding(InCounty, Base):
    """Buildings a project uses, and for how long."""

    __tablename__ = "project_building"
    project_code: Mapped[str]
    building_code: Mapped[str]
    during: Mapped[Range[date]] = mapped_column(DATERANGE, server_default=text("'(,)'::daterange"))
    __table_args__ = (
        PrimaryKeyConstraint("county_code", "project_code", "building_code"),
        county_fk("project_code", "project"),
        county_fk("building_code", "building"),
    )


class ProjectUnitShare(InCounty, Base):
    """How units share a project they brought in together; shares sum to 1 (IDX-04), held by a trigger at commit."""

    __tablename__ = "project_unit_share"
    project_code: Mapped[str]
    unit_code: Mapped[str]
    share: Mapped[Decimal] = mapped_column(Numeric(9, 8))
    __table_args__ = (
        PrimaryKeyConstraint("county_code", "project_code", "unit_code"),
        CheckConstraint("share > 0 and share <= 1", name="share"),
        county_fk("project_code", "project"),
        county_fk("unit_code", "unit"),
    )


class Enterprise(MapThing, Base):
    """An operating firm. The public sees name, chain, point and size class, and only where published (design.md 5)."""

    __tablename__ = "enterprise"
    credit_code: Mapped[str | None] = mapped_column(comment="统一社会信用代码 (CODE-05)")
    chain_code: Mapped[str | None]
    industry_code: Mapped[str | None]
    industry_std_version: Mapped[str | None]
    size_class: Mapped[str | None] = mapped_column(comment="large, medium, small, micro")
    is_above_scale: Mapped[bool | None] = mapped_column(comment="规上")
    park_code: Mapped[str | None]
    __table_args__ = thing_constraints(
        "enterprise",
        CheckConstraint("geom is null or geometrytype(geom) = 'POINT'", name="geom_type"),
        county_fk("chain_code", "chain"),
        county_fk("park_code", "park"),
    )


class EnterpriseSite(InCounty, Base):
    """Land or floor space a firm uses, owned or rented (MU-07)."""

    __tablename__ = "enterprise_site"
    id: Mapped[int] = mapped_column(Identity(always=False), primary_key=True)
    enterprise_code: Mapped[str]
    parcel_code: Mapped[str | None]
    building_code: Mapped[str | None]
    tenure: Mapped[str] = mapped_column(server_default="owned")
    area_m2: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    during: Mapped[Range[date]] = mapped_column(DATERANGE, server_default=text("'(,)'::daterange"))
    __table_args__ = (
        CheckConstraint("tenure in ('owned', 'rented_in', 'rented_out')", name="tenure"),
        CheckConstraint("num_nonnulls(parcel_code, building_code) >= 1", name="somewhere"),
        county_fk("enterprise_code", "enterprise"),
        county_fk("parcel_code", "parcel"),
        county_fk("building_code", "building"),
    )


class EnterpriseYear(InCounty, Base):
    """Yearly figures of a firm, staff only (7.2); a correction is a new revision, never overwritten (GEN-09)."""

    __tablename__ = "enterprise_year"
    id: Mapped[int] = mapped_column(Identity(always=False), primary_key=True)
    enterprise_code: Mapped[str]
    year: Mapped[int] = mapped_column(Integer)
    revision: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    output_wan_cny: Mapped[Decimal | None] = mapped_column(Numeric(16, 4))
    revenue_wan_cny: Mapped[Decimal | None] = mapped_column(Numeric(16, 4))
    value_added_wan_cny: Mapped[Decimal | None] = mapped_column(Numeric(16, 4))
    tax_wan_cny: Mapped[Decimal | None] = mapped_column(Numeric(16, 4))
    rd_wan_cny: Mapped[Decimal | None] = mapped_column(Numeric(16, 4))
    energy_tce: Mapped[Decimal | None] = mapped_column(Numeric(16, 4))
    emission_kg: Mapped[Decimal | None] = mapped_column(Numeric(16, 4))
    employees: Mapped[int | None] = mapped_column(Integer)
    mu_grade: Mapped[str | None]
    __table_args__ = (
        UniqueConstraint("county_code", "enterprise_code", "year", "revision"),
        CheckConstraint("mu_grade in ('A', 'B', 'C', 'D')", name="mu_grade"),
        county_fk("enterprise_code", "enterprise"),
    )


for _name in ("park", "park_work", "parcel", "building", "building_space", "project", "enterprise"):
    versioned(Base.metadata.tables[f"{SCHEMA}.{_name}"], is_placed=_name in ("parcel", "building"))
