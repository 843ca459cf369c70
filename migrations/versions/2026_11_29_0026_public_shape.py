"""What the public sees of an outline is worked out the short way where its corners may simply be moved to the grid.

Frozen history: imports nothing from geo. The SQL lies in migrations/sql/0026. Shapes kept before stay as they are.
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

SQL = Path(__file__).resolve().parent.parent / "sql" / "0026"


def _run(folder: Path) -> None:
    for file in sorted(folder.glob("*.sql")):
        op.get_bind().exec_driver_sql(file.read_text(encoding="utf-8").replace("%", "%%"))


def upgrade() -> None:
    _run(SQL)


def downgrade() -> None:
    _run(SQL / "down")
