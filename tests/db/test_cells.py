"""Cells of low zooms say what their collection says, whatever happened to it and whoever looks."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy import Engine

from geo.db import sync_engine
from geo.tiles.measuring import fold, measure
from tests.db.conftest import square

ZOOM = 12
CELLS = """
    select audience, z, tx * 64 + cx, ty * 64 + cy, kind, sum(n), sum(area_m2) from register.tile_cell
    where collection = 'parcels' group by 1, 2, 3, 4, 5 having sum(n) <> 0 or sum(area_m2) <> 0 order by 1, 2, 3, 4, 5"""


@pytest.fixture
def engine(database_url: str, county: str) -> Engine:
    """The module's database with cells below zoom 12 for parcels of both audiences."""
    made = sync_engine(database_url)
    anew(database_url)
    return made


def anew(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        for audience in ("public", "staff"):
            connection.execute("select register.set_tile_detail('330225', 'parcels', %s, %s, 1)", [audience, ZOOM])


def cells(database_url: str) -> list[tuple[object, ...]]:
    with psycopg.connect(database_url) as connection:
        return connection.execute(CELLS).fetchall()


def same_as_anew(database_url: str) -> list[tuple[object, ...]]:
    kept = cells(database_url)
    anew(database_url)
    assert cells(database_url) == kept
    return kept


def totals(rows: list[tuple[object, ...]]) -> dict[tuple[object, object], int]:
    found: dict[tuple[object, object], int] = {}
    for audience, zoom, _, _, _, n, _ in rows:
        found[audience, zoom] = found.get((audience, zoom), 0) + int(str(n))
    return found


STEPS = (
    f"insert into register.parcel (county_code, code, name, geom, publication_state) values "
    f"('330225', 'NEW', 'x', {square(121.95, 29.7)}, 'published'), ('330225', 'NEW2', 'x', {square(121.951, 29.7)}, 'internal')",
    "insert into register.fact (county_code, subject_kind, subject_id, kind, value_text, effective_on) "
    "select county_code, 'parcel', id, 'status', 'AVAILABLE', '2024-01-01' from register.parcel where code in ('NEW', 'PUB')",
    f"update register.parcel set geom = {square(121.6, 29.3)} where code = 'NEW'",
    "update register.parcel set publication_state = 'internal' where code = 'PUB'",
    "update register.parcel set publication_state = 'published' where code = 'NEW2'",
    "update register.parcel set geom = null where code = 'NEW2'",
    "delete from register.parcel where code = 'NEW2'",
    "update register.parcel set name = 'y'",
)


def test_every_way_of_changing_leaves_the_cells_as_if_made_anew(engine: Engine, database_url: str) -> None:
    for step in STEPS:
        with psycopg.connect(database_url) as connection:
            connection.execute(step)
        with psycopg.connect(database_url) as connection:
            seen = {
                audience: connection.execute(f"select count(*) from {schema}.parcels where geom is not null").fetchone()
                for audience, schema in (("public", "open_data"), ("staff", "staff_data"))
            }
        found = totals(same_as_anew(database_url))
        assert found == {(audience, z): count[0] for audience, count in seen.items() if count for z in range(ZOOM)}, (
            step
        )


def test_writers_do_not_wait_for_one_another_and_lose_nothing(engine: Engine, database_url: str) -> None:
    move = "update register.parcel set geom = {} where code = %s"
    with psycopg.connect(database_url) as one, psycopg.connect(database_url) as two:
        one.execute(move.format(square(121.7, 29.4)), ["INT"])
        two.execute("set local lock_timeout = '1s'")
        two.execute(move.format(square(121.701, 29.4)), ["TWO"])
        two.commit()
        one.commit()
    same_as_anew(database_url)


def test_what_was_rolled_back_was_never_counted(engine: Engine, database_url: str) -> None:
    before = cells(database_url)
    with psycopg.connect(database_url) as connection:
        connection.execute("delete from register.parcel where code = 'TWO'")
        connection.rollback()
    assert cells(database_url) == before


def test_rows_of_one_cell_are_folded_and_say_the_same(engine: Engine, database_url: str) -> None:
    for lon in (121.3, 121.4, 121.3):
        with psycopg.connect(database_url) as connection:
            connection.execute(f"update register.parcel set geom = {square(lon, 29.2)} where code = 'INT'")
    before = cells(database_url)
    assert fold(engine) > 0
    assert fold(engine) == 0
    assert cells(database_url) == before


def test_a_small_county_shows_shapes_at_every_zoom(engine: Engine) -> None:
    assert set(measure(engine, "330225").values()) == {0}
