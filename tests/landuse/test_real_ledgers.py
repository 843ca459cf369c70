"""Real land-supply results of 2018 and 2019 (中国土地市场网) through both engines: an answer with its reason for each row."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import Connection, create_engine

from geo.db import driver_url
from geo.landuse.queries import judge, parameter_rows
from geo.landuse.rules.answer import Answer, answer
from geo.landuse.rules.catalogue import catalogue
from geo.landuse.rules.kinds import Scalar
from geo.landuse.rules.numbers import Parameters
from tests.landuse import land
from tests.landuse.casebook import calendar

pytestmark = pytest.mark.shared_data

AS_OF = date(2026, 11, 24)
M2_PER_HA = 10_000
DAY = re.compile(r"\d+")
COLUMNS_2018 = {
    "delivered_on": "time4handover_plan", "agreed_start_on": "time4commencement_plan", "started_on": "time4commencement_reality",
    "agreed_completion_on": "time4completion_plan", "completed_on": "time4completion_reality", "contract_on": "date4sign",
}  # fmt: skip
COLUMNS_2019 = {
    "delivered_on": "Agreed land delivery time", "agreed_start_on": "Agreed start time", "started_on": "Actual start time",
    "agreed_completion_on": "Agreed completion time", "completed_on": "Actual completion time", "contract_on": "Contract signing date",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One supplied plot as the market network published it."""

    supervision_no: str
    facts: dict[str, Scalar]


def _row(number: str, area_ha: str, far_min: str | None, price_wan: str | None, days: dict[str, str | None]) -> Row:
    facts: dict[str, Scalar] = {
        name: date(*map(int, DAY.findall(text))) for name, text in days.items() if text and text.strip()
    }
    facts["parcel_area_m2"] = Fraction(area_ha) * M2_PER_HA
    if far_min:
        facts["far_min_ratio"] = Fraction(far_min)
    if price_wan:
        facts["land_price_wan_cny"] = Fraction(price_wan)
    return Row(number, facts)


def _rows(folder: Path) -> list[Row]:
    text = (folder / "land_supply_results_2018_gbk.json").read_text(encoding="gbk")
    lines = [json.loads(line.rstrip().rstrip(",")) for line in text.splitlines() if line.startswith("{")]
    records = [line for line in lines if "idnumber" in line]  # 38 lines are lists of links
    rows = [
        _row(r["idnumber"], r["area"], r["plot_ratio_minimum"], r["price"], {k: r[v] for k, v in COLUMNS_2018.items()})
        for r in records
    ]
    sheet = openpyxl.load_workbook(folder / "land_supply_results_2019.xlsx", read_only=True).worksheets[0]
    head, *lines = sheet.iter_rows(values_only=True)
    for line in lines:
        r = dict(zip(head, line, strict=True))
        days = {k: r[v] for k, v in COLUMNS_2019.items()}
        rows.append(
            _row(r["Electronic supervision number"], r["Area (hectare)"], r["Agreed floor area ratio lower limit"],
                 r["Transaction price (ten thousand yuan)"], days)
        )  # fmt: skip
    return rows


@pytest.fixture(scope="module")
def rows(shared_data: Path) -> list[Row]:
    return _rows(shared_data / "ledgers")


@pytest.fixture(scope="module")
def connection(database_url: str) -> Iterator[Connection]:
    engine = create_engine(driver_url(database_url))
    with engine.connect() as made:
        land.county(made)
        yield made
    engine.dispose()


@pytest.fixture(scope="module")
def parcels(connection: Connection, rows: list[Row]) -> dict[int, Row]:
    made = {land.parcel(connection, f"{n}-{row.supervision_no}", row.facts): row for n, row in enumerate(rows)}
    return made


@pytest.fixture(scope="module")
def answers(connection: Connection, parcels: dict[int, Row]) -> dict[str, dict[int, Answer]]:
    """Rule id -> parcel -> answer: all rules over all rows, one statement a rule."""
    rules = catalogue().on(AS_OF)
    return {rule.id: judge(connection, rule.id, "C", AS_OF) for rule in rules.values() if rule.method is None}


def test_both_engines_say_the_same_of_every_row(
    connection: Connection, parcels: dict[int, Row], answers: dict[str, dict[int, Answer]]
) -> None:
    rules, numbers = catalogue().on(AS_OF), Parameters(parameter_rows(connection))
    for rule_id, found in answers.items():
        for parcel, row in parcels.items():
            pure = answer(rules[rule_id], rules, row.facts, numbers, calendar(), AS_OF)
            assert asdict(found[parcel]) == asdict(pure), (rule_id, row.supervision_no)


def test_every_answer_gives_its_reason(parcels: dict[int, Row], answers: dict[str, dict[int, Answer]]) -> None:
    for rule_id, found in answers.items():
        assert set(found) == set(parcels)
        for one in found.values():
            assert one.basis, rule_id
            assert (one.holds == "unknown") == bool(one.missing), (rule_id, one)
            assert one.holds != "yes" or one.inputs, (rule_id, one)


def test_a_year_after_the_agreed_start_without_a_start_is_suspected_idle(
    parcels: dict[int, Row], answers: dict[str, dict[int, Answer]]
) -> None:
    """IDLE-01 against civil-date arithmetic of our own, on the rows that tell all of it."""
    told = 0
    for parcel, row in parcels.items():
        agreed, found = row.facts.get("agreed_start_on"), answers["IDLE-01"][parcel]
        if row.facts.get("started_on"):
            assert found.holds == "no", row
        elif isinstance(agreed, date):
            told += 1
            assert (agreed.year + 1, agreed.month, agreed.day) < (AS_OF.year, AS_OF.month, AS_OF.day)
            assert (found.holds, found.result) == ("yes", "SUSPECTED_IDLE"), row
    assert told > 150
