"""Every real file goes in whole, or is refused with its true reason: what is expected stands in real_files.yaml."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import Engine

from geo.db import acting_sync
from geo.errors import GeoError
from geo.exchange.commands import Options, import_file
from geo.registry.counties import add_county
from ops.commands.counties import outline_of
from tests.exchange.test_import import ADMIN, COUNTY, STAFF, engine

__all__ = ["engine"]
TABLE: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "real_files.yaml").read_text(encoding="utf-8"))
NUMBER = itertools.count(1)


def runs_of(entry: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield {key: value for key, value in entry.items() if key != "then"}
    yield from entry.get("then", [])


def files_of(root: Path, pattern: str) -> list[Path]:
    """The files an entry speaks for; those that have an entry of their own are left to it."""
    if "*" not in pattern:
        return [root / pattern]
    return [f for f in sorted(root.glob(pattern)) if str(f.relative_to(root)) not in TABLE["files"]]


def county_for(engine: Engine, path: Path, run: dict[str, Any]) -> str:
    """The county of the entry, or one made for the file as `county add --outline-from` makes it."""
    if "county" in run or "refused" in run:
        return COUNTY
    code = f"R{next(NUMBER):03d}"
    outline = outline_of(path, as_hull=True, layer=run.get("layer"), source_epsg=run.get("epsg"))
    lon, lat = outline.centroid.x, outline.centroid.y
    with acting_sync(engine, ADMIN) as connection:
        add_county(
            connection, code, name=path.name, name_en=path.name, outline=outline, survey_epsg=(32600 if lat >= 0 else 32700) + int((lon + 180) // 6) + 1,
            time_zone="Asia/Shanghai", rule_set=None,
        )  # fmt: skip
    return code


@pytest.mark.shared_data
@pytest.mark.parametrize("pattern", TABLE["files"])
def test_every_real_file_goes_in_or_is_refused_with_a_reason(engine: Engine, shared_data: Path, pattern: str) -> None:
    found = files_of(shared_data, pattern)
    assert found, "no such file"
    for path, run in itertools.product(found, runs_of(TABLE["files"][pattern])):
        county = county_for(engine, path, run)
        options = Options(column_map=run.get("map", {}), layer=run.get("layer"), source_epsg=run.get("epsg"))
        if "refused" in run:
            with pytest.raises(GeoError) as caught:
                import_file(engine, STAFF, path, run.get("into", "parcels"), county, options)
            assert run["refused"] in caught.value.message.en, (path.name, run)
            assert caught.value.message.zh
            continue
        report = import_file(engine, STAFF, path, run.get("into", "parcels"), county, options)
        rejected = [row for row in report.rows if row.action == "rejected"]
        assert (report.count("inserted"), dict(Counter(row.reason_code for row in rejected))) == (
            run.get("inserted", 0),
            run.get("rejected", {}),
        ), (path.name, run, report.guesses, [row.reason for row in rejected][:3])
        assert len(report.rows) == report.count("inserted") + len(rejected)
        assert all(row.reason for row in rejected)


@pytest.mark.shared_data
def test_every_file_there_is_has_an_entry(shared_data: Path) -> None:
    known = {f for pattern in TABLE["files"] for f in files_of(shared_data, pattern)}
    known |= {f for pattern in TABLE["elsewhere"] for f in shared_data.glob(pattern)}
    without = [
        str(f.relative_to(shared_data))
        for f in sorted(shared_data.rglob("*"))
        if f.is_file() and f not in known and not (f.suffix in TABLE["parts"] and f.with_suffix(".shp") in known)
    ]
    assert not without, "what becomes of them belongs into real_files.yaml"
