"""What tiles of low zooms are made from. One class per table, no SQL; what keeps them true lies in migrations/sql/0010."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, Numeric, Table, Text
from sqlalchemy.dialects.postgresql import BIGINT
from sqlalchemy.orm import Mapped, mapped_column

from geo.schema import NOW, SCHEMA, Base


class TileDetail(Base):
    """From which zoom a collection of a county shows its shapes to an audience, and their names; cells below."""

    __tablename__ = "tile_detail"
    county_code: Mapped[str] = mapped_column(
        Text, ForeignKey(f"{SCHEMA}.county.code", ondelete="CASCADE"), primary_key=True
    )
    collection: Mapped[str] = mapped_column(primary_key=True)
    audience: Mapped[str] = mapped_column(primary_key=True)
    shapes_from_zoom: Mapped[int] = mapped_column(Integer)
    names_from_zoom: Mapped[int] = mapped_column(Integer)
    thing_count: Mapped[int]
    measured_at: Mapped[datetime] = mapped_column(server_default=NOW)
    __table_args__ = (
        CheckConstraint("audience in ('public', 'staff')", name="audience"),
        CheckConstraint("shapes_from_zoom between 0 and 16", name="shapes_from_zoom"),
    )


class TileShare(Base):
    """What a thing adds to the cells: the cell of zoom 16 that the middle of its box lies in, its kind, its area."""

    __tablename__ = "tile_share"
    county_code: Mapped[str] = mapped_column(primary_key=True)
    collection: Mapped[str] = mapped_column(primary_key=True)
    audience: Mapped[str] = mapped_column(primary_key=True)
    subject_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    gx: Mapped[int] = mapped_column(Integer)
    gy: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str]
    area_m2: Mapped[Decimal] = mapped_column(Numeric(18, 2))


tile_cell = Table(
    "tile_cell",
    Base.metadata,
    *(Column(name, Text, nullable=False) for name in ("county_code", "collection", "audience")),
    *(Column(name, Integer, nullable=False) for name in ("z", "tx", "ty", "cx", "cy")),
    Column("kind", Text, nullable=False),
    Column("n", BIGINT, nullable=False),
    Column("area_m2", Numeric(18, 2), nullable=False),
    Index("ix_tile_cell_tile", "county_code", "collection", "audience", "z", "tx", "ty"),
)
"""Cells of a tile (z, tx, ty; 64 by 64, cy from the north), as many rows each as there were changes: a reader adds them up."""
