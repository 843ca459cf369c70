"""Tiles that one process made are read by the others; whether one still holds is decided by the database at commit.

Frozen history: imports nothing from geo. The SQL lies in migrations/sql/0021; going back, a function is as 0010 made it.
"""

from __future__ import annotations

import re
from pathlib import Path

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

SQL = Path(__file__).resolve().parent.parent / "sql"


def _run(folder: Path) -> None:
    for file in sorted(folder.glob("*.sql")):
        op.get_bind().exec_driver_sql(file.read_text(encoding="utf-8").replace("%", "%%"))


def upgrade() -> None:
    _run(SQL / "0021")


def downgrade() -> None:
    text = (SQL / "0010" / "20_changes.sql").read_text(encoding="utf-8")
    found = re.search(r"create function register\.tell_changes\(.*?\nend \$\$;", text, re.DOTALL)
    assert found is not None
    op.get_bind().exec_driver_sql(
        found[0].replace("create function", "create or replace function", 1).replace("%", "%%")
    )
    _run(SQL / "0021" / "down")
