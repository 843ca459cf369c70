"""The ledger: typed, never overwritten, never ahead of its day; versions and `known_at` never change their answer."""

from __future__ import annotations

import threading
import time
from datetime import date, timedelta

import psycopg
import pytest
from psycopg import errors

from tests.db.conftest import Door, square

TELL = (
    "insert into register.fact (county_code, subject_kind, subject_id, kind, value_text, value_date, value_number, effective_on, "
    "retracts_fact_id) select county_code, 'parcel', id, %(kind)s, %(text)s, %(date)s, %(number)s, %(on)s, %(retracts)s "
    "from register.parcel where code = %(code)s returning id"
)


def tell(connection: psycopg.Connection, kind: str, code: str = "PUB", on: str = "2026-01-01", **value: object) -> int:
    given = {"kind": kind, "code": code, "on": on, "text": None, "date": None, "number": None, "retracts": None} | value
    row = connection.execute(TELL, given).fetchone()
    assert row is not None
    return int(row[0])


def status(connection: psycopg.Connection, code: str = "PUB") -> object:
    row = connection.execute("select status from staff_data.parcels where code = %s", [code]).fetchone()
    return row and row[0]


def test_the_latest_effective_fact_holds_and_a_late_correction_retracts(door: Door) -> None:
    with door("yzt_staff", units="*") as c:
        tell(c, "status", text="AVAILABLE", on="2025-01-01")
        wrong = tell(c, "status", text="SUPPLIED", on="2025-06-01")
        tell(c, "status", text="RESERVE", on="2024-01-01")
        assert status(c) == "SUPPLIED"
        tell(c, "status", retracts=wrong, on="2025-06-01")
        assert status(c) == "AVAILABLE"
        with pytest.raises(errors.UniqueViolation):
            tell(c, "status", retracts=wrong, on="2025-06-01")


def test_as_of_and_known_at_read_the_same_ledger(door: Door, county: str) -> None:
    with door("yzt_staff", units="*") as c:
        tell(c, "contract_on", code="INT", date="2025-03-01", on="2025-03-01")
        at = "select stage from register.parcel_state_at(%s, array(select id from register.parcel where code = 'INT'), %s, %s)"
        assert c.execute(at, [county, "2025-02-28", "infinity"]).fetchall() == []
        assert c.execute(at, [county, "2025-03-01", "infinity"]).fetchall() == [("SUPPLIED",)]
        assert c.execute(at, [county, "2025-03-01", "2020-01-01"]).fetchall() == []


@pytest.mark.parametrize(
    ("kind", "value", "on"),
    [
        ("status", {"text": "NO_SUCH_STATUS"}, "2026-01-01"),
        ("status", {"date": "2026-01-01"}, "2026-01-01"),
        ("no_such_kind", {"text": "x"}, "2026-01-01"),
        ("vacant_area_m2", {"number": 5}, "2026-01-01"),
        ("land_price_wan_cny", {"number": "NaN"}, "2026-01-01"),
        ("status", {"text": "AVAILABLE"}, (date.today() + timedelta(days=3)).isoformat()),  # noqa: DTZ011
    ],
)
def test_a_fact_that_cannot_be_is_refused(door: Door, kind: str, value: dict[str, object], on: str) -> None:
    with door("yzt_staff", units="*") as c, pytest.raises(psycopg.Error) as caught:
        tell(c, kind, on=on, **value)
    assert caught.value.sqlstate == "YZ400" or isinstance(caught.value, errors.ForeignKeyViolation)


@pytest.mark.parametrize(
    "statement", ["update register.fact set note = 'x'", "delete from register.fact", "truncate register.fact cascade"]
)
def test_nobody_overwrites_a_fact(database_url: str, door: Door, statement: str) -> None:
    with psycopg.connect(database_url) as c:
        tell(c, "status", text="AVAILABLE")
        with pytest.raises(psycopg.Error) as caught:
            c.execute(statement)
    assert caught.value.sqlstate == "YZ403"


def test_two_changes_in_one_transaction_are_one_version(database_url: str, door: Door) -> None:
    with door("yzt_staff", units="*", account="zhou") as c:
        c.execute(
            f"insert into register.parcel (county_code, code, name, geom) values ('330225', 'V', '甲', {square(121.7, 29.5)})"
        )
        c.execute("update register.parcel set name = '乙' where code = 'V'")
    with door("yzt_staff", units="*", account="wang") as c:
        c.execute("update register.parcel set name = '丙' where code = 'V'")
        c.execute("update register.parcel set name = '丁' where code = 'V'")
    with door("yzt_staff", units="*") as c:
        c.execute("update register.parcel set name = '丁' where code = 'V'")
    with psycopg.connect(database_url) as c:
        rows = c.execute(
            "select name, recorded_by, lower(recorded_during), upper(recorded_during) from register.parcel_version "
            "where code = 'V' order by lower(recorded_during)"
        ).fetchall()
    assert [(name, by) for name, by, *_ in rows] == [("乙", "zhou"), ("丁", "wang")]
    assert rows[0][3] == rows[1][2]
    assert rows[1][3] is None


def test_known_at_waits_for_an_older_open_write_then_refuses(database_url: str, door: Door) -> None:
    ready, done = threading.Event(), threading.Event()

    def write() -> None:
        with psycopg.connect(database_url) as c:
            tell(c, "status", text="AVAILABLE")
            ready.set()
            done.wait(10)

    writer = threading.Thread(target=write)
    writer.start()
    ready.wait(5)
    with psycopg.connect(database_url, autocommit=True) as c:
        begun = time.monotonic()
        with pytest.raises(psycopg.Error) as caught:
            c.execute("select register.await_known(clock_timestamp())")
        assert caught.value.sqlstate == "YZ409"
        assert time.monotonic() - begun > 1.5
        c.execute("select register.await_known('2020-01-01')")
        done.set()
        writer.join()
        c.execute("select register.await_known(clock_timestamp())")
        with pytest.raises(psycopg.Error) as caught:
            c.execute("select register.await_known(clock_timestamp() + interval '1 hour')")
        assert caught.value.sqlstate == "YZ400"


def test_one_plot_cannot_be_promised_twice(door: Door) -> None:
    promise = (
        "insert into register.promise (county_code, kind, subject_kind, subject_id, during, part_no) "
        "select county_code, 'hold', 'parcel', id, daterange(%s, %s), %s from register.parcel where code = 'PUB'"
    )
    with door("yzt_staff", units="*") as c:
        c.execute(promise, ["2026-01-01", "2026-02-01", 0])
        c.execute(promise, ["2026-02-01", "2026-03-01", 0])
        c.execute(promise, ["2026-01-01", "2026-03-01", 1])
        with pytest.raises(errors.ExclusionViolation):
            c.execute(promise, ["2026-01-15", "2026-01-20", 0])


def test_unit_shares_sum_to_one(database_url: str, county: str) -> None:
    with psycopg.connect(database_url) as c:
        c.execute("insert into register.project (county_code, code, name) values ('330225', 'SHARED', '联合项目')")
        c.execute(
            "insert into register.project_unit_share values ('330225', 'SHARED', 'U1', 0.6), ('330225', 'SHARED', 'U2', 0.3)".replace(
                "values", "(county_code, project_code, unit_code, share) values"
            )
        )
        with pytest.raises(psycopg.Error) as caught:
            c.commit()
    assert caught.value.sqlstate == "YZ400"


def test_public_geometry_is_stored_on_the_countys_grid(database_url: str, county: str) -> None:
    tiny = "st_multi(st_makeenvelope(121.8000001, 29.5, 121.8000003, 29.5000003, 4490))"
    with psycopg.connect(database_url, autocommit=True) as c:
        c.execute(
            f"insert into register.parcel (county_code, code, name, geom) values ('330225', 'TINY', '小', {tiny})"
        )
        row = c.execute(
            "select geometry_quality, geometrytype(geom_public), st_srid(tile_geom_public) from register.parcel where code = 'TINY'"
        ).fetchone()
        assert row == ("point", "POINT", 3857)
        c.execute("update register.county set public_decimals = 4 where code = '330225'")
        c.execute("select * from register.republish('330225')")
        row = c.execute(
            "select st_x(st_pointn(st_exteriorring(st_geometryn(geom_public, 1)), 1)) from register.parcel where code = 'PUB'"
        ).fetchone()
    assert row is not None
    assert abs(row[0] * 10_000 - round(row[0] * 10_000)) < 1e-6


def test_areas_are_measured_in_the_survey_zone(database_url: str, county: str) -> None:
    """GEO-08: the 200 m x 150 m plot of the TXT example less its hole is 29,600.0 m2 in EPSG:4529."""
    plot = (
        "st_transform(st_geomfromtext('MULTIPOLYGON(((41391500 3280850,41391700 3280850,41391700 3280700,41391500 3280700,41391500 3280850),"
        "(41391580 3280780,41391580 3280760,41391600 3280760,41391600 3280780,41391580 3280780)))', 4529), 4490)"
    )
    with psycopg.connect(database_url, autocommit=True) as c:
        c.execute(
            f"insert into register.parcel (county_code, code, name, geom) values ('330225', 'TXT1', '示例', {plot})"
        )
        row = c.execute("select area_m2 from register.parcel where code = 'TXT1'").fetchone()
    assert row is not None
    assert abs(float(row[0]) - 29_600.0) < 0.05
