"""Names to search by: folded, in letters, by initials; what is due; views of names beside each collection.

Frozen history: imports nothing from geo. The SQL lies in migrations/sql/0006. Names are written by a worker after the migration.
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SQL = Path(__file__).resolve().parent.parent / "sql" / "0006"
DOWN = """
do $$
declare
    v text;
    t text;
begin
    for v in select schemaname || '.' || quote_ident(viewname) from pg_views
             where schemaname in ('open_data', 'staff_data') and viewname like 'names\\_of\\_%' loop
        execute 'drop view ' || v;
    end loop;
    foreach t in array array['admin_area', 'park', 'parcel', 'building', 'project', 'enterprise', 'policy_clause',
                             'transport_feature', 'planning_control'] loop
        execute format('drop trigger z_note_names_insert on register.%I', t);
        execute format('drop trigger z_note_names_update on register.%I', t);
        execute format('drop trigger z_note_names_delete on register.%I', t);
    end loop;
end $$;
drop trigger z_note_names_insert on register.project_state;
drop trigger z_note_names_update on register.project_state;
drop function register.note_names();
drop function register.note_project_names();
drop table register.name_due;
drop index register.ix_name_alias_folded;
drop index register.ix_name_alias_latin;
drop index register.ix_name_alias_initials;
drop index register.ix_name_alias_latin_parts;
drop index register.ix_name_alias_latin_parts_internal;
drop index register.ix_name_alias_latin_near;
drop index register.ix_name_alias_latin_near_internal;
delete from register.name_alias where kind <> 'alias';
alter table register.name_alias
    drop column folded, drop column latin, drop column is_published,
    alter column pinyin type text collate "default",
    alter column initials type text collate "default";
create index ix_name_alias_alias on register.name_alias using gin (alias gin_trgm_ops);
create policy staff_all on register.name_alias to yzt_staff using (true) with check (true);
grant select, insert, update, delete on register.name_alias to yzt_staff;
"""


def upgrade() -> None:
    connection = op.get_bind()
    for file in sorted(SQL.glob("*.sql")):
        connection.exec_driver_sql(file.read_text(encoding="utf-8").replace("%", "%%"))


def downgrade() -> None:
    op.get_bind().exec_driver_sql(DOWN.replace("%", "%%"))
