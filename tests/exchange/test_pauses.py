"""Pauses from a file: told once, taken back exactly, and every row that cannot be told is named with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import shapely
from sqlalchemy import Engine, text

from geo.clock import today
from geo.db import Actor, Audience, acting_sync, sync_engine
from geo.errors import BadInput, Conflict
from geo.exchange.commands import Options, import_file
from geo.exchange.report import Report
from geo.exchange.undoing import undo
from geo.landuse.commands import recompute_after_batch, recompute_sync
from tests.landuse.evidence import plots
from tests.landuse.evidence.plots import ADMIN, COUNTY, STAFF

TODAY = today("Asia/Shanghai")
COLUMNS = ("parcel_code", "from_on", "to_on", "cause", "document_no", "note")


@pytest.fixture(scope="module")
def engine(database_url: str) -> Iterator[Engine]:
    made = sync_engine(database_url)
    plots.county(made)
    with acting_sync(made, ADMIN) as c:
        c.execute(text("insert into register.unit (county_code, code, name, kind) values ('330225', 'U1', '西周镇', 'town')"))  # fmt: skip
        for n, (code, unit) in enumerate((("P1", "U1"), ("P2", None))):
            made_id = plots.parcel(c, code, shapely.box(n * 200, 0, n * 200 + 100, 100), unit_code=unit)
            plots.fact(c, made_id, "contract_on", "2021-03-18")
            plots.fact(c, made_id, "agreed_start_on", "2022-06-30")
        recompute_sync(c, COUNTY, TODAY)
    yield made
    made.dispose()


def told(path: Path, *rows: tuple[Any, ...]) -> Path:
    pd.DataFrame(rows, columns=COLUMNS[: len(rows[0])]).to_csv(path, index=False)
    return path


def run(engine: Engine, path: Path, actor: Actor = STAFF, **options: Any) -> Report:
    return import_file(engine, actor, path, "clock_pauses", COUNTY, Options(**options))


def standing(engine: Engine) -> list[tuple[Any, ...]]:
    with acting_sync(engine, STAFF) as c:
        return [
            tuple(row)
            for row in c.execute(
                text("select p.code, w.from_on::text, w.to_on::text, w.cause from staff_data.clock_pauses w join staff_data.parcels p on p.id = w.parcel_id "
                     "where w.retracted_at is null and w.from_on is not null order by w.id")
            )
        ]  # fmt: skip


def since(engine: Engine, code: str) -> str | None:
    with acting_sync(engine, STAFF) as c:
        found: str | None = c.execute(
            text("select since_on::text from staff_data.findings where subject_code = :code and rule_id = 'UNDER-02'"),
            {"code": code},
        ).scalar_one()
    return found


def test_pauses_come_in_once_move_the_days_and_go_again_exactly(engine: Engine, tmp_path: Path) -> None:
    path = told(
        tmp_path / "p.csv",
        ("P1", "2022-02-10", "2022-05-20", "GOVERNMENT_OTHER", "示例〔2022〕3号", "管线迁改"),
        ("P1", "2022-05-01", "2022-05-20", "不可抗力", "", ""),
        ("P1", "2022-02-10", "2022-05-20", "GOVERNMENT_OTHER", "示例〔2022〕3号", "再说一遍"),
        ("P2", "2022-02-10", "", "Force majeure", "", ""),
    )
    with acting_sync(engine, STAFF) as c:
        names = dict(c.execute(text("select code, name from staff_data.pause_causes")).tuples().all())
    path.write_text(path.read_text("utf-8").replace("不可抗力", names["FORCE_MAJEURE"]).replace("Force majeure", "FORCE_MAJEURE"), "utf-8")  # fmt: skip
    assert since(engine, "P1") == "2022-06-30"
    report = run(engine, path)
    assert [row.action for row in report.rows] == ["inserted", "inserted", "unchanged", "inserted"]
    assert len(standing(engine)) == 3
    assert recompute_after_batch(engine, ADMIN, COUNTY, report.batch_id) == 2
    assert since(engine, "P1") == "2022-10-08"  # 100 days, the overlap once

    again = run(engine, path)
    assert [row.action for row in again.rows] == ["unchanged"] * 4
    assert len(standing(engine)) == 3

    undone = undo(engine, STAFF, report.batch_id or 0)
    assert [row.action for row in undone.rows] == ["removed"] * 3
    assert standing(engine) == []
    recompute_after_batch(engine, ADMIN, COUNTY, undone.batch_id)
    assert since(engine, "P1") == "2022-06-30"
    with pytest.raises(Conflict):
        undo(engine, STAFF, report.batch_id or 0)


def test_one_corrected_since_is_kept_by_the_undoing(engine: Engine, tmp_path: Path) -> None:
    report = run(engine, told(tmp_path / "p.csv", ("P1", "2023-01-01", "2023-01-10", "OWNER"), ("P1", "2023-02-01", "", "OWNER")))  # fmt: skip
    with acting_sync(engine, STAFF) as c:
        ended = report.rows[1].subject_id
        c.execute(
            text("insert into register.clock_pause (county_code, parcel_id, from_on, to_on, cause, retracts_pause_id) select county_code, parcel_id, "
                 "from_on, '2023-02-20', cause, id from register.clock_pause where id = :id"), {"id": ended})  # fmt: skip
    undone = undo(engine, STAFF, report.batch_id or 0)
    assert [(row.action, row.reason_code) for row in undone.rows] == [("removed", None), ("kept", "edited_since")]
    assert standing(engine) == [("P1", "2023-02-01", "2023-02-20", "OWNER")]


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        (("NO", "2022-01-01", "2022-01-05", "OWNER"), "parcel_code", "unknown_reference"),
        (("P1", "2022-01-01", "2022-01-05", "WEATHER"), "cause", "bad_value"),
        (("P1", "2022-01-05", "2022-01-01", "OWNER"), "to_on", "bad_value"),
        (("P1", "2022-13-01", "", "OWNER"), "from_on", "bad_value"),
        (("P1", "2022-02-30", "", "OWNER"), "from_on", "bad_value"),
        (("P1", "2022-01-01", "soon", "OWNER"), "to_on", "bad_value"),
        (("P1", (TODAY + timedelta(days=1)).isoformat(), "", "OWNER"), "from_on", "bad_value"),
        (("P1", "1800-01-01", "", "OWNER"), "from_on", "bad_value"),
        (("P1", "2022-01-01", "3999-01-01", "OWNER"), "from_on", "bad_value"),
        (("", "2022-01-01", "", "OWNER"), "parcel_code", "bad_value"),
        (("P1", "", "", "OWNER"), "from_on", "bad_value"),
        (("P1", "2022-01-01", "", ""), "cause", "bad_value"),
        (("P1", "2022-01-01", "", "OWNER", "号" * 201), "document_no", "bad_value"),
        (("P1", "2022-01-01", "", "OWNER", "", "x" * 4001), "note", "bad_value"),
        (("P1'; drop table register.clock_pause; --", "2022-01-01", "", "OWNER"), "parcel_code", "unknown_reference"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_told_is_named_and_the_rest_goes_in(engine: Engine, tmp_path: Path, row: tuple[str, ...], field: str, reason: str) -> None:  # fmt: skip
    good = ("P2", "2021-06-01", "2021-06-02", "UNKNOWN", "", "")[: len(row)]
    before = standing(engine)
    report = run(engine, told(tmp_path / "p.csv", row, good))
    assert (report.rows[0].action, report.rows[0].field, report.rows[0].reason_code) == ("rejected", field, reason)
    assert report.rows[0].reason
    assert report.rows[1].action in ("inserted", "unchanged")
    undo(engine, STAFF, report.batch_id or 0)
    assert standing(engine) == before


def test_a_file_without_a_needed_column_is_refused_and_its_names_can_be_told(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    pd.DataFrame([("P1", "2020-01-01", "OWNER")], columns=["地块", "从", "因"]).to_csv(path, index=False)
    with pytest.raises(BadInput, match="parcel_code"):
        run(engine, path)
    with pytest.raises(BadInput, match="nope"):
        run(engine, path, column_map={"nope": "cause"})
    report = run(engine, path, column_map={"地块": "parcel_code", "从": "from_on", "因": "cause"}, dry_run=True)
    assert [row.action for row in report.rows] == ["inserted"]
    assert ("P1", "2020-01-01", None, "OWNER") not in standing(engine)


def test_a_clerk_tells_only_of_parcels_of_the_own_unit(engine: Engine, tmp_path: Path) -> None:
    clerk = Actor(Audience.STAFF, account="clerk", units=("U1",), tier="P3")
    report = run(engine, told(tmp_path / "p.csv", ("P1", "2020-03-01", "2020-03-05", "OWNER"), ("P2", "2020-03-01", "2020-03-05", "OWNER")), clerk)  # fmt: skip
    assert [(row.action, row.reason_code) for row in report.rows] == [("inserted", None), ("rejected", "no_rights")]
    undo(engine, STAFF, report.batch_id or 0)
