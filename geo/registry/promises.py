"""Who holds what until when. The database refuses a second promise of the same thing (design.md 4)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    CheckConstraint,
    Identity,
    Integer,
    Numeric,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import DATERANGE, JSONB, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from geo.schema import NOW, Base, InCounty, county_fk


class Promise(InCounty, Base):
    """A hold, a reservation or a commitment on a whole parcel, a whole floor or a numbered part."""

    __tablename__ = "promise"
    id: Mapped[int] = mapped_column(Identity(always=False), primary_key=True)
    kind: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    part_no: Mapped[int] = mapped_column(Integer, server_default=text("0"), comment="0 = the whole")
    project_code: Mapped[str | None]
    holder: Mapped[str | None]
    during: Mapped[Range[date]] = mapped_column(DATERANGE)
    reason: Mapped[str | None]
    made_at: Mapped[datetime] = mapped_column(server_default=NOW)
    made_by: Mapped[str] = mapped_column(server_default="")
    released_at: Mapped[datetime | None]
    released_by: Mapped[str | None]
    version: Mapped[int] = mapped_column(server_default=text("1"))
    __table_args__ = (
        CheckConstraint("kind in ('hold', 'reserve', 'commit')", name="kind"),
        CheckConstraint("subject_kind in ('parcel', 'building_space')", name="subject_kind"),
        CheckConstraint("not isempty(during)", name="during_not_empty"),
        county_fk("project_code", "project"),
        ExcludeConstraint(
            ("county_code", "="),
            ("subject_kind", "="),
            ("subject_id", "="),
            ("part_no", "="),
            ("during", "&&"),
            where=text("released_at is null"),
            using="gist",
            name="ex_promise_once",
        ),
    )


class Quota(InCounty, Base):
    """A quantity that can be used up: land quota, energy, emission, power."""

    __tablename__ = "quota"
    id: Mapped[int] = mapped_column(Identity(always=False), primary_key=True)
    code: Mapped[str]
    name: Mapped[str]
    name_en: Mapped[str | None]
    kind: Mapped[str]
    unit: Mapped[str]
    amount: Mapped[Decimal] = mapped_column(Numeric(18, 4))
    valid_during: Mapped[Range[date]] = mapped_column(DATERANGE)
    __table_args__ = (
        UniqueConstraint("county_code", "code"),
        CheckConstraint("amount >= 0", name="not_negative"),
    )


class QuotaUse(InCounty, Base):
    """A part of a quota given to a project; the sum is held under the quota by a trigger under a row lock."""

    __tablename__ = "quota_use"
    id: Mapped[int] = mapped_column(Identity(always=False), primary_key=True)
    quota_code: Mapped[str]
    project_code: Mapped[str | None]
    amount: Mapped[Decimal] = mapped_column(Numeric(18, 4))
    made_at: Mapped[datetime] = mapped_column(server_default=NOW)
    made_by: Mapped[str] = mapped_column(server_default="")
    released_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("amount > 0", name="positive"),
        county_fk("quota_code", "quota"),
        county_fk("project_code", "project"),
    )


class ChangeProposal(InCounty, Base):
    """A change that waits for a second pair of eyes."""

    __tablename__ = "change_proposal"
    id: Mapped[int] = mapped_column(Identity(always=False), primary_key=True)
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    base_version: Mapped[int]
    change: Mapped[dict[str, object]] = mapped_column(JSONB)
    reason: Mapped[str | None]
    proposed_at: Mapped[datetime] = mapped_column(server_default=NOW)
    proposed_by: Mapped[str] = mapped_column(server_default="")
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
    decision: Mapped[str | None]
    decision_reason: Mapped[str | None]
    __table_args__ = (
        CheckConstraint("decision in ('accepted', 'refused', 'withdrawn')", name="decision"),
        CheckConstraint(
            "decided_by is distinct from proposed_by or decision = 'withdrawn'", name="second_pair_of_eyes"
        ),
    )
