"""The ledger of dated facts, for every kind of subject. Nothing in it is ever overwritten."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, Numeric, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from geo.schema import NOW, SCHEMA, Base, InCounty

SUBJECT_KINDS = ("parcel", "building", "project", "enterprise", "park", "park_work", "unit", "policy_clause")


class FactKind(Base):
    """What can be said of a subject: the type of its value, its unit and its words. Data, from migrations/seed."""

    __tablename__ = "fact_kind"
    code: Mapped[str] = mapped_column(primary_key=True)
    subject_kinds: Mapped[list[str]] = mapped_column(ARRAY(Text))
    value_type: Mapped[str]
    unit: Mapped[str | None] = mapped_column(comment="m2, wan_cny, ratio, t ... of a number")
    code_list: Mapped[str | None] = mapped_column(comment="of a value of type code")
    name: Mapped[str]
    name_en: Mapped[str]
    meaning: Mapped[str | None]
    source: Mapped[str | None] = mapped_column(comment="rule id or article that gives it its meaning")
    is_public: Mapped[bool] = mapped_column(
        server_default=text("false"), comment="shown to everyone for a published subject"
    )
    may_be_future: Mapped[bool] = mapped_column(
        server_default=text("false"), comment="effective_on may lie in the future (an agreed change)"
    )
    sort_no: Mapped[int] = mapped_column(server_default=text("0"))
    __table_args__ = (
        CheckConstraint("value_type in ('date', 'number', 'text', 'code', 'bool')", name="value_type"),
        CheckConstraint("(value_type = 'code') = (code_list is not null)", name="code_list"),
    )


class Fact(InCounty, Base):
    """One thing said of one subject: true from `effective_on`, known from `recorded_at`.

    Exactly one value column is filled, the one the kind declares; a fact that only retracts has none. Exact: numbers
    are numeric, never floating point (GEN-06). `recorded_at` is the transaction's recording instant, see
    `register.recording_instant()`.
    """

    __tablename__ = "fact"
    id: Mapped[int] = mapped_column(Identity(always=False), primary_key=True)
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    kind: Mapped[str] = mapped_column(Text, ForeignKey(f"{SCHEMA}.fact_kind.code"))
    value_date: Mapped[date | None]
    value_number: Mapped[Decimal | None] = mapped_column(Numeric)
    value_text: Mapped[str | None] = mapped_column(comment="also of type code")
    value_bool: Mapped[bool | None]
    effective_on: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(server_default=text("register.recording_instant()"))
    recorded_by: Mapped[str] = mapped_column(server_default="")
    document_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey(f"{SCHEMA}.document.id"))
    document_no: Mapped[str | None]
    note: Mapped[str | None]
    retracts_fact_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey(f"{SCHEMA}.fact.id"))
    import_batch_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey(f"{SCHEMA}.import_batch.id"))
    is_sample: Mapped[bool] = mapped_column(server_default=text("false"))
    __table_args__ = (
        CheckConstraint(f"subject_kind in {SUBJECT_KINDS!r}", name="subject_kind"),
        CheckConstraint(
            "num_nonnulls(value_date, value_number, value_text, value_bool) = 1 or "
            "(retracts_fact_id is not null and num_nonnulls(value_date, value_number, value_text, value_bool) = 0)",
            name="one_value",
        ),
        Index("ix_fact_subject", "county_code", "subject_kind", "subject_id", "kind", "effective_on"),
        Index("ix_fact_recorded_at", "county_code", "recorded_at"),
        Index(
            "ix_fact_ground_surveyed",
            "county_code",
            "subject_id",
            postgresql_where=text("kind = 'ground_surveyed_on'"),
        ),
        Index(
            "ix_fact_succeeded_by",
            "county_code",
            "subject_kind",
            "subject_id",
            postgresql_where=text("kind = 'succeeded_by'"),
        ),
        Index(
            "uq_fact_retracts",
            "retracts_fact_id",
            unique=True,
            postgresql_where=text("retracts_fact_id is not null"),
        ),
    )


class WithdrawnForSuccessor(Base):
    """A thing that a fact `succeeded_by` withdrew from the public: published again when the fact is taken back."""

    __tablename__ = "withdrawn_for_successor"
    county_code: Mapped[str] = mapped_column(ForeignKey(f"{SCHEMA}.county.code"), primary_key=True)
    subject_kind: Mapped[str] = mapped_column(primary_key=True)
    subject_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)


class ParcelState(InCounty, Base):
    """What the facts say of a parcel now, one typed column per fact kind the map and the rules ask for.

    A projection kept by trigger; `register.parcel_state_at(county, as_of, known_at)` computes the same for any day.
    """

    __tablename__ = "parcel_state"
    parcel_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey(f"{SCHEMA}.parcel.id", ondelete="CASCADE"), primary_key=True
    )
    status: Mapped[str | None]
    stage: Mapped[str | None] = mapped_column(comment="批/供/用/建/投: approved, supplied, started, built, producing")
    approved_on: Mapped[date | None]
    supply_method: Mapped[str | None]
    contract_on: Mapped[date | None]
    land_price_wan_cny: Mapped[Decimal | None] = mapped_column(Numeric)
    agreed_delivery_on: Mapped[date | None]
    delivered_on: Mapped[date | None]
    agreed_start_on: Mapped[date | None]
    started_on: Mapped[date | None]
    suspended_since_on: Mapped[date | None]
    agreed_completion_on: Mapped[date | None]
    completed_on: Mapped[date | None]
    agreed_production_on: Mapped[date | None]
    produced_on: Mapped[date | None]
    agreed_capacity_on: Mapped[date | None]
    delay_cause: Mapped[str | None]
    __table_args__ = (Index("ix_parcel_state_status", "county_code", "status"),)


class BuildingState(InCounty, Base):
    """What the facts say of a building now."""

    __tablename__ = "building_state"
    building_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey(f"{SCHEMA}.building.id", ondelete="CASCADE"), primary_key=True
    )
    status: Mapped[str | None]
    vacant_area_m2: Mapped[Decimal | None] = mapped_column(Numeric)
    completed_on: Mapped[date | None]


class ProjectState(InCounty, Base):
    """What the facts say of a project now (LIFE-01: exactly one list by its current stage)."""

    __tablename__ = "project_state"
    project_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey(f"{SCHEMA}.project.id", ondelete="CASCADE"), primary_key=True
    )
    stage: Mapped[str | None]
    stage_since_on: Mapped[date | None]
    signed_on: Mapped[date | None]


class FieldConfirmation(InCounty, Base):
    """Somebody looked and said: still so. Gives every field its freshness."""

    __tablename__ = "field_confirmation"
    id: Mapped[int] = mapped_column(Identity(always=False), primary_key=True)
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    field: Mapped[str] = mapped_column(comment="a column or fact kind; '*' = all")
    confirmed_at: Mapped[datetime] = mapped_column(server_default=NOW)
    confirmed_by: Mapped[str] = mapped_column(server_default="")
    __table_args__ = (
        CheckConstraint(f"subject_kind in {SUBJECT_KINDS!r}", name="subject_kind"),
        Index("ix_field_confirmation_subject", "county_code", "subject_kind", "subject_id", "confirmed_at"),
    )
