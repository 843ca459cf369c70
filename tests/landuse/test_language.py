"""The language itself: random expressions over random facts mean the same in Python and in SQL, whatever the catalogue uses today."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine

from geo.db import driver_url
from geo.landuse.queries import judge, parameter_rows
from geo.landuse.rules.answer import answer
from geo.landuse.rules.catalogue import catalogue
from geo.landuse.rules.kinds import usable
from geo.landuse.rules.numbers import Parameters
from geo.landuse.rules.parsing import parse
from geo.landuse.rules.rule import Expression
from geo.landuse.rules.sql_statements import Statements
from geo.landuse.rules.tree import (
    Arithmetic,
    AsOf,
    Call,
    Choice,
    CodeLiteral,
    Compare,
    Input,
    Junction,
    Literal,
    Node,
    Not,
    OneOf,
    Parameter,
    ParameterOn,
    Table,
)
from tests.landuse import land
from tests.landuse.casebook import calendar

BASE = catalogue().versions("IDLE-01")[0]
INPUTS = catalogue().vocabulary.inputs
DATES = ("contract_on", "started_on", "completed_on", "permit_on")
NUMBERS = ("built_far_ratio", "foundation_progress_ratio", "floor_area_m2")
FLAGS = ("prework_exempt", "is_standard_land")
PERIODS = (("add_years", "idle.years_fee"), ("add_months", "permit.ext_months"), ("add_days", "idle.warn_days"))


def several(of: st.SearchStrategy[Node]) -> st.SearchStrategy[tuple[Node, ...]]:
    return st.tuples(of, of) | st.tuples(of, of, of)


def dates(depth: int) -> st.SearchStrategy[Node]:
    leaf: st.SearchStrategy[Node] = st.sampled_from(DATES).map(Input)
    if not depth:
        return leaf
    below = dates(depth - 1)
    return st.one_of(
        leaf,
        st.tuples(below, st.sampled_from(PERIODS)).map(lambda t: Call(t[1][0], (t[0], Parameter(t[1][1])))),
        st.tuples(below, numbers(depth - 1), st.sampled_from(PERIODS)).map(lambda t: Call(t[2][0], (t[0], t[1]))),
        st.tuples(st.sampled_from(["min", "max", "coalesce"]), several(below)).map(lambda t: Call(*t)),
        below.map(lambda d: Call("working_day", (d,))),
        st.tuples(flags(depth - 1), below, below).map(lambda t: Choice(*t)),
    )


def numbers(depth: int) -> st.SearchStrategy[Node]:
    leaf = st.one_of(
        st.sampled_from(NUMBERS).map(Input),
        st.sampled_from([0, 1]).map(lambda n: Literal(Fraction(n))),
        st.just(Parameter("idle.area_ratio")),
        st.just(Parameter("no.such_key")),
        st.just(Table("ind.far_min", Input("industry_division"))),
    )
    if not depth:
        return leaf
    below, days = numbers(depth - 1), dates(depth - 1)
    return st.one_of(
        leaf,
        st.tuples(st.sampled_from("+-*/"), below, below).map(lambda t: Arithmetic(*t)),
        st.tuples(st.sampled_from(["min", "max", "coalesce"]), several(below)).map(lambda t: Call(*t)),
        st.tuples(st.sampled_from(["full_years", "working_days"]), st.tuples(days, days)).map(lambda t: Call(*t)),
        several(flags(depth - 1)).map(lambda t: Call("count", t)),
        below.map(lambda n: Call("mu", (n,))),
        days.map(lambda d: ParameterOn("ind.building_coefficient_min", d)),
        st.tuples(flags(depth - 1), below, below).map(lambda t: Choice(*t)),
    )


def codes() -> st.SearchStrategy[Node]:
    told = Input("delay_cause")
    return st.sampled_from(
        [told, Call("unless", (told, CodeLiteral("UNKNOWN"))), Call("coalesce", (told, CodeLiteral("OWNER")))]
    )


def flags(depth: int) -> st.SearchStrategy[Node]:
    leaf = st.one_of(
        st.sampled_from(FLAGS).map(Input),
        st.sampled_from(DATES).map(lambda n: Call("happened", (Input(n),))),
        st.sampled_from([*DATES, *NUMBERS, *FLAGS]).map(lambda n: Call("known", (Input(n),))),
        codes().map(lambda c: OneOf(c, ("OWNER", "GOVERNMENT"))),
        codes().map(lambda c: Compare("!=", c, CodeLiteral("OWNER"))),
        st.booleans().map(Literal),
    )
    if not depth:
        return leaf
    below, signs = flags(depth - 1), st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
    return st.one_of(
        leaf,
        below.map(Not),
        st.tuples(st.sampled_from(["and", "or"]), several(below)).map(lambda t: Junction(*t)),
        st.tuples(signs, numbers(depth - 1), numbers(depth - 1)).map(lambda t: Compare(*t)),
        st.tuples(signs, dates(depth - 1), dates(depth - 1)).map(lambda t: Compare(*t)),
        st.tuples(signs, dates(depth - 1)).map(lambda t: Compare(t[0], AsOf(), t[1])),
        below.map(lambda b: Call("is_true", (b,))),
        dates(depth - 1).map(lambda d: Call("happened", (d,))),
        st.tuples(
            st.sampled_from([Literal(Fraction(1)), Arithmetic("+", Literal(Fraction(1)), Literal(Fraction(1)))]),
            several(below),
        ).map(lambda t: Call("at_least", (t[0], *t[1]))),
        st.tuples(below, below, below).map(lambda t: Choice(*t)),
    )


days = st.sampled_from(
    [date(2020, 2, 29), date(2022, 12, 31), date(2023, 1, 1), date(2023, 3, 31), date(2023, 9, 29), date(1899, 1, 1)]
)
facts = st.fixed_dictionaries(
    {},
    optional={name: days for name in DATES}
    | {
        name: st.sampled_from([Decimal(n) for n in ("0", "1", "-1", "0.333333333333", "3", "2000", "1e15")])
        for name in NUMBERS
    }
    | {name: st.booleans() for name in FLAGS}
    | {
        "delay_cause": st.sampled_from(["OWNER", "GOVERNMENT", "UNKNOWN"]),
        "industry_division": st.sampled_from(["13", "25"]),
    },
)


@pytest.fixture(scope="module")
def connection(database_url: str) -> Iterator[Connection]:
    engine = create_engine(driver_url(database_url))
    with engine.connect() as made:
        land.county(made)
        made.commit()
        yield made
    engine.dispose()


def written(tree: Node) -> Expression:
    return Expression("", tree, 1)


@settings(
    max_examples=250,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    applies=flags(1),
    condition=flags(3),
    number=numbers(3),
    day=dates(3),
    told=facts,
    as_of=st.dates(date(2022, 11, 1), date(2023, 12, 31)),
)
def test_an_expression_means_the_same_in_both_engines(
    connection: Connection, applies: Node, condition: Node, number: Node, day: Node, told: dict[str, Any], as_of: date
) -> None:
    rule = replace(
        BASE,
        applies=written(applies),
        condition=written(condition),
        since_on=written(day),
        values={"number": written(number)},
    )
    using = Statements({rule.id: rule}, INPUTS)
    with connection.begin() as attempt:
        parcel = land.parcel(connection, "X", {})
        for kind, value in told.items():
            land.fact(connection, parcel, kind, value)
        known = {kind: value for kind, value in ((k, usable(v)) for k, v in told.items()) if value is not None}
        found = judge(connection, rule.id, "C", as_of, parcel_ids=[parcel], using=using)[parcel]
        pure = answer(rule, {rule.id: rule}, known, Parameters(parameter_rows(connection)), calendar(), as_of)
        attempt.rollback()
    assert asdict(found) == asdict(pure)


TOLD: dict[str, Any] = {
    "contract_on": date(2023, 1, 31), "started_on": date(2023, 9, 29), "completed_on": date(2022, 2, 28), "built_far_ratio": Decimal("0.7"),
    "foundation_progress_ratio": Decimal("0.333333333333"), "floor_area_m2": Decimal(2001), "prework_exempt": True,
    "delay_cause": "UNKNOWN", "industry_division": "25",
}  # fmt: skip
EVERY = [
    ("min(contract_on, started_on)", "count(prework_exempt, known(permit_on), happened(contract_on))"),
    ("max(contract_on, started_on)", "full_years(completed_on, started_on)"),
    ("max(started_on, contract_on, completed_on)", "max(built_far_ratio, foundation_progress_ratio, 1)"),
    ("coalesce(permit_on, completed_on, started_on)", "min(built_far_ratio, foundation_progress_ratio, 1)"),
    ("working_day(started_on)", "working_days(contract_on, started_on)"),
    ("add_months(contract_on, permit.ext_months - 1 - 1)", "mu(floor_area_m2) / built_far_ratio - 1"),
    ("add_days(contract_on, -idle.warn_days)", "table(ind.far_min, industry_division)"),
    ("add_years(completed_on, idle.years_fee)", "in_force(ind.building_coefficient_min, completed_on)"),
    ("if(delay_cause in (OWNER, UNKNOWN), contract_on, started_on)", "coalesce(in_force(ind.building_coefficient_min, permit_on), 0 - idle.area_ratio)"),
    ("if(is_true(is_standard_land), contract_on, started_on)", "if(at_least(1 + 1, prework_exempt, is_standard_land), 1, 0)"),
    ("if(unless(delay_cause, UNKNOWN) = OWNER, contract_on, started_on)", "built_far_ratio / (foundation_progress_ratio - foundation_progress_ratio)"),
]  # fmt: skip


@pytest.mark.parametrize(("day", "number"), EVERY)
def test_every_function_means_the_same_in_both_engines(connection: Connection, day: str, number: str) -> None:
    condition = parse("add_months(contract_on, permit.ext_months) < started_on and as_of > contract_on")
    rule = replace(
        BASE,
        applies=None,
        condition=written(condition),
        since_on=written(parse(day)),
        values={"number": written(parse(number))},
    )
    using = Statements({rule.id: rule}, INPUTS)
    with connection.begin() as attempt:
        parcel = land.parcel(connection, "X", {})
        for kind, value in TOLD.items():
            land.fact(connection, parcel, kind, value)
        found = judge(connection, rule.id, "C", date(2023, 6, 1), parcel_ids=[parcel], using=using)[parcel]
        known = {kind: value for kind, value in ((k, usable(v)) for k, v in TOLD.items()) if value is not None}
        pure = answer(
            rule, {rule.id: rule}, known, Parameters(parameter_rows(connection)), calendar(), date(2023, 6, 1)
        )
        attempt.rollback()
    assert asdict(found) == asdict(pure)
    assert "permit_on" in day or "unless" in day or found.since_on is not None
