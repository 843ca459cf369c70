"""The list, totals, choices and freshness of a large county's parcels stand ready, so that its first screen looks at no million rows.

Frozen history: imports nothing from geo. The SQL lies in migrations/sql/0029.
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

SQL = Path(__file__).resolve().parent.parent / "sql" / "0029"


def _run(folder: Path) -> None:
    for file in sorted(folder.glob("*.sql")):
        op.get_bind().exec_driver_sql(file.read_text(encoding="utf-8").replace("%", "%%"))


def upgrade() -> None:
    _run(SQL)


def downgrade() -> None:
    _run(SQL / "down")
