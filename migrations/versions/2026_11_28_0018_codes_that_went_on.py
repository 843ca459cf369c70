"""A code that was merged, split or given anew leads to what stands in its place.

Frozen history: imports nothing from geo. The SQL lies in migrations/sql/0018, words in migrations/seed/fact_kinds_0018.yaml.
Going back forgets which code went on as which; what was withdrawn for it stays withdrawn.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from alembic import op
from sqlalchemy import text

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

HERE = Path(__file__).resolve().parent.parent
SQL = HERE / "sql" / "0018"


def _kinds() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((HERE / "seed" / "fact_kinds_0018.yaml").read_text(encoding="utf-8"))
    return found


def _run(folder: Path) -> None:
    for file in sorted(folder.glob("*.sql")):
        op.get_bind().exec_driver_sql(file.read_text(encoding="utf-8").replace("%", "%%"))


def upgrade() -> None:
    _run(SQL)
    op.get_bind().execute(
        text(
            "insert into register.fact_kind (code, subject_kinds, value_type, name, name_en, meaning, source, sort_no) "
            "select :code, :subject_kinds, :value_type, :name, :name_en, :meaning, :source, 1 + max(sort_no) from register.fact_kind"
        ),
        _kinds(),
    )


def downgrade() -> None:
    connection = op.get_bind()
    _run(SQL / "down")
    kinds = [kind["code"] for kind in _kinds()]
    connection.exec_driver_sql("alter table register.fact disable trigger a_refuse_overwrite")
    connection.execute(text("delete from register.fact where kind = any(:kinds)"), {"kinds": kinds})
    connection.exec_driver_sql("alter table register.fact enable trigger a_refuse_overwrite")
    connection.execute(text("delete from register.fact_kind where code = any(:kinds)"), {"kinds": kinds})
