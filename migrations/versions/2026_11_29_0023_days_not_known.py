"""A period whose end is not known stays not known while a pause without end stands.

Frozen history: imports nothing from geo. The SQL lies in migrations/sql/0023. Nothing is lost on the way back.
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

SQL = Path(__file__).resolve().parent.parent / "sql" / "0023"


def _run(folder: Path) -> None:
    for file in sorted(folder.glob("*.sql")):
        op.get_bind().exec_driver_sql(file.read_text(encoding="utf-8").replace("%", "%%"))


def upgrade() -> None:
    _run(SQL)


def downgrade() -> None:
    _run(SQL / "down")
