"""Import batches: file, hash, guesses, report; row by row what was done and what stood before."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from geo.schema import NOW, SCHEMA, Base, InCounty


class ImportBatch(InCounty, Base):
    """One import, or the undoing of one (`undoes_batch_id`)."""

    __tablename__ = "import_batch"
    id: Mapped[int] = mapped_column(Identity(always=False), primary_key=True)
    collection: Mapped[str]
    file_name: Mapped[str]
    file_sha256: Mapped[bytes | None] = mapped_column(LargeBinary)
    stored_file_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey(f"{SCHEMA}.stored_file.id"))
    rejects_file_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey(f"{SCHEMA}.stored_file.id"))
    state: Mapped[str] = mapped_column(server_default="queued")
    options: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))
    guesses: Mapped[dict[str, Any]] = mapped_column(
        JSONB, server_default=text("'{}'::jsonb"), comment="CRS, encoding, columns, and the evidence for each"
    )
    report: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))
    progress: Mapped[dict[str, Any]] = mapped_column(
        JSONB, server_default=text("'{}'::jsonb"), comment="step, done, total"
    )
    undoes_batch_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey(f"{SCHEMA}.import_batch.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)
    created_by: Mapped[str] = mapped_column(server_default="")
    started_at: Mapped[datetime | None]
    heartbeat_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint(
            "state in ('queued', 'running', 'applied', 'applied_with_rejects', 'nothing_applied', 'failed', 'undone')",
            name="state",
        ),
        Index(
            "uq_import_batch_undoes",
            "undoes_batch_id",
            unique=True,
            postgresql_where=text("undoes_batch_id is not null and state <> 'failed'"),
        ),
        Index("ix_import_batch_county", "county_code", "id"),
    )


class ImportRow(Base):
    """What became of one row of a file; `before` makes the undo exact."""

    __tablename__ = "import_row"
    import_batch_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey(f"{SCHEMA}.import_batch.id", ondelete="CASCADE")
    )
    row_no: Mapped[int] = mapped_column(comment="1 = the first row of the file")
    action: Mapped[str]
    code: Mapped[str | None]
    subject_id: Mapped[int | None]
    version_after: Mapped[int | None]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    field: Mapped[str | None]
    reason_code: Mapped[str | None]
    reason: Mapped[str | None]
    repairs: Mapped[list[Any] | None] = mapped_column(JSONB)
    __table_args__ = (
        PrimaryKeyConstraint("import_batch_id", "row_no"),
        CheckConstraint(
            "action in ('inserted', 'updated', 'unchanged', 'rejected', 'removed', 'restored', 'kept')",
            name="action",
        ),
        CheckConstraint(
            "(action = 'rejected') = (reason_code is not null) or action = 'kept'", name="rejected_says_why"
        ),
    )
