"""What leads come to say by themselves on days to come, and how far ahead a county looks.

Frozen history: imports nothing from geo. The SQL lies in migrations/sql/0016, parameters in migrations/seed/parameters_0016.csv.
Nothing is lost on the way back: turns are worked out anew.
"""

from __future__ import annotations

import csv
from pathlib import Path

from alembic import op
from sqlalchemy import text

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

HERE = Path(__file__).resolve().parent.parent
SQL = HERE / "sql" / "0016"


def _parameters() -> list[dict[str, str | None]]:
    with (HERE / "seed" / "parameters_0016.csv").open(encoding="utf-8", newline="") as file:
        return [{key: value or None for key, value in row.items()} for row in csv.DictReader(file)]


def _run(folder: Path) -> None:
    for file in sorted(folder.glob("*.sql")):
        op.get_bind().exec_driver_sql(file.read_text(encoding="utf-8").replace("%", "%%"))


def upgrade() -> None:
    connection = op.get_bind()
    connection.execute(
        text(
            "insert into register.parameter (key, county_code, effective_on, value_num, value_den, unit, citation, confidence, "
            "reviewed_on) values (:key, :county_code, cast(:effective_on as date), cast(:value_num as numeric), "
            "cast(:value_den as numeric), :unit, :citation, :confidence, cast(:reviewed_on as date))"
        ),
        _parameters(),
    )
    _run(SQL)
    # turns of what stands already are worked out as soon as a worker looks
    connection.exec_driver_sql("delete from register.daily_run where task = 'landuse'")


def downgrade() -> None:
    connection = op.get_bind()
    _run(SQL / "down")
    keys = sorted({row["key"] or "" for row in _parameters()})
    for trigger in ("disable", "enable"):
        connection.exec_driver_sql(f"alter table register.parameter {trigger} trigger a_refuse_overwrite")
        if trigger == "disable":
            connection.execute(text("delete from register.parameter where key = any(:keys)"), {"keys": keys})
