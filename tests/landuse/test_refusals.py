"""A typo in a rule is refused when the service starts: file, line, and what was expected."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from geo.landuse.rules.catalogue import DATA, load
from geo.landuse.rules.faults import RulesRefused

RULE = "idle_land/not_started.yaml"
SLIPS = [
    (RULE, "condition: as_of > IDLE-01", "condition: as_of > IDLE-91", "no rule 'IDLE-91'", "IDLE-01"),
    (RULE, "IDLE-01.idle_after_on\nresult", "IDLE-01.idle_aftr_on\nresult", "no 'idle_aftr_on'", "idle_after_on"),
    (RULE, "happened(contract_on)", "happend(contract_on)", "no function 'happend'", "happened"),
    (RULE, "happened(contract_on)", "happened(contract_no)", "'contract_no' is not among the inputs", "contract_on"),
    (RULE, "inputs: [contract_on,", "inputs: [contract_no,", "unknown input 'contract_no'", "contract_on"),
    (RULE, "result: SUSPECTED_IDLE", "result: SUSPECTED_IDEL", "'SUSPECTED_IDEL' stands here", "SUSPECTED_IDLE"),
    (RULE, "level: RED", "level: PURPLE", "'PURPLE' stands here", "RED"),
    (RULE, "idle.years_fee)", "idle.year_fee)", "'idle.year_fee' is not among the parameters", "idle.years_fee"),
    (RULE, "idle.years_fee: year", "idle.years_fee: month", "number in month stands here", "number in year"),
    (RULE, 'law: o53, article: "22"', 'law: o35, article: "22"', "unknown law 'o35'", "o53"),
    (RULE, "unless(delay_cause, UNKNOWN)", "unless(delay_cause, UNKNWON)", "'UNKNWON' is not a code", "UNKNOWN"),
    (RULE, "version: 2", "version: one", "'one' is no whole number", "1, 2, 3"),
    (RULE, "reviewed_on: 2026-11-24", "reviewed_on: 2026-13-24", "'2026-13-24' is no date", "2012-07-01"),
    (RULE, "confidence: law", "confidence: sure", "'sure' stands here", "law or likely"),
    (RULE, "applies:", "aplies:", "unknown entry 'aplies'", "applies"),
    (RULE, "level: RED\n", "", "a lead without 'level'", "level"),
    (RULE, "level: RED\n", "level: RED\nlevel: RED\n", "'level' stands here twice", "once"),
    (RULE, "condition: as_of > IDLE-01.idle_after_on", "condition: as_of > add_days(IDLE-01.idle_after_on, 1", "'the end' stands here", "')'"),
    (RULE, "condition: as_of > IDLE-01.idle_after_on", "condition: full_years(contract_on, as_of) > 1", "as_of stands alone", "one side of a comparison"),
    (RULE, "condition: as_of > IDLE-01.idle_after_on", "condition: IDLE-01.idle_years > 1", "IDLE-01.idle_years cannot stand here", "one side of a comparison"),
    (RULE, "condition: as_of > IDLE-01.idle_after_on", "condition: IDLE-01.holds", "comes back to itself", "circles"),
    (RULE, "condition: as_of > IDLE-01.idle_after_on", "condition: as_of > add_years(contract_on, 2)", "the number 2", "register.parameter"),
    ("idle_land/suspended.yaml", "developed_area_m2 / developable_area_m2", "developed_area_m2 / suspended_since_on", "a date stands here", "a number"),
    ("under_used/partly_used.yaml", "mu(UNDER-03.undeveloped_m2) >=", "UNDER-03.undeveloped_m2 >=", "number in m2 is compared with a number in mu", "both sides"),
    ("idle_land/fee.yaml", "inputs: [delay_cause,", "inputs: [delay_cause, contract_on,", "never uses 'contract_on'", "only what"),
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


@pytest.mark.parametrize(("file", "old", "new", "detail", "expected"), SLIPS, ids=[s[3] for s in SLIPS])
def test_a_slip_names_file_line_and_what_was_expected(
    folder: Path, file: str, old: str, new: str, detail: str, expected: str
) -> None:
    path = folder / file
    before = path.read_text(encoding="utf-8")
    assert before.count(old) == 1, before
    path.write_text(before.replace(old, new), encoding="utf-8")
    with pytest.raises(RulesRefused) as refused:
        load(folder)
    faults = [f for f in refused.value.faults if f.where.startswith(f"{file}:") and detail in f.detail.en]
    assert faults, refused.value.message.en
    assert expected in str(faults[0].expected and faults[0].expected.en)
    assert str(faults[0].where) in refused.value.message.en


def test_the_line_is_the_line(folder: Path) -> None:
    path = folder / "under_used/below_target.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    wrong = next(n for n, line in enumerate(lines, 1) if "UNDER-05.intensity_share < under.commit_ratio" in line)
    path.write_text(
        "\n".join(lines).replace(
            "UNDER-05.intensity_share < under.commit_ratio", "UNDER-05.intensity < under.commit_ratio", 1
        ),
        encoding="utf-8",
    )
    with pytest.raises(RulesRefused) as refused:
        load(folder)
    assert f"under_used/below_target.yaml:{wrong}" in {f.where for f in refused.value.faults}


def test_two_versions_in_force_on_one_day_are_refused(folder: Path) -> None:
    text = (folder / RULE).read_text(encoding="utf-8")
    (folder / "idle_land/not_started_2.yaml").write_text(text.replace("version: 2", "version: 3"), encoding="utf-8")
    with pytest.raises(RulesRefused, match="in force together"):
        load(folder)


def test_versions_follow_one_another(folder: Path) -> None:
    text = (folder / RULE).read_text(encoding="utf-8")
    (folder / RULE).write_text(text + "in_force: {from: 2012-07-01, to: 2030-01-01}\n", encoding="utf-8")
    (folder / "idle_land/not_started_2.yaml").write_text(
        text.replace("version: 2", "version: 3") + "in_force: {from: 2030-01-01}\n", encoding="utf-8"
    )
    found = load(folder)
    assert found.on(date(2029, 12, 31))["IDLE-01"].version == 2
    assert found.on(date(2030, 1, 1))["IDLE-01"].version == 3
    assert [rule.version for rule in found.versions("IDLE-01")] == [3, 2]


def test_all_faults_are_named_at_once(folder: Path) -> None:
    for file in (RULE, "idle_land/fee.yaml"):
        path = folder / file
        path.write_text(path.read_text(encoding="utf-8").replace("law: o53", "law: o35", 1), encoding="utf-8")
    (folder / "idle_land/hold.yaml").write_text("id: [", encoding="utf-8")
    with pytest.raises(RulesRefused) as refused:
        load(folder)
    assert {f.where.split(":")[0] for f in refused.value.faults} == {RULE, "idle_land/fee.yaml", "idle_land/hold.yaml"}


def test_the_vocabulary_is_checked_too(folder: Path) -> None:
    path = folder / "vocabulary.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("approved_on: {type: date}", "approved_on: {type: day}"),
        encoding="utf-8",
    )
    with pytest.raises(RulesRefused, match=r"vocabulary\.yaml:\d+: 'day' stands here; expected date"):
        load(folder)
