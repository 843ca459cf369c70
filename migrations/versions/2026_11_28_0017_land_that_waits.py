"""Land that waits as one collection, by class; which ground counts into the building coefficient is data.

Frozen history: imports nothing from geo. The SQL lies in migrations/sql/0017, rows and words in migrations/seed/*_0017.yaml. Nothing
that people told is lost on the way back.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from alembic import op
from sqlalchemy import text

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

HERE = Path(__file__).resolve().parent.parent
SQL, SEED = HERE / "sql" / "0017", HERE / "seed"


def _yaml(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((SEED / name).read_text(encoding="utf-8"))
    return found


def _run(folder: Path) -> None:
    for file in sorted(folder.glob("*.sql")):
        op.get_bind().exec_driver_sql(file.read_text(encoding="utf-8").replace("%", "%%"))


def upgrade() -> None:
    connection = op.get_bind()
    _run(SQL)
    connection.execute(
        text("insert into register.land_class (result, class, rank, source) values (:result, :class, :rank, :source)"),
        _yaml("land_classes_0017.yaml"),
    )
    connection.execute(
        text(
            "insert into register.ground_use_kind (code, in_coefficient, source) values (:code, :in_coefficient, :source)"
        ),
        _yaml("ground_use_kinds_0017.yaml"),
    )
    for entry in _yaml("code_lists_0017.yaml"):
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


def downgrade() -> None:
    connection = op.get_bind()
    for entry in _yaml("code_lists_0017.yaml"):
        connection.execute(text("delete from register.code_value where list_code = :list"), {"list": entry["code"]})
        connection.execute(text("delete from register.code_list where code = :list"), {"list": entry["code"]})
    _run(SQL / "down")
