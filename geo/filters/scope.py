"""What one compilation knows: the queryables, the CRS, the time zone, and the values bound so far."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from geo.filters.faults import refuse, shown
from geo.filters.kinds import OF_COLUMN, Kind
from geo.filters.queryables import Queryable, Queryables
from geo.filters.tree import (
    ARITHMETIC,
    FOLDS,
    NAMED,
    Array,
    BBox,
    Boolean,
    Call,
    Date,
    Function,
    Geometry,
    Interval,
    Node,
    Number,
    Property,
    Text,
    Timestamp,
)

NAMES_SHOWN = 40
PREFIX = "f_"

_LITERALS = {
    Text: Kind.TEXT, Number: Kind.NUMBER, Boolean: Kind.BOOLEAN, Date: Kind.DATE, Timestamp: Kind.TIMESTAMP,
    Interval: Kind.INTERVAL, Array: Kind.ARRAY, Geometry: Kind.GEOMETRY, BBox: Kind.GEOMETRY,
}  # fmt: skip


@dataclass(slots=True)
class Scope:
    """Hands out bound names and looks up properties; raises BadInput for what is not there."""

    queryables: Queryables
    geometry_srid: int
    is_north_first: bool
    storage_srid: int
    zone: ZoneInfo
    values: dict[str, Any] = field(default_factory=dict)

    def bind(self, value: Any, sql_type: str) -> str:
        """SQL of a new bound value of a type."""
        name = f"{PREFIX}{len(self.values)}"
        self.values[name] = value
        return f"cast(:{name} as {sql_type})"

    def column(self, node: Property) -> Queryable:
        """The queryable a property means."""
        found = self.queryables.get(node.name)
        if found is not None:
            return found
        names = list(self.queryables)
        near = difflib.get_close_matches(node.name[:100], names, n=5) or names[:NAMES_SHOWN]
        zh, en = "、".join(near), ", ".join(near)
        raise refuse(
            node.at, f"没有可查询的属性“{shown(node.name)}”", f"there is no queryable property '{shown(node.name)}'",
            f"可用：{zh}", f"there is: {en}",
        )  # fmt: skip

    def column_sql(self, node: Node) -> str:
        """SQL of a property that is known to be one."""
        assert isinstance(node, Property)
        return self.column(node).sql

    def kind(self, node: Node) -> Kind:
        """Type of an expression, known without looking at any row."""
        if isinstance(node, Property):
            return OF_COLUMN[self.column(node).type]
        if isinstance(node, Call):
            if node.op in FOLDS:
                return Kind.TEXT
            return Kind.NUMBER if node.op in ARITHMETIC else Kind.BOOLEAN
        if isinstance(node, Function):
            raise self.no_function(node)
        return _LITERALS.get(type(node), Kind.INTERVAL)

    def no_function(self, node: Function) -> Exception:
        """The error for a function; there are none beside those of the standard."""
        names = ", ".join(name.upper() for name in NAMED)
        return refuse(
            node.at, f"没有函数“{shown(node.name)}”", f"there is no function '{shown(node.name)}'",
            f"可用：{names}", f"there is: {names}",
        )  # fmt: skip

    def demand(self, node: Node, *kinds: Kind) -> Kind:
        """The kind of a node; raises BadInput when it is none of `kinds`."""
        kind = self.kind(node)
        if kind not in kinds:
            raise self.wrong_kind(node, *kinds)
        return kind

    def wrong_kind(self, node: Node, *kinds: Kind) -> Exception:
        """The error for an argument of the wrong kind."""
        kind = self.kind(node)
        name = f"“{shown(node.name)}”" if isinstance(node, Property) else ""
        name_en = f"'{shown(node.name)}'" if isinstance(node, Property) else "this"
        return refuse(
            node.at, f"{name}是{kind.value.zh}", f"{name_en} is {kind.value.en}",
            "此处应为" + "或".join(k.value.zh for k in kinds), " or ".join(k.value.en for k in kinds),
        )  # fmt: skip
