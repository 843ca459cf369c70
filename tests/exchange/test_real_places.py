"""The real facilities of 象山 go in with their source, and the map says whose they are."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from geo.db import acting_sync
from geo.errors import NotFound
from geo.exchange.undoing import undo
from tests.exchange.test_import import STAFF, engine, run

__all__ = ["engine"]
SOURCES = """code,name,licence,attribution,retrieved_on
osm,OpenStreetMap,ODbL 1.0,"© OpenStreetMap contributors, ODbL 1.0",2026-11-23
"""


@pytest.mark.shared_data
def test_49_real_facilities_of_xiangshan(engine: Engine, shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "osm" / "xiangshan_facilities_osm.geojson"
    with pytest.raises(NotFound, match="no data source 'osm'"):
        run(engine, path, "transport", source="osm")
    sources = tmp_path / "sources.csv"
    sources.write_text(SOURCES, encoding="utf-8")
    assert run(engine, sources, "data_sources").count("inserted") == 1
    report = run(engine, path, "transport", publish=True, source="osm")
    assert report.count("inserted") == len(report.rows) == 49
    with acting_sync(engine, STAFF) as c:
        found = c.execute(
            text(
                "select t.kind, count(*), min(d.attribution) from staff_data.transport t "
                "join staff_data.data_sources d on d.id = t.data_source_id group by 1 order by 1"
            )
        ).all()
    assert [tuple(row) for row in found] == [
        (kind, n, "© OpenStreetMap contributors, ODbL 1.0") for kind, n in (("cbd", 8), ("hospital", 6), ("school", 35))
    ]
    assert run(engine, path, "transport", publish=True, source="osm").count("unchanged") == 49
    assert undo(engine, STAFF, report.batch_id or 0).count("removed") == 49
