"""Cases of idle land: a machine that is data, a ledger of steps, overrides of leads.

Frozen history: imports nothing from geo. The SQL lies in migrations/sql/0015, the machine in migrations/seed/case_machine_0015.yaml.
Cases and steps that stand already are kept. Going back removes evidence of steps, takings-back and overrides for good: the older
schema has no place for them; cases, their state and their steps stay, and so do the facts steps told.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import yaml
from alembic import op
from sqlalchemy import text

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

HERE = Path(__file__).resolve().parent.parent
SQL, SEED = HERE / "sql" / "0015", HERE / "seed"
LISTS = {
    "idle_case_state": ("闲置土地案件状态", "State of a case of idle land", "states"),
    "idle_case_event": ("闲置土地案件步骤", "Step of a case of idle land", "events"),
    "disposal_way": ("闲置土地处置方式", "Way to dispose of idle land", "ways"),
}


def _machine() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = yaml.safe_load(
        (SEED / "case_machine_0015.yaml").read_text(encoding="utf-8")
    )
    return found


def _parameters() -> list[dict[str, str | None]]:
    with (SEED / "parameters_0015.csv").open(encoding="utf-8", newline="") as file:
        return [{key: value or None for key, value in row.items()} for row in csv.DictReader(file)]


def _run(file: Path) -> None:
    op.get_bind().exec_driver_sql(file.read_text(encoding="utf-8").replace("%", "%%"))


def _words(machine: dict[str, list[dict[str, Any]]]) -> None:
    connection = op.get_bind()
    for code, (name, name_en, part) in LISTS.items():
        connection.execute(
            text(
                "insert into register.code_list (code, name, name_en, source) values (:code, :name, :name_en, 'domain.md 1.4')"
            ),
            {"code": code, "name": name, "name_en": name_en},
        )
        connection.execute(
            text(
                "insert into register.code_value (list_code, code, name, name_en, sort_no) values (:list, :code, :name, :name_en, :sort_no)"
            ),
            [
                {"list": code, "code": v["code"], "name": v["name"], "name_en": v["name_en"], "sort_no": n}
                for n, v in enumerate(machine[part])
            ],
        )


def _transitions(machine: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """One row a state; OPEN_STATES and SAME: every open state, which stays."""
    open_states = [state["code"] for state in machine["states"] if state["open"]]
    return [
        {
            "from_state": state, "event": t["event"], "to_state": state if t["to"] == "SAME" else t["to"], "limbs": t.get("limbs"),
            "causes": t.get("causes"), "ways": t.get("ways"), "evidence": t.get("evidence", []), "after_events": t.get("after", []),
            "needs": t.get("needs", []), "records": json.dumps(t.get("records", {})), "source": t["source"], "law": t["law"],
            "article": t["article"], "confidence": t["confidence"],
        }
        for t in machine["transitions"]
        for state in (open_states if t["from"] == "OPEN_STATES" else t["from"])
    ]  # fmt: skip


def _fill(table: str, rows: list[dict[str, Any]]) -> None:
    names = list(rows[0])
    places = ", ".join(f"cast(:{name} as jsonb)" if name == "records" else f":{name}" for name in names)
    op.get_bind().execute(text(f"insert into register.{table} ({', '.join(names)}) values ({places})"), rows)


def upgrade() -> None:
    connection, machine = op.get_bind(), _machine()
    _run(SQL / "10_tables.sql")
    _fill(
        "case_state",
        [
            {"code": s["code"], "is_open": s["open"], "is_public": s["public"], "sort_no": n}
            for n, s in enumerate(machine["states"])
        ],
    )
    _fill(
        "case_event_kind",
        [
            {
                "code": e["code"],
                "disputes": e.get("disputes"),
                "freezes": e.get("freezes"),
                "may_be_taken_back": e["taken_back"],
                "sort_no": n,
            }
            for n, e in enumerate(machine["events"])
        ],
    )
    _fill("case_transition", _transitions(machine))
    _fill(
        "case_deadline",
        [{**d, "parameter": d.get("parameter"), "sort_no": n} for n, d in enumerate(machine["deadlines"])],
    )
    _words(machine)
    connection.execute(
        text(
            "insert into register.parameter (key, county_code, effective_on, value_num, value_den, unit, citation, confidence, "
            "reviewed_on) values (:key, :county_code, cast(:effective_on as date), cast(:value_num as numeric), "
            "cast(:value_den as numeric), :unit, :citation, :confidence, cast(:reviewed_on as date))"
        ),
        _parameters(),
    )
    _run(SQL / "20_guards.sql")
    _run(SQL / "30_views_and_rights.sql")


def downgrade() -> None:
    connection = op.get_bind()
    _run(SQL / "down" / "10_down.sql")
    keys = [row["key"] for row in _parameters()]
    connection.exec_driver_sql("alter table register.parameter disable trigger a_refuse_overwrite")
    connection.execute(text("delete from register.parameter where key = any(:keys)"), {"keys": keys})
    connection.exec_driver_sql("alter table register.parameter enable trigger a_refuse_overwrite")
    connection.execute(text("delete from register.code_value where list_code = any(:lists)"), {"lists": list(LISTS)})
    connection.execute(text("delete from register.code_list where code = any(:lists)"), {"lists": list(LISTS)})
