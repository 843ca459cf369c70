"""Ground in use, what is measured of surveyed plots, and rules that read it.

Frozen history: imports nothing from geo. The SQL lies in migrations/sql/0013, words and parameters in migrations/seed/*_0013.*.
Going back removes the facts of surveys, ground in use and everything measured for good: the older schema has no place for them.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import yaml
from alembic import op
from sqlalchemy import text

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

HERE = Path(__file__).resolve().parent.parent
SQL, SEED = HERE / "sql" / "0013", HERE / "seed"
SURVEYED = "ground_surveyed_on"
FUNCTIONS = (
    "derive_ground_use()",
    "note_evidence()",
    "note_evidence_of_facts()",
    "evidence_due_at(text, geometry[])",
    "evidence_changed()",
)
OLDER_COLUMNS = re.compile(r"create function register\.parcel_columns.*?end \$\$;", re.DOTALL)


def _yaml(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((SEED / name).read_text(encoding="utf-8"))
    return found


def _csv(name: str) -> list[dict[str, str | None]]:
    with (SEED / name).open(encoding="utf-8", newline="") as file:
        return [{key: value or None for key, value in row.items()} for row in csv.DictReader(file)]


def upgrade() -> None:
    connection = op.get_bind()
    connection.execute(
        text(
            "insert into register.fact_kind (code, subject_kinds, value_type, name, name_en, meaning, source, sort_no) "
            "select :code, :subject_kinds, :value_type, :name, :name_en, :meaning, :source, 1 + max(sort_no) from register.fact_kind"
        ),
        _yaml("fact_kinds_0013.yaml"),
    )
    for entry in _yaml("code_lists_0013.yaml"):
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
    connection.execute(
        text(
            "insert into register.parameter (key, county_code, effective_on, value_num, value_den, unit, citation, confidence, "
            "reviewed_on) values (:key, :county_code, cast(:effective_on as date), cast(:value_num as numeric), "
            "cast(:value_den as numeric), :unit, :citation, :confidence, cast(:reviewed_on as date))"
        ),
        _csv("parameters_0013.csv"),
    )
    for file in sorted(SQL.glob("*.sql")):
        connection.exec_driver_sql(file.read_text(encoding="utf-8").replace("%", "%%"))
    # what the rules said before they read what is measured is said anew as soon as a worker looks
    connection.exec_driver_sql("delete from register.daily_run where task = 'landuse'")


def downgrade() -> None:
    connection = op.get_bind()
    for view in ("spare_land", "land_evidence", "land_evidence_versions", "ground_uses", "ground_use_versions"):
        connection.exec_driver_sql(f"drop view staff_data.{view}")
    connection.exec_driver_sql("drop function register.parcel_columns(text, bigint[], timestamptz)")
    older = OLDER_COLUMNS.search((HERE / "sql" / "0004" / "10_rules.sql").read_text(encoding="utf-8"))
    assert older is not None
    connection.exec_driver_sql(older.group().replace("%", "%%"))
    connection.exec_driver_sql(
        "revoke all on function register.parcel_columns(text, bigint[], timestamptz) from public"
    )
    connection.exec_driver_sql(
        "grant execute on function register.parcel_columns(text, bigint[], timestamptz) to yzt_staff, yzt_admin"
    )
    connection.exec_driver_sql("drop trigger z_note_evidence on register.fact")
    for table in ("parcel", "building", "building_space"):
        for event in ("update",) if table == "parcel" else ("insert", "update", "delete"):
            connection.exec_driver_sql(f"drop trigger z_note_evidence_{event} on register.{table}")
    for table in ("land_evidence", "ground_use"):
        connection.exec_driver_sql(f"drop table register.{table}, register.{table}_version")
    connection.exec_driver_sql("drop table register.evidence_due")
    for function in FUNCTIONS:
        connection.exec_driver_sql(f"drop function register.{function}")
    connection.exec_driver_sql("drop index register.ix_fact_ground_surveyed")
    for trigger in ("disable", "enable"):
        connection.exec_driver_sql(f"alter table register.fact {trigger} trigger a_refuse_overwrite")
        if trigger == "disable":
            connection.execute(text("delete from register.fact where kind = :kind"), {"kind": SURVEYED})
    connection.execute(text("delete from register.fact_kind where code = :kind"), {"kind": SURVEYED})
    keys = sorted({row["key"] or "" for row in _csv("parameters_0013.csv")})
    for trigger in ("disable", "enable"):
        connection.exec_driver_sql(f"alter table register.parameter {trigger} trigger a_refuse_overwrite")
        if trigger == "disable":
            connection.execute(text("delete from register.parameter where key = any(:keys)"), {"keys": keys})
    for entry in _yaml("code_lists_0013.yaml"):
        connection.execute(text("delete from register.code_value where list_code = :list"), {"list": entry["code"]})
        connection.execute(text("delete from register.code_list where code = :list"), {"list": entry["code"]})
