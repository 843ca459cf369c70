"""A rule in plain words, Chinese or English: its expressions as sentences a lawyer can check against the article."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from geo.errors import Problem
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
)

UNITS = {
    "year": Problem(zh="年", en="years"), "month": Problem(zh="个月", en="months"), "day": Problem(zh="天", en="days"),
    "working_day": Problem(zh="个工作日", en="working days"), "m2": Problem(zh="平方米", en="m²"), "mu": Problem(zh="亩", en="mu"),
    "m": Problem(zh="米", en="m"), "wan_cny": Problem(zh="万元", en="×10,000 yuan"), "count": Problem(zh="", en=""),
    "wan_cny_per_mu": Problem(zh="万元/亩", en="×10,000 yuan per mu"), "ratio": Problem(zh="", en=""), "score": Problem(zh="分", en="points"),
    "tce_per_wan_cny": Problem(zh="吨标煤/万元", en="tce per 10,000 yuan"), "kg_per_wan_cny": Problem(zh="千克/万元", en="kg per 10,000 yuan"),
}  # fmt: skip
ONE = {"years": "year", "months": "month", "days": "day", "working days": "working day", "points": "point"}
"""How an English unit is called beside a single one."""
_FUNCTIONS = {
    "add_years": Problem(zh="{0}起满 {1}之日", en="the end of {1} from {0}"), "add_months": Problem(zh="{0}起满 {1}之日", en="the end of {1} from {0}"),
    "add_days": Problem(zh="{0}后 {1}之日", en="the day {1} after {0}"), "full_years": Problem(zh="自{0}至{1}的整年数", en="full years from {0} to {1}"),
    "extended": Problem(zh="{1}（自{0}起停表的天数顺延）", en="{1} (later by the days the clock stood still after {0})"),
    "running_years": Problem(zh="自{0}至{1}扣除停表的整年数", en="full years from {0} to {1}, pauses left out"),
    "working_day": Problem(zh="{0}（遇休息日顺延）", en="{0} (or the next working day)"),
    "working_days": Problem(zh="自{0}至{1}的工作日数", en="working days from {0} to {1}"),
    "calendar_covers": Problem(zh="{0}当年的节假日安排已知", en="the holidays of the year of {0} are known"),
    "known": Problem(zh="{0}已知", en="{0} is told"), "happened": Problem(zh="{0}已到", en="{0} has come"),
    "is_true": Problem(zh="已知{0}", en="it is known that {0}"), "mu": Problem(zh="{0}（折亩）", en="{0} (in mu)"),
    "unless": Problem(zh="{0}（{1}视为不知）", en="{0} ({1} counts as not known)"),
}  # fmt: skip
_SIGNS = {
    "=": Problem(zh="为", en="is"), "!=": Problem(zh="不为", en="is not"), "<": Problem(zh="小于", en="is less than"),
    "<=": Problem(zh="不超过", en="is at most"), ">": Problem(zh="超过", en="is more than"), ">=": Problem(zh="不少于", en="is at least"),
}  # fmt: skip
_DAYS = {
    "=": Problem(zh="就是", en="is"), "!=": Problem(zh="不是", en="is not"), "<": Problem(zh="早于", en="is before"),
    "<=": Problem(zh="不晚于", en="is not after"), ">": Problem(zh="晚于", en="is after"), ">=": Problem(zh="不早于", en="is not before"),
}  # fmt: skip


def with_unit(value: str, unit: str, lang: str) -> str:
    """A number with its unit as a text writes it: 1 年, 1 year, 2 years, 25/100."""
    if unit not in UNITS:
        return value
    word = UNITS[unit].text(lang)
    return f"{value} {ONE.get(word, word) if lang == 'en' and value == '1' else word}".strip()


AS_OF = Problem(zh="提问日", en="the day asked about")


@dataclass(frozen=True, slots=True)
class Wording:
    """Words for one language. `name` gives what an input or a value is called, `number` a parameter's value, `code` a code."""

    lang: str
    name: Callable[[str], str]
    number: Callable[[str], str]
    code: Callable[[str], str]

    def say(self, node: Node) -> str:
        """A tree as a phrase."""
        match node:
            case Literal(value):
                return (
                    str(value)
                    if isinstance(value, Fraction)
                    else self._pick("是", "yes")
                    if value
                    else self._pick("否", "no")
                )
            case CodeLiteral(code):
                return f"“{self.code(code)}”"
            case AsOf():
                return AS_OF.text(self.lang)
            case Input(name):
                return self.name(name)
            case Parameter(key):
                return self.number(key)
            case ParameterOn(key, day):
                return self._pick(f"{self.say(day)}当日的{key}", f"{key} in force on {self.say(day)}")
            case Table(prefix, by):
                return self._pick(f"按{self.say(by)}查{prefix}表", f"{prefix} by {self.say(by)}")
            case Reference(rule_id, "holds"):
                return self._pick(f"{rule_id} 成立", f"{rule_id} holds")
            case Reference(rule_id, name):
                return f"{self.name(name)} ({rule_id})"
            case Not(operand):
                return self._pick(f"并非（{self.say(operand)}）", f"not ({self.say(operand)})")
            case Junction(op, operands):
                word = {"and": self._pick("，并且", " and "), "or": self._pick("，或者", " or ")}[op]
                return word.join(f"({self.say(o)})" if isinstance(o, Junction) else self.say(o) for o in operands)
            case Compare(op, left, right):
                days = any(
                    isinstance(n, AsOf) or (isinstance(n, Input) and n.name.endswith("_on")) for n in (left, right)
                )
                return self._spaced(self.say(left), (_DAYS if days else _SIGNS)[op].text(self.lang), self.say(right))
            case OneOf(operand, codes):
                listed = self._pick("、", ", ").join(self.code(c) for c in codes)
                return self._spaced(self.say(operand), self._pick("属于", "is one of"), listed)
            case Arithmetic("-", Literal(Fraction(numerator=0)), right):
                return f"−{self.say(right)}"
            case Arithmetic(op, left, right):
                sign = {"*": "×", "/": "÷", "-": "−"}.get(op, op)
                return f"{self._grouped(left)} {sign} {self._grouped(right)}"
            case Choice(condition, then, otherwise):
                asked, one, other = self.say(condition), self.say(then), self.say(otherwise)
                return self._pick(f"若{asked}，则{one}；否则{other}", f"if {asked} then {one}, otherwise {other}")
            case Call(name, arguments):
                return self._call(name, [self.say(a) for a in arguments])

    def _call(self, name: str, said: list[str]) -> str:
        listed = self._pick("、", ", ").join(said)
        match name:
            case "coalesce":
                return self._pick(
                    f"{said[0]}（没有的，{'；再没有的，'.join(said[1:])}）",
                    f"{said[0]} (where not told: {', else '.join(said[1:])})",
                )
            case "min":
                return self._pick(f"{listed}中最小者", f"the least of {listed}")
            case "max":
                return self._pick(f"{listed}中最大者", f"the greatest of {listed}")
            case "count":
                return self._pick(f"以下成立的项数：{listed}", f"how many hold of: {listed}")
            case "at_least":
                rest = self._pick("；", "; ").join(said[1:])
                return self._pick(f"以下至少 {said[0]} 项成立：{rest}", f"at least {said[0]} hold of: {rest}")
        return _FUNCTIONS[name].text(self.lang).format(*said)

    def _grouped(self, node: Node) -> str:
        return f"({self.say(node)})" if isinstance(node, Arithmetic | Choice) else self.say(node)

    def _pick(self, zh: str, en: str) -> str:
        return en if self.lang == "en" else zh

    def _spaced(self, *parts: str) -> str:
        return (" " if self.lang == "en" else "").join(parts)


def in_words(rule: Rule, wording: Wording) -> Mapping[str, str]:
    """Each expression of a rule as a phrase, by its place (`applies`, `condition`, `values.start_due_on` ...)."""
    return {place: wording.say(expression.tree) for place, expression in rule.expressions().items()}
