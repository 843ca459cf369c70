"""Collections as they stood at a moment: `<collection>_at(county, as_of, known_at)` beside each view; last imports.

Frozen history: imports nothing from geo. The SQL lies in migrations/sql/0003.
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SQL = Path(__file__).resolve().parent.parent / "sql" / "0003"
DROP = """
do $$
declare f text;
begin
    for f in select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
             where p.prokind = 'f' and ((n.nspname in ('open_data', 'staff_data') and p.proname ~ '_at$')
                or (n.nspname = 'register' and (p.proname in ('moment_of', 'known_until')
                    or (p.proname ~ '_at$' and pg_get_function_identity_arguments(p.oid) = 'p_county text, p_instant timestamp with time zone'))))
    loop
        execute 'drop function ' || f;
    end loop;
end $$;
drop procedure register.make_views_at()
"""


def upgrade() -> None:
    connection = op.get_bind()
    for file in sorted(SQL.glob("*.sql")):
        connection.exec_driver_sql(file.read_text(encoding="utf-8").replace("%", "%%"))


def downgrade() -> None:
    connection = op.get_bind()
    connection.exec_driver_sql("drop view open_data.last_imports, staff_data.last_imports")
    connection.exec_driver_sql(DROP)
