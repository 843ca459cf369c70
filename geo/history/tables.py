"""The trail and the change feed. Audit entries hold ids and field names, never personal values (design.md 4)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from geo.schema import NOW, SCHEMA, Base, InCounty


class AuditEntry(Base):
    """Who did what to which row; written unchained, sealed in id order by the worker."""

    __tablename__ = "audit_entry"
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=NOW)
    county_code: Mapped[str | None]
    account: Mapped[str]
    action: Mapped[str]
    object_kind: Mapped[str]
    object_id: Mapped[str | None]
    fields: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    detail: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    request_id: Mapped[str | None]
    __table_args__ = (Index("ix_audit_entry_object", "object_kind", "object_id"),)


class AuditSeal(Base):
    """Hash over the previous seal and the entries up to `last_entry_id`."""

    __tablename__ = "audit_seal"
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    first_entry_id: Mapped[int] = mapped_column(BigInteger)
    last_entry_id: Mapped[int] = mapped_column(BigInteger, unique=True)
    sealed_at: Mapped[datetime] = mapped_column(server_default=NOW)
    digest: Mapped[bytes] = mapped_column(LargeBinary)


class DailyRun(InCounty, Base):
    """Which civil date of a county a task of the worker was last done for."""

    __tablename__ = "daily_run"
    county_code: Mapped[str] = mapped_column(Text, ForeignKey(f"{SCHEMA}.county.code"), primary_key=True)
    task: Mapped[str] = mapped_column(primary_key=True)
    run_on: Mapped[date]
    finished_at: Mapped[datetime] = mapped_column(server_default=NOW)


class EventOutbox(Base):
    """The change feed of `/v1/events`: one row per changed thing, with a monotonic id."""

    __tablename__ = "event_outbox"
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    county_code: Mapped[str]
    collection: Mapped[str]
    code: Mapped[str]
    subject_version: Mapped[int]
    is_public: Mapped[bool] = mapped_column(server_default=text("false"))
    was_public: Mapped[bool] = mapped_column(server_default=text("false"))
    fields: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'::text[]"))
    at: Mapped[datetime] = mapped_column(server_default=NOW)
    __table_args__ = (Index("ix_event_outbox_county", "county_code", "id"),)
