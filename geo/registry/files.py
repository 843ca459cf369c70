"""Papers and files: content in chunks in the database by default, nothing lasting on an app's disk."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from geo.schema import NOW, SCHEMA, Base, InCounty


class Document(InCounty, Base):
    """A paper with a number and a date: contract, permit, decision, minutes."""

    __tablename__ = "document"
    id: Mapped[int] = mapped_column(Identity(always=False), primary_key=True)
    document_no: Mapped[str]
    kind: Mapped[str] = mapped_column(server_default="other")
    title: Mapped[str | None]
    issued_on: Mapped[date | None]
    issuer: Mapped[str | None]
    stored_file_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey(f"{SCHEMA}.stored_file.id"))
    is_sample: Mapped[bool] = mapped_column(server_default=text("false"))
    __table_args__ = (UniqueConstraint("county_code", "document_no"),)


class StoredFile(InCounty, Base):
    """A file by its content: photo, panorama, plan, upload. Where `storage` is 's3', `object_key` says where."""

    __tablename__ = "stored_file"
    id: Mapped[int] = mapped_column(Identity(always=False), primary_key=True)
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    byte_size: Mapped[int]
    media_type: Mapped[str]
    file_name: Mapped[str]
    role: Mapped[str] = mapped_column(comment="photo, panorama, plan, upload, rejects, report, scan")
    audience: Mapped[str] = mapped_column(server_default="staff")
    storage: Mapped[str] = mapped_column(server_default="database")
    object_key: Mapped[str | None]
    subject_kind: Mapped[str | None]
    subject_id: Mapped[int | None]
    taken_on: Mapped[date | None]
    author: Mapped[str | None]
    place: Mapped[str | None]
    licence: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)
    created_by: Mapped[str] = mapped_column(server_default="")
    __table_args__ = (
        CheckConstraint("length(sha256) = 32", name="sha256_length"),
        CheckConstraint("audience in ('public', 'staff')", name="audience"),
        CheckConstraint("(storage = 's3') = (object_key is not null)", name="storage"),
        Index("ix_stored_file_subject", "county_code", "subject_kind", "subject_id"),
    )


class StoredFileChunk(Base):
    """A piece of a file's content, 256 KiB at most."""

    __tablename__ = "stored_file_chunk"
    stored_file_id: Mapped[int] = mapped_column(BigInteger, ForeignKey(f"{SCHEMA}.stored_file.id", ondelete="CASCADE"))
    chunk_no: Mapped[int] = mapped_column(Integer)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    __table_args__ = (
        PrimaryKeyConstraint("stored_file_id", "chunk_no"),
        CheckConstraint("length(content) <= 262144", name="chunk_size"),
    )
