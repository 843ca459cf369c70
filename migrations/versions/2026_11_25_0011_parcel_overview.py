"""An index from which the map's first screen is answered.

Frozen history: imports nothing from geo. The SQL lies in migrations/sql/0011.
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

SQL = Path(__file__).resolve().parent.parent / "sql" / "0011"


def upgrade() -> None:
    connection = op.get_bind()
    for file in sorted(SQL.glob("*.sql")):
        connection.exec_driver_sql(file.read_text(encoding="utf-8").replace("%", "%%"))


def downgrade() -> None:
    op.get_bind().exec_driver_sql("drop index register.ix_parcel_overview")
