"""What a rule said about a parcel. One class per table, no SQL."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    Identity,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from geo.schema import NOW, Base, InCounty


class Finding(InCounty, Base):
    """What one rule version says of one subject on one day (GEN-07). A lead (线索/预警), never a determination."""

    __tablename__ = "finding"
    id: Mapped[int] = mapped_column(Identity(always=False), primary_key=True)
    code: Mapped[str] = mapped_column(comment="<subject code>.<rule id>")
    subject_kind: Mapped[str] = mapped_column(server_default="parcel")
    subject_id: Mapped[int]
    rule_id: Mapped[str]
    rule_version: Mapped[int] = mapped_column(Integer)
    as_of: Mapped[date]
    holds: Mapped[str]
    result: Mapped[str | None] = mapped_column(
        comment="result code of the rule: SUSPECTED_IDLE, SUPPLIED_NOT_STARTED ..."
    )
    level: Mapped[str | None] = mapped_column(comment="INFO, YELLOW, RED")
    since_on: Mapped[date | None]
    next_on: Mapped[date | None] = mapped_column(comment="the next day on which the answer changes by itself")
    inputs: Mapped[dict[str, object]] = mapped_column(JSONB, comment="facts used, by fact kind")
    parameters: Mapped[dict[str, object]] = mapped_column(JSONB, comment="parameter values used, with their dates")
    missing: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'::text[]"))
    basis: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'::text[]"))
    computed_at: Mapped[datetime] = mapped_column(server_default=NOW)
    __table_args__ = (
        UniqueConstraint("county_code", "subject_kind", "subject_id", "rule_id"),
        CheckConstraint("holds in ('yes', 'no', 'unknown', 'not_applicable')", name="holds"),
        CheckConstraint("level in ('INFO', 'YELLOW', 'RED')", name="level"),
        CheckConstraint("(holds = 'unknown') = (cardinality(missing) > 0)", name="unknown_names_what_is_missing"),
        Index("ix_finding_result", "county_code", "result", "level", postgresql_where=text("holds = 'yes'")),
    )


class LandClassOfResult(Base):
    """Which lead puts a parcel into which class of land that waits (UNDER-06). Data, from migrations/seed."""

    __tablename__ = "land_class"
    result: Mapped[str] = mapped_column(primary_key=True)
    land_class: Mapped[str] = mapped_column("class")
    rank: Mapped[int] = mapped_column(Integer)
    source: Mapped[str]
    __table_args__ = (
        UniqueConstraint("rank"),
        {"comment": "class of land that waits by the result of a lead; the lowest rank that holds is the primary one"},
    )
