"""`make bench` from end to end on a small county, without the peers; and the invented county itself."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import psycopg
import pytest
import shapely

from ops.bench import land
from ops.bench.__main__ import main
from ops.bench.client import Lap
from ops.bench.mvt import features
from ops.bench.rounds import Course, Spread
from ops.bench.targets import TARGETS, State, judge
from tests.ops.deployment import plain_environment

ROOT = Path(__file__).resolve().parents[2]
ROWS = 2000


def bench(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """What `make bench` hands over to once the environment stands."""
    command = [sys.executable, "-m", "ops.bench", *arguments]
    return subprocess.run(
        command, env=plain_environment() | env, cwd=ROOT, capture_output=True, text=True, check=False, timeout=900
    )


@pytest.mark.timeout(900)
def test_a_small_run_measures_every_part_and_says_how_each_target_stands(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    done = bench("--seconds", "0.1", ROWS=str(ROWS), ROUNDS="1", PEERS="none", OUT=str(out))
    assert done.returncode == 0, done.stderr[-3000:]
    for line in (
        "ours, HTTP",
        "ours, nothing kept",
        "ours, cold",
        "ours, hot",
        "the same SQL, raw",
        "naive SQL, raw",
        "Index Scan",
        "tile sizes",
        "not built: geo/fit",
    ):
        assert line in done.stdout, line
    found = json.loads(out.read_text())
    assert found["conditions"]["rows"] == ROWS
    assert found["conditions"]["settings"]["synchronous_commit"] == "on"
    parts = {part["name"]: part for part in found["parts"]}
    assert list(parts) == [
        "items", "items narrow", "memory", "tiles shapes", "tiles z12", "tile sizes", "tiles edits", "tiles cells", "tiles seed", "copy", "imports", "history", "landuse", "evidence", "screen", "starting", "later",
    ]  # fmt: skip
    for name in ("items", "items narrow", "tiles shapes", "tiles z12"):
        for contestant in parts[name]["contestants"]:
            assert contestant["requests"] > 0
            assert contestant["rate"]["median"] > 0
    told = {target["id"]: target for part in parts.values() for target in part["targets"]}
    assert set(told) == {target.id for target in TARGETS}
    for target in told.values():
        assert (target["figure"] is None) == (target["state"] in (State.NOT_BUILT, State.NOT_RUN)), target
    assert told["items_raw"]["figure"]["median"] > 0.1
    assert told["items_tipg"]["state"] == State.NOT_RUN


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            ["--only", "itmes"],
            "no part 'itmes'; there are: items, memory, tiles, edits, seed, imports, history, landuse, evidence, screen",
        ),
        (["--peers", "martin"], "no peer 'martin'; there are: tipg, pygeoapi"),
        (["--rows", "0"], "0 is not 1 or more"),
    ],
)
def test_what_is_not_there_is_a_matter_of_usage(
    given: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(given)
    assert left.value.code == 2
    assert said in capsys.readouterr().err


def test_features_of_a_tile_are_counted(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        row = connection.execute(
            "select st_asmvt(t, 'a', 4096, 'm', 'id') || st_asmvt(t, 'b', 4096, 'm') from ("
            "select n as id, 'x' || n as name, n / 3.0::float8 as share, "
            "st_asmvtgeom(st_makepoint(n, n), st_makebox2d(st_makepoint(0, 0), st_makepoint(300, 300))) as m "
            "from generate_series(1, 200) n) t"
        ).fetchone()
    assert row is not None
    assert features(bytes(row[0])) == 400


def test_the_county_is_the_same_whatever_is_asked_of_it() -> None:
    few, many = land.blocks(5), land.blocks(40)
    assert shapely.equals(few, many[:5]).all()
    once, again = (land.degrees(land.parcels(few[3], 3)) for _ in range(2))
    assert shapely.equals_exact(once, again).all()


def test_parcels_are_valid_many_cornered_in_parts_and_with_holes() -> None:
    shapes = np.concatenate([land.degrees(land.parcels(block, n)) for n, block in enumerate(land.blocks(6))])
    assert len(shapes) == 6 * land.PER_BLOCK
    assert shapely.is_valid(shapes).all()
    assert set(shapely.get_type_id(shapes)) == {6}
    corners = shapely.get_num_coordinates(shapes)
    assert 12 < corners.mean() < 25
    assert corners.max() > 200
    assert (shapely.get_num_geometries(shapes) > 1).sum() > 30
    assert (shapely.get_num_interior_rings(shapely.get_parts(shapes)) > 0).sum() > 20


def test_neighbours_share_their_winding_boundary() -> None:
    shapes = land.parcels(land.blocks(1)[0], 0)
    overlap = shapely.area(shapes).sum() - shapely.union_all(shapes).area
    assert overlap < 1e-4 * shapely.area(shapes).sum()


def test_the_county_measures_about_1400_km2() -> None:
    assert land.outline().area / 1e6 == pytest.approx(land.AREA_KM2, rel=0.001)


def test_ratios_are_made_within_a_round() -> None:
    def course(*rates: float) -> Course:
        return Course("x", [Lap(seconds=1 / rate, latencies_ms=[1.0]) for rate in rates])

    ratio = course(10, 100, 40).over(course(5, 50, 40))
    assert ratio == Spread(pytest.approx(2), pytest.approx(1), pytest.approx(2))


def test_a_target_is_judged_by_its_median_and_never_without_a_figure() -> None:
    figures = {
        "items_raw": Spread(0.95, 0.5, 1.2),
        "items_fresh": Spread(0.89, 0.5, 1.2),
        "items_tipg": Spread(17.0, 10, 40),
    }
    states = {v.target.id: v.state for v in judge("items", figures, frozenset({"items_pygeoapi"}))}
    assert states == {
        "items_raw": State.REACHED,
        "items_fresh": State.MISSED,
        "items_tipg": State.MISSED,
        "items_pygeoapi": State.NOT_RUN,
    }
    later = judge("later", {})
    assert {v.state for v in later} == {State.NOT_BUILT}
    assert all(v.said == f"not built: {v.target.room}" and v.target.room for v in later)
    assert judge("tile sizes", {"tile_kb": Spread(351, 351, 351)})[0].state == State.MISSED
