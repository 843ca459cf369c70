"""The command line as a clerk types it: exit codes of design.md 9, one readable line, JSON on request."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import psycopg
import pytest
import shapely

from geo.db import async_engine
from geo.settings import GeoSettings
from geo.tiles.seeding import Seeded, seed

ROOT = Path(__file__).resolve().parents[2]


def yizhangtu(*arguments: str, url: str, more: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"DATABASE_URL": url} | (more or {})
    return subprocess.run(
        [sys.executable, "-m", "ops.cli", *arguments],
        env=env,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    good, far = shapely.box(121.8, 29.4, 121.81, 29.41), shapely.box(10, 50, 10.1, 50.1)
    gpd.GeoDataFrame({"code": ["A"]}, geometry=[good], crs=4326).to_file(folder / "good.geojson")
    gpd.GeoDataFrame({"code": ["A", "B"]}, geometry=[good, far], crs=4326).to_file(folder / "mixed.geojson")
    gpd.GeoDataFrame({"code": ["B"]}, geometry=[far], crs=4326).to_file(folder / "far.geojson")
    (folder / "broken.geojson").write_text("{")
    return folder


TO = ("--into", "parcels", "--county", "330225")


def test_a_county_and_its_first_import(database_url: str, files: Path) -> None:
    county = ("county", "add", "330225", "--name", "象山县", "--survey-epsg")
    wrong = yizhangtu(*county, "3857", "--outline-from", str(files / "good.geojson"), url=database_url)
    assert wrong.returncode == 1
    assert "EPSG:3857" in wrong.stderr
    assert "Traceback" not in wrong.stderr
    assert yizhangtu(*county, "4529", "--outline-from", str(files / "good.geojson"), url=database_url).returncode == 0
    assert yizhangtu(*county, "4529", "--outline-from", str(files / "good.geojson"), url=database_url).returncode == 1
    listed = yizhangtu("county", "list", "--json", url=database_url)
    assert json.loads(listed.stdout)[0]["survey_srid"] == 4529
    done = yizhangtu("import", str(files / "good.geojson"), *TO, "--json", url=database_url)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["actions"] == {"inserted": 1}
    assert yizhangtu("import", "--undo", str(json.loads(done.stdout)["batch_id"]), url=database_url).returncode == 0


def test_what_of_a_file_is_refused(database_url: str, files: Path) -> None:
    partly = yizhangtu(
        "import", str(files / "mixed.geojson"), *TO, "--rejects", str(files / "r.gpkg"), url=database_url
    )
    assert partly.returncode == 3
    assert (files / "r.gpkg").exists()
    assert yizhangtu("import", str(files / "far.geojson"), *TO, url=database_url).returncode == 1
    assert yizhangtu("import", str(files / "mixed.geojson"), *TO, "--strict", url=database_url).returncode == 1
    broken = yizhangtu("import", str(files / "broken.geojson"), *TO, url=database_url)
    assert broken.returncode == 1
    assert "Traceback" not in broken.stderr


def test_an_import_that_means_nothing_there_is(database_url: str, files: Path) -> None:
    assert (
        yizhangtu(
            "import", str(files / "good.geojson"), "--into", "nothing", "--county", "330225", url=database_url
        ).returncode
        == 1
    )
    assert (
        yizhangtu("import", str(files / "good.geojson"), *TO[:2], "--county", "nowhere", url=database_url).returncode
        == 1
    )
    assert yizhangtu("import", str(files / "absent.geojson"), *TO, url=database_url).returncode == 2
    assert yizhangtu("import", url=database_url).returncode == 2


def test_measuring_a_county_nobody_surveyed(database_url: str) -> None:
    measured = yizhangtu("county", "measure", "330225", "--json", url=database_url)
    assert json.loads(measured.stdout) == {"plots": 0, "changed": 0}
    nowhere = yizhangtu("county", "measure", "999999", url=database_url)
    assert (nowhere.returncode, "there is no county '999999'" in nowhere.stderr) == (1, True)


def test_no_database_is_exit_4(files: Path) -> None:
    away = "postgresql://nobody@127.0.0.1:1/none"
    done = yizhangtu("county", "list", url=away)
    assert done.returncode == 4
    assert "no database" in done.stderr


def test_the_trail_is_verified_and_a_change_shows(database_url: str) -> None:
    assert yizhangtu("audit", "verify", url=database_url).returncode == 0
    with psycopg.connect(database_url) as c:
        c.execute("set session_replication_role = replica")
        c.execute(
            "update register.audit_entry set account = 'somebody else' where id = (select min(id) from register.audit_entry)"
        )
    changed = yizhangtu("audit", "verify", "--json", url=database_url)
    assert changed.returncode == 1
    assert json.loads(changed.stdout)[0]["fault"] == "entries_changed"


def test_tiles_are_made_before_anybody_asks_and_never_twice(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as c:
        c.execute(
            "insert into register.county (code, name, name_en, outline, survey_srid, time_zone) values "
            "('330299', '试验县', 'Trial', st_multi(st_makeenvelope(121, 28, 123, 30, 4490)), 4529, 'Asia/Shanghai')"
        )
        c.execute(
            "insert into register.parcel (county_code, code, name, geom, publication_state) select '330299', 'T' || n, '地块', "
            "st_multi(st_makeenvelope(121.5 + n * 0.002, 29.3, 121.501 + n * 0.002, 29.301, 4490)), "
            "case when n % 2 = 0 then 'published' else 'internal' end from generate_series(1, 40) n"
        )
    every = {"API_TILE_STORE_FROM_MS": "0"}
    command = ("tiles", "seed", "330299", "--to-zoom", "13", "--json")
    first = yizhangtu(*command, url=database_url, more=every)
    assert first.returncode == 0, first.stderr
    made = json.loads(first.stdout)
    assert made["made"] > 20
    assert made["kept_already"] == made["too_cheap_to_keep"] == 0
    again = json.loads(yizhangtu(*command, url=database_url, more=every).stdout)
    assert again == {"kept_already": made["made"], "made": 0, "too_cheap_to_keep": 0}
    with psycopg.connect(database_url, autocommit=True) as c:
        lying = dict(
            c.execute(
                "select audience, count(*) from register.tile_store where county_code = '330299' group by 1"
            ).fetchall()
        )
        assert lying["staff"] >= lying["public"] > 0
        c.execute("update register.parcel set name = '改' where county_code = '330299' and code = 'T40'")
    later = asyncio.run(seeded(database_url, from_ms=0))
    assert later.made > 0
    assert later.made + later.there == made["made"]
    quick = asyncio.run(seeded(database_url, from_ms=60_000))
    assert (quick.made, quick.there) == (0, made["made"])
    for wrong, code in (("nowhere",), 1), (("330299", "--to-zoom", "17"), 2):
        refused = yizhangtu("tiles", "seed", *wrong, url=database_url)
        assert refused.returncode == code, (wrong, refused.stderr)
        assert "Traceback" not in refused.stderr


async def seeded(url: str, *, from_ms: float) -> Seeded:
    """What the command does, without its start."""
    engine = async_engine(GeoSettings(DATABASE_URL=url))
    try:
        return await seed(engine, "330299", lambda *_: None, bytes_max=10**8, from_ms=from_ms, to_zoom=13)
    finally:
        await engine.dispose()
