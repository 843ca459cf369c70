"""Works of a park in the register: what follows from a shape, who sees them, how their state goes by the day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg import errors
from pyproj import Transformer

from tests.db.conftest import Door

LINE = "st_geomfromtext('LINESTRING(121.9000001 29.5, 121.9100001 29.5)', 4490)"
AREA = "st_makeenvelope(121.9000001, 29.5, 121.9010001, 29.501, 4490)"
POINT = "st_setsrid(st_makepoint(121.9000001, 29.5000001), 4490)"
PARK = "st_multi(st_makeenvelope(121.9, 29.5, 121.92, 29.52, 4490))"


@pytest.fixture(scope="module")
def owner(database_url: str, county: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database_url, autocommit=True) as connection:
        for code, state, unit in (("OPEN", "published", "U1"), ("SHUT", "internal", "U2")):
            connection.execute(
                f"insert into register.park (county_code, code, name, kind, geom, publication_state, unit_code) "
                f"values ('330225', %s, %s, 'industrial_park', {PARK}, %s, %s)",
                [code, code, state, unit],
            )
        for code, park, shape in (
            ("LINE", "OPEN", LINE),
            ("AREA", "OPEN", AREA),
            ("POINT", "OPEN", POINT),
            ("BARE", "OPEN", "null"),
            ("HIDDEN", "SHUT", LINE),
        ):
            connection.execute(
                f"insert into register.park_work (county_code, code, park_code, name, kind, geom) "
                f"values ('330225', %s, %s, %s, 'road', {shape})",
                [code, park, code],
            )
        yield connection


def row(connection: psycopg.Connection, view: str, code: str, columns: str) -> tuple[object, ...] | None:
    return connection.execute(f"select {columns} from {view} where code = %s", [code]).fetchone()


def test_what_follows_from_a_shape_is_written_with_it(owner: psycopg.Connection) -> None:
    x1, y1 = Transformer.from_crs(4490, 4529, always_xy=True).transform(121.9000001, 29.5)
    x2, y2 = Transformer.from_crs(4490, 4529, always_xy=True).transform(121.9100001, 29.5)
    metres = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
    length, area, quality = row(owner, "staff_data.park_works", "LINE", "length_m, area_m2, geometry_quality") or ()
    assert float(str(length)) == pytest.approx(metres, abs=0.01)
    assert (area, quality) == (None, "shape")
    assert row(owner, "staff_data.park_works", "AREA", "length_m is null and area_m2 > 10000") == (True,)
    assert row(owner, "staff_data.park_works", "BARE", "geom is null and geometry_quality = 'none' and area_m2 is null") == (True,)  # fmt: skip
    assert row(owner, "staff_data.park_works", "LINE", "town_code is null and unit_code = 'U1'") == (True,)


def test_the_public_sees_the_works_of_published_parks_on_the_county_s_grid(door: Door, owner: psycopg.Connection) -> None:  # fmt: skip
    with door("yzt_public") as public:
        seen = {code for (code,) in public.execute("select code from open_data.park_works")}
        assert seen == {"LINE", "AREA", "POINT", "BARE"}
        found = public.execute("select st_x(geom), st_y(geom) from open_data.park_works where code = 'POINT'").fetchone()  # fmt: skip
        assert found == (pytest.approx(121.9, abs=1e-9), pytest.approx(29.5, abs=1e-9)), "not where it exactly lies"
        with pytest.raises(errors.InsufficientPrivilege):
            public.execute("select 1 from register.park_work")
    assert row(owner, "staff_data.park_works", "POINT", "round(st_x(geom)::numeric, 7)::float") == (121.9000001,)


def test_a_park_that_is_hidden_takes_its_works_along_and_tiles_are_told(
    database_url: str, owner: psycopg.Connection
) -> None:
    with psycopg.connect(database_url, autocommit=True) as listener:
        listener.execute("listen register_changes")
        for state, seen in (("published", 1), ("internal", 0)):
            owner.execute("update register.park set publication_state = %s where code = 'SHUT'", [state])
            told = " ".join(note.payload for note in listener.notifies(timeout=2, stop_after=4))
            assert "park_works" in told
            count = owner.execute("select count(*) from open_data.park_works where code = 'HIDDEN'").fetchone()
            assert count == (seen,)


def test_every_change_is_a_version_and_is_told_to_those_who_may_know(owner: psycopg.Connection) -> None:
    owner.execute("update register.park_work set name = 'renamed' where code in ('AREA', 'HIDDEN')")
    owner.execute("update register.park_work set name = 'renamed' where code = 'AREA'")  # changes nothing
    assert row(owner, "staff_data.park_works", "AREA", "version") == (2,)
    versions = owner.execute(
        "select version, name, upper_inf(recorded_during) from staff_data.park_work_versions where code = 'AREA' order by version"
    ).fetchall()
    assert versions == [(1, "AREA", False), (2, "renamed", True)]
    events = owner.execute(
        "select code, is_public, was_public, fields from register.event_outbox where collection = 'park_works' and subject_version = 2 order by code"
    ).fetchall()
    assert events == [("AREA", True, True, ["name"]), ("HIDDEN", False, False, ["name"])]


def test_a_coarser_grid_moves_works_too(owner: psycopg.Connection) -> None:
    owner.execute("update register.county set public_decimals = 3 where code = '330225'")
    written = dict(owner.execute("select * from register.republish('330225')").fetchall())
    assert written["park_work"] == 4
    owner.execute("update register.county set public_decimals = 5 where code = '330225'")
    owner.execute("select * from register.republish('330225')")


@pytest.mark.parametrize("shape", ["st_geomfromtext('POLYGON((0 0,1 1,1 0,0 1,0 0))', 4490)", "st_geomfromtext('GEOMETRYCOLLECTION(POINT(121.9 29.5))', 4490)",
                                   "st_geomfromtext('LINESTRING EMPTY', 4490)"])  # fmt: skip
def test_shapes_that_are_none_are_refused(owner: psycopg.Connection, shape: str) -> None:
    with pytest.raises((errors.CheckViolation, errors.InternalError_)):
        owner.execute(f"update register.park_work set geom = {shape} where code = 'BARE'")


def test_a_clerk_draws_only_the_works_of_the_own_unit_s_parks(door: Door, owner: psycopg.Connection) -> None:
    with door("yzt_staff", units="U1") as clerk:
        assert clerk.execute(f"update register.park_work set geom = {LINE} where code = 'BARE'").rowcount == 1
        assert clerk.execute(f"update register.park_work set geom = {LINE} where code = 'HIDDEN'").rowcount == 0
        clerk.rollback()


TODAY = date(2026, 11, 28)
DAYS = st.none() | st.integers(-3, 3).map(lambda n: TODAY + timedelta(days=n))


@settings(deadline=None)
@given(planned=st.tuples(DAYS, DAYS), actual=st.tuples(DAYS, DAYS))
def test_the_state_of_a_work_on_a_day(
    owner: psycopg.Connection, planned: tuple[date | None, date | None], actual: tuple[date | None, date | None]
) -> None:
    found = owner.execute("select register.work_status(%s, %s, %s, %s, %s)", [*planned, *actual, TODAY]).fetchone()
    assert found is not None
    state = found[0]
    (start, end), (begun, done) = planned, actual
    is_done, is_begun = done is not None and done <= TODAY, begun is not None and begun <= TODAY
    assert (state is None) == (planned == actual == (None, None)), "unknown only where nothing is dated"
    assert (state == "built") == is_done
    if not is_done:
        is_late = (end is not None and end < TODAY) or (not is_begun and start is not None and start < TODAY)
        assert (state == "late") == is_late
        if not is_late and state is not None:
            assert state == ("building" if is_begun else "planned")
