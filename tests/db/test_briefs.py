"""Brief lines and numbers of a large county say what its parcels say, whatever happened to them and whoever looks."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from geo.db import PUBLIC, Actor, Audience, acting, async_engine
from geo.registry.collections import COLLECTIONS
from geo.registry.feature_pages import page
from geo.registry.features import FeatureQuery, SortKey
from geo.registry.freshness import freshness
from geo.registry.whole_place import OFFER_ORDER, briefs_of
from geo.settings import GeoSettings
from geo.tiles.measuring import fold
from map_frontend import reading
from map_frontend.screen.kinds import KINDS
from tests.db.conftest import Door, square
from tests.db.test_cells import STEPS, anew, engine  # noqa: F401

STAFF = Actor(Audience.STAFF, account="someone", units=("U1",), tier="P2")
BRIEFS = "select audience, b::text from register.parcel_brief b order by 1, 2"
FACETS = "select audience, facet, value, status, sum(n) from register.parcel_facet group by 1, 2, 3, 4 having sum(n) <> 0 order by 1, 2, 3, 4"
NUMBERS = itertools.count()
MORE = (
    "update register.parcel set area_m2 = area_m2, land_use_code = '100101', realm = 'sea', data_date = '2024-05-06' where code = 'NEW'",
    "update register.parcel set data_date = '2031-01-01', town_code = null where code = 'PUB'",
    "update register.parcel set code = 'NEWER', land_use_code = null where code = 'NEW'",
    "insert into register.fact (county_code, subject_kind, subject_id, kind, value_text, effective_on) "
    "select county_code, 'parcel', id, 'status', 'RESERVE', '2024-02-01' from register.parcel where code = 'NEWER'",
)


def kept(url: str) -> tuple[list[Any], list[Any]]:
    with psycopg.connect(url) as connection:
        return connection.execute(BRIEFS).fetchall(), connection.execute(FACETS).fetchall()


def not_measured(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for audience in ("public", "staff"):
            connection.execute("select register.set_tile_detail('330225', 'parcels', %s, 0, 0)", [audience])


def first_screen(url: str, actor: Actor) -> list[Any]:
    """All of what stands ready, as the screen reads it: every page of the list, totals, land uses, the newest day."""

    async def ask() -> list[Any]:
        service = async_engine(GeoSettings(DATABASE_URL=url))
        query = FeatureQuery(COLLECTIONS["parcels"], "330225", sort=OFFER_ORDER, properties=("code",))
        found: list[Any] = []
        async with acting(service, actor, 10_000) as connection:
            after = None
            while True:
                part = await page(connection, actor, query, 3, after)
                found.append((part.text, part.number_returned, part.next_after))
                if (after := part.next_after) is None:
                    break
            totals = await reading.town_totals(connection, actor, "330225")
            found.append(sorted((t.code, sorted(t.by.items()), t.lon, t.lat) for t in totals))
            found.append((await reading.options(connection, actor, "330225")).get("land_use"))
            found.append(
                [n for n in await freshness(connection, actor, "330225", "Asia/Shanghai") if n.collection == "parcels"]
            )
        await service.dispose()
        return found

    return asyncio.run(ask())


def same_with_and_without(url: str) -> None:
    ready = [first_screen(url, actor) for actor in (PUBLIC, STAFF)]
    not_measured(url)
    assert [first_screen(url, actor) for actor in (PUBLIC, STAFF)] == ready
    anew(url)


def test_every_way_of_changing_leaves_them_as_if_made_anew(engine: Engine, database_url: str) -> None:  # noqa: F811
    for step in (*STEPS, *MORE):
        with psycopg.connect(database_url) as connection:
            connection.execute(step)
        found = kept(database_url)
        anew(database_url)
        assert kept(database_url) == found, step
        assert found[0], "nothing was compared"
        same_with_and_without(database_url)


def test_the_screen_reads_what_stands_ready(engine: Engine, database_url: str) -> None:  # noqa: F811
    before = first_screen(database_url, PUBLIC)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("delete from register.parcel_brief")
        connection.execute("delete from register.parcel_facet")
    after = first_screen(database_url, PUBLIC)
    anew(database_url)
    assert before[0][1] > 0
    assert after[0][1] == 0
    assert (after[-3], after[-2]) == ([], None)


@settings(max_examples=12, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["AVAILABLE", "RESERVE", "IN_USE", None]), st.sampled_from(["land", "sea"]), st.booleans(),
            st.sampled_from([None, "2024-01-01", "2025-12-31"]), st.booleans(),
        ),
        min_size=1, max_size=6,
    )
)  # fmt: skip
def test_any_parcels_are_listed_in_the_same_order(
    county: str, database_url: str, plots: list[tuple[str | None, str, bool, str | None, bool]]
) -> None:
    anew(database_url)
    with psycopg.connect(database_url) as connection:
        for n, (status, realm, is_public, day, has_place) in enumerate(plots):
            code = f"H{next(NUMBERS)}"
            connection.execute(
                f"insert into register.parcel (county_code, code, name, geom, realm, data_date, publication_state) values "
                f"('330225', %s, 'x', {square(121.9 + n / 100, 29.5) if has_place else 'null'}, %s, %s, %s)",
                [code, realm, day, "published" if is_public else "internal"],
            )
            if status is not None:
                connection.execute(
                    "insert into register.fact (county_code, subject_kind, subject_id, kind, value_text, effective_on) "
                    "select county_code, 'parcel', id, 'status', %s, '2024-01-01' from register.parcel where code = %s",
                    [status, code],
                )
    same_with_and_without(database_url)


def test_writers_do_not_wait_for_one_another_and_lose_nothing(engine: Engine, database_url: str) -> None:  # noqa: F811
    move = "update register.parcel set land_use_code = '0601' where code = %s"
    with psycopg.connect(database_url) as one, psycopg.connect(database_url) as two:
        one.execute(move, ["INT"])
        two.execute("set local lock_timeout = '1s'")
        two.execute(move, ["TWO"])
        two.commit()
        one.commit()
    found = kept(database_url)
    anew(database_url)
    assert kept(database_url) == found


def test_what_was_taken_back_was_never_counted_and_changes_are_folded(engine: Engine, database_url: str) -> None:  # noqa: F811
    before = kept(database_url)
    with psycopg.connect(database_url) as connection:
        connection.execute("delete from register.parcel where code = 'TWO'")
        connection.rollback()
    assert kept(database_url) == before
    for code in ("0602", "0603", "0602"):
        with psycopg.connect(database_url) as connection:
            connection.execute("update register.parcel set land_use_code = %s where code = 'INT'", [code])
    before = kept(database_url)
    assert fold(engine) > 0
    assert fold(engine) == 0
    assert kept(database_url) == before


def test_only_all_parcels_in_the_lists_own_order_are_read_there() -> None:
    parcels = FeatureQuery(COLLECTIONS["parcels"], "330225", sort=OFFER_ORDER)
    assert briefs_of(parcels, PUBLIC) is not None
    others = (
        FeatureQuery(COLLECTIONS["parcels"], "330225", sort=OFFER_ORDER, equal={"town_code": "T1"}),
        FeatureQuery(COLLECTIONS["parcels"], "330225", sort=OFFER_ORDER, condition=("true", {})),
        FeatureQuery(COLLECTIONS["parcels"], "330225", sort=OFFER_ORDER, area=b"x"),
        FeatureQuery(COLLECTIONS["parcels"], "330225", sort=(SortKey("area_m2", is_descending=True),)),
        FeatureQuery(COLLECTIONS["buildings"], "330225", sort=OFFER_ORDER),
    )
    assert not any(briefs_of(other, PUBLIC) for other in others)


def test_the_order_that_stands_ready_is_the_list_s_own() -> None:
    assert next(kind for kind in KINDS if kind.collection == "parcels").orders[0].keys == OFFER_ORDER


@pytest.mark.parametrize("role", ["yzt_public", "yzt_staff"])
@pytest.mark.parametrize("table", ["parcel_brief", "parcel_facet"])
def test_nobody_reads_them_past_the_views(door: Door, role: str, table: str) -> None:
    with door(role) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(f"select from register.{table}")
    with door("yzt_public") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(f"select from staff_data.{table}s")
    with door("yzt_public") as connection:
        connection.execute(f"select from open_data.{table}s")
