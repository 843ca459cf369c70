"""Files out: what is written is what stands in the register, whoever opens it, and memory does not grow with it."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import geopandas as gpd
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from geo.db import PUBLIC, acting_sync
from geo.exchange.commands import Options, import_file
from geo.exchange.csv_reading import read_csv
from geo.exchange.csv_writing import safe
from geo.exchange.outgoing import OutType
from geo.exchange.writing import OutColumn, OutKind, write_file
from geo.registry.counties import add_county
from tests.exchange.test_import import ADMIN, COUNTY, STAFF, engine, run, square

__all__ = ["engine"]
KINDS = get_args(OutKind)
ROOT = Path(__file__).resolve().parents[2]
NAMES = [
    '他说"好"', "两\n行", "=SUM(A1:A9)", "+86 574", "-5", "@here", "'=1", "''quoted''", "a;b,c\t|", "🏭 工厂", "\u202eאבג\u202c", "<b>&amp;", "\\N", "NULL", "007", "true", "O'Neil'; drop table x --",
]  # fmt: skip
COLUMNS = [
    OutColumn("code", "string"), OutColumn("name", "string"), OutColumn("name_en", "string"), OutColumn("land_use_code", "string"), OutColumn("far_min", "number"),
    OutColumn("registered_area_m2", "number"), OutColumn("utilities", "string_array"),
]  # fmt: skip
EVERY_TYPE = [OutColumn(f"c_{kind}", kind) for kind in get_args(OutType)]
ONE_OF_EACH = """
select '-1;"甲"', 9007199254740992, 12345678901234.56, true, date '2024-02-29', timestamptz '2024-02-29 08:00:00.125+08',
    array['a', 'b'], daterange('2024-01-01', null), st_asbinary(st_makeenvelope(121, 29, 122, 30, 4490))
union all select null, null, null, null, null, null, null, null, null"""


def parcels(engine: Engine, county: str) -> list[dict[str, Any]]:
    names = ", ".join(c.name for c in COLUMNS)
    with acting_sync(engine, STAFF) as c:
        rows = c.execute(
            text(
                f"select {names}, st_astext(geom) as shape from staff_data.parcels where county_code = :county order by code"
            ),
            {"county": county},
        ).mappings()
        return [dict(row) for row in rows]


def write(engine: Engine, statement: str, columns: list[OutColumn], kind: OutKind, out: Path, **values: Any) -> int:
    return write_file(engine, STAFF, statement, values, columns, kind, "parcels", out, timeout_ms=60_000)


@pytest.fixture(scope="module")
def county_with_plots(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Plots with every name that ever broke a file; some of several parts, one with a hole, coordinates of full length."""
    hole = shapely.Polygon(square(121.9).exterior.coords, [square(121.9005, 29.4005, 0.0003).exterior.coords])
    two = shapely.multipolygons([square(121.6001), square(121.611111111111)])
    shapes = [two, hole, *(square(121.7 + i / 300, 29.4 + i / 700) for i in range(len(NAMES) - 2))]
    frame = gpd.GeoDataFrame(
        {
            "code": [f"E{i:02d}" for i in range(len(NAMES))],
            "name": NAMES,
            "name_en": [None if i % 2 else name for i, name in enumerate(NAMES)],
            "land_use_code": [None if i % 3 else "100102" for i in range(len(NAMES))],
            "far_min": [None if i % 4 else "1.25" for i in range(len(NAMES))],
            "registered_area_m2": [f"{i * 1111.11 + 1:.2f}" for i in range(len(NAMES))],
            "utilities": [None if i % 5 else "water;power" for i in range(len(NAMES))],
        },
        geometry=shapes,
        crs=4490,
    )
    path = tmp_path_factory.mktemp("plots") / "plots.gpkg"
    frame.to_file(path, driver="GPKG")
    report = run(engine, path)
    assert report.count("inserted") == len(NAMES), [(r.field, r.reason) for r in report.rows]
    return COUNTY


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_written_and_imported_again_is_equal(
    engine: Engine, county_with_plots: str, tmp_path: Path, kind: OutKind
) -> None:
    other = f"OUT{kind}"
    with acting_sync(engine, ADMIN) as c:
        add_county(c, other, name=kind, name_en=kind, outline=shapely.box(121.5, 28.8, 122.3, 29.7), survey_epsg=4529, time_zone="Asia/Shanghai", rule_set=None)  # fmt: skip
    names = ", ".join(column.name for column in COLUMNS)
    out = tmp_path / f"plots.{kind}"
    count = write(
        engine,
        f"select {names}, st_asbinary(geom) from staff_data.parcels where county_code = :county order by code",
        COLUMNS, kind, out, county=county_with_plots,
    )  # fmt: skip
    assert count == len(NAMES)
    assert list(tmp_path.iterdir()) == [out]
    report = import_file(engine, STAFF, out, "parcels", other, Options())
    assert report.count("inserted") == count, [(r.field, r.reason) for r in report.rows]
    assert parcels(engine, other) == parcels(engine, county_with_plots)


@pytest.mark.parametrize("kind", ["fgb", "gpkg"])
def test_values_keep_their_kind_and_the_layer_its_crs_and_index(engine: Engine, tmp_path: Path, kind: OutKind) -> None:
    out = tmp_path / f"each.{kind}"
    assert write(engine, ONE_OF_EACH, EVERY_TYPE, kind, out) == 2
    info = pyogrio.read_info(out)
    assert (info["crs"], info["layer_name"], info["features"]) == ("EPSG:4490", "parcels", 2)
    dates = "OFTDate" if kind == "gpkg" else "OFTDateTime"  # FlatGeobuf has no dates without a clock
    assert list(info["ogr_types"]) == ["OFTString", "OFTInteger64", "OFTReal", "OFTInteger", dates, "OFTDateTime", "OFTString", "OFTString"]  # fmt: skip
    assert info["ogr_subtypes"][3] == "OFSTBoolean"
    first, empty = pyogrio.read_dataframe(out).itertuples(index=False)  # pandas has no whole numbers beside nothing
    assert (first.c_string, first.c_integer, first.c_number, first.c_boolean) == ('-1;"甲"', 2.0**53, 12345678901234.56, True)  # fmt: skip
    assert first.c_date.isoformat()[:10] == "2024-02-29"
    assert first.c_timestamp.tz_convert("UTC") == datetime(2024, 2, 29, 0, 0, 0, 125_000, UTC)
    assert (first.c_string_array, first.c_date_range) == ("a;b", "[2024-01-01,)")
    assert first.geometry.bounds == (121, 29, 122, 30)
    assert all(value is None or value != value for value in empty), "nothing stays nothing"


def test_a_csv_opens_right_in_excel_and_keeps_exact_numbers(engine: Engine, tmp_path: Path) -> None:
    out = tmp_path / "each.csv"
    assert write(engine, ONE_OF_EACH, EVERY_TYPE, "csv", out) == 2
    raw = out.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.count(b"\r\n") == 3
    head, first, empty = list(csv.reader(raw.decode("utf-8-sig").splitlines()))
    assert head == [column.name for column in EVERY_TYPE] + ["wkt"]
    assert first[:-1] == ["'-1;\"甲\"", "9007199254740992", "12345678901234.56", "true", "2024-02-29", "2024-02-29T00:00:00.125000+00:00", "a;b", "[2024-01-01,)"]  # fmt: skip
    assert shapely.from_wkt(first[-1]).bounds == (121, 29, 122, 30)
    assert empty == [""] * 9


MIXED = {
    "one type": (["POINT (121 29)", "POINT (122 29)"], "Point", True),
    "single and multi": (["POLYGON ((121 29, 122 29, 122 30, 121 29))", "MULTIPOLYGON (((121 29, 122 29, 122 30, 121 29)))"], "MultiPolygon", True),
    "anything": (["POINT (121 29)", "LINESTRING (121 29, 122 30)", "MULTIPOLYGON (((121 29, 122 29, 122 30, 121 29)))"], "Unknown", True),
    "some without": (["POINT (121 29)", None], "Point", False),
    "all without": ([None, None], "Unknown", False),
    "no rows": ([], "Unknown", False),
}  # fmt: skip


@pytest.mark.parametrize("kind", ["fgb", "gpkg"])
@pytest.mark.parametrize("case", MIXED)
def test_any_mixture_of_geometry_is_written(engine: Engine, tmp_path: Path, kind: OutKind, case: str) -> None:
    """A FlatGeobuf cannot have its index where a row has no geometry; a GeoPackage always has it."""
    shapes, layer_type, has_index = MIXED[case]
    out = tmp_path / f"mixed.{kind}"
    statement = "select o::text, st_asbinary(st_geomfromtext(w, 4490)) from unnest(cast(:shapes as text[])) with ordinality as t (w, o) order by o"
    assert write(engine, statement, [OutColumn("code", "string")], kind, out, shapes=shapes) == len(shapes)
    info, back = pyogrio.read_info(out), pyogrio.read_dataframe(out)
    assert info["geometry_type"] == layer_type
    assert info["capabilities"]["fast_spatial_filter"] == (has_index or kind == "gpkg")
    assert len(back) == len(shapes)
    by_code = dict(zip(back.get("code", []), back.geometry, strict=True)) if len(back) else {}
    for number, wkt in enumerate(shapes, 1):
        found = by_code[str(number)]
        assert (found is None) == (wkt is None)
        assert wkt is None or shapely.equals(found, shapely.from_wkt(wkt))


def test_a_layer_is_read_by_its_index(engine: Engine, tmp_path: Path) -> None:
    statement = "select i::text, st_asbinary(st_makepoint(121 + i / 1000.0, 29)) from generate_series(1, 1000) i"
    out = tmp_path / "points.fgb"
    write(engine, statement, [OutColumn("code", "string")], "fgb", out)
    assert len(pyogrio.read_dataframe(out, bbox=(121.0005, 28, 121.0105, 30))) == 10


def test_a_column_may_be_called_like_the_key_of_a_geopackage(engine: Engine, tmp_path: Path) -> None:
    out = tmp_path / "fid.gpkg"
    columns = [OutColumn("FID", "string"), OutColumn("_fid", "integer")]
    assert write(engine, "select 'x', 5, st_asbinary(st_makepoint(121, 29))", columns, "gpkg", out) == 1
    assert pyogrio.read_info(out)["fid_column"] == "__fid"
    assert pyogrio.read_dataframe(out)[["FID", "_fid"]].to_numpy().tolist() == [["x", 5]]


def test_a_file_holds_what_its_reader_may_read(engine: Engine, county_with_plots: str, tmp_path: Path) -> None:
    """The plots are internal: the public, through its own views, gets none of them, and has no way to the others."""
    columns = [OutColumn("code", "string")]
    statement = "select code, st_asbinary(geom) from {}.parcels where county_code = :county"
    of_public = write_file(engine, PUBLIC, statement.format("open_data"), {"county": county_with_plots}, columns, "csv", "x", tmp_path / "a.csv", timeout_ms=9000)  # fmt: skip
    assert of_public == 0
    with pytest.raises(Exception, match="permission denied"):
        write_file(engine, PUBLIC, statement.format("staff_data"), {"county": county_with_plots}, columns, "csv", "x", tmp_path / "b.csv", timeout_ms=9000)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_statement_that_takes_too_long_leaves_nothing(engine: Engine, tmp_path: Path, kind: OutKind) -> None:
    statement = "select i::text, st_asbinary(st_makepoint(121, 29)) from generate_series(1, 5000) i where i < 4000 or pg_sleep(9) is null"
    with pytest.raises(OperationalError, match="statement timeout"):
        write_file(
            engine, STAFF, statement, {}, [OutColumn("code", "string")], kind, "x", tmp_path / "x", timeout_ms=300
        )
    assert list(tmp_path.iterdir()) == []


@given(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
    | st.text("'=+-@\t\ra", max_size=6)
)
def test_no_text_is_a_formula_and_the_import_takes_back_just_what_was_added(value: str) -> None:
    made = safe(value)
    assert made[:1] not in tuple("=+-@\t\r")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([["code", "name"], ["x", made]])
        (back,) = read_csv(path).frame["name"]
    assert (back if isinstance(back, str) else "") == value


MANY = """
import json, resource, sys
from pathlib import Path
from geo.db import Actor, Audience, sync_engine
from geo.exchange.writing import OutColumn, write_file
url, kind, count, out = sys.argv[1:]
columns = [OutColumn("code", "string"), OutColumn("area_m2", "number"), OutColumn("on", "date")]
statement = ("select 'P' || i, i::numeric / 7, date '2024-01-01' + i % 999, st_asbinary(st_buffer(st_makepoint(121 + i % 1000 / 1000.0, "
             "29 + i / 1000 / 1000.0), 0.0004, 4)) from generate_series(1, cast(:n as int)) i")
rows = write_file(sync_engine(url), Actor(Audience.STAFF), statement, {"n": int(count)}, columns, kind, "x", Path(out), timeout_ms=0)
print(json.dumps([rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024]))
"""
MORE_MAX_MIB = 60
"""The index of a FlatGeobuf costs some 70 bytes a row until it is written (13 MiB here); the rows themselves cost nothing."""


@pytest.mark.parametrize("kind", KINDS)
def test_memory_stays_flat_while_200_000_rows_stream(database_url: str, tmp_path: Path, kind: OutKind) -> None:
    peaks = []
    for count in (2_000, 200_000):
        command = [sys.executable, "-c", MANY, database_url, kind, str(count), str(tmp_path / f"many.{kind}")]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        rows, peak = json.loads(done.stdout)
        assert rows == count
        peaks.append(peak)
    assert peaks[1] - peaks[0] < MORE_MAX_MIB, peaks


@pytest.fixture
def policy_documents(engine: Engine, tmp_path: Path) -> Iterator[None]:
    path = tmp_path / "policies.csv"
    path.write_text(
        'code,name,valid_during\nP1,示例政策,2024-01-01/2025-12-31\nP2,=政策,"[2024-01-01,)"\n', encoding="utf-8"
    )
    run(engine, path, "policy_documents")
    yield
    path.unlink()


@pytest.mark.usefixtures("policy_documents")
@pytest.mark.parametrize("kind", KINDS)
def test_a_table_without_geometry_and_with_ranges_comes_back(engine: Engine, tmp_path: Path, kind: OutKind) -> None:
    columns = [OutColumn("code", "string"), OutColumn("name", "string"), OutColumn("valid_during", "date_range")]
    out = tmp_path / f"back.{kind}"
    statement = (
        "select code, name, valid_during, null::bytea from register.policy where county_code = :county order by code"
    )
    assert write_file(engine, ADMIN, statement, {"county": COUNTY}, columns, kind, "p", out, timeout_ms=9000) == 2
    assert run(engine, out, "policy_documents").count("unchanged") == 2
