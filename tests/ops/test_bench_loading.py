"""Loading past the triggers of the register leaves what they leave, table by table."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from ops.bench.loading import fill
from tests.plugins.postgis import fresh

ROWS = 2000
OWN = {
    "parcel": ("updated_at",),
    "parcel_version": ("version_id", "recorded_during", "recorded_xid", "updated_at"),
    "parcel_state": (),
    "fact": ("id", "recorded_at"),
    "event_outbox": ("id", "at"),
    "audit_entry": ("id", "at"),
    "name_due": ("id",),
    "nearest_transport": ("computed_at",),
    "evidence_due": ("id",),
    "tile_detail": ("measured_at",),
    "tile_share": (),
    "tile_cell": (),
    "parcel_brief": (),
    "parcel_facet": (),
}
"""Tables, and of each what no two writes have in common."""

Told = dict[str, list[tuple[object, ...]]]


@pytest.fixture(scope="module")
def past(postgis_server: str, template_database: str) -> Iterator[str]:
    """A county loaded past the triggers."""
    yield from fresh(postgis_server, template_database)


@pytest.fixture(scope="module")
def both(database_url: str, past: str) -> tuple[str, str]:
    """Addresses of the county by triggers and past them."""
    fill(database_url, ROWS, lambda _: None, by_triggers=True)
    fill(past, ROWS, lambda _: None)
    for address in (database_url, past):  # so few parcels show their shapes from the first zoom on
        with psycopg.connect(address) as connection:
            connection.execute("select register.set_tile_detail('330225', 'parcels', 'public', 12, %s)", [ROWS])
    return database_url, past


def rows_of(address: str, table: str) -> list[tuple[object, ...]]:
    """All rows as text, geometries to the bit, in one order."""
    with psycopg.connect(address) as connection:
        columns = connection.execute(
            "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped order by attname",
            [f"register.{table}"],
        ).fetchall()
        named = ", ".join(f'"{name}"::text' for (name,) in columns if name not in OWN[table])
        return sorted(connection.execute(f"select {named} from register.{table}".encode()).fetchall(), key=repr)


@pytest.mark.parametrize("table", OWN)
def test_every_table_is_the_same(both: tuple[str, str], table: str) -> None:
    by_triggers, past = (rows_of(address, table) for address in both)
    assert len(by_triggers) == len(past)
    assert by_triggers == past
    assert bool(past) == (table != "evidence_due"), "nothing was compared"


def test_versions_hold_the_instant_their_facts_were_recorded(both: tuple[str, str]) -> None:
    for address in both:
        with psycopg.connect(address) as connection:
            apart = connection.execute(
                "select count(*) from register.fact f join register.parcel_version v on v.id = f.subject_id "
                "where lower(v.recorded_during) <> f.recorded_at or not upper_inf(v.recorded_during)"
            ).fetchone()
        assert apart == (0,)


def test_indexes_and_triggers_stand_as_they_were_migrated(
    both: tuple[str, str], postgis_server: str, template_database: str
) -> None:
    def standing(address: str) -> list[tuple[object, ...]]:
        with psycopg.connect(address) as connection:
            return connection.execute(
                "select pg_get_indexdef(indexrelid) || case when indisvalid then '' else ' (broken)' end from pg_index "
                "where indrelid::regclass::text like 'register.%' "
                "union all select pg_get_triggerdef(oid) || tgenabled::text from pg_trigger where not tgisinternal order by 1"
            ).fetchall()

    assert standing(both[0]) == standing(both[1])


def test_the_next_edit_goes_on_from_there(both: tuple[str, str]) -> None:
    told = []
    for address in both:
        with psycopg.connect(address) as connection:
            connection.execute("update register.parcel set name = name || 'x' where id = 7")
            told.append(
                connection.execute(
                    "select v.version, upper_inf(v.recorded_during) from register.parcel_version v where v.id = 7 order by 1"
                ).fetchall()
            )
            added = connection.execute(
                "insert into register.parcel (county_code, code, name) values ('330225', 'NEW', 'n') returning id"
            ).fetchone()
            connection.rollback()
        assert added == (ROWS + 1,)
    assert told[0] == told[1]
    assert [is_open for _, is_open in told[0]] == [False, True]
