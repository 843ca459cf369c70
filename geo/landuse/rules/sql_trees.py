"""Trees of the rule language as SQL expressions over one row: the same meaning as evaluate.py, for a whole county at once.

Columns: `i."<input>"` (facts and register columns, unusable ones null), `i.pauses` (datemultirange), `law."<key>"` and `law."<key>/"` (numerator
and denominator of a parameter), `law."<prefix>.*"` and `law."<prefix>.*/"` (jsonb: the same by what follows the prefix of a table).
Not known is null; SQL's three-valued logic is the language's.
Numbers are pairs of numerator and denominator, so that a third is a third. Every expression is total: none can raise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from geo.landuse.rules.evaluate import inputs_of, target
from geo.landuse.rules.kinds import Base, Kind
from geo.landuse.rules.rule import Rule
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
    Reference,
    Table,
    children,
)
from geo.units import MU_PER_M2

CALENDAR = "cn"
KNOWN_AT = "cast(:known_at as timestamptz)"
NEVER = "'infinity'::date"
"""The day that does not come while the clock stands still."""
_PERIODS = {"add_years": "after_years", "add_months": "after_months", "add_days": "after_days"}
_MAY_NOT_BE_TOLD = {*_PERIODS, "full_years", "running_years", "working_day", "working_days", "calendar_covers"}
"""Functions that may have no value though all they read is told: a period too long, a day that never comes."""
_OPERATORS = {"!=": "<>"}


def quoted(value: str) -> str:
    """A word of the catalogue as an SQL string; nothing else is ever written into a statement."""
    return "'" + value.replace("'", "''") + "'"


def names(of: Sequence[str]) -> str:
    """An SQL array of words."""
    return f"array[{', '.join(map(quoted, of))}]" if of else "'{}'::text[]"


@dataclass(frozen=True, slots=True)
class Pair:
    """A number: numerator and denominator (None = 1, always above zero)."""

    num: str
    den: str | None = None

    @property
    def below(self) -> str:
        """The denominator as SQL."""
        return self.den or "1::numeric"


def _times(one: str, other: str | None) -> str:
    return one if other is None else f"({one}) * ({other})"


@dataclass(frozen=True, slots=True)
class SqlTrees:
    """Writes trees as SQL. `as_of` is the SQL of the day of the question.

    `staged`: what other rules say and is a column already, by (rule id, name); the rest is written out in place.
    """

    rules: Mapping[str, Rule]
    kinds: Mapping[str, Kind]
    as_of: str
    staged: Mapping[tuple[str, str], str]

    def is_number(self, node: Node) -> bool:
        """Whether a tree gives a number."""
        match node:
            case Literal(value):
                return isinstance(value, Fraction)
            case Parameter() | ParameterOn() | Table() | Arithmetic():
                return True
            case Input(name):
                return self.kinds[name].base is Base.NUMBER
            case Reference():
                below = target(node, self.rules)
                return below is not None and self.is_number(below)
            case Choice(then=then, otherwise=otherwise):
                return self.is_number(then) or self.is_number(otherwise)
            case Call("full_years" | "running_years" | "working_days" | "mu" | "count"):
                return True
            case Call("min" | "max" | "coalesce", arguments):
                return any(self.is_number(a) for a in arguments)
        return False

    def may_stand_still(self, node: Node) -> bool:
        """Whether a tree gives a day that may never come."""
        match node:
            case Call("extended"):
                return True
            case Call("add_years" | "add_months" | "add_days", (first, _)):
                return self.may_stand_still(first)
            case Call("min" | "max" | "coalesce", arguments):
                return any(self.may_stand_still(a) for a in arguments)
            case Choice(then=then, otherwise=otherwise):
                return self.may_stand_still(then) or self.may_stand_still(otherwise)
            case Reference():
                below = target(node, self.rules)
                return below is not None and self.may_stand_still(below)
        return False

    def coming(self, node: Node) -> str:
        """A day as SQL, null when it never comes."""
        return f"nullif({self.value(node)}, {NEVER})" if self.may_stand_still(node) else self.value(node)

    def is_null(self, node: Node) -> str:
        """SQL: the tree is not known."""
        return f"({self.number(node).num if self.is_number(node) else self.value(node)}) is null"

    def value(self, node: Node) -> str:
        """A date, boolean or code as SQL."""
        match node:
            case Literal(value):
                return str(value).lower()
            case CodeLiteral(code):
                return quoted(code)
            case AsOf():
                return self.as_of
            case Input(name):
                return f'i."{name}"'
            case Reference(rule_id, name):
                if (rule_id, name) in self.staged:
                    return self.staged[rule_id, name]
                below = target(node, self.rules)
                return "null" if below is None else f"({self.value(below)})"
            case Not(operand):
                return f"not ({self.value(operand)})"
            case Junction(op, operands):
                return f" {op} ".join(f"({self.value(o)})" for o in operands)
            case Compare():
                return self._compare(node)
            case OneOf(operand, codes):
                return f"({self.value(operand)}) in ({', '.join(map(quoted, codes))})"
            case Choice(condition, then, otherwise):
                asked = self.value(condition)
                return f"case when {asked} then {self.value(then)} when not ({asked}) then {self.value(otherwise)} end"
            case Call():
                return self._call(node)
        raise TypeError(node)

    def _compare(self, node: Compare) -> str:
        op = _OPERATORS.get(node.op, node.op)
        if self.is_number(node.left) or self.is_number(node.right):
            left, right = self.number(node.left), self.number(node.right)
            return f"{_times(left.num, right.den)} {op} {_times(right.num, left.den)}"
        return f"({self.value(node.left)}) {op} ({self.value(node.right)})"

    def _call(self, node: Call) -> str:
        first = node.arguments[0]
        match node.name:
            case "known":
                return f"not ({self.is_null(first)})"
            case "happened":
                return f"coalesce(({self.value(first)}) <= {self.as_of}, false)"
            case "is_true":
                return f"coalesce({self.value(first)}, false)"
            case "unless":
                return f"nullif({self.value(first)}, {self.value(node.arguments[1])})"
            case "add_years" | "add_months" | "add_days":
                count = self.number(node.arguments[1])
                return f"register.{_PERIODS[node.name]}({self.value(first)}, {count.num}, {count.below})"
            case "extended":
                return f"register.extended(i.pauses, {self.value(first)}, {self.value(node.arguments[1])})"
            case "working_day" | "calendar_covers":
                return f"register.{node.name}({quoted(CALENDAR)}, {self.coming(first)}, {KNOWN_AT})"
            case "coalesce":
                return f"coalesce({', '.join(self.value(a) for a in node.arguments)})"
            case "min" | "max":
                values = [self.value(a) for a in node.arguments]
                known = " and ".join(f"({v}) is not null" for v in values)
                return (
                    f"case when {known} then {'least' if node.name == 'min' else 'greatest'}({', '.join(values)}) end"
                )
            case "at_least":
                wanted, conditions = self.number(first), [self.value(a) for a in node.arguments[1:]]
                sure = " + ".join(f"case when {c} then 1 else 0 end" for c in conditions)
                most = " + ".join(f"case when coalesce({c}, true) then 1 else 0 end" for c in conditions)
                return (f"case when ({sure}) * {wanted.below} >= {wanted.num} then true "
                        f"when ({most}) * {wanted.below} < {wanted.num} then false end")  # fmt: skip
        raise TypeError(node)

    def number(self, node: Node) -> Pair:
        """A number as SQL; the numerator is null when it is not known."""
        match node:
            case Literal(Fraction() as value):
                return Pair(f"{value}::numeric")
            case Input(name):
                return Pair(f'i."{name}"')
            case Parameter(key):
                return Pair(f'law."{key}"', f'law."{key}/"')
            case ParameterOn(key, day):
                parts = f"register.parameter_parts({quoted(key)}, :county, {self.value(day)}, {KNOWN_AT})"
                return Pair(f"({parts})[1]", f"({parts})[2]")
            case Table(prefix, code):
                return Pair(*(f'(law."{prefix}.{part}" -> ({self.value(code)}))::numeric' for part in ("*", "*/")))
            case Reference(rule_id, name):
                if (rule_id, name) in self.staged:
                    column = self.staged[rule_id, name]
                    return Pair(column, f'{column[:-1]}/"')
                below = target(node, self.rules)
                return Pair("null::numeric") if below is None else self.number(below)
            case Choice(condition, then, otherwise):
                asked, one, other = self.value(condition), self.number(then), self.number(otherwise)
                return Pair(*(f"(case when {asked} then {a} when not ({asked}) then {b} end)"
                              for a, b in ((one.num, other.num), (one.below, other.below))))  # fmt: skip
            case Arithmetic():
                return self._arithmetic(node)
            case Call():
                return self._number_call(node)
        raise TypeError(node)

    def _arithmetic(self, node: Arithmetic) -> Pair:
        left, right = self.number(node.left), self.number(node.right)
        den = None if left.den is None and right.den is None else f"({_times(left.below, right.den)})"
        match node.op:
            case "+" | "-":
                return Pair(f"({_times(left.num, right.den)} {node.op} {_times(right.num, left.den)})", den)
            case "*":
                return Pair(f"({_times(left.num, right.num)})", den)
        over = f"({right.num})"
        num = f"(case when {over} <> 0 then {_times(left.num, right.den)} * sign{over} end)"
        return Pair(num, f"(nullif({_times(left.below, f'abs{over}')}, 0))")

    def _number_call(self, node: Call) -> Pair:
        first = node.arguments[0]
        match node.name:
            case "full_years":
                return Pair(f"register.full_years({self.coming(first)}, {self.coming(node.arguments[1])})::numeric")
            case "running_years":
                days = f"{self.value(first)}, {self.value(node.arguments[1])}"
                return Pair(f"register.running_years(coalesce(i.pauses, '{{}}'), {days})")
            case "working_days":
                days = f"{self.coming(first)}, {self.coming(node.arguments[1])}"
                return Pair(f"register.working_days({quoted(CALENDAR)}, {days}, {KNOWN_AT})")
            case "mu":
                area = self.number(first)
                return Pair(
                    f"({area.num} * {MU_PER_M2.numerator})",
                    f"({_times(f'{MU_PER_M2.denominator}::numeric', area.den)})",
                )
            case "count":
                conditions = [self.value(a) for a in node.arguments]
                known = " and ".join(f"({c}) is not null" for c in conditions)
                return Pair(
                    f"(case when {known} then ({' + '.join(f'case when {c} then 1 else 0 end' for c in conditions)})::numeric end)"
                )
        numbers = [self.number(a) for a in node.arguments]
        if node.name == "coalesce":
            den = "".join(f" when {n.num} is not null then {n.below}" for n in numbers)
            return Pair(f"coalesce({', '.join(n.num for n in numbers)})", f"(case{den} end)")
        made = f"array[{numbers[0].num}, {numbers[0].below}]"
        for other in numbers[1:]:
            made = (
                f"register.{'lesser' if node.name == 'min' else 'greater'}({made}, array[{other.num}, {other.below}])"
            )
        return Pair(f"({made})[1]", f"({made})[2]")

    def missing(self, node: Node) -> str:
        """SQL text[]: for want of what a tree is not known; asked only where it is not."""
        match node:
            case Input(name) | Parameter(key=name):
                return names([name])
            case ParameterOn(key, below) | Table(key, below):
                return f"case when {self.is_null(below)} then {self.missing(below)} else {names([key])} end"
            case Reference():
                below_tree = target(node, self.rules)
                return names([node.rule_id]) if below_tree is None else self.missing(below_tree)
            case Choice(condition, then, otherwise):
                asked = self.value(condition)
                return f"case when {asked} then {self.missing(then)} when not ({asked}) then {self.missing(otherwise)} else {self.missing(condition)} end"
            case Arithmetic("/", left, right):
                zero = f"case when {self.number(right).num} = 0 then {self._all_of(right)} else '{{}}'::text[] end"
                return f"case when {self.is_null(left)} or {self.is_null(right)} then {self._of([left, right])} else {zero} end"
            case Call("extended", (start, end)):
                return f"case when {self.is_null(end)} then {self.missing(end)} else {self.missing(start)} end"
            case Call(name, arguments) if name in _MAY_NOT_BE_TOLD:
                told = " and ".join(f"not ({self.is_null(a)})" for a in arguments)
                return f"case when {told} then {self._all_of(*arguments)} else {self._of(arguments)} end"
            case Call("unless", (first, _)):
                return f"case when {self.is_null(first)} then {self.missing(first)} else {self._all_of(first)} end"
            case Call("at_least", (wanted, *conditions)):
                return f"case when {self.is_null(wanted)} then {self.missing(wanted)} else {self._of(conditions)} end"
        return self._of(children(node))

    def is_total(self, node: Node) -> bool:
        """Whether a tree is known whatever was told: its own parts then miss nothing."""
        match node:
            case Literal() | CodeLiteral() | AsOf() | Call("known" | "happened" | "is_true"):
                return True
            case Reference():
                below = target(node, self.rules)
                return below is not None and self.is_total(below)
            case Not() | Junction() | Choice() | Call("count"):
                return all(self.is_total(n) for n in children(node))
        return False

    def _all_of(self, *nodes: Node) -> str:
        return names(sorted(frozenset().union(*(inputs_of(n, self.rules) for n in nodes))))

    def _of(self, nodes: Sequence[Node]) -> str:
        """What is missing of those that are not known."""
        parts = [f"case when {self.is_null(n)} then {self.missing(n)} else '{{}}'::text[] end"
                 for n in nodes if not self.is_total(n)]  # fmt: skip
        return " || ".join(f"({p})" for p in parts) if parts else "'{}'::text[]"

    def turning_days(self, node: Node) -> list[str]:
        """Days as SQL: something that the tree compares with the day of the question turns on one of them, or the day after."""
        found: list[str] = []
        match node:
            case Compare(left=left, right=right) if isinstance(left, AsOf) or isinstance(right, AsOf):
                other = right if isinstance(left, AsOf) else left
                return [f"({self.value(other)})", *self.turning_days(other)]
            case Call("happened", (below,)):
                found.append(f"({self.value(below)})")
            case Reference():
                below_tree = target(node, self.rules)
                return self.turning_days(below_tree) if below_tree is not None else []
        for child in children(node):
            found += self.turning_days(child)
        return found
