"""Distances to the nearest ramp, station, port and airport, to be filtered and sorted by; chains and order of offer beside them.

Frozen history: imports nothing from geo. The SQL lies in migrations/sql/0005.
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SQL = Path(__file__).resolve().parent.parent / "sql" / "0005"
OLDER_VIEWS = """
do $$
declare
    schema_name text;
    thing text;
    body text;
begin
    foreach schema_name in array array['open_data', 'staff_data'] loop
        foreach thing in array array['parcel', 'building'] loop
            body := rtrim(pg_get_viewdef(format('%I.%I', schema_name, thing || 's')::regclass, true), E'; \\n');
            body := regexp_replace(body, ',\\s+near\\.ramp_m AS nearest_ramp_m.*?\\) AS chain_codes(,\\s+register\\.offer_rank\\(s\\.status\\) AS offer_rank)?', '');
            body := regexp_replace(body, '\\s+LEFT JOIN register\\.nearest_transport near ON [^\\n]+', '');
            execute format('drop function %I.%I(text, date, timestamptz)', schema_name, thing || 's_at');
            execute format('drop view %I.%I', schema_name, thing || 's');
            execute format('create view %I.%I as %s', schema_name, thing || 's', body);
            execute format('grant select on %I.%I to yzt_staff, yzt_admin%s', schema_name, thing || 's',
                           case schema_name when 'open_data' then ', yzt_public, yzt_app' else '' end);
        end loop;
    end loop;
end $$
"""


def upgrade() -> None:
    connection = op.get_bind()
    for file in sorted(SQL.glob("*.sql")):
        connection.exec_driver_sql(file.read_text(encoding="utf-8").replace("%", "%%"))


def downgrade() -> None:
    connection = op.get_bind()
    connection.exec_driver_sql("grant usage, create on schema open_data, staff_data to yzt_reader")
    connection.exec_driver_sql(OLDER_VIEWS.replace("%", "%%"))
    for schema in ("open_data", "staff_data"):
        for view in ("parcels", "buildings"):
            connection.exec_driver_sql(f"alter view {schema}.{view} owner to yzt_reader")
    connection.exec_driver_sql("call register.make_views_at()")
    connection.exec_driver_sql("revoke create on schema open_data, staff_data from yzt_reader")
    for table in ("parcel", "building", "transport_feature"):
        for event in ("insert", "update", "delete"):
            connection.exec_driver_sql(f"drop trigger z_nearest_{event} on register.{table}")
    connection.exec_driver_sql("drop function register.follow_nearest_transport(), register.spread_nearest_transport()")
    connection.exec_driver_sql("drop function register.refresh_nearest_transport(text, text, bigint[])")
    connection.exec_driver_sql("drop function register.offer_rank(text)")
    connection.exec_driver_sql("drop table register.nearest_transport")
