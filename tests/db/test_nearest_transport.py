"""Distances to transport: right to the metre they are said in, kept when plots or transport change, only of what is built and public."""

from __future__ import annotations

import psycopg
import pytest

from tests.db.conftest import Door, square

SAID = "select nearest_port_m, nearest_ramp_m, nearest_airport_m from open_data.parcels where code = 'PUB'"
PORT = (
    "insert into register.transport_feature (county_code, code, name, kind, status, publication_state, geom) "
    "values ('330225', %s, '港', %s, %s, %s, st_setsrid(st_makepoint(%s, %s), 4490))"
)


def said(c: psycopg.Connection) -> tuple[int | None, ...]:
    row = c.execute(SAID).fetchone()
    assert row is not None
    return tuple(row)


@pytest.fixture
def owner(database_url: str, county: str) -> psycopg.Connection:
    return psycopg.connect(database_url)


def test_a_port_is_measured_in_the_survey_crs_to_ten_metres(owner: psycopg.Connection) -> None:
    with owner as c:
        assert said(c) == (None, None, None)
        c.execute(PORT, ["H1", "port", "built", "published", 121.95, 29.65])
        exact = c.execute(
            "select st_distance(st_transform(p.geom, 4529), st_transform(t.geom, 4529)) from register.parcel p, register.transport_feature t "
            "where p.code = 'PUB' and t.code = 'H1'"
        ).fetchone()
        assert exact is not None
        port, ramp, airport = said(c)
        assert port is not None
        assert port % 10 == 0
        assert abs(port - exact[0]) <= 5
        assert (ramp, airport) == (None, None)
        c.rollback()


@pytest.mark.parametrize(
    ("status", "publication"), [("planned", "published"), ("building", "published"), ("built", "internal")]
)
def test_what_is_not_built_or_not_public_does_not_count(
    owner: psycopg.Connection, status: str, publication: str
) -> None:
    with owner as c:
        c.execute(PORT, ["H1", "port", status, publication, 121.88, 29.6])
        assert said(c)[0] is None
        c.execute(
            "update register.transport_feature set status = 'built', publication_state = 'published' where code = 'H1'"
        )
        assert said(c)[0] == 0
        c.execute("delete from register.transport_feature where code = 'H1'")
        assert said(c)[0] is None
        c.rollback()


def test_a_plot_that_moves_or_comes_is_measured_anew(owner: psycopg.Connection) -> None:
    with owner as c:
        c.execute(PORT, ["R1", "ramp", "built", "published", 121.88, 29.6])
        assert said(c)[1] == 0
        c.execute(f"update register.parcel set geom = {square(121.98, 29.6)} where code = 'PUB'")
        far = said(c)[1]
        assert far is not None
        assert far > 9_000
        c.execute("update register.parcel set name = '改名' where code = 'PUB'")
        assert said(c)[1] == far
        c.execute("delete from register.parcel where code = 'PUB'")
        left = c.execute("select count(*) from register.nearest_transport").fetchone()
        plots = c.execute("select count(*) from register.parcel where geom is not null").fetchone()
        assert left == plots
        c.rollback()


def test_it_tells_the_public_nothing_of_hidden_plots(door: Door) -> None:
    with door("yzt_public") as c, pytest.raises(psycopg.errors.InsufficientPrivilege):
        c.execute("select * from register.nearest_transport")


def test_offers_come_first(database_url: str, county: str) -> None:
    order = "select array_agg(s order by register.offer_rank(s)) from unnest(array['IN_USE', null, 'ON_OFFER', 'AVAILABLE']) s"
    with psycopg.connect(database_url) as c:
        assert c.execute(order).fetchone() == (["AVAILABLE", "ON_OFFER", "IN_USE", None],)
