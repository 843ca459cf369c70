"""What the land rules need: facts, words, parameters, the working days of 2023, and functions that read a parcel at a moment.

Frozen history: imports nothing from geo. The SQL lies in migrations/sql/0004, words and parameters in migrations/seed/*_0004.*.
Going back removes the facts of the new kinds for good: the older schema has no place for them.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import yaml
from alembic import op
from sqlalchemy import text

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

HERE = Path(__file__).resolve().parent.parent
SQL, SEED = HERE / "sql" / "0004", HERE / "seed"
FUNCTIONS = (
    "parcel_facts(text, bigint[], date, timestamptz)",
    "parcel_columns(text, bigint[], timestamptz)",
    "after_years(date, numeric, numeric)",
    "after_months(date, numeric, numeric)",
    "after_days(date, numeric, numeric)",
    "working_day(text, date)",
    "working_days(text, date, date)",
    "calendar_covers(text, date)",
    "parameter_parts(text, text, date)",
    "parameter_shown(text, text, date)",
    "shown_number(numeric, numeric)",
    "lesser(numeric[], numeric[])",
    "greater(numeric[], numeric[])",
)


def _yaml(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((SEED / name).read_text(encoding="utf-8"))
    return found


def _csv(name: str) -> list[dict[str, str | None]]:
    with (SEED / name).open(encoding="utf-8", newline="") as file:
        return [{key: value or None for key, value in row.items()} for row in csv.DictReader(file)]


def upgrade() -> None:
    connection = op.get_bind()
    for file in sorted(SQL.glob("*.sql")):
        connection.exec_driver_sql(file.read_text(encoding="utf-8").replace("%", "%%"))
    for entry in _yaml("code_lists_0004.yaml"):
        if entry.get("new"):
            connection.execute(
                text(
                    "insert into register.code_list (code, name, name_en, source) values (:code, :name, :name_en, :source)"
                ),
                {key: entry[key] for key in ("code", "name", "name_en", "source")},
            )
        connection.execute(
            text(
                "insert into register.code_value (list_code, code, name, name_en, sort_no) select :list, :code, :name, :name_en, "
                "1 + coalesce(max(sort_no), -1) from register.code_value where list_code = :list"
            ),
            [{"list": entry["code"], **value} for value in entry["values"]],
        )
    connection.execute(
        text(
            "insert into register.fact_kind (code, subject_kinds, value_type, unit, code_list, name, name_en, source, sort_no) "
            "select :code, :subject_kinds, :value_type, :unit, :code_list, :name, :name_en, :source, 1 + max(sort_no) "
            "from register.fact_kind"
        ),
        [{"unit": None, "code_list": None} | kind for kind in _yaml("fact_kinds_0004.yaml")],
    )
    connection.execute(
        text(
            "insert into register.parameter (key, county_code, effective_on, value_num, value_den, unit, citation, confidence, "
            "reviewed_on) values (:key, :county_code, cast(:effective_on as date), cast(:value_num as numeric), "
            "cast(:value_den as numeric), :unit, :citation, :confidence, cast(:reviewed_on as date))"
        ),
        _csv("parameters_0004.csv"),
    )
    connection.execute(
        text(
            "insert into register.work_calendar (calendar, day, is_working, source) "
            "values (:calendar, cast(:day as date), cast(:is_working as boolean), :source) on conflict do nothing"
        ),
        _csv("work_calendar_0004.csv"),
    )
    # what the older rules said of today is said anew as soon as a worker looks
    connection.exec_driver_sql("delete from register.daily_run where task = 'landuse'")


def downgrade() -> None:
    connection = op.get_bind()
    older = ["IDLE-01", "UNDER-01", "UNDER-02", "UNDER-04"]
    connection.execute(text("delete from register.finding where not rule_id = any(:older)"), {"older": older})
    for function in FUNCTIONS:
        connection.exec_driver_sql(f"drop function register.{function}")
    connection.execute(
        text("delete from register.work_calendar where calendar = :calendar and day = cast(:day as date)"),
        [{"calendar": row["calendar"], "day": row["day"]} for row in _csv("work_calendar_0004.csv")],
    )
    keys = sorted({row["key"] or "" for row in _csv("parameters_0004.csv")})
    connection.execute(text("delete from register.parameter where key = any(:keys)"), {"keys": keys})
    kinds = [kind["code"] for kind in _yaml("fact_kinds_0004.yaml")]
    for trigger in ("disable", "enable"):
        connection.exec_driver_sql(f"alter table register.fact {trigger} trigger a_refuse_overwrite")
        if trigger == "disable":
            connection.execute(text("delete from register.fact where kind = any(:kinds)"), {"kinds": kinds})
    connection.execute(text("delete from register.fact_kind where code = any(:kinds)"), {"kinds": kinds})
    for entry in _yaml("code_lists_0004.yaml"):
        codes = [value["code"] for value in entry["values"]]
        connection.execute(
            text("delete from register.code_value where list_code = :list and code = any(:codes)"),
            {"list": entry["code"], "codes": codes},
        )
        if entry.get("new"):
            connection.execute(text("delete from register.code_list where code = :list"), {"list": entry["code"]})
