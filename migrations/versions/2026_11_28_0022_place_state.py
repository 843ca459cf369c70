"""Whether anything changed at a place since a snapshot, as a reader may ask: pages answered before are answered again by it.

Frozen history: imports nothing from geo. The SQL lies in migrations/sql/0022.
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

SQL = Path(__file__).resolve().parent.parent / "sql" / "0022"


def _run(folder: Path) -> None:
    for file in sorted(folder.glob("*.sql")):
        op.get_bind().exec_driver_sql(file.read_text(encoding="utf-8").replace("%", "%%"))


def upgrade() -> None:
    _run(SQL)


def downgrade() -> None:
    _run(SQL / "down")
