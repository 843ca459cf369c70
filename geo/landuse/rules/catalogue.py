"""All rules, checked together: names, types, units, references. A fault anywhere refuses the whole catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from geo.landuse.rules.checking import Names, close, infer
from geo.landuse.rules.faults import RuleFault, RulesRefused
from geo.landuse.rules.kinds import BOOL, CODE, DATE, Base, Kind, common
from geo.landuse.rules.loading import Vocabulary, read_rule, read_vocabulary
from geo.landuse.rules.parsing import ExpressionFault
from geo.landuse.rules.rule import LEVELS, Expression, Rule
from geo.landuse.rules.tree import CodeLiteral, Input, Node, Parameter, ParameterOn, Reference, Table, children, walk
from geo.landuse.rules.yaml_lines import Broken, read

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Catalogue:
    """Every version of every rule."""

    rules: tuple[Rule, ...]
    vocabulary: Vocabulary

    def on(self, day: date) -> Mapping[str, Rule]:
        """The version of each rule in force on a day, by id in order."""
        return {rule.id: rule for rule in self.rules if rule.is_in_force(day)}

    def versions(self, rule_id: str) -> list[Rule]:
        """All versions of a rule, the newest first."""
        return sorted((r for r in self.rules if r.id == rule_id), key=lambda r: r.version, reverse=True)

    def kind(self, name: Reference) -> Kind:
        """The type of a rule's value, or of its `holds`; raises ExpressionFault."""
        return _Check({rule.id: self.versions(rule.id) for rule in self.rules}, self.vocabulary).reference(
            name, moving=True
        )


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """The catalogue of this installation; raises RulesRefused."""
    return load(DATA)


def load(folder: Path) -> Catalogue:
    """Read and check `vocabulary.yaml` and every `<group>/<name>.yaml`; raises RulesRefused naming every fault."""
    faults: list[RuleFault] = []
    try:
        words = read_vocabulary(read(folder / "vocabulary.yaml", "vocabulary.yaml"))
    except Broken as broken:
        raise RulesRefused.because([broken.fault]) from None
    rules = []
    for path in sorted(folder.glob("*/*.yaml")):
        name = f"{path.parent.name}/{path.name}"
        try:
            rules.append(read_rule(read(path, name), path.parent.name, words))
        except Broken as broken:
            faults.append(broken.fault)
    rules.sort(key=lambda r: (r.id, r.version))
    faults += _overlaps(rules)
    if not faults:
        check = _Check({rule.id: [r for r in rules if r.id == rule.id] for rule in rules}, words)
        for rule in rules:
            faults += check.faults_of(rule)
    if faults:
        raise RulesRefused.because(faults)
    return Catalogue(tuple(rules), words)


def _overlaps(rules: list[Rule]) -> Iterable[RuleFault]:
    """Two versions of one rule in force on the same day."""
    for one, two in zip(rules, rules[1:], strict=False):
        if one.id == two.id and (
            one.version == two.version or one.in_force_to is None or one.in_force_to > two.in_force_from
        ):
            yield RuleFault(two.file, two.lines["id"], f"{two.id} version {two.version} is in force together with version {one.version}",
                            f"in_force.to of {one.file} not after {two.in_force_from}")  # fmt: skip


class _Check:
    """Types of one catalogue, found once."""

    def __init__(self, versions: Mapping[str, list[Rule]], words: Vocabulary) -> None:
        self.versions, self.words = versions, words
        self.open: list[tuple[str, int, str]] = []

    def names(self, rule: Rule) -> Names:
        return Names({n: i.kind for n, i in rule.inputs.items()}, rule.parameters, self.reference)

    def reference(self, node: Reference, moving: bool) -> Kind:
        """Type of a name of another rule, the same in all its versions."""
        if node.rule_id not in self.versions:
            raise ExpressionFault(node.at, f"there is no rule '{node.rule_id}'", close(node.rule_id, self.versions))
        kinds = []
        for rule in self.versions[node.rule_id]:
            place = (rule.id, rule.version, node.name)
            if place in self.open:
                raise ExpressionFault(
                    node.at, f"{rule.id}.{node.name} comes back to itself", "rules that do not go in circles"
                )
            if node.name == "holds" and rule.condition is not None:
                trees: list[Node] = [e.tree for e in (rule.applies, rule.condition) if e is not None]
            elif node.name in rule.values:
                trees = [rule.values[node.name].tree]
            else:
                raise ExpressionFault(
                    node.at, f"{rule.id} has no '{node.name}'", close(node.name, {"holds": 0, **rule.values})
                )
            self.open.append(place)
            try:
                kinds += [infer(tree, self.names(rule), moving) for tree in trees]
            except ExpressionFault as fault:
                raise ExpressionFault(
                    node.at, f"{rule.id}.{node.name} cannot stand here: {fault.detail}", fault.expected
                ) from None
            finally:
                self.open.pop()
        return kinds[0]

    def faults_of(self, rule: Rule) -> Iterable[RuleFault]:
        """All faults of one rule's expressions and lists."""
        wanted: dict[str, Kind] = {"applies": BOOL, "condition": BOOL, "result": CODE, "level": CODE, "since_on": DATE}
        allowed = {"result": frozenset(self.words.results), "level": frozenset(LEVELS)}
        for place, expression in rule.expressions().items():
            try:
                kind = infer(expression.tree, self.names(rule), moving=place.startswith("values."))
                self._fits(kind, expression.tree, wanted.get(place), allowed.get(place))
            except ExpressionFault as fault:
                yield RuleFault(
                    rule.file, _line(expression, fault.at), f"{rule.id} {place}: {fault.detail}", fault.expected
                )
        used = [node for e in rule.expressions().values() for node in walk(e.tree)]
        if rule.method is None:
            yield from _unused(rule, "inputs", rule.inputs, {n.name for n in used if isinstance(n, Input)})
            keys = {n.key for n in used if isinstance(n, Parameter | ParameterOn)} | {
                n.prefix for n in used if isinstance(n, Table)
            }
            yield from _unused(rule, "parameters", rule.parameters, keys)
        for name, expression in rule.values.items():
            if name in self.words.inputs or name == "holds":
                yield RuleFault(
                    rule.file, expression.line, f"the value '{name}' has the name of an input", "another name"
                )
            elif name not in self.words.values:
                yield RuleFault(
                    rule.file,
                    expression.line,
                    f"the value '{name}' has no words",
                    "its name under values in vocabulary.yaml",
                )

    def _fits(self, kind: Kind, tree: Node, wanted: Kind | None, codes: frozenset[str] | None) -> None:
        if wanted is not None and common(kind, wanted) is None:
            raise ExpressionFault(tree.at, f"a {kind} stands here", f"a {wanted}")
        if codes is not None and kind.base is Base.CODE:
            for node in _outcomes(tree):
                if node.code not in codes:
                    raise ExpressionFault(node.at, f"'{node.code}' stands here", close(node.code, dict.fromkeys(codes)))


def outcomes(tree: Node) -> frozenset[str]:
    """The codes a result or level may be."""
    return frozenset(node.code for node in _outcomes(tree))


def _outcomes(tree: Node) -> Iterable[CodeLiteral]:
    """The codes an expression may give (not those it only compares with)."""
    if isinstance(tree, CodeLiteral):
        yield tree
    elif not isinstance(tree, Reference):
        for child in children(tree):
            if isinstance(child, CodeLiteral) or children(child):
                yield from _outcomes(child) if type(child).__name__ in ("CodeLiteral", "Choice", "Call") else ()


def _unused(rule: Rule, place: str, declared: Mapping[str, object], used: set[str]) -> Iterable[RuleFault]:
    for name in declared:
        if name not in used:
            yield RuleFault(
                rule.file,
                rule.lines[place],
                f"{rule.id} never uses '{name}'",
                f"only what the rule itself reads among its {place}",
            )


def _line(expression: Expression, at: int) -> int:
    return expression.line + expression.text.count("\n", 0, at)
