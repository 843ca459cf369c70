"""The register: tables, ledger, versions, views, rights, and the words everything is said in.

Frozen history: imports nothing from geo. The SQL lies in migrations/sql/0001, in the order of its numbers; words and
parameters in migrations/seed.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import yaml
from alembic import op
from sqlalchemy import Connection, text

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

HERE = Path(__file__).resolve().parent.parent
SQL = HERE / "sql" / "0001"
SEED = HERE / "seed"


def upgrade() -> None:
    connection = op.get_bind()
    for schema in ("register", "open_data", "staff_data"):
        connection.exec_driver_sql(f"create schema {schema}")
    connection.exec_driver_sql("grant usage, create on schema open_data, staff_data to yzt_reader")
    for file in sorted(SQL.glob("*.sql")):
        connection.exec_driver_sql(file.read_text(encoding="utf-8").replace("%", "%%"))
    connection.exec_driver_sql("revoke create on schema open_data, staff_data from yzt_reader")
    _seed_words(connection)
    _seed_parameters(connection)


def _seed_words(connection: Connection) -> None:
    lists: list[dict[str, Any]] = yaml.safe_load((SEED / "code_lists.yaml").read_text(encoding="utf-8"))
    for entry in lists:
        connection.execute(
            text(
                "insert into register.code_list (code, name, name_en, source) values (:code, :name, :name_en, :source)"
            ),
            {
                "code": entry["code"],
                "name": entry["name"],
                "name_en": entry["name_en"],
                "source": entry.get("source"),
            },
        )
        rows = [
            {
                "list_code": entry["code"],
                "code": str(value["code"]),
                "name": value["name"],
                "name_en": value["name_en"],
                "parent_code": value.get("parent_code"),
                "sort_no": number,
                "note": value.get("note"),
                "source": value.get("source"),
            }
            for number, value in enumerate(entry["values"])
        ]
        connection.execute(
            text(
                "insert into register.code_value (list_code, code, name, name_en, parent_code, sort_no, note, source) "
                "values (:list_code, :code, :name, :name_en, :parent_code, :sort_no, :note, :source)"
            ),
            rows,
        )
    kinds: list[dict[str, Any]] = yaml.safe_load((SEED / "fact_kinds.yaml").read_text(encoding="utf-8"))
    fields = (
        "code",
        "subject_kinds",
        "value_type",
        "unit",
        "code_list",
        "name",
        "name_en",
        "meaning",
        "source",
    )
    connection.execute(
        text(
            "insert into register.fact_kind (code, subject_kinds, value_type, unit, code_list, name, name_en, meaning, source, "
            "is_public, may_be_future, sort_no) values (:code, :subject_kinds, :value_type, :unit, :code_list, :name, :name_en, "
            ":meaning, :source, :is_public, :may_be_future, :sort_no)"
        ),
        [
            {field: kind.get(field) for field in fields}
            | {
                "is_public": kind.get("is_public", False),
                "may_be_future": kind.get("may_be_future", False),
                "sort_no": number,
            }
            for number, kind in enumerate(kinds)
        ],
    )


def _seed_parameters(connection: Connection) -> None:
    with (SEED / "parameters.csv").open(encoding="utf-8", newline="") as file:
        rows = [{key: value or None for key, value in row.items()} for row in csv.DictReader(file)]
    connection.execute(
        text(
            "insert into register.parameter (key, county_code, effective_on, value_num, value_den, unit, citation, confidence, "
            "reviewed_on) values (:key, :county_code, cast(:effective_on as date), cast(:value_num as numeric), "
            "cast(:value_den as numeric), :unit, :citation, :confidence, cast(:reviewed_on as date))"
        ),
        rows,
    )


def downgrade() -> None:
    connection = op.get_bind()
    for schema in ("staff_data", "open_data", "register"):
        connection.exec_driver_sql(f"drop schema {schema} cascade")
