"""What lies over the county: policies, transport, planning controls."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import (
    CheckConstraint,
    Identity,
    Index,
    Integer,
    Numeric,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import DATERANGE, Range
from sqlalchemy.orm import Mapped, mapped_column

from geo.crs import STORAGE_SRID
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

PLACES = "kind not in ('expressway', 'road', 'rail', 'ferry', 'bridge')"
"""SQL: transport that one goes to, and not along."""


class Policy(Coded, Base):
    """A policy document. Public only when in force and its fair-competition review passed (POL-01)."""

    __tablename__ = "policy"
    document_no: Mapped[str | None]
    issuer: Mapped[str | None]
    valid_during: Mapped[Range[date]] = mapped_column(DATERANGE)
    legal_basis: Mapped[str | None]
    fair_review_on: Mapped[date | None]
    fair_review_result: Mapped[str] = mapped_column(server_default="unreviewed")
    is_sample: Mapped[bool] = mapped_column(server_default=text("false"))
    version: Mapped[int] = mapped_column(server_default=text("1"))
    updated_at: Mapped[datetime] = mapped_column(server_default=NOW)
    updated_by: Mapped[str] = mapped_column(server_default="")
    __table_args__ = (
        UniqueConstraint("county_code", "code"),
        CheckConstraint(
            "fair_review_result in ('passed', 'passed_with_exception', 'failed', 'unreviewed')",
            name="fair_review_result",
        ),
    )


class PolicyClause(MapThing, Base):
    """One clause of a policy, and the area it holds in (no area = the whole county); collection `policies`."""

    __tablename__ = "policy_clause"
    policy_code: Mapped[str]
    clause_no: Mapped[str]
    kind: Mapped[str] = mapped_column(
        server_default="other", comment="land, tax, subsidy, rent, talent, service, other"
    )
    summary: Mapped[str | None]
    summary_en: Mapped[str | None]
    chain_code: Mapped[str | None]
    max_amount_wan_cny: Mapped[Decimal | None] = mapped_column(Numeric(16, 4))
    __table_args__ = thing_constraints(
        "policy_clause", county_fk("policy_code", "policy"), county_fk("chain_code", "chain")
    )


class TransportFeature(MapThing, Base):
    """Roads, ramps, railways, stations, ports, berths, airports; built, being built, planned."""

    __tablename__ = "transport_feature"
    kind: Mapped[str]
    status: Mapped[str] = mapped_column(server_default="built")
    road_class: Mapped[str | None] = mapped_column(comment="expressway, national, provincial, county, town, street")
    route_no: Mapped[str | None]
    opened_on: Mapped[date | None]
    expected_on: Mapped[date | None]
    length_m: Mapped[Decimal | None] = mapped_column(Numeric(14, 2), comment="measured in the survey CRS")
    published_source: Mapped[str | None] = mapped_column(comment="PUB-07: where a guarded attribute was published")
    __table_args__ = thing_constraints(
        "transport_feature",
        CheckConstraint(
            "kind in ('expressway', 'ramp', 'road', 'rail', 'station', 'port', 'berth', 'airport', 'ferry', 'bridge', "
            "'school', 'hospital', 'cbd')",
            name="kind",
        ),
        CheckConstraint("status in ('built', 'building', 'planned')", name="status"),
        Index(
            "ix_transport_feature_place",
            "county_code",
            "kind",
            "tile_geom",
            postgresql_using="gist",
            postgresql_where=text(PLACES),
        ),
        Index(
            "ix_transport_feature_place_public",
            "county_code",
            "kind",
            "tile_geom_public",
            postgresql_using="gist",
            postgresql_where=text(f"publication_state = 'published' and {PLACES}"),
        ),
    )


class RoadEdge(InCounty, Base):
    """One edge of the routable road network."""

    __tablename__ = "road_edge"
    id: Mapped[int] = mapped_column(Identity(always=False), primary_key=True)
    code: Mapped[str]
    from_node: Mapped[int]
    to_node: Mapped[int]
    length_m: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    speed_km_h: Mapped[Decimal] = mapped_column(Numeric(5, 1))
    is_oneway: Mapped[bool] = mapped_column(server_default=text("false"))
    road_class: Mapped[str | None]
    status: Mapped[str] = mapped_column(server_default="built")
    geom: Mapped[WKBElement] = mapped_column(Geometry("LINESTRING", STORAGE_SRID, spatial_index=False))
    is_sample: Mapped[bool] = mapped_column(server_default=text("false"))
    __table_args__ = (
        UniqueConstraint("county_code", "code"),
        CheckConstraint("length_m >= 0 and speed_km_h > 0", name="measures"),
        CheckConstraint("status in ('built', 'building', 'planned')", name="status"),
        Index("ix_road_edge_geom", "geom", postgresql_using="gist"),
    )


class PlanningControl(MapThing, Base):
    """三区三线 and other control lines; staff only, the public gets verdicts (domain.md 3.1)."""

    __tablename__ = "planning_control"
    kind: Mapped[str] = mapped_column(comment="code list `control_kind`: PBF, ERL, UDB, DCP, ICL, ...")
    plan_name: Mapped[str | None]
    approval_no: Mapped[str | None]
    approved_on: Mapped[date | None]
    land_use_code: Mapped[str | None]
    far_min: Mapped[Decimal | None] = mapped_column(Numeric(6, 3))
    far_max: Mapped[Decimal | None] = mapped_column(Numeric(6, 3))
    density_max_pct: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    height_max_m: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    __table_args__ = thing_constraints(
        "planning_control",
        CheckConstraint("publication_state = 'internal'", name="never_public"),
        Index("ix_planning_control_kind", "county_code", "kind"),
    )


class ControlExtent(InCounty, Base):
    """The area a control layer knows about: outside it the answer is unknown, never 'no conflict'."""

    __tablename__ = "control_extent"
    id: Mapped[int] = mapped_column(Identity(always=False), primary_key=True)
    kind: Mapped[str]
    extent: Mapped[WKBElement] = mapped_column(Geometry("MULTIPOLYGON", STORAGE_SRID, spatial_index=False))
    data_date: Mapped[date]
    version_no: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    __table_args__ = (UniqueConstraint("county_code", "kind", "version_no"),)


for _name in ("policy", "policy_clause", "transport_feature", "planning_control"):
    versioned(Base.metadata.tables[f"{SCHEMA}.{_name}"])
