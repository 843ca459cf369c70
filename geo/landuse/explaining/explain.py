"""From an answer to its explanation: pure, exact, without a further question to the database.

An answer holds every fact its rule read, so the rule is asked again from the answer itself: for the days to come, and for values of
other rules that a sentence names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from geo.errors import Problem
from geo.landuse.explaining import values
from geo.landuse.explaining.explanation import (
    Article,
    Determination,
    Explanation,
    FactUsed,
    LegalDate,
    MissingFact,
    ParameterUsed,
    PauseUsed,
)
from geo.landuse.explaining.template import Place
from geo.landuse.explaining.wordbook import RuleWords, Said, Wordbook, read_by
from geo.landuse.rules.answer import Answer
from geo.landuse.rules.catalogue import Catalogue
from geo.landuse.rules.evaluate import Missing, Question, evaluate
from geo.landuse.rules.kinds import Base, Kind, Scalar
from geo.landuse.rules.numbers import Parameters
from geo.landuse.rules.periods import NEVER, Calendar
from geo.landuse.rules.rule import Rule
from geo.landuse.rules.stopped import Pauses
from geo.landuse.rules.tree import Reference
from geo.landuse.rules.turns import Turn, turns

DAY = timedelta(days=1)
LOCAL = ("default", "example")
"""Standings of a rule that are the county's own measure (县级口径)."""
LISTED = Problem(zh="、", en=", ")
Dates = Mapping[str, date]
"""Fact kind -> the day it is true from."""


@dataclass(frozen=True)
class Background:
    """What explaining needs besides the answer, read once for any number of answers (`queries.background`)."""

    catalogue: Catalogue
    words: Wordbook
    names: Mapping[str, Problem]
    """What inputs and values are called."""
    codes: Mapping[tuple[str, str], Problem]
    """What a code of a list is called: (list, code)."""
    parameters: Parameters
    calendar: Calendar

    def name(self, name: str) -> Problem:
        """What an input, a value, a parameter or a rule is called."""
        for known in (self.names, self.words.parameters):
            if name in known:
                return known[name]
        titles = [rule.title for rule in self.catalogue.versions(name)]
        return titles[0] if titles else Problem(zh=name, en=name)

    def code(self, code: str, of: str | None = None) -> Problem:
        """What a code is called, of a list or of any the rules read."""
        lists = (of,) if of is not None else ("finding_result", *sorted(self._lists()))
        found = (self.codes[each, code] for each in lists if (each, code) in self.codes)
        return next(found, Problem(zh=code, en=code))

    def _lists(self) -> set[str]:
        return {spec.code_list for spec in self.catalogue.vocabulary.inputs.values() if spec.code_list}


def explain(
    answer: Answer,
    background: Background,
    *,
    dates: Dates | None = None,
    determination: Determination | None = None,
    asked: Question | None = None,
) -> Explanation:
    """One answer of a lead explained. `dates`: since when its facts are true; `determination`: the letter, where one is recorded;
    `asked`: the question it answers, where that is at hand (else it is put together again from the answer).

    KeyError for a rule that is no lead, or not in force on the day of the answer.
    """
    return _explaining(answer, background, asked).whole(dates or {}, determination)


def what_happens(answer: Answer, background: Background, asked: Question | None = None) -> Problem:
    """What it means that a rule comes to say so on the day of the answer."""
    turn = Turn(answer.as_of, answer.holds, answer.result, answer.level)
    return _explaining(answer, background, asked).meaning(turn)


def legal_dates(answer: Answer, background: Background) -> list[LegalDate]:
    """Every day to come on which something happens by itself, in order."""
    return list(_explaining(answer, background).legal_dates())


def _explaining(answer: Answer, background: Background, asked: Question | None = None) -> _Explaining:
    put = asked or question(answer, background)
    return _Explaining(answer, put.rules[answer.rule_id], background, put)


def question(answer: Answer, background: Background) -> Question:
    """The question an answer was given to, put together again from what it holds."""
    rules = background.catalogue.on(answer.as_of)
    inputs = background.catalogue.vocabulary.inputs
    read = read_by(rules[answer.rule_id], rules)
    facts = {name: _typed(inputs[name].kind, told) for name, told in answer.inputs.items() if name in read}
    return Question(
        answer.as_of, facts, background.parameters, background.calendar, rules, answer.as_of, pauses_of(answer)
    )


def pauses_of(answer: Answer) -> Pauses:
    """The days that did not count, as the answer holds them."""
    told = answer.inputs.get("pauses")
    spans = (span.split("/") for span in told.split(", ")) if isinstance(told, str) and told else ()
    return Pauses.of(
        (date.fromisoformat(first), None if last == ".." else date.fromisoformat(last)) for first, last in spans
    )


def _typed(kind: Kind, told: Any) -> Scalar:
    if kind.base is Base.DATE:
        return date.fromisoformat(str(told))
    if kind.base is Base.NUMBER:
        return Fraction(Decimal(str(told)))
    return bool(told) if kind.base is Base.BOOL else str(told)


class _Explaining:
    """One answer while it is explained."""

    def __init__(self, answer: Answer, rule: Rule, background: Background, asked: Question) -> None:
        self.answer, self.rule, self.background, self.question = answer, rule, background, asked
        self.words: RuleWords = background.words.rules[rule.id]

    def whole(self, dates: Dates, determination: Determination | None) -> Explanation:
        a, b = self.answer, self.background
        coming = self.legal_dates()
        said = (
            self.words.when_it_holds(a.result, a.level) if a.holds == "yes" else self.words.unknown if a.holds == "unknown" else self.words.no
        )  # fmt: skip
        determined = determination if a.holds == "yes" and self.words.determined is not None else None
        return Explanation(
            title=self._title(determined), sentence=self._said(said), rule_id=a.rule_id, rule_version=a.rule_version,
            rule_name=self.rule.title, as_of=a.as_of, holds=a.holds, result=a.result, level=a.level, since_on=a.since_on,
            confidence=self.rule.confidence, confidence_name=b.words.confidence[self.rule.confidence],
            is_local=self.rule.confidence in LOCAL, determination=determined, articles=tuple(self._articles()),
            facts=tuple(self._facts(dates)), parameters=tuple(self._parameters()),
            pauses=tuple(PauseUsed(first, None if last == NEVER else last) for first, last in self.question.pauses.spans),
            missing=tuple(self._missing()), next=next(coming, None), then=next(coming, None),
            clears=self._said(self.words.clears) if a.holds == "yes" else None,
        )  # fmt: skip

    def _title(self, determined: Determination | None) -> Problem:
        if determined is not None and self.words.determined is not None:
            told = {"document_no": determined.document_no, "determined_on": determined.determined_on.isoformat()}
            return self._said(self.words.determined, told)
        holds = self.answer.holds if self.answer.holds in ("yes", "unknown") else "no"
        said = self.background.words.titles[holds]
        result = self.background.code(self.answer.result, "finding_result") if self.answer.result else self.rule.title
        return Problem(**{
            lang: made.filled(lambda place: (result if place.name == "result" else self.rule.title).text(lang), lang)  # noqa: B023 - called at once
            for lang, made in said.each()
        })  # fmt: skip

    def _said(self, said: Said, told: Mapping[str, str] | None = None) -> Problem:
        given = told or {}
        return Problem(**{
            lang: made.filled(lambda place: given.get(place.name) or self._value(place, lang), lang)  # noqa: B023 - called at once
            for lang, made in said.each()
        })  # fmt: skip

    def _value(self, place: Place, lang: str) -> str | None:
        a, name = self.answer, place.name
        match name:
            case "as_of":
                return a.as_of.isoformat()
            case "since_on":
                return a.since_on.isoformat() if a.since_on else None
            case "next_on":
                return a.next_on.isoformat() if a.next_on else None
            case "missing":
                return LISTED.text(lang).join(self.background.name(each).text(lang) for each in a.missing) or None
            case "pauses":
                return LISTED.text(lang).join(_span(pause, lang) for pause in self.question.pauses.spans) or None
        if name in self.question.facts:
            return self._shown(self.question.facts[name], self._kind(name), lang, place.how, self._list(name))
        rule_id, dot, value = name.partition(".")
        if name in self.rule.values or (dot and rule_id in self.question.rules):
            meant = Reference(rule_id, value, 0) if dot else Reference(self.rule.id, name, 0)
            if meant.rule_id not in self.question.rules or meant.name not in self.question.rules[meant.rule_id].values:
                return None
            found = evaluate(meant, self.question)
            return (
                None
                if isinstance(found, Missing)
                else self._shown(found, self.background.catalogue.kind(meant), lang, place.how)
            )
        used = a.parameters.get(name) or next((v for k, v in a.parameters.items() if k.startswith(f"{name}.")), None)
        if used is None and (row := self.background.parameters.on(name, self.question.parameters_on)):
            used = row.shown()
        return values.parameter(used["value"], used["unit"], lang, place.how) if used else None

    def _kind(self, name: str) -> Kind:
        return self.background.catalogue.vocabulary.inputs[name].kind

    def _list(self, name: str) -> str | None:
        return self.background.catalogue.vocabulary.inputs[name].code_list

    def _shown(self, value: Scalar, kind: Kind, lang: str, how: str | None = None, of: str | None = None) -> str:
        return values.shown(value, kind, lang, lambda code: self.background.code(code, of).text(lang), how)

    def _articles(self) -> Iterator[Article]:
        for c in self.rule.citations:
            yield Article(c.law.name, c.law.number, c.article, c.paragraph, Problem(zh=c.text("zh"), en=c.text("en")))

    def _facts(self, dates: Dates) -> Iterator[FactUsed]:
        facts, rules = self.question.facts, self.question.rules
        for name in [*_in_order(self.rule, facts, rules)]:
            kind = self._kind(name)
            said = self._both(facts[name], kind, self._list(name))
            yield self._fact(name, said, kind, dates.get(name), False)
        for name in self.rule.values:
            found = evaluate(Reference(self.rule.id, name, 0), self.question)
            if not isinstance(found, Missing) and name in self.answer.inputs:
                kind = self.background.catalogue.kind(Reference(self.rule.id, name, 0))
                yield self._fact(name, self._both(found, kind, None), kind, None, True)

    def _both(self, value: Scalar, kind: Kind, of: str | None) -> Problem:
        return Problem(zh=self._shown(value, kind, "zh", None, of), en=self._shown(value, kind, "en", None, of))

    def _fact(self, name: str, said: Problem, kind: Kind, on: date | None, is_computed: bool) -> FactUsed:
        kept = self.answer.inputs[name]
        plain = kept if isinstance(kept, bool) else str(kept)
        return FactUsed(name, self.background.name(name), plain, said, kind.unit, on, is_computed)

    def _parameters(self) -> Iterator[ParameterUsed]:
        for key, used in sorted(self.answer.parameters.items()):
            value, unit = used["value"], used["unit"]
            said = Problem(zh=values.parameter(value, unit, "zh"), en=values.parameter(value, unit, "en"))
            yield ParameterUsed(
                key, self._parameter_name(key), value, said, unit, date.fromisoformat(used["effective_on"]), used["citation"]
            )  # fmt: skip

    def _parameter_name(self, key: str) -> Problem:
        """A row of a table is called by its table and its code."""
        names = self.background.words.parameters
        if key in names:
            return names[key]
        table, _, code = key.rpartition(".")
        if table not in names:
            return Problem(zh=key, en=key)
        word = self.background.code(code)
        return Problem(zh=f"{names[table].zh}（{word.zh}）", en=f"{names[table].en} ({word.en})")

    def _missing(self) -> Iterator[MissingFact]:
        shared = self.background.words
        for name in self.answer.missing:
            label = self.background.name(name)
            decides = self.words.decides.get(name) or shared.decides.get(name) or shared.parameters.get(name) or label
            yield MissingFact(name, label, decides)

    def legal_dates(self) -> Iterator[LegalDate]:
        """The rule's own turns and the later dates its words name, in order; a turn goes before a date of the same day."""
        own = [self._turn(turn) for turn in turns(self.rule, self.question)]
        days = {each.on for each in own}
        for later in self.words.dates:
            last = evaluate(later.last, self.question) if later.last.rule_id in self.question.rules else None
            if isinstance(last, date) and self.answer.as_of <= last < NEVER - DAY and last + DAY not in days:
                days.add(last + DAY)
                own.append(LegalDate(last + DAY, self._said(later.happens)))
        yield from sorted(own, key=lambda each: each.on)

    def _turn(self, turn: Turn) -> LegalDate:
        """What a turn means, told with the values of that day."""
        moved = replace(self.answer, as_of=turn.on)
        then = _Explaining(moved, self.rule, self.background, replace(self.question, as_of=turn.on))
        return LegalDate(turn.on, then.meaning(turn), turn.holds, turn.result, turn.level)

    def meaning(self, turn: Turn) -> Problem:
        """What it means that the rule comes to say so."""
        key = str(turn.result) if turn.holds == "yes" else turn.holds
        own = self.words.turns.get(f"{turn.result}/{turn.level}") or self.words.turns.get(key)
        if own is not None:
            return self._said(own)
        said = self.background.words.turns[key]
        return Problem(**{lang: made.filled(lambda _: self.rule.title.text(lang), lang) for lang, made in said.each()})  # noqa: B023


def _in_order(rule: Rule, facts: Mapping[str, Scalar], rules: Mapping[str, Rule]) -> Iterable[str]:
    """The rule's own inputs first, as its file has them, then those of the rules it leans on."""
    own = [name for name in rule.inputs if name in facts]
    return [*own, *sorted(read_by(rule, rules) & facts.keys() - set(own))]


def _span(span: tuple[date, date], lang: str) -> str:
    first, last = span
    if last == NEVER:
        return f"{first} 起" if lang == "zh" else f"since {first}"
    return f"{first} 至 {last}" if lang == "zh" else f"{first} to {last}"
