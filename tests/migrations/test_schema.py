"""The schema walks both ways, leaves no trace, keeps rows on the way up, and is what the models say."""

from __future__ import annotations

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from geoalchemy2 import alembic_helpers
from sqlalchemy import create_engine

from geo.db import driver_url
from geo.schema import NOT_VERSIONED, SCHEMA, VERSIONED
from geo.tables import metadata
from ops import database

REGISTER_OBJECTS = """
    select 'relation ' || c.oid::regclass from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('register', 'open_data', 'staff_data')
    union all select 'function ' || p.oid::regprocedure from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname in ('register', 'open_data', 'staff_data')
    union all select 'schema ' || nspname from pg_namespace where nspname in ('register', 'open_data', 'staff_data')
"""

BACK_AGAIN = {
    "relation register.ix_name_alias_alias",
    "function register.working_day(text,date)",
    "function register.working_days(text,date,date)",
    "function register.calendar_covers(text,date)",
    "function register.parameter_parts(text,text,date)",
    "function register.parameter_shown(text,text,date)",
}
"""What a later migration took away."""


def objects(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        return {row[0] for row in connection.execute(REGISTER_OBJECTS)}


def test_there_is_one_head(database_url: str) -> None:
    assert len(ScriptDirectory.from_config(database.alembic_config(database_url)).get_heads()) == 1


def test_models_equal_ddl(database_url: str) -> None:
    engine = create_engine(driver_url(database_url))
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_schemas": True,
                "compare_type": True,
                "include_name": lambda name, kind, _: kind != "schema" or name == SCHEMA,
                "include_object": alembic_helpers.include_object,
            },
        )
        differences = compare_metadata(context, metadata)
    assert differences == []


def test_every_version_table_repeats_its_table(database_url: str) -> None:
    assert {"parcel", "building", "project", "park", "enterprise", "policy_clause", "transport_feature"} <= set(
        VERSIONED
    )
    for name, version in VERSIONED.items():
        own = {c.name for c in metadata.tables[f"{SCHEMA}.{name}"].columns} - NOT_VERSIONED
        assert own <= {c.name for c in version.columns}, name


def test_down_leaves_no_trace_and_up_again_with_rows(empty_database_url: str) -> None:
    url = empty_database_url
    database.prepare(url)
    first = objects(url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "insert into register.county (code, name, name_en, outline, survey_srid, time_zone) values "
            "('1', '甲', 'A', st_multi(st_makeenvelope(121, 29, 122, 30, 4490)), 4529, 'Asia/Shanghai')"
        )
        connection.execute(
            "insert into register.parcel (county_code, code, name, geom) values ('1', 'P', '地块', "
            "st_multi(st_makeenvelope(121.1, 29.1, 121.2, 29.2, 4490)))"
        )
    database.downgrade(url, "0001")
    assert objects(url) - BACK_AGAIN < first
    database.migrate(url)
    assert objects(url) == first
    database.downgrade(url)
    assert objects(url) == set()
    database.migrate(url)
    assert objects(url) == first
    database.prepare(url)
    assert objects(url) == first


@pytest.mark.parametrize("table", ["code_value", "fact_kind", "parameter"])
def test_words_and_parameters_are_there(database_url: str, table: str) -> None:
    with psycopg.connect(database_url) as connection:
        row = connection.execute(f"select count(*) from register.{table}").fetchone()
    assert row is not None
    assert row[0] > 20
