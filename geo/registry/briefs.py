"""What stands ready of a large county's parcels for its first screen: brief lines and numbers. One class per table, no SQL; what keeps
them true lies in migrations/sql/0029."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, Column, Index, Numeric, SmallInteger, Table, Text, text
from sqlalchemy.dialects.postgresql import BIGINT
from sqlalchemy.orm import Mapped, mapped_column

from geo.schema import Base


class ParcelBrief(Base):
    """A line of the list, as an audience sees it; `ix_parcel_brief_offer` holds the list's own order."""

    __tablename__ = "parcel_brief"
    county_code: Mapped[str] = mapped_column(primary_key=True)
    audience: Mapped[str] = mapped_column(primary_key=True)
    subject_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code: Mapped[str]
    town_code: Mapped[str | None]
    status: Mapped[str | None]
    offer_rank: Mapped[int | None] = mapped_column(SmallInteger)
    realm: Mapped[str | None]
    area_m2: Mapped[Decimal | None] = mapped_column(Numeric(16, 2), comment="measured in the county's survey CRS, m2")
    land_use_code: Mapped[str | None]
    data_date: Mapped[date | None]
    __table_args__ = (
        CheckConstraint("audience in ('public', 'staff')", name="audience"),
        Index("ix_parcel_brief_offer", "county_code", "audience", "offer_rank", "realm", text("area_m2 desc nulls last"), "code",
              postgresql_include=["subject_id"]),
    )  # fmt: skip


parcel_facet = Table(
    "parcel_facet",
    Base.metadata,
    *(Column(name, Text, nullable=False) for name in ("county_code", "audience", "facet", "value", "status")),
    Column("n", BIGINT, nullable=False),
    CheckConstraint("audience in ('public', 'staff')", name="audience"),
    CheckConstraint("facet in ('town', 'land_use', 'data_date')", name="facet"),
    Index("ix_parcel_facet_key", "county_code", "audience", "facet"),
    comment="as many rows of a value as there were changes: a reader adds up n; 'town' is told by status, '' = none",
)
"""How many parcels have a value, by what they can be told apart by."""
