"""Pictures of things: tables, guards, views and rights.

Frozen history: imports nothing from geo; the SQL lies in migrations/sql/0007. Going back removes the pictures for good.
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SQL = Path(__file__).resolve().parent.parent / "sql" / "0007"
FILES = """
    select original_file_id as id from register.picture union select stored_file_id from register.picture_rendition
"""


def upgrade() -> None:
    connection = op.get_bind()
    for file in sorted(SQL.glob("*.sql")):
        connection.exec_driver_sql(file.read_text(encoding="utf-8").replace("%", "%%"))


def downgrade() -> None:
    connection = op.get_bind()
    for view in ("picture_original_chunks", "picture_originals"):
        connection.exec_driver_sql(f"drop view staff_data.{view}")
    for view in ("picture_chunks", "picture_renditions", "pictures"):
        connection.exec_driver_sql(f"drop view open_data.{view}, staff_data.{view}")
    for table in ("stored_file", "stored_file_chunk"):
        connection.exec_driver_sql(f"drop trigger a_refuse_change_of_picture_file on register.{table}")
    connection.exec_driver_sql(f"create temporary table gone on commit drop as {FILES}")
    for table in ("picture_rendition", "picture", "picture_version"):
        connection.exec_driver_sql(f"drop table register.{table}")
    connection.exec_driver_sql("delete from register.stored_file where id in (select id from gone)")
    for function in ("check_picture", "refuse_change_of_picture_file"):
        connection.exec_driver_sql(f"drop function register.{function}()")
