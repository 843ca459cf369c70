"""How a migration runs: as yzt_owner, one at a time, and never waiting long for a lock that people hold."""

from __future__ import annotations

from alembic import context
from geoalchemy2 import alembic_helpers
from sqlalchemy import create_engine, pool, text

from geo.schema import SCHEMA
from geo.tables import metadata

MIGRATION_LOCK = 4_902_254_491


def run() -> None:
    """Run the migrations of this context over one connection."""
    engine = create_engine(context.config.attributes["database_url"], poolclass=pool.NullPool)
    with engine.connect() as connection:
        connection.execute(text("select pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK})
        connection.execute(text("set role yzt_owner"))
        connection.execute(text("set lock_timeout = '5s'"))
        connection.execute(text("set statement_timeout = '15min'"))
        connection.execute(text("set search_path = public"))
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=metadata,
            version_table="schema_version",
            version_table_schema="migration",
            include_schemas=True,
            include_name=lambda name, kind, _: kind != "schema" or name == SCHEMA,
            include_object=alembic_helpers.include_object,
            process_revision_directives=alembic_helpers.writer,
            render_item=alembic_helpers.render_item,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
