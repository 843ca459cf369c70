"""A finding explains itself: exact sentences in both languages, the days to come, what is missing; and words that are wrong are refused."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from geo.landuse.explaining.explain import explain, legal_dates, question
from geo.landuse.explaining.explanation import Determination
from geo.landuse.explaining.template import NOT_TOLD, TemplateFault, template
from geo.landuse.explaining.wordbook import DATA, load
from geo.landuse.rules.answer import Answer, answer
from geo.landuse.rules.catalogue import catalogue
from geo.landuse.rules.faults import RulesRefused
from geo.landuse.rules.turns import turns
from tests.landuse.casebook import Case, calendar, parameters
from tests.landuse.told import background, leads_of_cases

LEADS = leads_of_cases()
HOSTILE = re.compile(r"[{}\[\]]|None|Fraction|date\(")


def said(rule_id: str, facts: dict[str, object], as_of: date) -> Answer:
    rules = catalogue().on(as_of)
    return answer(rules[rule_id], rules, facts, parameters(), calendar(), as_of)  # type: ignore[arg-type]


@pytest.mark.parametrize(("case", "lead"), LEADS, ids=lambda each: str(each) if isinstance(each, Case) else "")
def test_every_case_of_every_lead_is_explained_whole(case: Case, lead: Answer) -> None:
    told = explain(lead, background())
    for lang in ("zh", "en"):
        sentence = told.sentence.text(lang)
        assert sentence
        assert not HOSTILE.search(sentence), sentence
        assert lead.holds == "unknown" or NOT_TOLD[lang] not in sentence, sentence
        assert "闲置土地" not in told.title.text(lang)
    assert told.title.zh.startswith("线索/预警：") == (lead.holds in ("yes", "unknown"))
    assert [m.name for m in told.missing] == list(lead.missing)
    assert all(m.decides.zh and m.decides.en for m in told.missing)
    assert (told.clears is not None) == (lead.holds == "yes")
    assert {f.name for f in told.facts if not f.is_computed} | {f.name for f in told.facts if f.is_computed} | {
        "pauses"
    } >= set(lead.inputs)
    assert [p.key for p in told.parameters] == sorted(lead.parameters)


@pytest.mark.parametrize(("case", "lead"), LEADS, ids=lambda each: str(each) if isinstance(each, Case) else "")
def test_the_days_to_come_are_those_the_rule_itself_turns_on(case: Case, lead: Answer) -> None:
    """The rule put together again from its answer turns on the same days as the rule asked with the facts themselves."""
    rules = catalogue().on(case.as_of)
    asked = replace(question(lead, background()), facts=case.facts, pauses=case.stopped())
    direct = [(t.on, t.holds, t.result, t.level) for t in turns(rules[lead.rule_id], asked)]
    assert [
        (d.on, d.holds, d.result, d.level) for d in legal_dates(lead, background()) if d.holds is not None
    ] == direct
    assert (direct[0][0] if direct else None) == lead.next_on
    told = explain(lead, background())
    days = [d.on for d in legal_dates(lead, background())]
    assert days == sorted(set(days))
    assert all(day > lead.as_of for day in days)
    assert [each.on for each in (told.next, told.then) if each is not None] == days[:2]


def test_each_lead_has_a_case_that_is_explained() -> None:
    assert {lead.rule_id for _, lead in LEADS} == {rule.id for rule in catalogue().rules if rule.is_lead}


def test_idle_land_in_words() -> None:
    facts = {"contract_on": date(2021, 3, 1), "agreed_start_on": date(2022, 3, 15)}
    told = explain(said("IDLE-01", facts, date(2023, 3, 15)), background())
    assert told.sentence.zh == "应动工日期是 2022-03-15，满 1 年之日是 2023-03-15，到 2023-03-15 期限未满。"
    assert told.next is not None
    assert told.next.on == date(2023, 3, 16)
    assert told.next.result == "SUSPECTED_IDLE"
    assert told.then is not None
    assert told.then.on == date(2024, 3, 16)
    assert told.then.result is None
    assert "2 years" in told.then.happens.en
    assert "无偿收回" in told.then.happens.zh
    after = explain(said("IDLE-01", facts, date(2023, 3, 16)), background(), dates={"contract_on": date(2021, 3, 2)})
    assert after.title.zh == "线索/预警：疑似闲置"
    assert after.level == "RED"
    assert "1 year had passed" in after.sentence.en
    assert after.next is not None
    assert after.next.on == date(2024, 3, 16)
    assert after.then is None
    used = {f.name: f for f in after.facts}
    assert used["contract_on"].effective_on == date(2021, 3, 2)
    assert used["agreed_start_on"].effective_on is None
    assert used["idle_years"].is_computed
    assert used["idle_years"].shown.en == "1 year"
    assert next(a.citation.en for a in after.articles) == "Measures for the Disposal of Idle Land, Art. 2(1)"
    assert {p.key: p.shown.zh for p in after.parameters}["idle.years_fee"] == "1 年"
    assert not after.is_local


def test_the_word_idle_land_waits_for_the_letter() -> None:
    facts = {"contract_on": date(2021, 3, 1), "agreed_start_on": date(2022, 3, 15)}
    letter = Determination("象自然资闲认〔2023〕7号", date(2023, 5, 4))
    idle = explain(said("IDLE-01", facts, date(2023, 6, 1)), background(), determination=letter)
    assert idle.title.zh == "闲置土地（认定书象自然资闲认〔2023〕7号，2023-05-04）"
    assert idle.determination == letter
    early = explain(said("IDLE-01", facts, date(2023, 3, 1)), background(), determination=letter)
    assert early.determination is None
    assert "闲置土地（" not in early.title.zh
    unused = explain(said("UNDER-02", facts, date(2023, 6, 1)), background(), determination=letter)
    assert unused.title.zh == "线索/预警：供而未用"
    assert unused.determination is None


def test_a_value_just_below_its_limit_is_not_rounded_to_it() -> None:
    case, lead = next((c, a) for c, a in LEADS if c.name == "略多于 15%" and a.holds == "yes")
    told = explain(lead, background()).sentence
    assert "占 ≈ 15.0" in told.zh, case
    assert "≈ 15.0" in told.en


def test_a_clock_that_stands_still_has_no_day() -> None:
    lead = next(a for c, a in LEADS if c.rule_id == "IDLE-01" and "CLOCK_STOPPED" in a.inputs.values())
    told = explain(lead, background())
    assert told.pauses[-1].to_on is None
    assert all(d is None or d.on < date(2999, 1, 1) for d in (told.next, told.then))


def test_json_holds_every_part() -> None:
    facts = {"contract_on": date(2021, 3, 1), "agreed_start_on": date(2022, 3, 15)}
    told = explain(said("IDLE-01", facts, date(2023, 3, 16)), background()).as_json()
    assert told["sentence"].keys() == {"zh", "en"}
    assert told["next"]["on"] == date(2024, 3, 16)
    assert told["articles"][0]["law"]["en"] == "Measures for the Disposal of Idle Land"
    assert told["missing"] == []
    assert told["then"] is None


@pytest.mark.parametrize(
    "text", ["{", "a } b", "[no name]", "[a [b {c}] d]", "{bad name}", "{a:loud}", "]x[", "{}"]
)  # fmt: skip
def test_a_template_that_is_no_template_is_refused(text: str) -> None:
    with pytest.raises(TemplateFault):
        template(text)


def _copy(folder: Path, file: str, change: Callable[[str], str]) -> str:
    shutil.copytree(DATA, folder / "data")
    path = folder / "data" / file
    before = path.read_text("utf-8")
    after = change(before)
    assert after != before
    path.write_text(after, "utf-8")
    with pytest.raises(RulesRefused) as refused:
        load(folder / "data", catalogue())
    return str(refused.value)


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("idle_land.yaml", "{idle_years}", "{idle_yeras}", "IDLE-01 knows no 'idle_yeras'; expected idle_years"),
        ("idle_land.yaml", "IDLE-01:", "IDLE-99:", "there is no lead 'IDLE-99'"),
        ("idle_land.yaml", "IDLE-01:", "IDLE-99:", "the rule IDLE-01 has no words"),
        ("idle_land.yaml", "    OVERDUE_START:\n      zh: \"应动工日期 ", "    OVERDUE_STRAT:\n      zh: \"应动工日期 ", "'OVERDUE_STRAT' is no result of IDLE-10; expected OVERDUE_START"),
        ("under_used.yaml", "PARTLY_USED/RED", "PARTLY_USED/PINK", "'PINK' is no level; expected INFO, YELLOW, RED"),
        ("idle_land.yaml", "last: IDLE-07.take_back_after_on", "last: IDLE-07.taken_back_on", "IDLE-07 has no 'taken_back_on'"),
        ("idle_land.yaml", "last: IDLE-07.take_back_after_on", "last: IDLE-06.fee_wan_cny", "is no day but a number"),
        ("idle_land.yaml", "last: IDLE-07.take_back_after_on", "last: UNDER-04.production_due_on", "which IDLE-01 does not"),
        ("permits.yaml", "  clears:", "  clear:", "unknown entry 'clear'"),
        ("permits.yaml", "    en: \"The permit of {permit_on} holds", "    english: \"The permit of {permit_on} holds", "unknown entry 'english'"),
        ("shared.yaml", "  permit_on: {zh:", "  permit_om: {zh:", "unknown fact 'permit_om'; expected permit_on"),
        ("shared.yaml", "  idle.pay_days: {zh:", "  idle.play_days: {zh:", "unknown parameter 'idle.play_days'; expected idle.pay_days"),
        ("shared.yaml", "{result}", "{outcome}", "'outcome' stands here; expected result, rule"),
    ],
)  # fmt: skip
def test_a_slip_in_the_words_is_refused_with_file_line_and_what_was_expected(
    tmp_path: Path, file: str, old: str, new: str, expected: str
) -> None:
    told = _copy(tmp_path, file, lambda text: text.replace(old, new, 1))
    assert expected in told
    assert re.search(rf"^{re.escape(file)}:\d+: ", told, re.M)


def test_a_placeholder_is_refused_at_its_own_line(tmp_path: Path) -> None:
    line = next(
        n
        for n, text in enumerate((DATA / "permits.yaml").read_text("utf-8").splitlines(), 1)
        if "{report_by_on}" in text
    )
    told = _copy(tmp_path, "permits.yaml", lambda text: text.replace("{report_by_on}", "{report_by}", 1))
    assert f"permits.yaml:{line}: PERMIT-03 knows no 'report_by'; expected report_by_on" in told
