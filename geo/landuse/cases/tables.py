"""Cases of idle land, their steps, and overrides of leads. One class per table, no SQL."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, Integer, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from geo.schema import NOW, SCHEMA, Base, InCounty

RECORDING = text("register.recording_instant()")
EMPTY = text("'{}'::jsonb")


class IdleCase(InCounty, Base):
    """The case that follows a finding (domain.md 1.4). All but parcel, day and lead follows from its events, by trigger."""

    __tablename__ = "idle_case"
    id: Mapped[int] = mapped_column(Identity(always=False), primary_key=True)
    code: Mapped[str]
    parcel_id: Mapped[int] = mapped_column(BigInteger, ForeignKey(f"{SCHEMA}.parcel.id"))
    state: Mapped[str] = mapped_column(server_default="SUSPECTED")
    is_open: Mapped[bool] = mapped_column(server_default=text("true"))
    limb: Mapped[str | None]
    cause: Mapped[str | None]
    way: Mapped[str | None]
    holder: Mapped[str | None]
    finding: Mapped[dict[str, object]] = mapped_column(
        JSONB,
        server_default=EMPTY,
        comment="the lead as it stood when the case was opened: rule, version, day, answer, inputs, parameters",
    )
    idle_since_on: Mapped[date | None] = mapped_column(
        comment="since when the lead said it is idle: the day works were due, or the day they stopped"
    )
    determination_no: Mapped[str | None]
    determined_on: Mapped[date | None]
    published_on: Mapped[date | None]
    is_disputed: Mapped[bool] = mapped_column(server_default=text("false"))
    is_frozen: Mapped[bool] = mapped_column(server_default=text("false"))
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]
    is_sample: Mapped[bool] = mapped_column(server_default=text("false"))
    version: Mapped[int] = mapped_column(server_default=text("1"))
    recorded_at: Mapped[datetime] = mapped_column(server_default=RECORDING)
    recorded_by: Mapped[str] = mapped_column(server_default="")
    updated_at: Mapped[datetime] = mapped_column(server_default=NOW)
    __table_args__ = (
        UniqueConstraint("county_code", "code"),
        CheckConstraint("limb in ('A', 'B')", name="limb"),
        CheckConstraint("cause in ('OWNER', 'GOVERNMENT', 'FORCE_MAJEURE', 'UNKNOWN')", name="cause"),
        Index("uq_idle_case_open", "parcel_id", unique=True, postgresql_where=text("is_open")),
        Index("ix_idle_case_parcel", "parcel_id"),
    )


class IdleCaseEvent(InCounty, Base):
    """A step of a case with its paper. A ledger: the last step is taken back by a row that retracts it."""

    __tablename__ = "idle_case_event"
    id: Mapped[int] = mapped_column(Identity(always=False), primary_key=True)
    idle_case_id: Mapped[int] = mapped_column(BigInteger, ForeignKey(f"{SCHEMA}.idle_case.id"))
    event: Mapped[str]
    from_state: Mapped[str | None]
    to_state: Mapped[str]
    happened_on: Mapped[date]
    document_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey(f"{SCHEMA}.document.id"))
    document_no: Mapped[str | None]
    url: Mapped[str | None]
    holder: Mapped[str | None]
    cause: Mapped[str | None]
    way: Mapped[str | None]
    new_due_on: Mapped[date | None]
    judged: Mapped[dict[str, object]] = mapped_column(
        JSONB, server_default=EMPTY, comment="what rules said of the parcel on the day of the event: rule -> answer"
    )
    note: Mapped[str | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=RECORDING)
    recorded_by: Mapped[str] = mapped_column(server_default="")
    retracts_event_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey(f"{SCHEMA}.idle_case_event.id"))
    is_sample: Mapped[bool] = mapped_column(server_default=text("false"))
    __table_args__ = (
        Index("ix_idle_case_event_case", "idle_case_id"),
        Index(
            "uq_idle_case_event_retracts",
            "retracts_event_id",
            unique=True,
            postgresql_where=text("retracts_event_id is not null"),
        ),
    )


class IdleCaseFact(InCounty, Base):
    """A fact a step told to the ledger; it is retracted with the step."""

    __tablename__ = "idle_case_fact"
    idle_case_event_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey(f"{SCHEMA}.idle_case_event.id"), primary_key=True
    )
    fact_id: Mapped[int] = mapped_column(BigInteger, ForeignKey(f"{SCHEMA}.fact.id"), primary_key=True)


class FindingOverride(InCounty, Base):
    """ "This flag is wrong because ...", kept beside the finding, which stays. A ledger."""

    __tablename__ = "finding_override"
    id: Mapped[int] = mapped_column(Identity(always=False), primary_key=True)
    parcel_id: Mapped[int] = mapped_column(BigInteger, ForeignKey(f"{SCHEMA}.parcel.id"))
    rule_id: Mapped[str]
    rule_version: Mapped[int | None] = mapped_column(
        Integer, comment="the answer it speaks of, with holds, result and level: when that changes it has lapsed"
    )
    holds: Mapped[str | None]
    result: Mapped[str | None]
    level: Mapped[str | None]
    reason: Mapped[str | None] = mapped_column(comment="why the lead is wrong; null in a row that only takes one back")
    document_no: Mapped[str | None]
    note: Mapped[str | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=RECORDING)
    recorded_by: Mapped[str] = mapped_column(server_default="")
    retracts_override_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey(f"{SCHEMA}.finding_override.id"))
    is_sample: Mapped[bool] = mapped_column(server_default=text("false"))
    __table_args__ = (
        CheckConstraint(
            "(reason is null) = (holds is null) and (reason is not null or retracts_override_id is not null)",
            name="override_or_retraction",
        ),
        CheckConstraint("holds in ('yes', 'unknown')", name="holds"),
        Index("ix_finding_override_parcel", "parcel_id", "rule_id"),
        Index(
            "uq_finding_override_retracts",
            "retracts_override_id",
            unique=True,
            postgresql_where=text("retracts_override_id is not null"),
        ),
    )


class CasePaper(InCounty, Base):
    """A file of a step: the notice, the letter, a photo of the inspection. A ledger; its file never changes."""

    __tablename__ = "case_paper"
    id: Mapped[int] = mapped_column(Identity(always=False), primary_key=True)
    idle_case_event_id: Mapped[int] = mapped_column(BigInteger, ForeignKey(f"{SCHEMA}.idle_case_event.id"))
    stored_file_id: Mapped[int] = mapped_column(BigInteger, ForeignKey(f"{SCHEMA}.stored_file.id"), unique=True)
    recorded_at: Mapped[datetime] = mapped_column(server_default=RECORDING)
    recorded_by: Mapped[str] = mapped_column(server_default="")
    __table_args__ = (Index("ix_case_paper_event", "idle_case_event_id"),)
