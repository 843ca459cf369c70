"""Works of a park from a file, with and without a place: in, twice without change, refused with their reason, and out again."""

from __future__ import annotations

import json
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


def geojson(path: Path, rows: list[tuple[str, dict[str, object] | None, dict[str, object]]]) -> Path:
    """A GeoJSON file of works of the park PK: (code, geometry, further properties)."""
    features = [
        {"type": "Feature", "geometry": geometry, "properties": {"code": code, "park_code": "PK", "name": code, "kind": "road"} | more}
        for code, geometry, more in rows
    ]  # fmt: skip
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def placed(engine: Engine) -> dict[str, tuple[str | None, str]]:
    """Code -> what form the public sees of its place, and the quality of that."""
    with acting_sync(engine, PUBLIC) as connection:
        rows = connection.execute(
            text("select code, st_geometrytype(geom), geometry_quality from open_data.park_works")
        )
        return {code: (form, quality) for code, form, quality in rows}


def test_works_come_with_their_place_where_the_file_has_one(engine: Engine, tmp_path: Path) -> None:
    line = {"type": "LineString", "coordinates": [[121.9, 29.4], [121.905, 29.405]]}
    area = {"type": "Polygon", "coordinates": [[[121.9, 29.4], [121.904, 29.4], [121.904, 29.404], [121.9, 29.4]]]}
    point = {"type": "Point", "coordinates": [121.901, 29.401]}
    path = geojson(
        tmp_path / "works.geojson",
        [("L", line, {"kind": "供水"}), ("A", area, {}), ("P", point, {}), ("N", None, {}),
         ("FAR", {"type": "Point", "coordinates": [100.0, 20.0]}, {}), ("KIND", point, {"kind": "rollercoaster"}),
         ("MIXED", {"type": "GeometryCollection", "geometries": [point, line]}, {})],
    )  # fmt: skip
    report = run(engine, path)
    assert [(row.code, row.reason_code) for row in report.rows if row.reason_code] == [
        ("FAR", "outside_county"),
        ("KIND", "bad_value"),
        ("MIXED", "wrong_geometry_type"),
    ]
    assert placed(engine) == {
        "L": ("ST_LineString", "shape"),
        "A": ("ST_Polygon", "shape"),
        "P": ("ST_Point", "shape"),
        "N": (None, "none"),
    }
    assert ("L", "L", "water", None) in told(engine), "a kind is taken by its word, too"
    again = run(engine, path)
    assert (again.count("inserted"), again.count("updated")) == (0, 0)
    table = tmp_path / "later.csv"
    pd.DataFrame([("L", "PK", "供水管线", "water")], columns=["code", "park_code", "name", "kind"]).to_csv(
        table, index=False
    )
    later = run(engine, table)
    assert later.count("updated") == 1
    assert placed(engine)["L"] == ("ST_LineString", "shape"), "a file without a place takes none away"
    moved = run(engine, geojson(tmp_path / "moved.geojson", [("L", point, {})]))
    assert placed(engine)["L"] == ("ST_Point", "shape")
    undo(engine, STAFF, moved.batch_id or 0)
    assert placed(engine)["L"] == ("ST_LineString", "shape"), "taken back, it lies where it lay"
    undo(engine, STAFF, report.batch_id or 0)
    assert placed(engine) == {"L": ("ST_LineString", "shape")}, "what was written to since is kept"
