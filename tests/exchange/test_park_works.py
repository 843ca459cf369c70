"""Works of a park from a file: in, twice without change, refused with their reason, and out again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import shapely
from sqlalchemy import Engine, text

from geo.db import ALL_UNITS, PUBLIC, Actor, Audience, acting_sync, sync_engine
from geo.exchange.commands import Options, import_file
from geo.exchange.report import Report
from geo.exchange.undoing import undo
from geo.registry.counties import add_county

STAFF = Actor(Audience.STAFF, account="tester", units=(ALL_UNITS,), tier="P3")
ADMIN = Actor(Audience.ADMIN, account="tester", units=(ALL_UNITS,), tier="P3")
COUNTY = "330225"


@pytest.fixture(scope="module")
def engine(database_url: str) -> Iterator[Engine]:
    made = sync_engine(database_url)
    with acting_sync(made, ADMIN) as connection:
        add_county(connection, COUNTY, name="象山县", name_en="Xiangshan", outline=shapely.box(121.5, 28.8, 122.3, 29.7), survey_epsg=4529,
                   time_zone="Asia/Shanghai", rule_set="cn")  # fmt: skip
        connection.execute(
            text("insert into register.park (county_code, code, name, kind, publication_state, geom) values "
                 "('330225', 'PK', '城东工业园', 'industrial_park', 'published', st_geomfromtext("
                 "'MULTIPOLYGON(((121.9 29.4, 121.91 29.4, 121.91 29.41, 121.9 29.4)))', 4490))")
        )  # fmt: skip
    yield made
    made.dispose()


def told(engine: Engine) -> list[tuple[object, ...]]:
    """What the public may read."""
    with acting_sync(engine, PUBLIC) as connection:
        rows = connection.execute(text("select code, name, kind, planned_end_on::text from open_data.park_works order by code"))  # fmt: skip
        return [tuple(row) for row in rows]


def run(engine: Engine, path: Path) -> Report:
    return import_file(engine, STAFF, path, "park_works", COUNTY, Options())


def test_works_go_in_once_and_out_again(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "works.csv"
    pd.DataFrame(
        [("W1", "PK", "供水管线", "water", "2024-01-01", "2026-01-01"), ("W2", "PK", "主干路", "road", "2026-02-01", ""),
         ("W3", "NOPE", "路", "road", "", ""), ("W4", "PK", "路", "", "", ""), ("W5", "PK", "路", "road", "sometime", "")],
        columns=["code", "park_code", "name", "kind", "planned_start_on", "planned_end_on"],
    ).to_csv(path, index=False)  # fmt: skip
    report = run(engine, path)
    assert report.count("inserted") == 2
    assert [row.reason_code is None for row in report.rows] == [True, True, False, False, False]
    assert told(engine) == [("W1", "供水管线", "water", "2026-01-01"), ("W2", "主干路", "road", None)]
    again = run(engine, path)
    assert (again.count("inserted"), again.count("updated")) == (0, 0)
    undo(engine, STAFF, report.batch_id or 0)
    assert told(engine) == []
