"""Indexes for what surrounds a thing: the nearest transport of a kind, the buildings of a parcel and of a park.

Frozen history: imports nothing from geo. The SQL lies in migrations/sql/0008.
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

SQL = Path(__file__).resolve().parent.parent / "sql" / "0008"
INDEXES = (
    "ix_transport_feature_place",
    "ix_transport_feature_place_public",
    "ix_building_parcel",
    "ix_building_park",
)


def upgrade() -> None:
    for file in sorted(SQL.glob("*.sql")):
        op.get_bind().exec_driver_sql(file.read_text(encoding="utf-8"))


def downgrade() -> None:
    for index in INDEXES:
        op.get_bind().exec_driver_sql(f"drop index register.{index}")
