"""The T_ functions: relations of instants and intervals, by their beginnings and ends (Allen's algebra).

An interval holds both its ends; '..' is before or after everything; a daterange ends with the day before its upper bound.
NULL in an end is unknown, not open.
"""

from __future__ import annotations

from geo.filters import literals
from geo.filters.faults import Place, refuse
from geo.filters.kinds import TEMPORAL, Kind
from geo.filters.moments import Moment, end_of_interval, moment, relation
from geo.filters.scope import Scope
from geo.filters.tree import Call, Interval, Node, Property, Text

S1, E1, S2, E2 = range(4)
"""Start and end of the first argument, start and end of the second."""

_ALL_OF = {
    "t_after": ((S1, ">", E2),),
    "t_before": ((E1, "<", S2),),
    "t_contains": ((S1, "<", S2), (E1, ">", E2)),
    "t_during": ((S1, ">", S2), (E1, "<", E2)),
    "t_equals": ((S1, "=", S2), (E1, "=", E2)),
    "t_finishedBy": ((S1, "<", S2), (E1, "=", E2)),
    "t_finishes": ((S1, ">", S2), (E1, "=", E2)),
    "t_intersects": ((S1, "<=", E2), (E1, ">=", S2)),
    "t_meets": ((E1, "=", S2),),
    "t_metBy": ((S1, "=", E2),),
    "t_overlappedBy": ((S1, ">", S2), (S1, "<", E2), (E1, ">", E2)),
    "t_overlaps": ((S1, "<", S2), (E1, ">", S2), (E1, "<", E2)),
    "t_startedBy": ((S1, "=", S2), (E1, ">", E2)),
    "t_starts": ((S1, "=", S2), (E1, "<", E2)),
}

INSTANTS_TAKEN = {
    **dict.fromkeys(("t_after", "t_before", "t_disjoint", "t_equals", "t_intersects"), (True, True)),
    "t_contains": (False, True),
    "t_during": (True, False),
}
"""Which arguments may be an instant; all others are intervals."""

_LAST_DAY = (
    "case when upper_inf({0}) then cast('infinity' as date) "
    "when not isempty({0}) then greatest(upper({0}), cast('0001-01-01' as date)) - 1 end"
)
"""An upper bound before our era counts as its first day: a day less could not be stored."""
_FIRST_DAY = "case when lower_inf({0}) then cast('-infinity' as date) else lower({0}) end"


def compare(node: Call, scope: Scope) -> str:
    """SQL of a T_ function; raises BadInput for wrong arguments."""
    takes = INSTANTS_TAKEN.get(node.op, (False, False))
    ends: list[Moment] = []
    for argument, takes_instant in zip(node.args, takes, strict=True):
        ends += _ends(argument, scope, node.op, takes_instant)
    if node.op == "t_disjoint":
        return f"(not {_all_of('t_intersects', ends, scope)})"
    return _all_of(node.op, ends, scope)


def _all_of(op: str, ends: list[Moment], scope: Scope) -> str:
    return f"({' and '.join(relation(sign, ends[a], ends[b], scope) for a, sign, b in _ALL_OF[op])})"


def _ends(node: Node, scope: Scope, op: str, takes_instant: bool) -> tuple[Moment, Moment]:
    if isinstance(node, Text):
        node = literals.an_instant(node.value, node.at)
    kind = scope.demand(node, Kind.INTERVAL, *TEMPORAL)
    if isinstance(node, Interval):
        start = end_of_interval(node.start, scope, is_start=True)
        end = end_of_interval(node.end, scope, is_start=False)
        if start.sql is None and end.sql is None and relation(">", start, end, scope) == "true":
            raise refuse(
                node.at,
                "时段的结束早于开始",
                "an interval that ends before it begins",
                "先开始，后结束",
                "the earlier end first",
            )
        return start, end
    if kind is not Kind.INTERVAL:
        if not takes_instant:
            raise _wants_interval(node.at, op)
        instant = moment(node, scope)
        return instant, instant
    assert isinstance(node, Property)
    sql = scope.column(node).sql
    return (
        Moment(Kind.DATE, sql=f"({_FIRST_DAY.format(sql)})", at=node.at),
        Moment(Kind.DATE, sql=f"({_LAST_DAY.format(sql)})", at=node.at),
    )


def _wants_interval(at: Place, op: str) -> Exception:
    return refuse(
        at, f"{op.upper()} 的参数应为时段", f"{op.upper()} takes an interval here",
        "INTERVAL('2026-01-01', '..')", "INTERVAL('2026-01-01', '..')",
    )  # fmt: skip
