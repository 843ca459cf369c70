"""The catalogue is whole: every rule cited and asked about, every name known to the register, every number of the law at work."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache

import pytest
import yaml

from geo.landuse.rules.answer import answer
from geo.landuse.rules.catalogue import catalogue
from geo.landuse.rules.kinds import Base
from geo.landuse.rules.numbers import ParameterRow, Parameters
from geo.landuse.rules.rule import Rule
from tests.landuse.casebook import SEED, Case, calendar, cases, differences, parameter_rows

RULES = catalogue().rules
JUDGED = [rule for rule in RULES if rule.method is None]
CALENDAR = calendar()
WANTED = [
    *(f"IDLE-{n:02}" for n in range(11)), *(f"UNDER-0{n}" for n in range(1, 8)), *(f"LOWEFF-0{n}" for n in range(1, 7)),
    *(f"MU-0{n}" for n in range(1, 9)), *(f"IND-0{n}" for n in range(1, 10)), *(f"STD-0{n}" for n in range(1, 5)),
    "PERMIT-02", "PERMIT-03",
]  # fmt: skip


@lru_cache
def words(name: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for path in sorted(SEED.glob(f"{name}*.yaml")):
        found += yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def codes(code_list: str) -> set[str]:
    values = [v for entry in words("code_lists") if entry["code"] == code_list for v in entry["values"]]  # type: ignore[attr-defined]
    return {str(v["code"]) for v in values}


def test_every_rule_of_the_domain_is_there() -> None:
    assert set(WANTED) <= {rule.id for rule in RULES}


@pytest.mark.parametrize("rule", RULES, ids=lambda r: f"{r.id} v{r.version}")
def test_every_rule_is_cited_reviewed_and_in_both_languages(rule: Rule) -> None:
    assert rule.citations
    assert rule.reviewed_on <= date(2026, 11, 24)
    assert rule.title.zh != rule.title.en
    assert all(c.law.in_force_from <= rule.in_force_from for c in rule.citations[:1])


@pytest.mark.parametrize("rule", JUDGED, ids=lambda r: r.id)
def test_every_rule_has_cases_of_yes_and_of_no(rule: Rule) -> None:
    answers = {case.expected.get("holds") for case in cases() if case.rule_id == rule.id}
    assert "yes" in answers
    assert answers & {"no", "not_applicable"}


def test_every_input_is_a_fact_kind_of_the_same_type_and_unit() -> None:
    kinds = {str(kind["code"]): kind for kind in words("fact_kinds")}
    for spec in catalogue().vocabulary.inputs.values():
        if spec.is_column:
            assert spec.name not in kinds
            continue
        kind = kinds[spec.name]
        assert "parcel" in kind["subject_kinds"]  # type: ignore[operator]
        assert (kind["value_type"], kind.get("unit")) == (spec.kind.base.value, spec.kind.unit), spec.name
        if spec.kind.base is Base.CODE:
            assert kind["code_list"] == spec.code_list
            assert spec.kind.codes == codes(spec.code_list or "")


def test_every_result_has_its_word() -> None:
    assert set(catalogue().vocabulary.results) == codes("finding_result")


def test_every_parameter_of_a_rule_exists_with_its_unit() -> None:
    rows = parameter_rows()
    units = {row.key: row.unit for row in rows}
    for rule in RULES:
        for key, unit in rule.parameters.items():
            found = {u for k, u in units.items() if k == key or k.rpartition(".")[0] == key}
            assert found == {unit}, (rule.id, key)


def test_seeded_parameters_are_complete() -> None:
    for name in ("parameters.csv", "parameters_0004.csv"):
        with (SEED / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                assert row["citation"]
                assert row["confidence"] in ("law", "likely", "verify", "default", "example")


def agrees(case: Case, parameters: Parameters) -> bool:
    """Whether the case still comes out as written."""
    rules = catalogue().on(case.as_of)
    if case.rule_id not in rules:
        return True
    return not differences(
        case, answer(rules[case.rule_id], rules, case.facts, parameters, CALENDAR, case.as_of, case.stopped())
    )


def used(row: ParameterRow) -> bool:
    keys = {key for rule in JUDGED for key in rule.parameters}
    return row.key in keys or row.key.rpartition(".")[0] in keys


@pytest.mark.parametrize(
    "row", [r for r in parameter_rows() if used(r)], ids=lambda r: f"{r.key} from {r.effective_on}"
)
@pytest.mark.parametrize("step", [-1, 1])
def test_moving_a_parameter_by_one_step_changes_a_case(row: ParameterRow, step: int) -> None:
    moved = replace(row, num=row.num + Decimal(step))
    rows = Parameters([moved if r is row or r == row else r for r in parameter_rows()])
    assert not all(agrees(case, rows) for case in cases())
