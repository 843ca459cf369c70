"""Random trees: any that can be written, and ones that can be asked of the rows of rows.py."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from geo.filters import tree
from geo.filters.faults import NOWHERE
from geo.filters.literals import decimal
from geo.filters.tree import (
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
    Open,
    Property,
    Text,
    Timestamp,
)  # fmt: skip
from tests.filters.rows import DAYS, MOMENTS, WORDS

SENDABLE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
NUMBERS = st.one_of(
    st.integers(-(10**29), 10**29).map(Decimal),
    st.floats(allow_nan=False, allow_infinity=False, min_value=-1e20, max_value=1e20).filter(lambda f: f == 0 or abs(f) > 1e-20).map(
        lambda f: decimal(repr(f), NOWHERE)
    ),
).map(Number)  # fmt: skip
DATES = st.dates().map(Date)
TIMESTAMPS = st.datetimes().map(lambda t: Timestamp(t.replace(tzinfo=UTC)))
INSTANTS = st.one_of(DATES, TIMESTAMPS)
PROPERTIES = st.one_of(
    st.sampled_from(["name", "状态", "eo:cloud_cover", "a.b", "date", "AND", "point", 'x"y', ""]), SENDABLE
).map(Property)
COORDINATE = st.floats(allow_nan=False, allow_infinity=False)
POSITION = st.one_of(st.tuples(COORDINATE, COORDINATE), st.tuples(COORDINATE, COORDINATE, COORDINATE))
LINE = st.lists(POSITION, min_size=1, max_size=4).map(tuple)
SURFACE = st.lists(LINE, min_size=1, max_size=3).map(tuple)
SINGLE = st.one_of(
    POSITION.map(lambda c: Geometry("Point", c)),
    st.tuples(st.sampled_from(["LineString", "MultiPoint"]), LINE).map(lambda p: Geometry(*p)),
    st.tuples(st.sampled_from(["Polygon", "MultiLineString"]), SURFACE).map(lambda p: Geometry(*p)),
    st.lists(SURFACE, min_size=1, max_size=2).map(lambda p: Geometry("MultiPolygon", tuple(p))),
)
GEOMETRIES = st.one_of(
    SINGLE, st.lists(SINGLE, min_size=1, max_size=3).map(lambda p: Geometry("GeometryCollection", tuple(p)))
)
BOXES = st.one_of(st.tuples(*[COORDINATE] * 4), st.tuples(*[COORDINATE] * 6)).map(BBox)
INTERVAL_END = st.one_of(INSTANTS, PROPERTIES, st.just(Open()))
_LEAVES = st.one_of(
    SENDABLE.map(Text), NUMBERS, st.booleans().map(Boolean), INSTANTS, PROPERTIES, GEOMETRIES, BOXES,
    st.tuples(INTERVAL_END, INTERVAL_END).map(lambda p: Interval(*p)),
)  # fmt: skip
LEAVES = st.deferred(lambda: _LEAVES)  # a short repr
ARRAY_OPS, PLAIN_OPS = tree.ARRAYS, [op for op, n in tree.ARITY.items() if n == 2 and op not in (*tree.ARRAYS, "in")]


def _grown(level: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    below = _later(level)
    items = st.lists(below, min_size=1, max_size=3).map(tuple)
    array = st.recursive(
        st.lists(below, max_size=3),
        lambda inner: st.lists(st.one_of(below, inner.map(_array)), max_size=3),
        max_leaves=4,
    ).map(_array)
    return st.one_of(
        st.tuples(st.sampled_from(PLAIN_OPS), st.tuples(below, below)).map(lambda p: Call(*p)),
        st.tuples(st.sampled_from(("and", "or")), st.lists(below, min_size=2, max_size=4).map(tuple)).map(
            lambda p: Call(*p)
        ),
        st.tuples(st.sampled_from(("not", "isNull", *tree.FOLDS)), st.tuples(below)).map(lambda p: Call(*p)),
        st.tuples(below, below, below).map(lambda p: Call("between", p)),
        st.tuples(below, items).map(lambda p: Call("in", (p[0], Array(p[1])))),
        st.tuples(st.sampled_from(ARRAY_OPS), st.tuples(st.one_of(below, array), array)).map(lambda p: Call(*p)),
        st.tuples(st.sampled_from(("Foo", "缓冲")), st.lists(st.one_of(below, array), max_size=3).map(tuple)).map(
            lambda p: Function(*p)
        ),
    )


def _later(level: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """The same strategy with a short repr."""
    return st.deferred(lambda: level)


def _array(items: list[Node]) -> Array:
    return Array(tuple(items))


WRITABLE = st.recursive(LEAVES, _grown, max_leaves=12)
"""Any tree, of whatever types."""


def _columns(*names: str) -> st.SearchStrategy[Node]:
    return st.sampled_from(names).map(Property)


def _calls(ops: Any, *args: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.tuples(st.sampled_from(ops), st.tuples(*args)).map(lambda p: Call(*p))


SOME_WORDS = [w for w in WORDS if w is not None]
WORD = st.one_of(st.sampled_from(SOME_WORDS), st.text("aAéßΣςσ北%_\\％'", max_size=4)).map(Text)
STRINGS = st.one_of(
    _columns("name", "code"), WORD, _calls(tree.FOLDS, _columns("name", "code")), _calls(tree.FOLDS, WORD),
    _calls(["casei"], _calls(["accenti"], st.one_of(_columns("name"), WORD))),
)  # fmt: skip
_PATTERN = st.one_of(
    st.text("aAéßΣςσ北%_％'", max_size=5), st.sampled_from(["%\\%", "a\\_b", "a\\\\b", "\\a%", "北%", "%ς", "stra_se", "%％"])
).map(Text)  # fmt: skip
PATTERNS = st.one_of(_PATTERN, _calls(tree.FOLDS, _PATTERN), _calls(["accenti"], _calls(["casei"], _PATTERN)))
SMALL = st.one_of(st.integers(-9, 9), st.sampled_from([Decimal("0.1"), Decimal("2.5"), Decimal("1e29"), 2**63, 0])).map(
    lambda n: Number(Decimal(n))
)
NUMERIC = st.recursive(
    st.one_of(_columns("floors", "rooms", "price", "height"), SMALL),
    lambda below: st.one_of(
        _calls(["+", "-", "*", "/", "%", "div"], _later(below), _later(below)),
        _calls(["^"], _later(below), st.integers(0, 3).map(lambda n: Number(Decimal(n)))),
    ),
    max_leaves=5,
)
SOME_DAYS = st.sampled_from([d for d in DAYS if d is not None] + [date(2024, 2, 28)]).map(Date)
SOME_MOMENTS = st.sampled_from([m for m in MOMENTS if m is not None] + [datetime(2024, 2, 28, 15, tzinfo=UTC)]).map(
    Timestamp
)
LITERAL_MOMENTS = st.one_of(SOME_DAYS, SOME_MOMENTS)
MOMENT_TEXT = st.sampled_from(["2024-02-29", "2024-02-29T00:00:00Z", "9999-12-31", "0001-01-01"]).map(Text)
POINTS = st.tuples(st.integers(0, 4), st.integers(0, 4)).map(lambda p: (float(p[0]), float(p[1])))


def _ordered_box(p: tuple[tuple[float, float], tuple[float, float]]) -> BBox:
    (a, b), (c, d) = p
    return BBox((min(a, c), min(b, d), max(a, c) + 1, max(b, d) + 1))


def _rectangle(p: tuple[tuple[float, float], tuple[float, float]]) -> Geometry:
    west, south, east, north = _ordered_box(p).numbers
    return Geometry("Polygon", (((west, south), (east, south), (east, north), (west, north), (west, south)),))


SIMPLE_SHAPES = st.one_of(
    POINTS.map(lambda c: Geometry("Point", c)),
    st.lists(POINTS, min_size=2, max_size=3, unique=True).map(lambda c: Geometry("LineString", tuple(c))),
    st.lists(POINTS, min_size=1, max_size=3, unique=True).map(lambda c: Geometry("MultiPoint", tuple(c))),
    st.tuples(POINTS, POINTS).map(_rectangle),
)
COLLECTIONS = st.lists(SIMPLE_SHAPES, min_size=1, max_size=3).map(lambda p: Geometry("GeometryCollection", tuple(p)))
LITERAL_SHAPES = st.one_of(SIMPLE_SHAPES, st.tuples(POINTS, POINTS).map(_ordered_box))


def _temporal(
    literals: st.SearchStrategy[Node], instants: st.SearchStrategy[Node], ranges: st.SearchStrategy[Node] | None
) -> st.SearchStrategy[Node]:
    """T_ functions over columns of one type."""
    ends = st.one_of(instants, literals, st.just(Open()))
    literal_intervals = st.tuples(st.one_of(literals, st.just(Open())), st.one_of(literals, st.just(Open()))).map(
        _in_order
    )
    intervals = st.one_of(
        st.tuples(instants, ends).map(lambda p: Interval(*p)), literal_intervals, *([] if ranges is None else [ranges])
    )
    anything = st.one_of(instants, intervals, literals, MOMENT_TEXT)
    free = ["t_after", "t_before", "t_disjoint", "t_equals", "t_intersects"]
    strict = [op for op in tree.TEMPORAL if op not in free]
    return st.one_of(
        _calls(free, anything, anything), _calls(strict, intervals, intervals),
        _calls(["t_during"], anything, intervals), _calls(["t_contains"], intervals, anything),
    )  # fmt: skip


def _in_order(p: tuple[Node, Node]) -> Interval:
    start, end = p
    if isinstance(start, Date | Timestamp) and isinstance(end, Date | Timestamp):
        days = [e.value.date() if isinstance(e, Timestamp) else e.value for e in (start, end)]
        swapped = days[0] > days[1] or (type(start) is type(end) and start.value > end.value)  # type: ignore[operator]
        if swapped or (days[0] == days[1] and type(start) is not type(end)):
            return Interval(end, start) if days[0] != days[1] or type(start) is type(end) else Interval(start, start)
    return Interval(start, end)


def _in(values: st.SearchStrategy[Node], items: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.tuples(values, st.lists(items, min_size=1, max_size=4).map(lambda i: Array(tuple(i)))).map(
        lambda p: Call("in", p)
    )


def _compared(values: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    between = st.tuples(values, values, values).map(lambda p: Call("between", p))
    return st.one_of(_calls(tree.COMPARISONS, values, values), between, _in(values, values))


TAG_LISTS = st.one_of(_columns("tags", "uses"), st.lists(st.sampled_from("abc水").map(Text), max_size=3).map(_array))
_PREDICATES = st.one_of(
    _compared(STRINGS),
    _calls(["like"], STRINGS, PATTERNS),
    _compared(NUMERIC),
    _compared(st.one_of(_columns("built", "sold"), LITERAL_MOMENTS)),
    _compared(st.one_of(_columns("seen", "gone"), LITERAL_MOMENTS)),
    _calls(tree.COMPARISONS, _columns("built", "seen"), MOMENT_TEXT),
    _calls(["=", "<>"], _columns("vacant", "listed"), st.one_of(_columns("listed"), st.booleans().map(Boolean))),
    _columns("vacant", "listed"),
    st.booleans().map(Boolean),
    _calls(["isNull"], st.one_of(_columns("name", "geom", "tags", "valid", "vacant"), NUMERIC, STRINGS)),
    _temporal(LITERAL_MOMENTS, _columns("built", "sold"), _columns("valid", "rented")),
    _temporal(LITERAL_MOMENTS, _columns("seen", "gone"), None),
    _calls(tree.ARRAYS, TAG_LISTS, TAG_LISTS),
    _calls(tree.SPATIAL, _columns("geom", "site"), LITERAL_SHAPES),
    _calls(tree.SPATIAL, LITERAL_SHAPES, _columns("geom", "site")),
    _calls(tree.SPATIAL, _columns("geom"), _columns("site")),
    _calls(["s_intersects", "s_disjoint"], _columns("geom", "site"), COLLECTIONS),
)
PREDICATES = st.deferred(lambda: _PREDICATES)
ASKABLE = st.recursive(
    PREDICATES,
    lambda below: st.one_of(
        _calls(["not"], _later(below)), _calls(["isNull"], _later(below)),
        st.tuples(st.sampled_from(("and", "or")), st.lists(_later(below), min_size=2, max_size=3).map(tuple)).map(lambda p: Call(*p)),
    ),
    max_leaves=4,
)  # fmt: skip
"""Conditions over the columns of rows.py, rightly typed."""
