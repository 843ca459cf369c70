"""Rights live in the database: what each role sees and may write, whatever the application does."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import errors

from tests.db.conftest import Door

COLLECTIONS = (
    "parks",
    "featured_towns",
    "parcels",
    "buildings",
    "projects",
    "enterprises",
    "policies",
    "transport",
    "admin_areas",
    "park_works",
)


def codes(connection: psycopg.Connection, view: str) -> set[str]:
    return {row[0] for row in connection.execute(f"select code from {view}")}


def test_the_public_sees_only_what_is_published(door: Door) -> None:
    with door("yzt_public") as connection:
        assert codes(connection, "open_data.parcels") == {"PUB"}


def test_staff_see_all_parcels(door: Door) -> None:
    with door("yzt_staff", units="U1") as connection:
        assert codes(connection, "staff_data.parcels") >= {"PUB", "INT", "TWO"}


@pytest.mark.parametrize(
    "table", ["parcel", "fact", "project", "account", "planning_control", "enterprise_year", "finding"]
)
def test_the_public_reads_no_base_table(door: Door, table: str) -> None:
    with door("yzt_public") as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute(f"select * from register.{table}")


@pytest.mark.parametrize("view", ["parcels", "controls", "findings", "facts"])
def test_the_public_reads_no_staff_view(door: Door, view: str) -> None:
    with door("yzt_public") as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute(f"select * from staff_data.{view}")


def test_staff_read_tables_only_on_keys(door: Door) -> None:
    with door("yzt_staff", units="U1") as connection:
        connection.execute("select id, county_code, code, unit_code, version from register.parcel")
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("select name from register.parcel")


def test_a_clerk_writes_only_for_the_own_unit(door: Door) -> None:
    with door("yzt_staff", units="U1") as connection:
        assert connection.execute("update register.parcel set name = '改名' where code = 'INT'").rowcount == 1
        assert connection.execute("update register.parcel set name = 'x' where code = 'TWO'").rowcount == 0
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("update register.parcel set unit_code = 'U2' where code = 'INT'")


def test_a_reader_without_units_writes_nothing(door: Door) -> None:
    with door("yzt_staff") as connection:
        assert connection.execute("update register.parcel set name = 'x'").rowcount == 0
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("insert into register.parcel (county_code, code, name) values ('330225', 'N', 'n')")


def test_a_clerk_tells_facts_only_of_the_own_unit(door: Door) -> None:
    statement = (
        "insert into register.fact (county_code, subject_kind, subject_id, kind, value_text, effective_on) "
        "select county_code, 'parcel', id, 'status', 'AVAILABLE', '2026-01-01' from register.parcel where code = %s"
    )
    with door("yzt_staff", units="U1") as connection:
        assert connection.execute(statement, ["INT"]).rowcount == 1
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute(statement, ["TWO"])


def test_settings_left_empty_on_a_pooled_connection_mean_public(database_url: str, county: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("select set_config('yzt.units', '*', true)")
        connection.commit()
        connection.execute("set local role yzt_staff")
        assert connection.execute("select current_setting('yzt.units', true)").fetchone() == ("",)
        assert connection.execute("update register.parcel set name = 'x'").rowcount == 0


def test_projects_in_negotiation_are_for_their_unit_and_the_bureau(database_url: str, door: Door) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "delete from register.project where not exists (select from register.fact where subject_kind = 'project')"
        )
        connection.execute(
            "insert into register.project (county_code, code, name, unit_code, publication_state) "
            "values ('330225', 'SECRET', '在谈项目', 'U2', 'published') on conflict do nothing"
        )
        connection.execute(
            "insert into register.fact (county_code, subject_kind, subject_id, kind, value_text, effective_on) "
            "select county_code, 'project', id, 'stage', 'NEGOTIATING', '2026-01-01' from register.project where code = 'SECRET'"
        )
    with door("yzt_public") as connection:
        assert "SECRET" not in codes(connection, "open_data.projects")
        assert connection.execute("select count(*) from open_data.facts where subject_kind = 'project'").fetchone() == (
            0,
        )
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("update register.project set publication_state = 'internal' where code = 'SECRET'")
    for units, tier, sees in (("U1", "P3", False), ("U2", "P3", True), ("*", "P3", True), ("*", "P2", False)):
        with door("yzt_staff", units=units, tier=tier) as connection:
            assert ("SECRET" in codes(connection, "staff_data.projects")) is sees, (units, tier)
    with door("yzt_staff", units="", tier="P3", reads="*") as leader:
        assert "SECRET" in codes(leader, "staff_data.projects")
        assert leader.execute(
            "select count(*) > 0 from staff_data.facts where subject_kind = 'project'"
        ).fetchone() == (True,)
        leader.execute("update register.project set name = '改' where code = 'SECRET'")
        assert leader.execute("select name from staff_data.projects where code = 'SECRET'").fetchone() == ("在谈项目",)


def test_views_are_plain_and_owned_by_the_reader(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        rows = connection.execute(
            "select c.oid::regclass::text, pg_get_userbyid(c.relowner), c.reloptions from pg_class c "
            "join pg_namespace n on n.oid = c.relnamespace where n.nspname in ('open_data', 'staff_data') and c.relkind = 'v'"
        ).fetchall()
    assert len(rows) > 30
    assert {owner for _, owner, _ in rows} == {"yzt_reader"}
    assert {str(options) for _, _, options in rows} == {"None"}


def test_row_security_is_forced_on_every_table(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        unguarded = connection.execute(
            "select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace "
            "where n.nspname = 'register' and c.relkind = 'r' and not (c.relrowsecurity and c.relforcerowsecurity)"
        ).fetchall()
    assert unguarded == []


def test_the_same_collections_stand_in_both_schemas(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        for schema in ("open_data", "staff_data"):
            present = {
                r[0] for r in connection.execute("select viewname from pg_views where schemaname = %s", [schema])
            }
            assert set(COLLECTIONS) <= present
        public = {r[0] for r in connection.execute("select viewname from pg_views where schemaname = 'open_data'")}
    assert public.isdisjoint({"controls", "findings", "parcel_versions"})
