"""What tiles of low zooms are made from, and tiles made before. One class per table, no SQL; what keeps them true lies in
migrations/sql/0010, 0021 and 0028."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import (
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, BIGINT
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

tile_extent = Table(
    "tile_extent",
    Base.metadata,
    Column("county_code", Text, ForeignKey(f"{SCHEMA}.county.code", ondelete="CASCADE"), nullable=False),
    *(Column(name, Text, nullable=False) for name in ("collection", "audience")),
    *(Column(name, Double, nullable=False) for name in ("west", "south", "east", "north")),
    CheckConstraint("audience in ('public', 'staff')", name="audience"),
    CheckConstraint("west <= east and south <= north", name="order"),
    Index("ix_tile_extent_key", "county_code", "collection", "audience"),
    comment="degrees, EPSG:4490; the widest of a key's rows holds",
)
"""The box all things of a measured collection lie in: a reader takes the widest of the rows, a change only adds one."""

tile_mark = Table(
    "tile_mark",
    Base.metadata,
    Column("county_code", Text, nullable=False),
    Column("collection", Text, nullable=False),
    *(Column(name, Integer, nullable=False) for name in ("x0", "y0", "x1", "y1")),
    Column("xid", BIGINT, nullable=False, server_default=text("((pg_current_xact_id())::text)::bigint")),
    Index("ix_tile_mark_layer", "county_code", "collection", "xid"),
)
"""What changed where (tile numbers of zoom 18, inclusive), and in which transaction; collection '*' = all."""


class TileMarkFold(Base):
    """How many marks of a layer were counted and removed: all of transactions before `through_xid`."""

    __tablename__ = "tile_mark_fold"
    county_code: Mapped[str] = mapped_column(primary_key=True)
    collection: Mapped[str] = mapped_column(primary_key=True)
    mark_count: Mapped[int]
    through_xid: Mapped[int]


class TileStore(Base):
    """A tile as it is sent (gzip), by who may see it, with the snapshot it holds for."""

    __tablename__ = "tile_store"
    id: Mapped[int] = mapped_column(primary_key=True)
    county_code: Mapped[str]
    collection: Mapped[str]
    audience: Mapped[str]
    z: Mapped[int] = mapped_column(Integer)
    x: Mapped[int] = mapped_column(Integer)
    y: Mapped[int] = mapped_column(Integer)
    form: Mapped[str]
    epoch: Mapped[str]
    heeds: Mapped[list[str]] = mapped_column(ARRAY(Text))
    reach: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    seen: Mapped[str]
    seen_xmin: Mapped[int]
    body: Mapped[bytes]
    etag: Mapped[str]
    used_at: Mapped[datetime] = mapped_column(server_default=NOW)
    __table_args__ = (
        UniqueConstraint("county_code", "collection", "audience", "z", "x", "y", name="uq_tile_store_tile"),
        CheckConstraint("audience in ('public', 'staff')", name="audience"),
        {"prefixes": ["UNLOGGED"]},
    )
