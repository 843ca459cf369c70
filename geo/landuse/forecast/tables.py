"""What leads come to say on days to come. One class per table, no SQL."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Computed, Index, Integer, PrimaryKeyConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from geo.schema import NOW, Base, InCounty


class FindingTurn(InCounty, Base):
    """What one lead comes to say of a parcel on a day to come, if no fact and no parameter changes; kept when findings are."""

    __tablename__ = "finding_turn"
    parcel_id: Mapped[int]
    rule_id: Mapped[str]
    rule_version: Mapped[int] = mapped_column(Integer)
    turns_on: Mapped[date] = mapped_column(
        comment="the day from which the rule says so, if no fact and no parameter changes"
    )
    from_holds: Mapped[str] = mapped_column(comment="what it says until the day before")
    from_result: Mapped[str | None]
    from_level: Mapped[str | None]
    holds: Mapped[str]
    result: Mapped[str | None]
    level: Mapped[str | None]
    is_worse: Mapped[bool] = mapped_column(
        Computed(
            "holds = 'yes' and (from_holds <> 'yes' or coalesce(array_position(array['INFO', 'YELLOW', 'RED'], level), 0) "
            "> coalesce(array_position(array['INFO', 'YELLOW', 'RED'], from_level), 0))",
            persisted=True,
        ),
        comment="the rule comes to hold, or to a worse level",
    )
    computed_at: Mapped[datetime] = mapped_column(server_default=NOW)
    __table_args__ = (
        PrimaryKeyConstraint("county_code", "parcel_id", "rule_id", "turns_on"),
        CheckConstraint("holds in ('yes', 'no', 'unknown', 'not_applicable')", name="holds"),
        CheckConstraint("level in ('INFO', 'YELLOW', 'RED')", name="level"),
        Index("ix_finding_turn_worse", "county_code", "turns_on", "parcel_id", "rule_id", postgresql_where=text("is_worse")),
    )  # fmt: skip
