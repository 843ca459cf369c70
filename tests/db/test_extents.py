"""The kept extent of a collection holds all of it whatever happened, and is made exact again by measuring; readers trust it."""

from __future__ import annotations

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

from geo.db import PUBLIC, Actor, Audience, driver_url
from geo.registry.collections import COLLECTIONS
from geo.registry.features import FeatureQuery
from geo.registry.whole_place import number_of_all
from tests.db.conftest import Door, square
from tests.db.test_cells import STEPS, anew

Box = tuple[float, float, float, float]
STAFF = Actor(Audience.STAFF, account="someone", units=("U1",), tier="P2")
KEPT = "select min(west), min(south), max(east), max(north) from register.tile_extent where collection = 'parcels' and audience = %s"
TRUE = "select min(st_xmin(geom)), min(st_ymin(geom)), max(st_xmax(geom)), max(st_ymax(geom)) from {}.parcels"
SCHEMAS = {"public": "open_data", "staff": "staff_data"}


def box(url: str, sql: str, *values: str) -> Box | None:
    with psycopg.connect(url) as connection:
        row = connection.execute(sql, values).fetchone()
    assert row is not None
    return None if row[0] is None else row


def holds(outer: Box, inner: Box) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and outer[2] >= inner[2] and outer[3] >= inner[3]


def number(url: str, actor: Actor) -> int:
    made = number_of_all(FeatureQuery(COLLECTIONS["parcels"], "330225"), actor)
    assert made is not None
    with create_engine(driver_url(url)).connect() as connection:
        return int(connection.execute(text(made[0]), made[1]).scalar_one())


def test_no_change_leaves_a_thing_outside_of_the_kept_extent(county: str, database_url: str) -> None:
    anew(database_url)
    for step in STEPS:
        with psycopg.connect(database_url) as connection:
            connection.execute(step)
        for audience, schema in SCHEMAS.items():
            kept, true = box(database_url, KEPT, audience), box(database_url, TRUE.format(schema))
            assert kept is not None
            assert true is None or holds(kept, true), (step, audience)
    anew(database_url)
    for audience, schema in SCHEMAS.items():
        assert box(database_url, KEPT, audience) == box(database_url, TRUE.format(schema)), audience


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(121.1, 122.8), st.floats(28.1, 29.8), st.booleans(), st.booleans()), min_size=1, max_size=6
    )
)
def test_any_plots_are_held_and_counted(
    county: str, database_url: str, plots: list[tuple[float, float, bool, bool]]
) -> None:
    anew(database_url)
    with psycopg.connect(database_url) as connection:
        for n, (lon, lat, is_public, has_place) in enumerate(plots):
            connection.execute(
                f"insert into register.parcel (county_code, code, name, geom, publication_state) values "
                f"('330225', 'H{n}', 'x', {square(lon, lat) if has_place else 'null'}, '{'published' if is_public else 'internal'}')"
            )
    try:
        for (audience, schema), actor in zip(SCHEMAS.items(), (PUBLIC, STAFF), strict=True):
            kept, true = box(database_url, KEPT, audience), box(database_url, TRUE.format(schema))
            assert true is None or (kept is not None and holds(kept, true))
            with psycopg.connect(database_url) as connection:
                counted = connection.execute(f"select count(*) from {schema}.parcels").fetchone()
            assert counted == (number(database_url, actor),)
    finally:
        with psycopg.connect(database_url) as connection:
            connection.execute("delete from register.parcel where code like 'H%'")


def test_two_who_reach_beyond_do_not_wait_for_one_another(county: str, database_url: str) -> None:
    anew(database_url)
    with psycopg.connect(database_url) as one, psycopg.connect(database_url) as two:
        for connection, code, lon in ((one, "FAR1", 121.2), (two, "FAR2", 122.7)):
            connection.execute("set local lock_timeout = '2s'")
            connection.execute(
                f"insert into register.parcel (county_code, code, name, geom, publication_state) values "
                f"('330225', %s, 'x', {square(lon, 29)}, 'published')",
                [code],
            )
        two.commit()
        one.rollback()
    kept = box(database_url, KEPT, "public")
    assert kept is not None
    assert kept[0] > 121.3, "what was taken back left nothing"
    assert kept[2] > 122.7
    with psycopg.connect(database_url) as connection:
        connection.execute("delete from register.parcel where code like 'FAR%'")


def test_where_nothing_is_measured_nothing_is_claimed(county: str, database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        for audience in SCHEMAS:
            connection.execute("select register.set_tile_detail('330225', 'parcels', %s, 0, 0)", [audience])
            connection.execute("update register.parcel set name = 'z'")
        connection.commit()
        assert connection.execute("select count(*) from register.tile_extent").fetchone() == (0,)
        counted = connection.execute("select count(*) from open_data.parcels").fetchone()
    assert counted == (number(database_url, PUBLIC),)


@pytest.mark.parametrize("role", ["yzt_public", "yzt_staff"])
def test_nobody_reads_extents_past_the_views(door: Door, role: str) -> None:
    with door(role) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("select west from register.tile_extent")
    with door("yzt_public") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("select west from staff_data.tile_extents")
    with door("yzt_public") as connection:
        connection.execute("select west from open_data.tile_extents")
