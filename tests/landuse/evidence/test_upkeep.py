"""What is measured stays true without anybody asking, in the survey zone, and answers the same later."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import shapely
from sqlalchemy import Connection, Engine, text

from geo.db import Actor, acting, acting_sync, async_engine, sync_engine
from geo.landuse.evidence.commands import measure_county, measure_due
from geo.landuse.evidence.queries import Evidence, evidence_of
from geo.settings import GeoSettings
from tests.landuse.evidence import plots
from tests.landuse.evidence.plots import ADMIN, STAFF

SQUARE = shapely.box(0, 0, 100, 100)
AT = datetime(2026, 11, 25, 4, tzinfo=UTC)


@pytest.fixture(scope="module")
def engine(database_url: str) -> Iterator[Engine]:
    made = sync_engine(database_url)
    plots.county(made)
    yield made
    made.dispose()


@pytest.fixture(scope="module")
def plot(engine: Engine) -> int:
    """A square hectare with a hall in one corner, surveyed."""
    with acting_sync(engine, ADMIN) as c:
        made = plots.parcel(c, "A", SQUARE, far_min=1)
        plots.parcel(c, "B", shapely.box(100, 0, 200, 100))
        plots.building(c, "A-1", shapely.box(10, 10, 60, 60))
        plots.fact(c, made, "ground_surveyed_on", "2026-05-01")
    measure_due(engine, ADMIN)
    return made


def due(c: Connection) -> list[int]:
    return list(c.execute(text("select distinct parcel_id from register.evidence_due order by 1")).scalars())


def told(url: str, parcel_id: int, known_at: datetime | None = None, actor: Actor = STAFF) -> Evidence | None:
    async def ask() -> Evidence | None:
        served = async_engine(GeoSettings(database_url=url))
        async with acting(served, actor, 5000) as connection:
            found = await evidence_of(connection, parcel_id, known_at)
        await served.dispose()
        return found

    return asyncio.run(ask())


def known(url: str, parcel_id: int, known_at: datetime | None = None) -> Evidence:
    found = told(url, parcel_id, known_at)
    assert found is not None
    return found


def test_it_is_measured_in_the_survey_zone_with_the_countys_limits(database_url: str, plot: int) -> None:
    found = known(database_url, plot)
    assert (found.survey_srid, found.setback_m, found.least_width_m) == (4529, 5, 6)
    assert (found.parcel_code, str(found.surveyed_on), found.missing) == ("A", "2026-05-01", ())
    assert float(found.footprint_m2 or 0) == pytest.approx(2500, abs=0.05)
    assert (found.coverage_ratio, found.far_ratio) == (pytest.approx(0.25), pytest.approx(0.25))  # type: ignore[comparison-overlap]
    # 90 x 90 inside the setback, less the hall with its own: 5..65 both ways
    assert float(found.remainder_area_m2 or 0) == pytest.approx(90 * 90 - 60 * 60, abs=0.1)
    assert (found.rectangle_width_m, found.rectangle_length_m) == (pytest.approx(30), pytest.approx(90))  # type: ignore[comparison-overlap]
    assert found.remainder is not None
    assert found.remainder.bounds[0] > 121
    assert found.made_from == {"parcel": 2, "buildings": {"A-1": 1}, "ground_uses": {}}


def test_a_plot_nobody_surveyed_has_no_evidence(database_url: str, engine: Engine, plot: int) -> None:
    with acting_sync(engine, ADMIN) as c:
        other = c.execute(text("select id from register.parcel where code = 'B'")).scalar_one()
    assert told(database_url, other) is None


@pytest.mark.parametrize(
    ("change", "is_due"),
    [
        ("insert into register.ground_use (county_code, code, kind, surveyed_on, geom) select county_code, 'N', 'ROAD', '2026-05-01', geom from register.parcel where code = 'A'", True),
        ("insert into register.ground_use (county_code, code, kind, surveyed_on, geom) select county_code, 'N', 'ROAD', '2026-05-01', st_translate(geom, 0.1, 0) from register.parcel where code = 'A'", False),
        ("update register.building set storeys = 2 where code = 'A-1'", True),
        ("update register.building set geom = st_translate(geom, 0.1, 0) where code = 'A-1'", True),
        ("delete from register.building where code = 'A-1'", True),
        ("insert into register.building_space (county_code, code, building_code, floor, area_m2) values ('330225', 'A-1-1', 'A-1', 1, 9)", True),
        ("insert into register.building (county_code, code, name, kind, parcel_code) values ('330225', 'A-9', '无图形', 'factory', 'A')", True),
        ("update register.parcel set name = '改名' where code = 'A'", False),
        ("update register.parcel set registered_area_m2 = 9999 where code = 'A'", True),
        ("update register.parcel set geom = st_translate(geom, 0.001, 0) where code = 'A'", True),
    ],
)  # fmt: skip
def test_whatever_moves_the_ground_makes_the_plot_due(engine: Engine, plot: int, change: str, is_due: bool) -> None:
    with acting_sync(engine, ADMIN) as c:
        assert due(c) == []
        c.execute(text(change))
        assert due(c) == ([plot] if is_due else [])
        c.rollback()


def test_a_road_in_use_is_taken_off_and_what_was_known_before_is_still_told(
    database_url: str, engine: Engine, plot: int
) -> None:
    before, instant = known(database_url, plot), datetime.now(UTC)
    with acting_sync(engine, ADMIN) as c:
        plots.ground(c, "G-1", "ROAD", shapely.box(65, 0, 69, 100))
        plots.ground(c, "G-2", "YARD", shapely.box(80, 0, 84, 100), in_use=False)
    assert measure_due(engine, ADMIN) == 1
    after = known(database_url, plot)
    assert float(after.remainder_area_m2 or 0) == pytest.approx(90 * 90 - 60 * 60 - 4 * 90, abs=0.1)
    assert float(after.in_use_m2 or 0) == pytest.approx(400, abs=0.1)
    assert after.made_from["ground_uses"] == {"G-1": 1, "G-2": 1}
    assert known(database_url, plot, instant) == before
    assert told(database_url, plot, datetime(2020, 1, 1, tzinfo=UTC)) is None


def test_measuring_twice_keeps_the_row(database_url: str, engine: Engine, plot: int) -> None:
    before = known(database_url, plot)
    assert measure_county(engine, ADMIN, plots.COUNTY) == (1, 0)
    assert known(database_url, plot) == before


def test_a_survey_taken_back_leaves_nothing_known(database_url: str, engine: Engine) -> None:
    with acting_sync(engine, ADMIN) as c:
        made = plots.parcel(c, "C", shapely.box(0, 200, 100, 300))
        survey = plots.fact(c, made, "ground_surveyed_on", "2026-05-02")
    measure_due(engine, ADMIN)
    assert known(database_url, made).coverage_ratio == 0  # surveyed, and empty
    with acting_sync(engine, ADMIN) as c:
        plots.fact(c, made, "ground_surveyed_on", "2026-05-02", retracts=survey)
    measure_due(engine, ADMIN)
    found = known(database_url, made)
    assert (found.coverage_ratio, found.remainder_area_m2, found.is_known) == (None, None, False)
    assert found.missing == ("ground_surveyed_on",)


def test_buildings_without_storeys_or_outline_are_named_and_planned_ones_do_not_stand(
    database_url: str, engine: Engine
) -> None:
    with acting_sync(engine, ADMIN) as c:
        made = plots.parcel(c, "D", shapely.box(0, 400, 100, 500))
        plots.building(c, "D-1", shapely.box(10, 410, 60, 460), storeys=None, height_m=None)
        plots.building(c, "D-2", shapely.box(60, 410, 90, 460))
        c.execute(text("insert into register.fact (county_code, subject_kind, subject_id, kind, value_text, effective_on) "
                       "select county_code, 'building', id, 'building_status', 'PLANNED', '2026-01-01' from register.building where code = 'D-2'"))  # fmt: skip
        plots.building(c, "D-3", shapely.box(100, 400, 130, 450))  # a neighbour that touches the line
        plots.fact(c, made, "ground_surveyed_on", "2026-05-02")
    measure_due(engine, ADMIN)
    found = known(database_url, made)
    assert (found.far_ratio, found.missing) == (None, ("D-1.height_m", "D-1.storeys"))
    assert float(found.footprint_m2 or 0) == pytest.approx(2500, abs=0.05)
    with acting_sync(engine, ADMIN) as c:
        plots.building(c, "D-4", None, parcel_code="D")
    measure_due(engine, ADMIN)
    found = known(database_url, made)
    assert (found.coverage_ratio, found.remainder_area_m2, found.rectangle) == (None, None, None)
    assert "D-4.geom" in found.missing


def test_two_workers_at_once_measure_everything_once_over(engine: Engine, database_url: str) -> None:
    with acting_sync(engine, ADMIN) as c:
        ids = [plots.parcel(c, f"W{n}", shapely.box(n * 100, 600, n * 100 + 90, 690)) for n in range(12)]
        for made in ids:
            plots.fact(c, made, "ground_surveyed_on", "2026-05-02")
    workers = [threading.Thread(target=measure_due, args=(engine, ADMIN)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with acting_sync(engine, ADMIN) as c:
        assert due(c) == []
        kept = c.execute(text("select count(*), max(version) from register.land_evidence where parcel_id = any(:ids)"), {"ids": ids}).one()  # fmt: skip
    assert kept == (12, 1)


def test_a_building_that_comes_while_a_worker_measures_is_measured_after(
    engine: Engine, database_url: str, plot: int
) -> None:
    with acting_sync(engine, ADMIN) as c:
        c.execute(
            text("insert into register.evidence_due (county_code, parcel_id) values (:c, :id)"),
            {"c": plots.COUNTY, "id": plot},
        )
    with engine.connect() as worker:
        worker.execute(text("delete from register.evidence_due"))  # a worker that took the row and has not committed
        with acting_sync(engine, ADMIN) as c:
            plots.building(c, "A-2", shapely.box(80, 80, 90, 90))
        worker.rollback()
    with acting_sync(engine, ADMIN) as c:
        assert due(c) == [plot]
    measure_due(engine, ADMIN)
    assert "A-2" in known(database_url, plot).made_from["buildings"]
