"""The scorecard of a park, counted by hand: land by part, yield per mu beside the county's, works on time or late."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.ext.asyncio import AsyncEngine

from geo.db import PUBLIC, Actor, Audience, acting, async_engine, driver_url
from geo.landuse.scorecard.queries import LATE, ON_TIME, Scorecard, scorecard
from geo.settings import GeoSettings
from tests.landuse.waiting import AS_OF, settle

pytestmark = pytest.mark.anyio
STAFF = Actor(Audience.STAFF, account="leader", units=())
MU = Decimal("10000") / 15
FIRMS = (
    # code, park, land by tenure in mu, (year, revision, tax, output, grade) ...
    ("F1", "P1", {"owned": 30, "rented_in": 10, "rented_out": 20}, ((2024, 1, 999, 10, "D"), (2024, 2, 100, 1000, "A"), (2025, 1, 200, None, "A"))),
    ("F2", "P1", {"owned": 20}, ((2024, 1, 60, 500, "B"), (2025, 1, None, 800, None))),
    ("F3", "P1", {}, ((2024, 1, 5000, 5000, "C"),)),
    ("F4", None, {"owned": 60}, ((2024, 1, 40, 500, "D"),)),
    ("F5", "P1", {"rented_out": 5}, ((2025, 1, 10, 10, "B"),)),
)  # fmt: skip
WORKS = (
    ("W1", "2024-01-01", "2024-06-01", "2024-01-01", "2024-06-01", "finished_on_time"),
    ("W2", "2024-01-01", "2024-06-01", "2024-01-01", "2024-06-02", "finished_late"),
    ("W3", "2024-01-01", "2026-05-31", "2024-01-01", None, "late"),
    ("W4", "2024-01-01", "2026-06-01", "2024-01-01", None, "running"),
    ("W5", "2026-05-31", "2027-01-01", None, None, "late_start"),
    ("W6", "2026-06-01", "2027-01-01", None, None, "planned"),
    ("W7", None, None, "2024-01-01", None, "no_date"),
    ("W8", None, None, "2024-01-01", "2025-01-01", "no_date"),
)


def write(connection: Connection) -> None:
    """Firms, works and a measured plot in the little county."""
    settle(connection)
    for code, park, land, years in FIRMS:
        connection.execute(
            text(
                "insert into register.enterprise (county_code, code, name, park_code) values ('C', :code, :code, :park)"
            ),
            {"code": code, "park": park},
        )
        for tenure, mu in land.items():
            connection.execute(
                text(
                    "insert into register.enterprise_site (county_code, enterprise_code, parcel_code, tenure, area_m2, during) values "
                    "('C', :code, 'B1', :tenure, :area, '[2000-01-01,)'), ('C', :code, 'B1', :tenure, 99999, '[2000-01-01,2024-12-31)')"
                ),
                {"code": code, "tenure": tenure, "area": mu * MU},
            )
        for year, revision, tax, output, grade in years:
            connection.execute(
                text(
                    "insert into register.enterprise_year (county_code, enterprise_code, year, revision, tax_wan_cny, output_wan_cny, mu_grade) "
                    "values ('C', :code, :year, :revision, :tax, :output, :grade)"
                ),
                {"code": code, "year": year, "revision": revision, "tax": tax, "output": output, "grade": grade},
            )
    for code, planned, end, started, finished, _ in WORKS:
        connection.execute(
            text(
                "insert into register.park_work (county_code, code, park_code, name, kind, planned_start_on, planned_end_on, started_on, finished_on) "
                "values ('C', :code, 'P1', :code, 'road', cast(:planned as date), cast(:end as date), cast(:started as date), cast(:finished as date))"
            ),
            {"code": code, "planned": planned, "end": end, "started": started, "finished": finished},
        )
    connection.execute(
        text(
            "insert into register.land_evidence (county_code, parcel_id, surveyed_on, survey_srid, setback_m, least_width_m, missing, made_from, "
            "remainder_area_m2) select 'C', id, '2025-01-01', 4529, 5, 6, '{x.geom}', '{}', 1234.5 from register.parcel where code = 'B1'"
        )
    )


@pytest.fixture(scope="module")
def written(database_url: str) -> str:
    with create_engine(driver_url(database_url)).begin() as connection:
        write(connection)
    return database_url


@pytest.fixture
async def engine(written: str, app_url: str) -> AsyncIterator[AsyncEngine]:
    made = async_engine(GeoSettings(DATABASE_URL=app_url))
    yield made
    await made.dispose()


async def card(engine: AsyncEngine, park: str = "P1", on: date = AS_OF) -> Scorecard:
    async with acting(engine, STAFF, 20_000) as connection:
        return await scorecard(connection, "C", park, on)


async def test_land_is_counted_once_and_spare_only_where_measured(engine: AsyncEngine) -> None:
    land = (await card(engine)).land
    assert {part: amount.parcels for part, amount in land.parts.items()} == {"waiting": 3, "idle": 1, "unknown": 2}
    assert land.total.parcels == 6
    assert land.total.area_m2 == Decimal("365000.01")
    assert (land.measured.parcels, land.measured.area_m2, land.spare_m2) == (1, Decimal("133333.34"), Decimal("1234.5"))
    assert land.unmeasured.area_m2 == land.total.area_m2 - land.measured.area_m2


async def test_yield_per_mu_is_that_of_the_land_really_used(engine: AsyncEngine) -> None:
    first, second = (await card(engine)).years
    # F1 uses 30 + 10 - 20 = 20 mu, F2 20 mu; F3 has no land
    assert first.tax is not None
    assert float(first.tax) == pytest.approx(160 / 40)
    assert float(first.output or 0) == pytest.approx(1500 / 40)
    assert float(first.county_tax or 0) == pytest.approx(200 / 100)
    assert (first.firms, first.without_land) == (3, 1)
    assert first.grades == {"A": 1, "B": 1, "C": 1, "D": 0}
    # what F2 did not tell leaves its land out as well; F5 lets out all it has
    assert float(second.tax or 0) == pytest.approx(200 / 20)
    assert float(second.output or 0) == pytest.approx(800 / 20)
    assert (second.ungraded, second.without_land) == (1, 1)
    assert isinstance(first.tax, Fraction)


async def test_works_are_on_time_late_or_without_a_date(engine: AsyncEngine) -> None:
    found = await card(engine)
    assert {w.code: w.state for w in found.works} == {code: state for code, *_, state in WORKS}
    assert (found.works_in(ON_TIME), found.works_in(LATE), found.works_in(("no_date",))) == (3, 3, 2)
    assert {w.code: w.days_late for w in found.works if w.state in LATE} == {"W2": 1, "W3": 1, "W5": 1}
    before = {w.code: w.state for w in (await card(engine, on=date(2024, 6, 1))).works}
    assert (before["W1"], before["W2"]) == ("finished_on_time", "running")


async def test_a_park_without_anything_says_nothing(engine: AsyncEngine) -> None:
    found = await card(engine, "P9")
    assert found.land.total.parcels == 0
    assert found.works == ()
    assert all(year.tax is None and year.firms == 0 for year in found.years)


async def test_the_public_reads_nothing(engine: AsyncEngine) -> None:
    async with acting(engine, PUBLIC, 20_000) as connection:
        with pytest.raises(Exception, match="permission denied"):
            await scorecard(connection, "C", "P1", AS_OF)
