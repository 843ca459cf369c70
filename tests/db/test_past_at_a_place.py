"""The past read at a place is the past of the whole county, cut to the place: same rows, same rights."""

from __future__ import annotations

import random
from datetime import date, timedelta

import psycopg
import pytest

from tests.db.conftest import square

COUNTY, KEPT, CHANGES = "330225", 60, 240
ROLES = {"yzt_public": "open_data", "yzt_staff": "staff_data"}
AT = "select x.code, x::text from {schema}.{collection}_at(%(county)s, %(on)s, %(known)s{near}) x where x.geom && {box} order by 1, 2"


@pytest.fixture(scope="module")
def past(database_url: str, county: str) -> list[tuple[date, object]]:
    """Parcels and buildings that moved, were published and withdrawn, removed and told of, over 240 days; moments in between."""
    rng = random.Random(5)
    with psycopg.connect(database_url, autocommit=True) as c:
        for n in range(KEPT):
            at = square(121.5 + n % 10 * 0.002, 29.5 + n // 10 * 0.002)
            c.execute(
                f"insert into register.parcel (county_code, code, name, geom, unit_code, publication_state) values ('{county}', 'A{n}', 'a', {at}, 'U1', 'published')"
            )
            c.execute(
                f"insert into register.building (county_code, code, name, kind, geom, unit_code, publication_state) values ('{county}', 'B{n}', 'b', 'factory', {at}, 'U1', 'published')"
            )
        for _ in range(CHANGES):
            table, letter = rng.choice([("parcel", "A"), ("building", "B")])
            code = f"{letter}{rng.randrange(KEPT)}"
            where = f"where county_code = '{county}' and code = '{code}'"
            match rng.randrange(5):
                case 0 | 1:
                    place = square(121.5 + rng.randrange(10) * 0.002, 29.5 + rng.randrange(6) * 0.002)
                    c.execute(f"update register.{table} set geom = {place} {where}")
                case 2:
                    c.execute(
                        f"update register.{table} set publication_state = %s {where}",
                        [rng.choice(["published", "internal"])],
                    )
                case 3:
                    kind, values = (
                        ("status", ("AVAILABLE", "IN_USE"))
                        if table == "parcel"
                        else ("building_status", ("VACANT", "LET"))
                    )
                    c.execute(
                        "insert into register.fact (county_code, subject_kind, subject_id, kind, value_text, effective_on) "
                        f"select county_code, %s, id, %s, %s, current_date - %s::int from register.{table} {where}",
                        [table, kind, rng.choice(values), rng.randrange(200)],
                    )
                case 4:
                    c.execute(f"update register.{table} set name = %s {where}", [f"n{rng.random()}"])
        # what was recorded within seconds is spread over days
        for table in ("parcel", "building"):
            c.execute(
                f"with o as (select min(lower(recorded_during)) as first, max(lower(recorded_during)) as last from register.{table}_version) "
                f"update register.{table}_version set recorded_during = tstzrange("
                "clock_timestamp() - interval '240 days' * (1 - extract(epoch from lower(recorded_during) - o.first) / extract(epoch from o.last - o.first + interval '1 ms')), "
                "clock_timestamp() - interval '240 days' * (1 - extract(epoch from upper(recorded_during) - o.first) / extract(epoch from o.last - o.first + interval '1 ms'))) from o"
            )
        today, instant = c.execute("select current_date, clock_timestamp()").fetchone() or ()
    return [(today - timedelta(days=days), known) for days in (0, 3, 60, 130, 200, 300)
            for known in (None, instant - timedelta(days=30), instant - timedelta(days=150))]  # fmt: skip


@pytest.mark.parametrize("collection", ["parcels", "buildings"])
@pytest.mark.parametrize("role", ROLES)
def test_the_past_at_a_place_is_the_past_cut_to_it(
    database_url: str, past: list[tuple[date, object]], role: str, collection: str
) -> None:
    seen = set()
    with psycopg.connect(database_url) as c:
        c.execute("select set_config('role', %s, true), set_config('yzt.units', 'U1', true), set_config('yzt.reads', 'U1', true), set_config('yzt.tier', 'P2', true)", [role])  # fmt: skip
        for (on, known), west in zip(past, (121.5, 121.504, 121.511) * len(past), strict=False):
            box = f"st_makeenvelope({west}, 29.5015, {west} + 0.005, 29.5075, 4490)"
            said = {"schema": ROLES[role], "collection": collection, "box": box}
            given = {"county": COUNTY, "on": on, "known": known}
            whole = c.execute(AT.format(near="", **said), given).fetchall()
            placed = c.execute(AT.format(near=f", {box}", **said), given).fetchall()
            assert placed == whole, (on, known, west)
            seen |= {row[1] for row in whole}
            nowhere = c.execute(AT.format(near=", st_makeenvelope(10, 10, 11, 11, 4490)", **said), given).fetchall()
            assert nowhere == []
    assert len(seen) > 25


@pytest.mark.parametrize("collection", ["parcels", "buildings"])
def test_the_past_of_staff_is_not_for_the_public(database_url: str, county: str, collection: str) -> None:
    asked = f"select 1 from staff_data.{collection}_at('{county}', current_date, null, st_makeenvelope(121, 28, 123, 30, 4490))"
    with psycopg.connect(database_url) as c:
        c.execute("set local role yzt_public")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            c.execute(asked)
