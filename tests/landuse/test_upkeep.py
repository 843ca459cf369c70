"""Leads stay true without anybody asking: after imports and their undoing, and as days pass."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import shapely
from sqlalchemy import Engine, text

from geo.db import ALL_UNITS, Actor, Audience, acting_sync, sync_engine
from geo.exchange.commands import Options, import_file
from geo.exchange.undoing import undo
from geo.landuse.commands import recompute_after_batch, recompute_daily
from geo.registry.counties import add_county

ADMIN = Actor(Audience.ADMIN, account="worker", units=(ALL_UNITS,), tier="P3")
COUNTY = "330225"


@pytest.fixture(scope="module")
def engine(database_url: str) -> Iterator[Engine]:
    made = sync_engine(database_url)
    box = shapely.box(121.5, 28.8, 122.3, 29.7)
    with acting_sync(made, ADMIN) as c:
        add_county(
            c,
            COUNTY,
            name="象山县",
            name_en="Xiangshan",
            outline=box,
            survey_epsg=4529,
            time_zone="Asia/Shanghai",
            rule_set="cn",
        )
        add_county(
            c,
            "X",
            name="别处",
            name_en="Elsewhere",
            outline=box,
            survey_epsg=4529,
            time_zone="Asia/Shanghai",
            rule_set=None,
        )
        c.execute(
            text("insert into register.parcel (county_code, code, name) values (:c, 'U1', '地块')"), {"c": COUNTY}
        )
    yield made
    made.dispose()


def holds(engine: Engine, rule: str = "IDLE-01") -> str | None:
    with acting_sync(engine, ADMIN) as c:
        found: str | None = c.execute(
            text("select holds from register.finding where code = 'U1.' || :rule"), {"rule": rule}
        ).scalar_one_or_none()
    return found


def send(engine: Engine, folder: Path, *lines: str) -> int:
    path = folder / "facts.csv"
    path.write_text("subject_kind,subject_code,kind,value,effective_on\n" + "\n".join(lines) + "\n")
    report = import_file(engine, ADMIN, path, "facts", COUNTY, Options())
    assert report.count("inserted") == len(lines), report.rows
    return report.batch_id or 0


def test_an_import_of_facts_and_its_undoing_change_the_leads(engine: Engine, tmp_path: Path) -> None:
    assert holds(engine) is None
    batch = send(
        engine, tmp_path, "parcel,U1,contract_on,2021-03-01,2021-03-01", "parcel,U1,agreed_start_on,2022-03-15,2021-03-01"
    )  # fmt: skip
    assert recompute_after_batch(engine, ADMIN, COUNTY, batch) == 1
    assert holds(engine) == "yes"
    back = undo(engine, ADMIN, batch)
    assert recompute_after_batch(engine, ADMIN, COUNTY, back.batch_id) == 1
    assert holds(engine) is None


def test_a_parcel_becomes_idle_at_the_county_s_midnight(engine: Engine, tmp_path: Path) -> None:
    send(
        engine,
        tmp_path,
        "parcel,U1,contract_on,2021-03-01,2021-03-01",
        "parcel,U1,agreed_start_on,2022-03-15,2021-03-01",
    )

    def at(hour: int, minute: int, day: int) -> list[str]:
        return recompute_daily(engine, ADMIN, lambda: datetime(2023, 3, day, hour, minute, tzinfo=UTC))

    assert at(15, 59, 15) == [COUNTY]  # 23:59 of the 15th in Shanghai; the county without rules is left alone
    assert holds(engine) == "no"
    assert at(15, 59, 15) == []  # once a day
    assert at(16, 0, 15) == [COUNTY]  # midnight: the 16th
    assert holds(engine) == "yes"


def test_leads_go_with_their_parcel(engine: Engine) -> None:
    with acting_sync(engine, ADMIN) as c:
        parcel = c.execute(
            text("insert into register.parcel (county_code, code, name) values (:c, 'GONE', '地块') returning id"),
            {"c": COUNTY},
        ).scalar_one()
        c.execute(
            text(
                "insert into register.finding (county_code, code, subject_id, rule_id, rule_version, as_of, holds, inputs, parameters) "
                "values (:c, 'GONE.IDLE-01', :id, 'IDLE-01', 1, '2026-01-01', 'no', '{}', '{}')"
            ),
            {"c": COUNTY, "id": parcel},
        )
        c.execute(text("delete from register.parcel where id = :id"), {"id": parcel})
        assert c.execute(text("select count(*) from register.finding where code = 'GONE.IDLE-01'")).scalar_one() == 0
