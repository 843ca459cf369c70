"""What a land office means: its column names, its words for codes, its area unit, its lists of codes."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
from sqlalchemy import Engine, text

from geo.db import acting_sync
from geo.errors import BadInput
from geo.exchange.undoing import undo
from tests.exchange.test_import import COUNTY, STAFF, engine, reasons, run, square

__all__ = ["engine"]


@pytest.mark.parametrize(("unit", "square_metres"), [("亩", 2000 / 3), ("公顷", 10_000.0), ("平方米", 1.0)])
def test_registered_areas_are_read_in_the_unit_the_shapes_tell(
    engine: Engine, tmp_path: Path, unit: str, square_metres: float
) -> None:
    shapes = [square(121.7 + i / 100, size=0.002 + i / 5000) for i in range(4)]
    measured = gpd.GeoSeries(shapes, crs=4490).to_crs(4529).area
    path = tmp_path / "areas.gpkg"
    frame = gpd.GeoDataFrame(
        {"地块编号": [f"{unit}{i}" for i in range(4)], "用地面积": (measured / square_metres).round(4)}, geometry=shapes, crs=4490
    )  # fmt: skip
    frame.to_file(path, driver="GPKG")
    report = run(engine, path)
    assert report.count("inserted") == 4
    with acting_sync(engine, STAFF) as c:
        rows = c.execute(
            text("select registered_area_m2, area_m2 from staff_data.parcels where code like :like"),
            {"like": f"{unit}%"},
        ).all()
    for registered, area in rows:
        assert abs(float(registered) / float(area) - 1) < 1e-3
    assert report.guesses["area_unit"]["evidence"]


def test_words_of_a_code_list_are_its_codes_and_others_are_refused(engine: Engine, tmp_path: Path) -> None:
    with acting_sync(engine, STAFF) as c:
        code, zh, en = c.execute(
            text(
                "select code, name, name_en from register.code_value where list_code = 'building_kind' order by sort_no limit 1"
            )
        ).one()
    path = tmp_path / "buildings.csv"
    cells = [("H1", code), ("H2", zh), ("H3", en), ("H4", "城堡")]
    lines = [f"{name},{kind},121.8,29.4" for name, kind in cells]
    path.write_text("code,kind,lon,lat\n" + "\n".join(lines) + "\n", encoding="utf-8")
    report = run(engine, path, "buildings")
    assert reasons(report) == [None, None, None, "bad_value"]
    with acting_sync(engine, STAFF) as c:
        kinds = c.execute(text("select distinct kind from staff_data.buildings where code like 'H_'")).scalars().all()
    assert kinds == [code]


def test_lists_of_codes_are_replaced_and_come_back_with_the_undo(engine: Engine, tmp_path: Path) -> None:
    with acting_sync(engine, STAFF) as c:
        for chain in ("CH1", "CH2"):
            c.execute(
                text("insert into register.chain (county_code, code, name) values (:county, :code, :code)"), {"county": COUNTY, "code": chain}
            )  # fmt: skip

    def send(chains: str) -> int:
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.geojson"
        gpd.GeoDataFrame({"code": ["P1"], "chain_codes": [chains]}, geometry=[square(121.9)], crs=4326).to_file(path)
        report = run(engine, path)
        assert report.count("rejected") == 0, report.rows
        return report.batch_id or 0

    def pairs() -> list[str]:
        with acting_sync(engine, STAFF) as c:
            found = c.execute(text("select chain_code from register.parcel_chain where parcel_code = 'P1' order by 1"))
            return list(found.scalars())

    send("CH1")
    assert pairs() == ["CH1"]
    second = send("CH1;CH2")
    assert pairs() == ["CH1", "CH2"]
    undo(engine, STAFF, second)
    assert pairs() == ["CH1"]
    path = tmp_path / "unknown.geojson"
    gpd.GeoDataFrame({"code": ["P2"], "chain_codes": ["CH9"]}, geometry=[square(121.9)], crs=4326).to_file(path)
    assert reasons(run(engine, path)) == ["unknown_reference"]


def test_a_file_of_several_layers_asks_which(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "two.gpkg"
    for layer in ("red", "blue"):
        frame = gpd.GeoDataFrame({"code": [f"L-{layer}"]}, geometry=[square(121.95)], crs=4490)
        frame.to_file(path, driver="GPKG", layer=layer)
    with pytest.raises(BadInput, match="red, blue"):
        run(engine, path)
    assert run(engine, path, layer="blue").rows[0].code == "L-blue"
    with pytest.raises(BadInput, match="there is no layer 'green'"):
        run(engine, path, layer="green")


def test_one_row_the_register_refuses_does_not_stop_the_rest(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "shares.csv"
    path.write_text(
        "code,name,unit_shares\nS1,好,U1:1\nS2,坏,U1:0.4\nS3,也好,U1:1.0\n", encoding="utf-8"
    )  # IDX-04: shares sum to 1
    report = run(engine, path, "projects")
    assert [row.action for row in report.rows][0::2] == ["inserted", "inserted"]
    assert report.rows[1].action == "rejected"
