"""What a worker does by itself (seals over the trail, leads every day), the lawful grid as a parameter, leaders who read all.

Frozen history: imports nothing from geo. The SQL lies in migrations/sql/0002.
"""

from __future__ import annotations

from pathlib import Path

import yaml
from alembic import op
from sqlalchemy import Connection, text

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

HERE = Path(__file__).resolve().parent.parent
SQL = HERE / "sql" / "0002"


def upgrade() -> None:
    connection = op.get_bind()
    for file in sorted(SQL.glob("*.sql")):
        connection.exec_driver_sql(file.read_text(encoding="utf-8").replace("%", "%%"))
    for entry in yaml.safe_load((HERE / "seed" / "code_lists_0002.yaml").read_text(encoding="utf-8")):
        connection.execute(
            text(
                "insert into register.code_value (list_code, code, name, name_en, sort_no) select :list, :code, :name, :name_en, "
                "1 + max(sort_no) from register.code_value where list_code = :list"
            ),
            [{"list": entry["code"], **value} for value in entry["values"]],
        )


def downgrade() -> None:
    connection = op.get_bind()
    back = (
        (SQL / "30_reads.sql").read_text(encoding="utf-8").replace("yzt.units", "?").replace("yzt.reads", "yzt.units")
    )
    connection.exec_driver_sql(back.replace("?", "yzt.reads").replace("%", "%%"))
    _without_facilities(connection)
    kinds = "list_code = 'transport_kind' and code in ('school', 'hospital', 'cbd')"
    connection.exec_driver_sql(f"delete from register.code_value where {kinds}")
    connection.exec_driver_sql("delete from register.parameter where key = 'pub.coord_decimals'")
    connection.exec_driver_sql("drop trigger z_remove_findings on register.parcel")
    connection.exec_driver_sql("drop function register.remove_findings()")
    connection.exec_driver_sql("drop table register.daily_run")
    for table, trigger in (
        ("audit_seal", "a_refuse_overwrite"),
        ("audit_seal", "a_refuse_truncate"),
        ("audit_entry", "a_refuse_truncate"),
    ):
        connection.exec_driver_sql(f"drop trigger {trigger} on register.{table}")
    for function in ("verify_audit(interval)", "seal_audit(int)", "audit_digest(bytea, bigint, bigint)"):
        connection.exec_driver_sql(f"drop function register.{function}")
    connection.exec_driver_sql("grant insert, update, delete, truncate on register.audit_seal to yzt_admin")


def _without_facilities(connection: Connection) -> None:
    """Facilities have no place in the older schema: they go, with what was recorded of them."""
    facilities = "kind in ('school', 'hospital', 'cbd')"
    for table in ("transport_feature", "transport_feature_version"):
        connection.exec_driver_sql(f"delete from register.{table} where {facilities}")
    connection.exec_driver_sql("alter table register.transport_feature drop constraint ck_transport_feature_kind")
    connection.exec_driver_sql(
        "alter table register.transport_feature add constraint ck_transport_feature_kind check (kind in ('expressway', 'ramp', "
        "'road', 'rail', 'station', 'port', 'berth', 'airport', 'ferry', 'bridge'))"
    )
