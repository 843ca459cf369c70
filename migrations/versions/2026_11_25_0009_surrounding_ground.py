"""The land and the waters around a county: ground for the map.

Frozen history: imports nothing from geo. The SQL lies in migrations/sql/0009.
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SQL = Path(__file__).resolve().parent.parent / "sql" / "0009"


def upgrade() -> None:
    connection = op.get_bind()
    for file in sorted(SQL.glob("*.sql")):
        connection.exec_driver_sql(file.read_text(encoding="utf-8").replace("%", "%%"))


def downgrade() -> None:
    connection = op.get_bind()
    for schema in ("open_data", "staff_data"):
        connection.exec_driver_sql(f"drop view {schema}.surroundings")
    connection.exec_driver_sql("drop table register.surrounding")
