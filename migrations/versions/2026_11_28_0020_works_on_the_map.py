"""Works of a park have a place on the map, versions, and words for their kinds and states.

Frozen history: imports nothing from geo. The SQL lies in migrations/sql/0020, words in migrations/seed/code_lists_0020.yaml. Going
back removes the shapes of works, their measures and their versions for good.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from alembic import op
from sqlalchemy import text

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

HERE = Path(__file__).resolve().parent.parent
SQL, SEED = HERE / "sql" / "0020", HERE / "seed"


def _lists() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((SEED / "code_lists_0020.yaml").read_text(encoding="utf-8"))
    return found


def _run(folder: Path) -> None:
    for file in sorted(folder.glob("*.sql")):
        op.get_bind().exec_driver_sql(file.read_text(encoding="utf-8").replace("%", "%%"))


def upgrade() -> None:
    connection = op.get_bind()
    for entry in _lists():
        values = entry.pop("values")
        connection.execute(
            text(
                "insert into register.code_list (code, name, name_en, source) values (:code, :name, :name_en, :source)"
            ),
            entry,
        )
        connection.execute(
            text(
                "insert into register.code_value (list_code, code, name, name_en, sort_no) values (:list, :code, :name, :name_en, :sort_no)"
            ),
            [{"list": entry["code"], "sort_no": number, **value} for number, value in enumerate(values)],
        )
    _run(SQL)


def downgrade() -> None:
    _run(SQL / "down")
    connection = op.get_bind()
    for entry in _lists():
        connection.execute(text("delete from register.code_value where list_code = :list"), {"list": entry["code"]})
        connection.execute(text("delete from register.code_list where code = :list"), {"list": entry["code"]})
