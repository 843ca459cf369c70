"""Real and hostile files through the import: every row accounted for, nothing half done."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from pyproj import Transformer
from sqlalchemy import Engine, text

from geo.db import ALL_UNITS, Actor, Audience, acting_sync, sync_engine
from geo.errors import BadInput, Conflict, GeoError
from geo.exchange.commands import Options, StrictRefusal, import_file
from geo.exchange.report import Report
from geo.exchange.undoing import undo
from geo.registry.counties import add_county
from ops.commands.counties import outline_of

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
            text("insert into register.unit (county_code, code, name, kind) values ('330225', 'U1', '西周镇', 'town')")
        )
    yield made
    made.dispose()


def square(lon: float, lat: float = 29.4, size: float = 0.002) -> shapely.Polygon:
    return shapely.box(lon, lat, lon + size, lat + size)


def run(engine: Engine, path: Path, into: str = "parcels", **options: Any) -> Report:
    return import_file(engine, STAFF, path, into, COUNTY, Options(**options))


def reasons(report: Report) -> list[str | None]:
    return [row.reason_code for row in report.rows]


def test_twice_changes_nothing_and_undo_takes_exactly_the_batch_back(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "plots.gpkg"
    frame = gpd.GeoDataFrame(
        {"code": ["A1", "A2", "A3"], "name": ["甲", "乙", "丙"], "备注": ["x", "y", "z"]},
        geometry=[square(121.7 + i / 100) for i in range(3)],
        crs=4490,
    )
    frame.to_file(path, driver="GPKG")
    first = run(engine, path, publish=True)
    assert first.count("inserted") == 3
    again = run(engine, path, publish=True)
    assert again.count("unchanged") == 3
    with acting_sync(engine, STAFF) as c:
        assert c.execute(
            text("select count(*), max(version), max(extra ->> '备注') from staff_data.parcels where code like 'A_'")
        ).one() == (3, 1, "z")
        c.execute(text("update register.parcel set name = '改过' where code = 'A2'"))
    back = undo(engine, STAFF, first.batch_id or 0)
    assert sorted((r.code, r.action) for r in back.rows) == [("A1", "removed"), ("A2", "kept"), ("A3", "removed")]
    with acting_sync(engine, STAFF) as c:
        assert c.execute(text("select code, name from staff_data.parcels where code like 'A_'")).all() == [
            ("A2", "改过")
        ]
        assert (
            c.execute(text("select state from register.import_batch where id = :i"), {"i": first.batch_id}).scalar_one()
            == "undone"
        )
    with pytest.raises(Conflict):
        undo(engine, STAFF, first.batch_id or 0)


def test_an_update_is_undone_to_what_stood_before(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "plots.geojson"
    gpd.GeoDataFrame({"code": ["B1"], "name": ["原名"]}, geometry=[square(121.75)], crs=4326).to_file(path)
    run(engine, path)
    gpd.GeoDataFrame({"code": ["B1"], "name": ["新名"]}, geometry=[square(121.751)], crs=4326).to_file(path)
    changed = run(engine, path)
    assert changed.count("updated") == 1
    undo(engine, STAFF, changed.batch_id or 0)
    with acting_sync(engine, STAFF) as c:
        name, west = c.execute(text("select name, st_xmin(geom) from staff_data.parcels where code = 'B1'")).one()
    assert (name, round(west, 6)) == ("原名", 121.75)


def test_every_row_is_accounted_for_with_its_reason(engine: Engine, tmp_path: Path) -> None:
    bow_tie = shapely.Polygon([(121.8, 29.4), (121.802, 29.402), (121.802, 29.4), (121.8, 29.402)])
    rows = {
        "C1": square(121.8, 29.41), "C2": square(10.0), "C3": shapely.Point(121.8, 29.4), "C4": None, "C5": bow_tie,
        "C6": shapely.Polygon([(121.81, 29.4, 5), (121.812, 29.4, 5), (121.812, 29.402, 5)]), "bad/code": square(121.82), "C1 ": square(121.83),
        "C7": shapely.Polygon([(1.797e308, 29.4), (121.8, 29.4), (121.8, 29.5)]),
    }  # fmt: skip
    path = tmp_path / "ugly.geojson"
    features = [
        {
            "type": "Feature",
            "properties": {"code": c, "registered_area_m2": "viel" if c == "C6" else 100},
            "geometry": json.loads(shapely.to_geojson(g)) if g else None,
        }
        for c, g in rows.items()
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    report = run(engine, path)
    assert reasons(report) == [
        None,
        "outside_county",
        "wrong_geometry_type",
        "no_geometry",
        None,
        "bad_value",
        "bad_code",
        "duplicate_code",
        "bad_coordinates",
    ]
    assert report.rows[4].repairs
    assert report.rows[4].action == "inserted"
    assert report.rejects is not None
    (tmp_path / report.rejects.name).write_bytes(report.rejects.data)
    back = gpd.read_file(tmp_path / report.rejects.name)
    assert list(back["row_no"]) == [2, 3, 4, 6, 7, 8, 9]
    assert set(back["reason_code"]) == {
        "outside_county",
        "wrong_geometry_type",
        "no_geometry",
        "bad_value",
        "bad_code",
        "duplicate_code",
        "bad_coordinates",
    }


def test_strict_applies_nothing_and_a_dry_run_leaves_nothing(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "s.geojson"
    gpd.GeoDataFrame({"code": ["S1", "S2"]}, geometry=[square(121.7), square(10.0)], crs=4326).to_file(path)
    with pytest.raises(StrictRefusal):
        run(engine, path, strict=True)
    assert run(engine, path, dry_run=True).count("inserted") == 1
    with acting_sync(engine, STAFF) as c:
        assert c.execute(text("select count(*) from staff_data.parcels where code in ('S1', 'S2')")).scalar_one() == 0
        assert (
            c.execute(text("select count(*) from register.import_batch where file_name = 's.geojson'")).scalar_one()
            == 0
        )


@pytest.mark.parametrize("encoding", ["GBK", "UTF-8"])
@pytest.mark.parametrize("cpg", [True, False])
@pytest.mark.parametrize("epsg", [4528, 4529, 4550])
def test_shapefiles_of_bureaus(engine: Engine, tmp_path: Path, encoding: str, cpg: bool, epsg: int) -> None:
    """SHP-01 to -03: GBK or UTF-8, with or without .cpg, no .prj, zone 40 or 41 with or without prefix; zipped."""
    code = f"Z{encoding[0]}{int(cpg)}{epsg}"
    shape = shapely.transform(
        square(121.72),
        lambda p: __import__("numpy").column_stack(
            Transformer.from_crs(4490, epsg, always_xy=True).transform(p[:, 0], p[:, 1])
        ),
    )
    folder = tmp_path / "shp"
    folder.mkdir()
    gpd.GeoDataFrame({"DKBH": [code], "DKMC": ["示例地块一号"]}, geometry=[shape], crs=epsg).to_file(
        folder / "地块.shp", encoding=encoding
    )
    (folder / "地块.prj").unlink()
    if not cpg:
        (folder / "地块.cpg").unlink(missing_ok=True)
    path = tmp_path / "plots.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in folder.iterdir():
            archive.write(file, file.name)
    report = run(engine, path)
    assert report.count("inserted") == 1, (report.rows, report.guesses)
    with acting_sync(engine, STAFF) as c:
        name, west, area = c.execute(
            text("select name, st_xmin(geom), area_m2 from staff_data.parcels where code = :c"), {"c": code}
        ).one()
    assert name == "示例地块一号"
    assert abs(west - 121.72) < 1e-6
    assert abs(float(area) - 43_000) < 400
    undo(engine, STAFF, report.batch_id or 0)


def test_csv_with_coordinates_and_wkt(engine: Engine, tmp_path: Path) -> None:
    points = tmp_path / "firms.csv"
    points.write_bytes("编号,名称,经度,纬度\nF1,示例企业,121.8,29.4\nF2,坏的,abc,29.4\n".encode("gb18030"))
    firms = run(engine, points, "enterprises")
    assert reasons(firms) == [None, "bad_coordinates"]
    wkt = tmp_path / "wkt.csv"
    wkt.write_text(f'code,wkt\nW1,"{square(121.8).wkt}"\nW2,"POLYGON((1 2"\nW3,\n')
    assert reasons(run(engine, wkt)) == [None, "bad_coordinates", "no_geometry"]


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("big.geojson", b"0" * 60_000_000)


def trick(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../etc/evil.geojson", b"{}")


def nested(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("inner.zip", b"PK")


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("empty.geojson", lambda p: p.write_bytes(b"")), ("broken.geojson", lambda p: p.write_bytes(b'{"type": "FeatureColl')),
        ("noise.shp", lambda p: p.write_bytes(b"\x00\x00\x27\x0a" + b"\xff" * 200)), ("bomb.zip", bomb), ("trick.zip", trick), ("nested.zip", nested),
        ("noise.zip", lambda p: p.write_bytes(b"PK\x03\x04" + b"\x00" * 50)), ("word.docx", lambda p: p.write_bytes(b"x")), ("binary.csv", lambda p: p.write_bytes(bytes(range(256)) * 4)),
        ("noise.gpkg", lambda p: p.write_bytes(b"SQLite format 3\x00" + b"\xff" * 500)), ("noise.fgb", lambda p: p.write_bytes(b"fgb\x03" + b"\x01" * 90)),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_one_clear_refusal(engine: Engine, tmp_path: Path, name: str, make: Any) -> None:
    path = tmp_path / name
    make(path)
    with pytest.raises(GeoError) as caught:
        run(engine, path)
    assert caught.value.message.zh
    assert caught.value.message.en
    assert not (tmp_path.parent / "etc").exists()


def test_a_shapefile_without_its_table_says_so(engine: Engine, tmp_path: Path) -> None:
    gpd.GeoDataFrame({"code": ["X"]}, geometry=[square(121.8)], crs=4490).to_file(tmp_path / "x.shp")
    (tmp_path / "x.dbf").unlink()
    with pytest.raises(BadInput, match=r"\.dbf is missing"):
        run(engine, tmp_path / "x.shp")


def test_old_datums_are_refused(engine: Engine, tmp_path: Path) -> None:
    """GEO-05: 北京54 and 西安80 need local parameters."""
    path = tmp_path / "old.gpkg"
    gpd.GeoDataFrame({"code": ["X"]}, geometry=[square(121.8)], crs=4610).to_file(path, driver="GPKG")
    with pytest.raises(BadInput, match="ballpark"):
        run(engine, path)


def test_a_second_import_while_one_runs_is_told_so(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "p.geojson"
    gpd.GeoDataFrame({"code": ["L1"]}, geometry=[square(121.7)], crs=4326).to_file(path)
    with acting_sync(engine, STAFF) as c:
        c.execute(text("select pg_advisory_xact_lock(hashtextextended('import/330225/parcels', 0))"))
        with pytest.raises(Conflict):
            run(engine, path)


def test_a_clerk_imports_only_for_the_own_unit(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "own.geojson"
    gpd.GeoDataFrame(
        {"code": ["O1", "O2"], "unit_code": ["U1", None]}, geometry=[square(121.7), square(121.71)], crs=4326
    ).to_file(path)
    clerk = Actor(Audience.STAFF, account="clerk", units=("U1",), tier="P3")
    report = import_file(engine, clerk, path, "parcels", COUNTY, Options())
    assert reasons(report) == [None, "no_rights"]


def test_facts_are_added_once_and_undone_by_retraction(engine: Engine, tmp_path: Path) -> None:
    plot = tmp_path / "p.geojson"
    gpd.GeoDataFrame({"code": ["G1"]}, geometry=[square(121.7)], crs=4326).to_file(plot)
    run(engine, plot)
    path = tmp_path / "facts.csv"
    pd.DataFrame(
        [
            ("parcel", "G1", "status", "AVAILABLE", "2025-01-01"),
            ("parcel", "G1", "status", "NONSENSE", "2025-01-01"),
            ("parcel", "NO", "status", "AVAILABLE", "2025-01-01"),
        ],
        columns=["subject_kind", "subject_code", "kind", "value", "effective_on"],
    ).to_csv(path, index=False)
    report = run(engine, path, "facts")
    assert reasons(report) == [None, "bad_value", "unknown_reference"]
    assert run(engine, path, "facts").count("unchanged") == 1
    undo(engine, STAFF, report.batch_id or 0)
    with acting_sync(engine, STAFF) as c:
        assert c.execute(text("select status from staff_data.parcels where code = 'G1'")).scalar_one() is None


@pytest.mark.shared_data
def test_25663_real_parcels_of_philadelphia(engine: Engine, shared_data: Path, tmp_path: Path) -> None:
    """EPSG:2272 (US feet) into a county of its own: every row accounted for, areas right, a second import changes nothing."""
    path = shared_data / "parcels" / "philadelphia_vacant_land_2024_epsg2272.gpkg"
    with acting_sync(engine, ADMIN) as c:
        add_county(
            c,
            "42101",
            name="费城",
            name_en="Philadelphia",
            outline=outline_of(path, as_hull=True),
            survey_epsg=32618,
            time_zone="America/New_York",
            rule_set=None,
        )
    options = Options(publish=True, column_map={"opa_id": "code", "address": "name"})
    report = import_file(engine, STAFF, path, "parcels", "42101", options)
    assert len(report.rows) == 25_663
    assert report.count("inserted") + report.count("rejected") == 25_663
    assert report.count("rejected") == 15
    assert sum(bool(r.repairs) for r in report.rows) == 1
    source = gpd.read_file(path).set_index("opa_id").to_crs(32618)
    with acting_sync(engine, STAFF) as c:
        measured = c.execute(
            text("select code, area_m2 from staff_data.parcels where county_code = '42101' order by code limit 2000")
        ).all()
    for code, area in measured:
        if source.geometry[code].is_valid:
            assert abs(float(area) - source.geometry[code].area) <= 0.01 + 1e-5 * source.geometry[code].area, code
    again = import_file(engine, STAFF, path, "parcels", "42101", options)
    assert again.count("unchanged") == report.count("inserted")
