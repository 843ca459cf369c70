"""The sample county is a place: counts, shapes, roads that meet, buildings inside plots, and the same bytes twice."""

from __future__ import annotations

import csv
import hashlib
import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import shapely
import yaml
from pyproj import Transformer
from sqlalchemy import text

from geo.db import acting_sync, sync_engine
from ops.bootstrap.steps import ROOT
from ops.sample.build import build
from ops.sample.load import SAMPLE, load

TO_METRES = Transformer.from_crs(4490, 4529, always_xy=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("sample")
    build(out)
    return out


def features(folder: Path, name: str) -> list[dict[str, object]]:
    return json.loads((folder / f"{name}.geojson").read_text(encoding="utf-8"))["features"]


def shapes(folder: Path, name: str) -> dict[str, shapely.Geometry]:
    out = {}
    for f in features(folder, name):
        shape = shapely.from_geojson(json.dumps(f["geometry"]))
        out[f["properties"]["code"]] = shapely.transform(
            shape, lambda p: np.column_stack(TO_METRES.transform(p[:, 0], p[:, 1]))
        )  # type: ignore[index]
    return out


def test_twice_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    build(tmp_path)
    for file in sorted(folder.iterdir()):
        assert (
            hashlib.sha256(file.read_bytes()).digest() == hashlib.sha256((tmp_path / file.name).read_bytes()).digest()
        ), file.name


def test_there_is_as_much_of_everything_as_promised(folder: Path) -> None:
    kinds = Counter(f["properties"]["kind"] for f in features(folder, "buildings"))  # type: ignore[index]
    assert kinds == {"factory": 150, "office": 40}
    parcels = features(folder, "parcels")
    assert 380 <= len(parcels) <= 440
    assert sum(f["properties"].get("realm") == "sea" for f in parcels) == 10  # type: ignore[attr-defined]
    assert len(features(folder, "parks")) + len(features(folder, "featured_towns")) == 12
    assert len(features(folder, "projects")) == 80
    assert len(features(folder, "enterprises")) == 120
    assert len(features(folder, "policies")) == 30
    assert all(f["properties"]["is_sample"] for f in parcels)  # type: ignore[index]


def test_plots_do_not_overlap_and_neighbours_differ(folder: Path) -> None:
    plots = list(shapes(folder, "parcels").values())
    tree = shapely.STRtree(plots)
    left, right = tree.query(plots, predicate="intersects")
    for a, b in zip(left, right, strict=True):
        if a < b:
            assert shapely.intersection(plots[a], plots[b]).area < 1.0
    centres = [p.centroid for p in plots]
    for i in range(0, len(plots), 40):
        near = sorted(range(len(plots)), key=lambda j: centres[i].distance(centres[j]))[:11]
        looks = {(round(plots[j].area, -2), len(plots[j].geoms[0].exterior.coords)) for j in near}
        assert len(looks) >= 10


def test_buildings_stand_inside_their_plot_with_a_setback(folder: Path) -> None:
    plots = shapes(folder, "parcels")
    for f, shape in zip(features(folder, "buildings"), shapes(folder, "buildings").values(), strict=True):
        plot = plots[f["properties"]["parcel_code"]]  # type: ignore[index]
        assert plot.contains(shape)
        assert plot.boundary.distance(shape) > 7.5


def test_roads_meet_at_junctions_and_reach_every_park(folder: Path) -> None:
    edges = [f["properties"] for f in features(folder, "road_edges")]
    parent: dict[object, object] = {}

    def root(n: object) -> object:
        while parent.setdefault(n, n) != n:
            n = parent[n]
        return n

    for e in edges:
        parent[root(e["from_node"])] = root(e["to_node"])  # type: ignore[index]
    assert len({root(n) for n in list(parent)}) == 1
    ends = Counter(n for e in edges for n in (e["from_node"], e["to_node"]))  # type: ignore[index]
    assert sum(c >= 3 for c in ends.values()) >= 20
    roads = shapely.union_all(list(shapes(folder, "road_edges").values()))
    for name in ("parks", "featured_towns"):
        for code, park in shapes(folder, name).items():
            assert park.distance(roads) < 250, code


def test_no_road_or_rail_runs_over_a_plot_and_everything_lies_in_the_county(folder: Path) -> None:
    outline = shapely.from_geojson((folder / "outline.geojson").read_text(encoding="utf-8"))
    outline = shapely.transform(outline, lambda p: np.column_stack(TO_METRES.transform(p[:, 0], p[:, 1])))
    ways = shapely.union_all([s for s in shapes(folder, "transport").values() if s.geom_type == "LineString"])
    assert [code for code, plot in shapes(folder, "parcels").items() if plot.intersects(ways)] == []
    for name in ("admin_areas", "parks", "featured_towns", "parcels", "buildings", "transport", "road_edges"):
        outside = [code for code, s in shapes(folder, name).items() if not outline.buffer(1).contains(s)]
        assert outside == [], name


def test_works_lie_in_their_park_and_off_its_plots_and_some_are_not_settled(folder: Path) -> None:
    parks = shapes(folder, "parks") | shapes(folder, "featured_towns")
    plots = shapely.union_all([s for code, s in shapes(folder, "parcels").items() if not code.startswith("SEA")])
    forms, unplaced = Counter(), set()  # type: ignore[var-annotated]
    for f in features(folder, "park_works"):
        p = f["properties"]
        assert p["is_sample"]  # type: ignore[index]
        if f["geometry"] is None:
            unplaced.add(p["kind"])  # type: ignore[index]
            continue
        drawn = shapely.from_geojson(json.dumps(f["geometry"]))
        shape = shapely.transform(drawn, lambda q: np.column_stack(TO_METRES.transform(q[:, 0], q[:, 1])))
        forms[shape.geom_type] += 1
        assert parks[p["park_code"]].buffer(0.1).contains(shape), p["code"]  # type: ignore[index]
        if shape.geom_type != "Polygon":
            assert shape.distance(plots) > 1, p["code"]  # type: ignore[index]
    assert set(forms) == {"Point", "LineString", "Polygon"}
    assert unplaced == {"gas"}


def test_expressways_meet_other_roads_at_ramps_and_stations_lie_on_the_rail(folder: Path) -> None:
    kinds = {f["properties"]["code"]: f["properties"]["kind"] for f in features(folder, "transport")}  # type: ignore[index]
    where = shapes(folder, "transport")
    ramps = [where[c] for c, k in kinds.items() if k == "ramp"]
    rail = shapely.union_all([where[c] for c, k in kinds.items() if k == "rail"])
    assert all(where[c].distance(rail) < 1 for c, k in kinds.items() if k == "station")
    fast, slow = set(), set()
    ends = {}
    for f, line in zip(features(folder, "road_edges"), shapes(folder, "road_edges").values(), strict=True):
        p = f["properties"]
        nodes = {p["from_node"], p["to_node"]}  # type: ignore[index]
        (fast if p["road_class"] == "expressway" else slow).update(nodes)  # type: ignore[index]
        ends |= {p["from_node"]: line.coords[0], p["to_node"]: line.coords[-1]}  # type: ignore[index]
    shared = fast & slow
    assert len(shared) == len(ramps)
    assert all(min(r.distance(shapely.Point(ends[n])) for r in ramps) < 1 for n in shared)


def test_buildings_and_areas_fit_the_figures_of_their_plot(folder: Path) -> None:
    plots = {f["properties"]["code"]: f["properties"] for f in features(folder, "parcels")}  # type: ignore[index]
    area = {code: s.area for code, s in shapes(folder, "parcels").items()}
    floor: Counter[str] = Counter()
    covered: Counter[str] = Counter()
    standing = shapes(folder, "buildings")
    for f in features(folder, "buildings"):
        b = f["properties"]
        floor[b["parcel_code"]] += b["floor_area_m2"]  # type: ignore[index]
        covered[b["parcel_code"]] += standing[b["code"]].area  # type: ignore[index]
        assert b["height_m"] <= plots[b["parcel_code"]]["height_max_m"]  # type: ignore[index]
    with (folder / "facts.csv").open(encoding="utf-8") as file:
        partly = {row["subject_code"] for row in csv.DictReader(file) if row["kind"] == "undeveloped_area_m2"}
    for code, p in plots.items():
        if code in floor:
            far, density = floor[code] / area[code], 100 * covered[code] / area[code]
            assert far <= p["far_max"] + 0.01, code
            assert density <= p["density_max_pct"] + 0.5, code
            if code not in partly:  # 用而未尽: built on at one end only
                assert p["far_min"] - 0.01 <= far, code
                assert p["density_min_pct"] - 0.5 <= density, code
    assert len(partly & set(floor)) >= 3
    assert {code.split("-")[0] for code in floor} == {code.split("-")[0] for code in plots} - {"SEA"}
    for row in csv.DictReader((folder / "facts.csv").open(encoding="utf-8")):
        if row["kind"].endswith("_area_m2") and row["subject_kind"] == "parcel":
            assert float(row["value"]) <= area[row["subject_code"]] * 1.01


def test_a_good_share_of_started_plots_was_surveyed_and_their_ground_lies_in_them(folder: Path) -> None:
    with (folder / "facts.csv").open(encoding="utf-8") as file:
        facts = [row for row in csv.DictReader(file) if row["subject_kind"] == "parcel"]
    started, surveyed = (
        {f["subject_code"] for f in facts if f["kind"] == kind} for kind in ("started_on", "ground_surveyed_on")
    )
    assert surveyed <= started
    assert 0.3 < len(surveyed) / len(started) < 0.9
    plots, grounds = shapes(folder, "parcels"), shapes(folder, "ground_uses")
    kinds = Counter()  # type: ignore[var-annotated]
    for f in features(folder, "ground_uses"):
        p = f["properties"]
        plot = p["code"].rsplit("-", 1)[0]  # type: ignore[index]
        kinds[p["kind"]] += 1  # type: ignore[index]
        assert plot in surveyed
        assert p["is_sample"]  # type: ignore[index]
        assert plots[plot].buffer(0.1).contains(grounds[p["code"]]), p["code"]  # type: ignore[index]
    assert len(kinds) >= 6
    standing = shapes(folder, "buildings")
    tree = shapely.STRtree(list(standing.values()))
    for shape in grounds.values():
        for other in tree.query(shape, predicate="intersects"):
            assert shapely.intersection(shape, list(standing.values())[other]).area < 0.5


def test_the_manifest_counts_what_is_built(folder: Path) -> None:
    rows = yaml.safe_load((ROOT / "data" / "parcels" / "manifest.yaml").read_text(encoding="utf-8"))["rows"]
    for entry in yaml.safe_load((folder / "load_order.yaml").read_text(encoding="utf-8")):
        file = folder / entry["file"]
        found = (
            len(json.loads(file.read_text(encoding="utf-8"))["features"])
            if file.suffix == ".geojson"
            else len(list(csv.DictReader(file.open(encoding="utf-8"))))
        )
        assert rows[entry["into"]] == found, entry["into"]


def test_every_status_and_land_situation_occurs_three_times(database_url: str, folder: Path) -> None:
    engine = sync_engine(database_url)
    reports = load(engine, lambda _: None, folder)
    assert sum(r.count("rejected") for r in reports) == 0
    with acting_sync(engine, SAMPLE) as connection:
        statuses = Counter(connection.execute(text("select status from staff_data.parcels")).scalars())
        answers = Counter(
            map(tuple, connection.execute(text("select rule_id, holds, coalesce(level, '') from staff_data.findings")))
        )
        late = connection.execute(
            text(
                "select count(distinct park_code) from open_data.park_works where finished_on is null and planned_end_on < :day"
            ),
            {"day": "2026-11-25"},
        ).scalar_one()
        stages = Counter(connection.execute(text("select stage from staff_data.projects")).scalars())
        pauses = connection.execute(
            text("select count(*), count(*) filter (where to_on is null), count(*) filter (where not stops_clock) from staff_data.clock_pauses")
        ).one()  # fmt: skip
    engine.dispose()
    assert (pauses[0] >= 8, pauses[1], pauses[2]) == (True, 1, 1)
    assert late == 12, "every park has a late work"
    assert all(
        statuses[s] >= 3
        for s in ("RESERVE", "AVAILABLE", "ON_OFFER", "SUPPLIED", "UNDER_CONSTRUCTION", "IN_USE", "RESTRICTED")
    )
    for wanted in (("IDLE-01", "yes", "RED"), ("IDLE-01", "unknown", ""), ("UNDER-01", "yes", "YELLOW"), ("UNDER-01", "yes", "RED"),
                   ("UNDER-02", "yes", "YELLOW"), ("UNDER-02", "yes", "RED"), ("UNDER-04", "yes", "YELLOW"), ("UNDER-04", "yes", "RED")):  # fmt: skip
        assert answers[wanted] >= 3, wanted
    assert all(
        stages[s] >= 3
        for s in ("LEAD", "NEGOTIATING", "SIGNED", "UNDER_CONSTRUCTION", "IN_PRODUCTION", "FULL_CAPACITY", "PAUSED")
    )
    kinds = Counter(row["kind"] for row in csv.DictReader((folder / "facts.csv").open(encoding="utf-8")))
    assert kinds["suspended_since_on"] >= 3
    assert kinds["undeveloped_area_m2"] >= 3
    assert kinds["actual_tax_wan_cny_per_mu"] >= 3
