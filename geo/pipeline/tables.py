"""The problem loop 发现-反馈-解决 (ISSUE-01). One class per table, no SQL."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Identity, Integer, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from geo.schema import NOW, Base, InCounty, county_fk


class ProblemCase(InCounty, Base):
    """A problem found with a project or a thing on the map, until it is verified as solved (design.md 9: `problem`)."""

    __tablename__ = "problem"
    id: Mapped[int] = mapped_column(Identity(always=False), primary_key=True)
    code: Mapped[str]
    category: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="FOUND")
    project_code: Mapped[str | None]
    parcel_code: Mapped[str | None]
    description: Mapped[str]
    found_on: Mapped[date]
    due_on: Mapped[date | None]
    unit_code: Mapped[str | None]
    result: Mapped[str | None]
    satisfaction: Mapped[int | None] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)
    created_by: Mapped[str] = mapped_column(server_default="")
    version: Mapped[int] = mapped_column(server_default=text("1"))
    __table_args__ = (
        UniqueConstraint("county_code", "code"),
        CheckConstraint(
            "state in ('FOUND', 'TRIAGED', 'ASSIGNED', 'IN_PROGRESS', 'COORDINATION', 'RESOLVED', 'VERIFIED', "
            "'CLOSED', 'REOPENED')",
            name="state",
        ),
        CheckConstraint("satisfaction between 1 and 5", name="satisfaction"),
        county_fk("project_code", "project"),
        county_fk("parcel_code", "parcel"),
        county_fk("unit_code", "unit"),
    )
