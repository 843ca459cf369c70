"""Cells for low zooms, word of what changed for whoever keeps something in memory, a change feed that tells what is gone.

Frozen history: imports nothing from geo. The SQL lies in migrations/sql/0010; going back, two functions are as 0001 made them.
"""

from __future__ import annotations

import re
from pathlib import Path

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SQL = Path(__file__).resolve().parent.parent / "sql"
DROP = """
do $$
declare t record;
begin
    for t in select tgname, tgrelid::regclass as on_table from pg_trigger
             where not tgisinternal and (tgname like 'zz\\_tiles\\_%' or tgname = 'a_remember_public') loop
        execute format('drop trigger %I on %s', t.tgname, t.on_table);
    end loop;
end $$;
drop view open_data.tile_details, open_data.tile_cells, staff_data.tile_details, staff_data.tile_cells;
drop view staff_data.events;
alter table register.event_outbox drop column was_public;
create view staff_data.events as
select id, county_code, collection, code, subject_version, fields, at from register.event_outbox;
grant select on staff_data.events to yzt_staff, yzt_admin;
grant usage, create on schema staff_data to yzt_reader;
alter view staff_data.events owner to yzt_reader;
revoke create on schema staff_data from yzt_reader;
drop function register.tiles_changed(), register.findings_changed(), register.rest_changed(), register.remember_public_projects();
drop function register.fold_cells(), register.set_tile_detail(text, text, text, int, bigint, int);
drop function register.follow_cells(text, text, bigint[]), register.tile_shares(text, text, text, bigint[]);
drop function register.cell_kind(text), register.public_test(text, text), register.tell_changes(text, text[], int[]);
drop table register.tile_cell, register.tile_share, register.tile_detail;
"""


def upgrade() -> None:
    connection = op.get_bind()
    for file in sorted((SQL / "0010").glob("*.sql")):
        connection.exec_driver_sql(file.read_text(encoding="utf-8").replace("%", "%%"))


def downgrade() -> None:
    connection = op.get_bind()
    for file, function in (("40_versions.sql", "announce"), ("50_ledger.sql", "refresh_state")):
        text = (SQL / "0001" / file).read_text(encoding="utf-8")
        found = re.search(rf"create function register\.{function}\(.*?\nend \$\$;", text, re.DOTALL)
        assert found is not None
        connection.exec_driver_sql(
            found[0].replace("create function", "create or replace function", 1).replace("%", "%%")
        )
    connection.exec_driver_sql(DROP.replace("%", "%%"))
