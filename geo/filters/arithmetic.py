"""Arithmetic that cannot fail: exact decimals, rounded and bounded after every step.

Every operand and result is rounded to ARITHMETIC_DECIMALS decimals; one whose absolute value reaches NUMBER_LIMIT, or that is
not a number, becomes NULL (unknown). So no step can overflow numeric, and none is slow: the largest intermediate is
1e60. `least` and `greatest` take out what is too large, `nullif` turns the limit itself, and NULL (which `greatest` would have
made the lower limit), into NULL; each operand is written once, so nested expressions stay linear in length.
"""

from __future__ import annotations

from geo.filters.kinds import Kind
from geo.filters.limits import ARITHMETIC_DECIMALS, NUMBER_LIMIT
from geo.filters.scope import Scope
from geo.filters.tree import ARITHMETIC, Call, Node, Number, Property

_POWER = (
    "(select case"
    " when v.b > 0 then case when v.e * ln(v.b) < -70 then 0 when v.e * ln(v.b) < 70 then power(v.b, v.e) end"
    " when v.b = 0 then case when v.e > 0 then 0 when v.e = 0 then 1 end"
    " when v.e = trunc(v.e) then case when v.e * ln(-v.b) < -70 then 0 when v.e * ln(-v.b) < 70 then power(v.b, v.e) end"
    " end from (select {0} as b, {1} as e offset 0) v)"
)
"""e^70 > 1e30: what is larger is NULL anyway, what is smaller than e^-70 rounds to nought. `offset 0` keeps the planner from
writing the operands into every branch and from computing a constant branch that is never taken."""

_SQL = {
    "+": "({0} + {1})", "-": "({0} - {1})", "*": "({0} * {1})", "/": "({0} / nullif({1}, 0))", "%": "mod({0}, nullif({1}, 0))",
    "div": "div({0}, nullif({1}, 0))", "^": _POWER,
}  # fmt: skip
"""'/' is exact division, 'div' cuts towards nought, '%' has the sign of the dividend; by nought all three are NULL."""


def number(node: Node, scope: Scope) -> str:
    """SQL of type numeric for an arithmetic expression, a property or a number; raises BadInput for another kind."""
    scope.demand(node, Kind.NUMBER)
    if isinstance(node, Call) and node.op in ARITHMETIC:
        left, right = (operand(arg, scope) for arg in node.args)
        return _bounded(_SQL[node.op].format(left, right))
    if isinstance(node, Number):
        return scope.bind(node.value, "numeric")
    assert isinstance(node, Property)
    return f"cast({scope.column(node).sql} as numeric)"


def operand(node: Node, scope: Scope) -> str:
    """The same, fit to be reckoned with."""
    sql = number(node, scope)
    return sql if isinstance(node, Call) else _bounded(sql)


def _bounded(sql: str) -> str:
    low, high = f"-{NUMBER_LIMIT:f}", f"{NUMBER_LIMIT:f}"
    return f"round(nullif(nullif(least(greatest({sql}, {low}), {high}), {low}), {high}), {ARITHMETIC_DECIMALS})"
