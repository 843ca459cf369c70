"""The formats read apart: what a bureau or a surveyor sends in them arrives whole, in its place, with its text right."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from pyproj import Transformer
from sqlalchemy import Engine, text

from geo.db import acting_sync
from geo.errors import BadInput
from geo.exchange.undoing import undo
from tests.exchange.test_import import STAFF, engine, reasons, run, square

__all__ = ["engine"]
KML = '<?xml version="1.0" encoding="{encoding}"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{body}</Document></kml>'


def ring(shape: shapely.Polygon, epsg: int = 4490, *, north_first: bool = False, separator: str = ",") -> str:
    """Coordinates of a polygon's outline in a CRS, as text."""
    points = shapely.get_coordinates(shape)
    x, y = Transformer.from_crs(4490, epsg, always_xy=True).transform(points[:, 0], points[:, 1])
    columns = (y, x) if north_first else (x, y)
    return " ".join(separator.join(f"{v:.9f}" for v in point) for point in np.column_stack(columns))


def polygon_kml(shape: shapely.Polygon) -> str:
    return f"<Polygon><outerBoundaryIs><LinearRing><coordinates>{ring(shape)}</coordinates></LinearRing></outerBoundaryIs></Polygon>"


def polygon_gml(shape: shapely.Polygon, epsg: int) -> str:
    points = ring(shape, epsg, north_first=True, separator=" ")
    return (
        f'<gml:Polygon srsName="urn:ogc:def:crs:EPSG::{epsg}"><gml:exterior><gml:LinearRing><gml:posList>{points}'
        "</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>"
    )


def write_kml(folder: Path, shape: shapely.Polygon) -> Path:
    data = "<ExtendedData><Data name='code'><value>KML</value></Data></ExtendedData>"
    body = f"<Folder><name>地块</name><Placemark><name>示例地块</name>{data}{polygon_kml(shape)}</Placemark></Folder>"
    path = folder / "a.kml"
    path.write_bytes(KML.format(encoding="GBK", body=body).encode("gbk"))
    return path


def write_kmz(folder: Path, shape: shapely.Polygon) -> Path:
    path = folder / "a.kmz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("files/picture.png", b"\x89PNG")
        archive.writestr("doc.kml", write_kml(folder, shape).read_bytes().replace(b"KML</value>", b"KMZ</value>"))
        archive.writestr("other/more.kml", "<kml/>")
    return path


def write_gml(folder: Path, shape: shapely.Polygon) -> Path:
    path = folder / "a.gml"
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?><f:Plots xmlns:f="urn:plots" xmlns:gml="http://www.opengis.net/gml/3.2"><gml:featureMember>'
        f'<f:Plot gml:id="p1"><f:code>007</f:code><f:name>示例地块</f:name><f:geometry>{polygon_gml(shape, 4529)}</f:geometry></f:Plot>'
        "</gml:featureMember></f:Plots>",
        encoding="utf-8",
    )
    return path


def write_json_fg(folder: Path, shape: shapely.Polygon) -> Path:
    place = json.loads(shapely.to_geojson(shape))
    x_y = Transformer.from_crs(4490, 4529, always_xy=True).transform(*shapely.get_coordinates(shape).T)
    place["coordinates"] = [np.column_stack(x_y[::-1]).tolist()]  # EPSG:4529 itself: northing first
    feature = {
        "type": "Feature", "geometry": None, "place": place, "time": None, "properties": {"code": "FG", "name": "示例地块"},
    }  # fmt: skip
    path = folder / "a.json"
    path.write_text(
        json.dumps(
            {
                "type": "FeatureCollection",
                "conformsTo": ["http://www.opengis.net/spec/json-fg-1/0.2/conf/core"],
                "coordRefSys": "http://www.opengis.net/def/crs/EPSG/0/4529",
                "features": [feature],
            },
            ensure_ascii=False,
        ),
        encoding="utf-8",
    )
    return path


def frame_of(code: str, shape: shapely.Polygon) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"code": [code], "name": ["示例地块"]}, geometry=[shape], crs=4490)


def write_parquet(folder: Path, shape: shapely.Polygon) -> Path:
    path = folder / "a.parquet"
    frame_of("PQ", shape).to_crs(4529).to_parquet(path)
    return path


def write_geoarrow(folder: Path, shape: shapely.Polygon) -> Path:
    path = folder / "a.geoparquet"
    frame_of("GA", shape).to_parquet(path, geometry_encoding="geoarrow", schema_version="1.1.0")
    return path


def write_mif(folder: Path, shape: shapely.Polygon) -> Path:
    points = ring(shape, 4529, separator=" ").split(" ")
    rows = "\n".join(" ".join(points[i : i + 2]) for i in range(0, len(points), 2))
    head = (
        'Version 300\nCharset "Neutral"\nDelimiter ","\nCoordSys NonEarth Units "m" Bounds (0, 0) (99999999, 9999999)\n'
    )
    mif = f"{head}Columns 2\n  code Char(20)\n  名称 Char(40)\nData\n\nRegion 1\n  {len(points) // 2}\n{rows}\n"
    path = folder / "mif.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("地块/plots.mif", mif.encode("gbk"))
        archive.writestr("地块/PLOTS.MID", '"MI","示例地块"\n'.encode("gbk"))
    return path


WRITERS: dict[str, Callable[[Path, shapely.Polygon], Path]] = {
    "KML": write_kml, "KMZ": write_kmz, "007": write_gml, "FG": write_json_fg, "PQ": write_parquet, "GA": write_geoarrow, "MI": write_mif,
}  # fmt: skip


@pytest.mark.parametrize("code", WRITERS)
def test_a_plot_arrives_where_it_lies_with_its_name(engine: Engine, tmp_path: Path, code: str) -> None:
    """Also: GBK XML, northing first in GML and JSON-FG, MapInfo without a CRS in zone 41, leading zeros kept."""
    report = run(engine, WRITERS[code](tmp_path, square(121.72)))
    assert [row.code for row in report.rows] == [code], report.guesses
    assert report.count("inserted") == 1, report.rows
    assert report.guesses["format"]["value"]
    with acting_sync(engine, STAFF) as c:
        row = c.execute(
            text("select name, st_xmin(geom), st_ymin(geom), area_m2 from staff_data.parcels where code = :c"),
            {"c": code},
        ).one()
    assert row[0] == "示例地块"
    assert abs(row[1] - 121.72) < 1e-7
    assert abs(row[2] - 29.4) < 1e-7
    assert abs(float(row[3]) - 43_000) < 400
    undo(engine, STAFF, report.batch_id or 0)


@pytest.mark.shared_data
@pytest.mark.parametrize("inner", ["", "data/testopenfilegdb.gdb/"])
def test_a_geodatabase_is_found_wherever_it_lies_in_its_zip(
    engine: Engine, shared_data: Path, tmp_path: Path, inner: str
) -> None:
    path = tmp_path / "any name.zip"
    real = shared_data / "ugly" / "fiona" / "testopenfilegdb.gdb.zip"
    with zipfile.ZipFile(real) as given, zipfile.ZipFile(path, "w") as archive:
        for name in given.namelist():
            if not name.endswith("/"):
                archive.writestr(inner + name.rpartition("/")[2], given.read(name))
    with pytest.raises(BadInput, match=r"several layers \(34\): point, "):
        run(engine, path)
    assert run(engine, path, "chains", layer="none", dry_run=True).count("inserted") == 6


def test_a_kml_of_people_is_read_as_they_mean_it(engine: Engine, tmp_path: Path) -> None:
    """Unclosed rings, blanks after commas, heights, label points, tracks, folders in folders, prefixes nobody declared."""
    ring_of = "121.7, 29.4, 3\n 121.702,29.4 ,0 121.702,29.402"
    hole = "<innerBoundaryIs><LinearRing><coordinates>121.7005,29.4002 121.701,29.4002 121.701,29.4005 121.7005,29.4002</coordinates></LinearRing></innerBoundaryIs>"
    polygon = f"<Polygon><outerBoundaryIs><LinearRing><coordinates>{ring_of}</coordinates></LinearRing></outerBoundaryIs>{hole}</Polygon>"
    body = (
        f"<Folder><name>甲</name><Folder><name>乙</name><Placemark id='x'><name>一</name><gx:balloon/>{polygon}</Placemark></Folder>"
        f"<Placemark><name>二</name><MultiGeometry><Point><coordinates>121.71,29.4</coordinates></Point>{polygon_kml(square(121.71))}"
        f"{polygon_kml(square(121.72))}</MultiGeometry></Placemark></Folder>"
        "<Placemark><name>三</name><gx:Track><when>2024-01-01</when><gx:coord>121.7 29.4 0</gx:coord><gx:coord>121.8 29.4 0</gx:coord></gx:Track></Placemark>"
        "<Placemark><name>四</name><Point><coordinates>121,7 29,4</coordinates></Point></Placemark>"
        "<Placemark><name>五</name><TimeSpan><begin>2024-01-01</begin></TimeSpan></Placemark><NetworkLink/>"
    )
    path = tmp_path / "people.kml"
    path.write_text(KML.format(encoding="UTF-8", body=body), encoding="utf-8")
    report = run(engine, path)
    assert reasons(report) == [None, None, "wrong_geometry_type", "wrong_geometry_type", "no_geometry"]
    assert report.rows[0].repairs == ["heights dropped; ring closed"]
    assert report.rows[1].repairs == ["label points dropped"]
    assert "1 NetworkLinks not followed" in report.guesses["format"]["evidence"]
    with acting_sync(engine, STAFF) as c:
        found = c.execute(
            text(
                "select name, extra ->> 'folder', st_numgeometries(geom), st_numinteriorrings(st_geometryn(geom, 1)) "
                "from staff_data.parcels where name in ('一', '二') order by name"
            )
        ).all()
    assert [tuple(row) for row in found] == [("一", "甲/乙", 1, 1), ("二", "甲", 2, 0)]
    assert len(run(engine, path, layer="甲", dry_run=True).rows) == 2
    assert len(run(engine, path, layer="甲/乙", dry_run=True).rows) == 1
    with pytest.raises(BadInput, match="there is no folder '丙'; there are: 甲/乙, 甲"):
        run(engine, path, layer="丙")
    undo(engine, STAFF, report.batch_id or 0)


def test_a_bad_number_in_a_kml_is_the_fault_of_its_row(engine: Engine, tmp_path: Path) -> None:
    bodies = [polygon_kml(square(121.7)), polygon_kml(square(121.72)).replace("121.72", "abc", 1), polygon_kml(square(121.73)).replace("121.73", "1e999", 1)]  # fmt: skip
    path = tmp_path / "bad.kml"
    path.write_text(KML.format(encoding="UTF-8", body="".join(f"<Placemark>{b}</Placemark>" for b in bodies)))
    assert reasons(run(engine, path, dry_run=True)) == [None, "bad_coordinates", "bad_coordinates"]


def test_plain_parquet_is_a_table(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "chains.parquet"
    pq.write_table(pa.table({"code": ["T1", "T2"], "name": ["甲", "乙"]}), path)
    assert run(engine, path, "chains").count("inserted") == 2


def test_parts_and_drawings_are_told_what_to_send_instead(engine: Engine, tmp_path: Path) -> None:
    for name, said in (
        ("a.dbf", "one part of a Shapefile"), ("a.mid", "one part of a MapInfo table"), ("a.dxf", "a CAD drawing"),
        ("a.rar", "this kind of archive"), ("a.tab", "the MapInfo TAB is incomplete: .dat is missing"), ("a.doc", "GeoParquet and CSV can"),
    ):  # fmt: skip
        (tmp_path / name).write_bytes(b"!table\n")
        with pytest.raises(BadInput, match=said):
            run(engine, tmp_path / name)
        (tmp_path / name).unlink()
    (tmp_path / "a.gdb").mkdir()
    with pytest.raises(BadInput, match="send it in a zip"):
        run(engine, tmp_path / "a.gdb")
