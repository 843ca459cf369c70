"""What is judged over a group: per-mu scores and classes, projects that inherit. Cases C030 and C031."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from importlib import import_module

import pytest

from geo.landuse.rules import per_mu
from geo.landuse.rules.answer import answer
from geo.landuse.rules.catalogue import catalogue
from geo.landuse.rules.numbers import ParameterRow, Parameters
from geo.landuse.rules.projects import inherited
from tests.landuse.casebook import calendar, parameter_rows, parameters

ON = date(2023, 6, 1)
BASE = dict(zip(per_mu.ABOVE_SCALE, map(Fraction, ("30", "150", "2.5", "5000", "20", "0.03")), strict=True))
FIRM = dict(zip(per_mu.ABOVE_SCALE, map(Fraction, ("45", "120", "2.0", "6000", "25", "0.015")), strict=True))


def scores(rows: Parameters, capped: bool) -> list[Fraction]:
    return per_mu.score([FIRM], BASE, per_mu.ABOVE_SCALE, rows, ON, capped=capped)


def test_c030_score_without_and_with_cap() -> None:
    assert scores(parameters(), capped=False) == [Fraction("106.5")]
    assert scores(parameters(), capped=True) == [97]


@pytest.mark.parametrize(("firms", "sizes"), [(20, [4, 11, 4, 1]), (37, [7, 21, 7, 2])])
def test_c031_classes_by_cumulative_quota(firms: int, sizes: list[int]) -> None:
    assert per_mu.class_sizes(firms, parameters(), ON) == sizes


@pytest.mark.parametrize("firms", range(0, 60))
def test_every_firm_has_one_class(firms: int) -> None:
    assert sum(per_mu.class_sizes(firms, parameters(), ON)) == firms


def test_ties_share_the_better_class_and_a_veto_means_d() -> None:
    found = per_mu.classes(
        [Fraction(n) for n in (90, 90, 80, 70, 60)], [False, False, False, True, False], parameters(), ON
    )
    assert found == ["A", "A", "B", "D", "C"]


def test_a_negative_ratio_counts_as_the_floor_and_missing_emission_as_the_average() -> None:
    two = [FIRM, FIRM | {"tax_per_mu": Fraction(-5), "value_added_per_emission": None}]
    first, second = per_mu.score(two, BASE, per_mu.ABOVE_SCALE, parameters(), ON)
    assert first - second == 36


def test_land_used_and_groups() -> None:
    assert per_mu.tax_per_mu(Fraction(600), Fraction(40000), Fraction(2000), Fraction(2000)) == 10
    assert per_mu.tax_per_mu(Fraction(600), Fraction(0), Fraction(0), Fraction(0)) is None
    rows = parameters()
    assert per_mu.group(True, Fraction(1), False, rows, ON) == "above_scale"
    assert per_mu.group(False, Fraction(2000), False, rows, ON) == "below_scale"
    assert per_mu.group(False, Fraction("1999.99"), False, rows, ON) == "below_scale_small"
    assert per_mu.group(False, Fraction(0), True, rows, ON) == "tenant"


def outcome(rows: Parameters) -> tuple[object, ...]:
    low = per_mu.score([FIRM | {"tax_per_mu": Fraction(-5)}], BASE, per_mu.ABOVE_SCALE, rows, ON)
    return (
        scores(rows, True),
        low,
        per_mu.class_sizes(200, rows, ON)[:3],
        per_mu.group(False, Fraction(2000), False, rows, ON),
        per_mu.group(False, Fraction(1999), False, rows, ON),
    )


@pytest.mark.parametrize(
    "row", [r for r in parameter_rows() if r.key.startswith("mu.") and r.key != "mu.quota.D"], ids=lambda r: r.key
)
def test_moving_a_number_moves_the_outcome(row: ParameterRow) -> None:
    moved = ParameterRow(row.key, None, row.effective_on, row.num + Decimal(1) / 10, row.den, row.unit, row.citation)
    if row.key.startswith(("mu.quota", "mu.weight")):
        moved = ParameterRow(row.key, None, row.effective_on, row.num + 1, row.den, row.unit, row.citation)
    others = [r for r in parameter_rows() if r != row]
    assert outcome(Parameters([*others, moved])) != outcome(Parameters([*others, row]))


def test_quotas_sum_to_one() -> None:
    assert sum(r.value for r in parameter_rows() if r.key.startswith("mu.quota.")) == 1


def test_every_method_named_by_a_rule_exists() -> None:
    for rule in catalogue().rules:
        if rule.method:
            module, _, name = rule.method.rpartition(".")
            assert callable(getattr(import_module(module), name)), rule.id


def test_under_07_a_project_inherits_and_one_without_land_only_what_it_can() -> None:
    day = date(2023, 6, 1)
    rules = catalogue().on(day)
    idle = {"contract_on": date(2021, 3, 1), "agreed_start_on": date(2022, 3, 15)}
    built = {"completed_on": date(2022, 9, 30)}
    rows, days = parameters(), calendar()
    answers = [
        answer(rules[i], rules, facts, rows, days, day) for i in ("UNDER-02", "UNDER-04") for facts in (idle, built)
    ]
    assert [a.rule_id for a in inherited(answers, True)] == ["UNDER-02", "UNDER-04"]
    assert [a.rule_id for a in inherited(answers, False)] == ["UNDER-04"]
