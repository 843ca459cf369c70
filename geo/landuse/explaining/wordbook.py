"""The words of `data/`, read and checked against the catalogue of rules: a slip anywhere refuses all of it, with file and line.

`shared.yaml` says what each fact and parameter is for; the files of groups hold an entry for every rule that is a lead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from geo.errors import Problem
from geo.landuse.explaining.template import Template, TemplateFault, template
from geo.landuse.rules.catalogue import Catalogue, catalogue, outcomes
from geo.landuse.rules.checking import close
from geo.landuse.rules.evaluate import holds_tree, inputs_of, target
from geo.landuse.rules.faults import RuleFault, RulesRefused
from geo.landuse.rules.kinds import DATE
from geo.landuse.rules.loading import CONFIDENCE
from geo.landuse.rules.parsing import ExpressionFault
from geo.landuse.rules.rule import LEVELS, Rule
from geo.landuse.rules.tree import Node, Parameter, ParameterOn, Reference, Table, children
from geo.landuse.rules.yaml_lines import Broken, Part, read

DATA = Path(__file__).parent / "data"
SHARED = "shared.yaml"
OF_THE_ANSWER = ("as_of", "since_on", "next_on", "missing", "pauses")
"""Names any sentence may use beside the rule's own."""


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence to fill, in both languages."""

    zh: Template
    en: Template

    def each(self) -> Iterator[tuple[str, Template]]:
        """Language and template."""
        yield "zh", self.zh
        yield "en", self.en


@dataclass(frozen=True, slots=True)
class LaterDate:
    """A legal date that is no turn of the rule itself: what happens on the day after `last`, the last day of a period."""

    last: Reference
    happens: Said


@dataclass(frozen=True, slots=True)
class RuleWords:
    """All that one rule says. `yes` by result, or by result and level (`PARTLY_USED/RED`); `turns` by what the rule comes to say."""

    yes: Mapping[str, Said]
    no: Said
    unknown: Said
    clears: Said
    turns: Mapping[str, Said]
    dates: tuple[LaterDate, ...]
    determined: Said | None
    decides: Mapping[str, Problem]

    def when_it_holds(self, result: str | None, level: str | None) -> Said:
        """The sentence for an outcome, the more particular one first."""
        return self.yes.get(f"{result}/{level}") or self.yes[str(result)]


@dataclass(frozen=True, slots=True)
class Wordbook:
    """Words of every lead, and what they share."""

    rules: Mapping[str, RuleWords]
    titles: Mapping[str, Said]
    turns: Mapping[str, Said]
    confidence: Mapping[str, Problem]
    decides: Mapping[str, Problem]
    parameters: Mapping[str, Problem]


@lru_cache(maxsize=1)
def wordbook() -> Wordbook:
    """The words of this installation; raises RulesRefused."""
    return load(DATA, catalogue())


def load(folder: Path, rules: Catalogue) -> Wordbook:
    """Read and check every file of a folder; raises RulesRefused naming every fault."""
    faults: list[RuleFault] = []
    entries: dict[str, Part] = {}
    for path in sorted(folder.glob("*.yaml")):
        if path.name == SHARED:
            continue
        try:
            for rule_id, part in read(path, path.name).entries().items():
                if rule_id in entries:
                    part.fail(f"{rule_id} has its words in {entries[rule_id].file} already", "each rule once")
                entries[rule_id] = part
        except Broken as broken:
            faults.append(broken.fault)
    leads = {rule.id: rules.versions(rule.id) for rule in rules.rules if rule.is_lead}
    faults += _lacking(folder, leads, entries, rules)
    words: dict[str, RuleWords] = {}
    for rule_id, part in entries.items():
        if rule_id in leads:
            try:
                words[rule_id] = _Reader(rules, leads[rule_id]).words(part)
            except Broken as broken:
                faults.append(broken.fault)
    try:
        shared = _shared(read(folder / SHARED, SHARED), leads, rules)
    except Broken as broken:
        raise RulesRefused.because([*faults, broken.fault]) from None
    if faults:
        raise RulesRefused.because(faults)
    return Wordbook(words, *shared)


def _lacking(
    folder: Path, leads: Mapping[str, list[Rule]], entries: Mapping[str, Part], rules: Catalogue
) -> Iterable[RuleFault]:
    for rule_id, part in entries.items():
        if rule_id not in leads:
            yield RuleFault(part.file, part.line, f"there is no lead '{rule_id}'", close(rule_id, leads))
    for rule_id, versions in leads.items():
        if rule_id not in entries:
            yield RuleFault(
                f"{versions[0].group}.yaml", 1, f"the rule {rule_id} has no words", f"an entry {rule_id}: ..."
            )


class _Reader:
    """Reads the words of one rule, all of whose versions must know every name in them."""

    def __init__(self, rules: Catalogue, versions: list[Rule]) -> None:
        self.rules, self.versions = rules, versions
        self.known = frozenset.intersection(*(names_of(rule, rules) for rule in versions))

    def words(self, part: Part) -> RuleWords:
        given = part.entries(
            required=("yes", "no", "unknown", "clears", "turns"), optional=("dates", "determined", "decides")
        )
        results = frozenset().union(*(outcomes(v.result.tree) for v in self.versions if v.result))
        yes, turns = given["yes"].entries(), given["turns"].entries()
        for key, said in (yes | turns).items():
            result, _, level = key.partition("/")
            if result not in results and not (key in turns and key in ("no", "unknown", "not_applicable")):
                said.fail(f"'{key}' is no result of {self.versions[0].id}", close(result, dict.fromkeys(results)))
            if level and level not in LEVELS:
                said.fail(f"'{level}' is no level", ", ".join(LEVELS))
        for place in ("yes", "turns"):
            for result in sorted(results - given[place].entries().keys()):
                given[place].fail(f"nothing is said for {result}", f"{result}: {{zh: ..., en: ...}}")
        return RuleWords(
            yes={key: self.said(each) for key, each in yes.items()}, no=self.said(given["no"]), unknown=self.said(given["unknown"]),
            clears=self.said(given["clears"]), turns={key: self.said(each) for key, each in turns.items()},
            dates=tuple(self.date(each) for each in given["dates"].items()) if "dates" in given else (),
            determined=self.said(given["determined"], ("document_no", "determined_on")) if "determined" in given else None,
            decides={name: self.decides(name, each) for name, each in given["decides"].entries().items()} if "decides" in given else {},
        )  # fmt: skip

    def said(self, part: Part, names: tuple[str, ...] = ()) -> Said:
        both = part.entries(required=("zh", "en"))
        return Said(**{lang: self.template(each, names) for lang, each in both.items()})

    def template(self, part: Part, names: tuple[str, ...]) -> Template:
        try:
            made = template(part.text())
        except TemplateFault as fault:
            part.fail(fault.detail, fault.expected)
        for place in made.places():
            if place.name not in self.known and place.name not in names and place.name not in OF_THE_ANSWER:
                known = dict.fromkeys([*self.known, *names, *OF_THE_ANSWER])
                part.fail(f"{self.versions[0].id} knows no '{place.name}'", close(place.name, known))
        return made

    def date(self, part: Part) -> LaterDate:
        given = part.entries(required=("last", "zh", "en"))
        rule_id, _, name = given["last"].text().partition(".")
        last = Reference(rule_id, name, 0)
        try:
            kind = self.rules.kind(last)
        except ExpressionFault as fault:
            given["last"].fail(fault.detail, fault.expected)
        if kind != DATE:
            given["last"].fail(f"{rule_id}.{name} is no day but a {kind}", "a value that is a day")
        for rule in self.versions:
            self._reads(given["last"], rule, last)
        keys = tuple(
            key
            for rule in self.rules.versions(rule_id)
            for key in parameters_of(rule, _in_force_with(rule, self.rules))
        )
        return LaterDate(last, Said(self.template(given["zh"], keys), self.template(given["en"], keys)))

    def _reads(self, part: Part, rule: Rule, last: Reference) -> None:
        """A later date must follow from the facts the rule reads itself: an answer holds no others."""
        here = _in_force_with(rule, self.rules)
        further = inputs_of(last, here) - read_by(rule, here)
        if further:
            part.fail(f"{last.rule_id}.{last.name} reads {', '.join(sorted(further))}, which {rule.id} does not", "a day of the facts the rule reads")  # fmt: skip

    def decides(self, name: str, part: Part) -> Problem:
        if name not in self.rules.vocabulary.inputs:
            part.fail(f"unknown input '{name}'", close(name, self.rules.vocabulary.inputs))
        return _both(part)


def _shared(
    part: Part, leads: Mapping[str, list[Rule]], rules: Catalogue
) -> tuple[Mapping[str, Said], Mapping[str, Said], Mapping[str, Problem], Mapping[str, Problem], Mapping[str, Problem]]:
    given = part.entries(required=("titles", "turns", "confidence", "decides", "parameters"))
    titles = {
        n: _plain(each, ("result", "rule"))
        for n, each in given["titles"].entries(required=("yes", "no", "unknown")).items()
    }
    turns = {
        n: _plain(each, ("rule",))
        for n, each in given["turns"].entries(required=("no", "unknown", "not_applicable")).items()
    }
    confidence = {n: _both(each) for n, each in given["confidence"].entries(required=CONFIDENCE).items()}
    versions = [rule for found in leads.values() for rule in found]
    needed = {name for rule in versions for name in inputs_of(holds_tree(rule), _in_force_with(rule, rules))}
    decides = _each(given["decides"], needed, rules.vocabulary.inputs, "fact")
    keys = {key for rule in versions for key in parameters_of(rule, _in_force_with(rule, rules))}
    parameters = _each(given["parameters"], keys, dict.fromkeys(keys), "parameter")
    return titles, turns, confidence, decides, parameters


def _each(part: Part, needed: Iterable[str], known: Mapping[str, object], what: str) -> Mapping[str, Problem]:
    entries = part.entries()
    for name, each in entries.items():
        if name not in known:
            each.fail(f"unknown {what} '{name}'", close(name, known))
    for name in sorted(needed):
        if name not in entries:
            part.fail(f"the {what} '{name}' has no words", f"{name}: {{zh: ..., en: ...}}")
    return {name: _both(each) for name, each in entries.items()}


def _both(part: Part) -> Problem:
    both = part.entries(required=("zh", "en"))
    return Problem(zh=both["zh"].text(), en=both["en"].text())


def _plain(part: Part, names: tuple[str, ...]) -> Said:
    made = {}
    for lang, each in part.entries(required=("zh", "en")).items():
        try:
            made[lang] = template(each.text())
        except TemplateFault as fault:
            each.fail(fault.detail, fault.expected)
        for place in made[lang].places():
            if place.name not in names:
                each.fail(f"'{place.name}' stands here", ", ".join(names))
    return Said(**made)


def _in_force_with(rule: Rule, rules: Catalogue) -> Mapping[str, Rule]:
    """What the references of a version mean: of every other rule the newest version."""
    return {other.id: other for other in sorted(rules.rules, key=lambda r: r.version)} | {rule.id: rule}


def reached(rule: Rule, rules: Mapping[str, Rule]) -> Iterator[Node]:
    """Every node of a rule's expressions, through references."""

    def below(node: Node) -> Iterator[Node]:
        yield node
        meant = target(node, rules) if isinstance(node, Reference) else None
        for each in (meant,) if meant is not None else children(node):
            yield from below(each)

    for expression in rule.expressions().values():
        yield from below(expression.tree)


def read_by(rule: Rule, rules: Mapping[str, Rule]) -> frozenset[str]:
    """Every input a rule reads: what its answers hold."""
    return frozenset().union(*(inputs_of(e.tree, rules) for e in rule.expressions().values()))


def parameters_of(rule: Rule, rules: Mapping[str, Rule]) -> frozenset[str]:
    """Every parameter key a rule uses; of a table its prefix."""
    return frozenset(
        node.prefix if isinstance(node, Table) else node.key
        for node in reached(rule, rules)
        if isinstance(node, Parameter | ParameterOn | Table)
    )


def names_of(rule: Rule, rules: Catalogue) -> frozenset[str]:
    """Every name a sentence of a rule may use: inputs, values, parameters, and values of others whose facts the rule reads."""
    here = _in_force_with(rule, rules)
    own = read_by(rule, here)
    others = {
        f"{other.id}.{name}"
        for other in here.values()
        for name, expression in other.values.items()
        if inputs_of(expression.tree, here) <= own
    }
    return frozenset(own | rule.values.keys() | parameters_of(rule, here) | others)
