"""The types filters are checked by, and what they are called."""

from __future__ import annotations

from enum import Enum

from geo.errors import Problem
from geo.filters.queryables import ValueType


class Kind(Enum):
    """Type of an expression."""

    TEXT = Problem(zh="文本", en="text")
    NUMBER = Problem(zh="数值", en="a number")
    BOOLEAN = Problem(zh="是/否", en="a boolean")
    DATE = Problem(zh="日期", en="a date")
    TIMESTAMP = Problem(zh="时刻", en="an instant")
    INTERVAL = Problem(zh="时段", en="an interval")
    ARRAY = Problem(zh="数组", en="an array")
    GEOMETRY = Problem(zh="图形", en="a geometry")


OF_COLUMN = {
    ValueType.STRING: Kind.TEXT,
    ValueType.INTEGER: Kind.NUMBER,
    ValueType.NUMBER: Kind.NUMBER,
    ValueType.BOOLEAN: Kind.BOOLEAN,
    ValueType.DATE: Kind.DATE,
    ValueType.TIMESTAMP: Kind.TIMESTAMP,
    ValueType.DATE_RANGE: Kind.INTERVAL,
    ValueType.STRING_ARRAY: Kind.ARRAY,
    ValueType.GEOMETRY: Kind.GEOMETRY,
}

TEMPORAL = (Kind.DATE, Kind.TIMESTAMP)
SCALAR = (Kind.TEXT, Kind.NUMBER, Kind.BOOLEAN, *TEMPORAL)
