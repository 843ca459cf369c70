"""Every case of the case files through the SQL engine, with the same answers as the pure evaluator, to the last input shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date

import pytest
from sqlalchemy import Connection, create_engine

from geo.db import driver_url
from geo.landuse.queries import judge, parameter_rows
from geo.landuse.rules.answer import answer
from geo.landuse.rules.catalogue import catalogue
from geo.landuse.rules.numbers import Parameters
from geo.landuse.rules.sql_statements import statements
from tests.landuse import land
from tests.landuse.casebook import Case, calendar, cases, differences

AS_OF = date(2026, 11, 24)
CASES = [case for case in cases() if not case.pure_only]


@pytest.fixture(scope="module")
def connection(database_url: str) -> Iterator[Connection]:
    engine = create_engine(driver_url(database_url))
    with engine.connect() as made:
        land.county(made)
        yield made
    engine.dispose()


@pytest.fixture(scope="module")
def parcels(connection: Connection) -> dict[int, int]:
    """Number of the case -> its parcel; cases with the same facts share one."""
    found: dict[int, int] = {}
    by_facts: dict[object, int] = {}
    for number, case in enumerate(CASES):
        key = (tuple(sorted(case.facts.items())), case.pauses)
        if key not in by_facts:
            by_facts[key] = land.parcel(connection, f"P{number}", case.facts)
            for first, last in case.pauses:
                land.pause(connection, by_facts[key], first, last)
        found[number] = by_facts[key]
    return found


@pytest.mark.parametrize("number", range(len(CASES)), ids=lambda n: str(CASES[n]))
def test_a_case_comes_out_as_written(connection: Connection, parcels: dict[int, int], number: int) -> None:
    case: Case = CASES[number]
    rules = catalogue().on(case.as_of)
    if case.rule_id not in rules:
        assert case.expected == {"holds": "not_applicable"}
        return
    parcel = parcels[number]
    found = judge(connection, case.rule_id, "C", case.as_of, parcel_ids=[parcel])[parcel]
    assert differences(case, found) == {}
    pure = answer(
        rules[case.rule_id],
        rules,
        case.facts,
        Parameters(parameter_rows(connection)),
        calendar(),
        case.as_of,
        case.stopped(),
    )
    assert asdict(found) == asdict(pure)


def test_a_rule_says_one_thing_of_each_parcel(connection: Connection, parcels: dict[int, int]) -> None:
    """Also a rule without parameters: each row of them once made a row of its own."""
    some = sorted(set(parcels.values()))[:3]
    asked = {"county": "C", "as_of": AS_OF, "known_at": "infinity", "ids": some}
    for rule in catalogue().on(AS_OF).values():
        if rule.method is None:
            assert connection.execute(statements(AS_OF).judge(rule.id), asked).scalars().all() == some, rule.id
