"""Pauses of the land clock; parameters and working days as known at an instant.

Frozen history: imports nothing from geo. The SQL lies in migrations/sql/0012, words in migrations/seed/*_0012.yaml.
Going back removes the pauses for good, and every value of a parameter but the last recorded of its day.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from alembic import op
from sqlalchemy import text

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

HERE = Path(__file__).resolve().parent.parent
SQL, SEED = HERE / "sql" / "0012", HERE / "seed"


def _yaml(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((SEED / name).read_text(encoding="utf-8"))
    return found


def _run(folder: Path) -> None:
    for file in sorted(folder.glob("*.sql")):
        op.get_bind().exec_driver_sql(file.read_text(encoding="utf-8").replace("%", "%%"))


def upgrade() -> None:
    _run(SQL)
    connection = op.get_bind()
    connection.execute(
        text(
            "insert into register.pause_cause (code, kind, stops_clock, name, name_en, law, article, source, sort_no) "
            "values (:code, :kind, :stops_clock, :name, :name_en, :law, :article, :source, :sort_no)"
        ),
        [{**cause, "sort_no": number} for number, cause in enumerate(_yaml("pause_causes_0012.yaml"))],
    )
    connection.exec_driver_sql(
        "create trigger a_refuse_overwrite before update or delete on register.pause_cause "
        "for each row execute function register.refuse_overwrite()"
    )
    connection.execute(
        text(
            "insert into register.fact_kind (code, subject_kinds, value_type, name, name_en, meaning, source, sort_no) "
            "select :code, :subject_kinds, :value_type, :name, :name_en, :meaning, :source, 1 + max(sort_no) from register.fact_kind"
        ),
        _yaml("fact_kinds_0012.yaml"),
    )
    # what the older rules said of today is said anew as soon as a worker looks
    connection.exec_driver_sql("delete from register.daily_run where task = 'landuse'")


def downgrade() -> None:
    _run(SQL / "down")
    connection = op.get_bind()
    kinds = [kind["code"] for kind in _yaml("fact_kinds_0012.yaml")]
    connection.exec_driver_sql("alter table register.fact disable trigger a_refuse_overwrite")
    connection.execute(text("delete from register.fact where kind = any(:kinds)"), {"kinds": kinds})
    connection.exec_driver_sql("alter table register.fact enable trigger a_refuse_overwrite")
    connection.execute(text("delete from register.fact_kind where code = any(:kinds)"), {"kinds": kinds})
