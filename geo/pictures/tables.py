"""A picture of a thing, and its renditions: the only files the public is given."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from geo.crs import STORAGE_SRID
from geo.schema import NOW, SCHEMA, Base, InCounty, versioned

FILE = f"{SCHEMA}.stored_file.id"


class Picture(InCounty, Base):
    """What a picture shows, who made it, who may see it. `code` is its name outside; `geom` (EPSG:4490) is for staff."""

    __tablename__ = "picture"
    id: Mapped[int] = mapped_column(Identity(always=False), primary_key=True)
    code: Mapped[str] = mapped_column(server_default=text("replace(gen_random_uuid()::text, '-', '')"))
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    kind: Mapped[str]
    original_file_id: Mapped[int] = mapped_column(BigInteger, ForeignKey(FILE))
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    width_px: Mapped[int] = mapped_column(Integer)
    height_px: Mapped[int] = mapped_column(Integer)
    caption: Mapped[str | None]
    caption_en: Mapped[str | None]
    taken_on: Mapped[date | None]
    author: Mapped[str | None]
    place: Mapped[str | None]
    licence: Mapped[str | None]
    geom: Mapped[WKBElement | None] = mapped_column(
        Geometry("POINT", STORAGE_SRID, spatial_index=False),
        comment="where the camera stood, from its own record; for staff only",
    )
    audience: Mapped[str] = mapped_column(server_default="staff")
    sort_no: Mapped[Decimal] = mapped_column(
        Numeric, comment="place in the row; one that moves goes between two others"
    )
    withdrawn_at: Mapped[datetime | None]
    replaces_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey(f"{SCHEMA}.picture.id", ondelete="SET NULL"))
    is_drawn: Mapped[bool] = mapped_column(server_default=text("false"))
    is_sample: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)
    created_by: Mapped[str] = mapped_column(server_default="")
    version: Mapped[int] = mapped_column(server_default=text("1"))
    updated_at: Mapped[datetime] = mapped_column(server_default=NOW)
    updated_by: Mapped[str] = mapped_column(server_default="")
    __table_args__ = (
        UniqueConstraint("county_code", "code"),
        CheckConstraint("kind in ('photo', 'plan', 'panorama')", name="kind"),
        CheckConstraint("audience in ('public', 'staff')", name="audience"),
        Index("uq_picture_content", "county_code", "subject_kind", "subject_id", "sha256", unique=True,
              postgresql_where=text("withdrawn_at is null")),
        Index("ix_picture_subject", "county_code", "subject_kind", "subject_id", "sort_no"),
        Index("ix_picture_original_file_id", "original_file_id"),
        Index("ix_picture_replaces_id", "replaces_id"),
    )  # fmt: skip


class PictureRendition(Base):
    """A picture in one of its sizes, made by us: upright, sRGB, without any record of the camera."""

    __tablename__ = "picture_rendition"
    picture_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey(f"{SCHEMA}.picture.id", ondelete="CASCADE"), primary_key=True
    )
    size: Mapped[str] = mapped_column(primary_key=True)
    stored_file_id: Mapped[int] = mapped_column(BigInteger, ForeignKey(FILE), unique=True)
    width_px: Mapped[int] = mapped_column(Integer)
    height_px: Mapped[int] = mapped_column(Integer)
    __table_args__ = (CheckConstraint("size in ('thumb', 'screen', 'panorama')", name="size"),)


versioned(Base.metadata.tables[f"{SCHEMA}.picture"])
