"""Arrays of strings compared as sets."""

from __future__ import annotations

from geo.filters import matching
from geo.filters.kinds import Kind
from geo.filters.scope import Scope
from geo.filters.tree import Array, Call, Node, Property, Text

_SQL = {
    "a_contains": "({0} @> {1})",
    "a_containedBy": "({0} <@ {1})",
    "a_overlaps": "({0} && {1})",
    "a_equals": "({0} @> {1} and {0} <@ {1})",
}


def compare(node: Call, scope: Scope) -> str:
    """SQL of an A_ function; raises BadInput for anything but arrays of strings."""
    left, right = (_array(arg, scope) for arg in node.args)
    return _SQL[node.op].format(left, right)


def _array(node: Node, scope: Scope) -> str:
    scope.demand(node, Kind.ARRAY)
    if isinstance(node, Property):
        return scope.column(node).sql
    assert isinstance(node, Array)
    texts = [item.value for item in node.items if isinstance(item, Text)]
    if len(texts) == len(node.items):
        return scope.bind(texts, "text[]")
    return f"array[{', '.join(matching.text(item, scope) for item in node.items)}]"
