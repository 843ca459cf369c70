"""When the land clock stood still, and why. One class per table, no SQL."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, Integer, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from geo.schema import SCHEMA, Base, InCounty


class PauseCause(Base):
    """Why a clock may stand; only causes that the law accepts stop it (IDLE-05). Data, from migrations/seed."""

    __tablename__ = "pause_cause"
    code: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    stops_clock: Mapped[bool] = mapped_column(comment="whether the law accepts it: only then do the days not count")
    name: Mapped[str]
    name_en: Mapped[str]
    law: Mapped[str | None] = mapped_column(comment="id of a law of the rules' vocabulary")
    article: Mapped[str | None]
    source: Mapped[str]
    sort_no: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    __table_args__ = (
        CheckConstraint("kind in ('GOVERNMENT', 'FORCE_MAJEURE', 'PREWORK', 'OWNER', 'UNKNOWN')", name="kind"),
        CheckConstraint("not stops_clock or (law is not null and article is not null)", name="stops_by_law"),
    )


class ClockPause(InCounty, Base):
    """Days of one parcel that do not count, both ends included; `to_on` null: the clock still stands.

    A ledger: a correction, the end of an open pause and an undoing are rows that retract an older one. A row without days
    only retracts.
    """

    __tablename__ = "clock_pause"
    id: Mapped[int] = mapped_column(Identity(always=False), primary_key=True)
    parcel_id: Mapped[int] = mapped_column(BigInteger, ForeignKey(f"{SCHEMA}.parcel.id"))
    from_on: Mapped[date | None] = mapped_column(
        comment="first day that does not count; null in a row that only retracts"
    )
    to_on: Mapped[date | None] = mapped_column(comment="last day that does not count; null = the clock still stands")
    cause: Mapped[str | None] = mapped_column(Text, ForeignKey(f"{SCHEMA}.pause_cause.code"))
    document_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey(f"{SCHEMA}.document.id"))
    document_no: Mapped[str | None]
    note: Mapped[str | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=text("register.recording_instant()"))
    recorded_by: Mapped[str] = mapped_column(server_default="")
    retracts_pause_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey(f"{SCHEMA}.clock_pause.id"))
    is_sample: Mapped[bool] = mapped_column(server_default=text("false"))
    __table_args__ = (
        CheckConstraint(
            "(from_on is null) = (cause is null) and (from_on is not null or (to_on is null and retracts_pause_id is not null))",
            name="pause_or_retraction",
        ),
        CheckConstraint("to_on >= from_on", name="ends_after_it_begins"),
        CheckConstraint(
            "from_on >= date '1900-01-01' and from_on <= date '2999-12-31' and (to_on is null or to_on <= date '2999-12-31')",
            name="days_of_the_language",
        ),
        Index("ix_clock_pause_parcel", "parcel_id"),
        Index(
            "uq_clock_pause_retracts",
            "retracts_pause_id",
            unique=True,
            postgresql_where=text("retracts_pause_id is not null"),
        ),
    )
