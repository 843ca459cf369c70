"""Every case of the case files through the pure evaluator."""

from __future__ import annotations

import pytest

from geo.landuse.rules.answer import answer
from geo.landuse.rules.catalogue import catalogue
from tests.landuse.casebook import Case, calendar, cases, differences, parameters

PARAMETERS, CALENDAR = parameters(), calendar()


@pytest.mark.parametrize("case", cases(), ids=str)
def test_a_case_comes_out_as_written(case: Case) -> None:
    rules = catalogue().on(case.as_of)
    if case.rule_id not in rules:
        assert case.expected == {"holds": "not_applicable"}
        return
    found = answer(rules[case.rule_id], rules, case.facts, PARAMETERS, CALENDAR, case.as_of, case.stopped())
    assert differences(case, found) == {}
    assert (found.holds == "unknown") == bool(found.missing)
