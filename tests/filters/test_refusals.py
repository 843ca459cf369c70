"""What cannot be asked is refused with BadInput for `filter`: where, what is wrong, what would be right, in both languages."""

from __future__ import annotations

import json
import time

import pytest

from geo.errors import BadInput
from geo.filters import Queryable, ValueType, compile_filter, parse
from geo.filters.limits import DEPTH_MAX, LENGTH_MAX, NODES_MAX, VERTICES_MAX
from tests.filters.rows import QUERYABLES


def refused(text: str, language: str = "cql2-text", **how: object) -> BadInput:
    """The error a filter gives, read or compiled; it says all it must."""
    with pytest.raises(BadInput) as caught:
        compile_filter(parse(text, language), QUERYABLES, **how)  # type: ignore[arg-type]
    (fault,) = caught.value.faults
    assert fault.where == "filter"
    assert fault.detail.zh
    assert fault.expected is not None
    assert fault.expected.zh
    assert fault.expected.en
    fault.detail.zh.encode()
    fault.detail.en.encode()
    return caught.value


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "line 1, character 1: the filter ends too early"),
        ("name =", "line 1, character 7: the filter ends too early"),
        ("name = 'x", "line 1, character 8: a string that is not closed"),
        ("floors > 1\n  AND nam = 'x'", "line 2, character 7: there is no queryable property 'nam'"),
        ('"name = 1', "line 1, character 1: a quoted name that is not closed"),
        ("name = “x”", "character 8: a typographic quote"),
        ("name != 'x'", "character 6: '!' means nothing here"),
        ("name == 'x'", "character 7: '=' does not belong here"),
        ("floors = 1 = 1", "character 12: '=' cannot follow another"),
        ("floors ^ 2 ^ 3 = 1", "character 12: '^' cannot follow another"),
        ("floors = 1; drop table parcel", "character 11: ';' means nothing here"),
        ("name = 'a' OR 1=1 --", "character 21: the filter ends too early"),
        ("name = ''' OR TRUE", "character 8: a string that is not closed"),
        ("name NOT = 'x'", "character 6: NOT is followed by nothing it can turn"),
        ("name IS 'x'", "character 9: 'x' does not belong here"),
        ("name IN ()", "character 10: ')' does not belong here"),
        ("name IN ('a'", "character 13: the filter ends too early"),
        ("null = name", "character 1: 'null' does not belong here"),
        ("floors = - - 1", "character 12: '-' does not belong here"),
        ("floors + 1", "character 8: this is a number"),
        ("name", "character 1: 'name' is text"),
        ("'x'", "character 1: this is text"),
        ("floors = 'x'", "character 8: a number against text"),
        ("name = 1", "character 6: text against a number"),
        ("vacant > TRUE", "character 8: booleans have no order"),
        ("(floors = 1) = TRUE", "character 9: a condition cannot be compared"),
        ("geom = name", "character 1: a geometry cannot be compared so"),
        ("valid = DATE('2024-01-01')", "character 1: an interval cannot be compared so"),
        ("built = 'yesterday'", "character 9: 'yesterday' is no date"),
        ("built = DATE('0000-00-00')", "character 9: '0000-00-00' is no date"),
        ("built = DATE('99999-01-01')", "character 9: '99999-01-01' is no date"),
        ("built = DATE('2023-02-29')", "character 9: '2023-02-29' is no date"),
        ("seen = TIMESTAMP('2024-01-01T25:00:00Z')", "character 8: '2024-01-01T25:00:00Z' is no instant"),
        ("seen = TIMESTAMP('2024-01-01T00:00:00+08:00')", "character 8: '2024-01-01T00:00:00+08:00' is no instant"),
        ("built = seen", "character 9: a property that holds dates against one that holds instants"),
        ("T_DURING(valid, built)", "character 17: T_DURING takes an interval here"),
        ("T_AFTER(name, built)", "character 9: 'name' is text"),
        ("T_AFTER(built, INTERVAL('2024-02-01', '2024-01-01'))", "character 16: an interval that ends before it begins"),
        ("T_AFTER(built)", "character 1: 't_after' has 1 argument"),
        ("INTERVAL(built, sold) IS NULL", "character 1: this is an interval"),
        ("name LIKE code", "character 11: a LIKE pattern that is no string"),
        ("name LIKE 'a\\'", "character 11: a LIKE pattern that ends with the escape character"),
        (f"name LIKE '{'_%' * 60}'", "character 11: a LIKE pattern of more than 100 wildcards"),
        (f"name LIKE '{'a' * 2000}'", "character 11: a LIKE pattern of more than 1000 characters"),
        ("floors LIKE '1%'", "character 1: 'floors' is a number"),
        ("CASEI(floors) = 'x'", "character 7: 'floors' is a number"),
        ("name + 1 = 2", "character 1: 'name' is text"),
        ("1 + vacant = 2", "character 5: 'vacant' is a boolean"),
        ("floors = 1e30", "character 10: the number 1e30 is too large"),
        ("floors = 1e-31", "character 10: the number 1e-31 is too large, too small"),
        ("floors = 1e999999999999999999999", "character 10: the number 1e9999"),
        (f"floors = {'9' * 5000}", "character 10: the number 9999"),
        ("floors = NaN", "character 10: there is no queryable property 'NaN'"),
        ("A_CONTAINS(tags, (1, 2))", "character 19: this is a number"),
        ("A_CONTAINS(name, ('a'))", "character 12: 'name' is text"),
        ("A_CONTAINS(tags, 'a')", "character 18: this is text"),
        ("avg(floors) > 1", "character 1: there is no function 'avg'"),
        ("pg_sleep(10) = 1", "character 1: there is no function 'pg_sleep'"),
        ("S_TOUCHES(geom, name)", "character 17: 'name' is text"),
        ("S_TOUCHES(geom, POINT(1 1), 2)", "character 1: 's_touches' has 3 arguments"),
        ("S_INTERSECTS(geom, POINT EMPTY)", "character 26: EMPTY geometries are not taken"),
        ("S_INTERSECTS(geom, POINT M(1 1 1))", "character 26: M geometries are not taken"),
        ("S_INTERSECTS(geom, POINT(1))", "character 26: a position of 1 numbers"),
        ("S_INTERSECTS(geom, POINT(1 1 1 1))", "character 26: a position of 4 numbers"),
        ("S_INTERSECTS(geom, POINT(1e999 1))", "character 26: the number 1e999 is too large"),
        ("S_INTERSECTS(geom, POINT(a 1))", "character 26: a position of 0 numbers"),
        ("S_INTERSECTS(geom, POINT(29.5 121.5))", "character 20: coordinates beyond 180 degrees"),
        ("S_INTERSECTS(geom, LINESTRING(1 1))", "character 20: a line of one vertex"),
        ("S_INTERSECTS(geom, POLYGON((0 0,1 0,1 1,0 1)))", "character 20: a ring of a polygon that is not closed"),
        ("S_INTERSECTS(geom, POLYGON((0 0,1 0,0 0)))", "character 20: a ring of fewer than four vertices"),
        ("S_INTERSECTS(geom, POLYGON((0 0,1 1,1 0,0 1,0 0)))", "character 20: a geometry that is not valid (Self-intersection"),
        ("S_INTERSECTS(geom, POLYGON((0 0,1 0,1 1,0 0),(5 5,6 5,6 6,5 5)))", "character 20: a geometry that is not valid (Hole"),
        ("S_INTERSECTS(geom, POLYGON((0 0,1 0,1 1,0 0))", "character 46: the filter ends too early"),
        ("S_INTERSECTS(geom, GEOMETRYCOLLECTION(GEOMETRYCOLLECTION(POINT(1 1))))", "character 39: 'GEOMETRYCOLLECTION' is no member"),
        ("S_TOUCHES(geom, GEOMETRYCOLLECTION(POINT(9 9), LINESTRING(0 0,1 1)))", "character 17: S_TOUCHES takes no GEOMETRYCOLLECTION"),
        ("S_INTERSECTS(geom, BBOX(1,2,3))", "character 20: a BBOX of 3 numbers"),
        ("S_INTERSECTS(geom, BBOX(1,2,3,4,5,6,7))", "character 20: a BBOX of 7 numbers"),
        ("S_INTERSECTS(geom, BBOX(1,5,3,4))", "character 20: a BBOX with its lower bound above the upper one"),
        ("S_INTERSECTS(geom, BBOX(1,2,3,400))", "character 20: coordinates beyond 180 degrees"),
    ],
)  # fmt: skip
def test_bad_text_is_refused_where_it_is_bad(text: str, says: str) -> None:
    assert says in str(refused(text))


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ("", "line 1, character 1: no valid JSON"),
        ('{"op": "=",}', "no valid JSON"),
        ("null", "at JSON pointer '': null is no value"),
        ("NaN", "NaN is no number"),
        ('{"op": "<", "args": [{"property": "floors"}, -Infinity]}', "-Infinity is no number"),
        ('{"op": "=", "args": [{"property": "floors"}]}', "at JSON pointer '': '=' has 1 argument"),
        ('{"op": "and", "args": [true]}', "'and' takes at least 2 arguments"),
        ('{"op": "=", "args": {"a": 1}}', "an operation has op (a string) and args (a list)"),
        ('{"op": "=", "args": [1, 1], "more": 1}', "an operation has op (a string) and args (a list)"),
        ('{"op": 7, "args": []}', "an operation has op (a string) and args (a list)"),
        ('{"op": "ISNULL", "args": [{"property": "name"}]}', "at JSON pointer '/op': there is no operation 'ISNULL'"),
        ('{"op": "pg_sleep", "args": [10]}', "there is no function 'pg_sleep'"),
        ('{"op": "or", "args": [true, {"op": "=", "args": [{"property": "no/one"}, 1]}]}',
         "at JSON pointer '/args/1/args/0': there is no queryable property 'no/one'"),
        ('{"op": "not", "args": [{"a/b": 1}]}', "at JSON pointer '/args/0': an object that means nothing here (members: a/b)"),
        ('{"property": "name", "property": "code"}', "the member 'property' twice"),
        ('{"op": "=", "args": [{"property": "name"}, "\\u0000"]}', "at JSON pointer '/args/1': a NUL character"),
        ('{"op": "=", "args": [{"property": "name"}, "\\ud800"]}', "at JSON pointer '/args/1': a NUL character or half of a surrogate"),
        ('{"\\ud800": 1}', "an object that means nothing here"),
        ('{"op": "\\ud800", "args": []}', "there is no operation"),
        ('{"op": "=", "args": [{"property": "floors"}, 1e400]}', "at JSON pointer '/args/1': the number 1e400 is too large"),
        ('{"op": "=", "args": [{"property": "built"}, {"date": 20240101}]}', "at JSON pointer '/args/1/date': a string should stand here"),
        ('{"op": "t_after", "args": [{"property": "built"}, {"interval": [".."]}]}', "at JSON pointer '/args/1/interval': an interval has two ends"),
        ('{"op": "in", "args": [{"property": "floors"}, 1]}', "the second argument of 'in' is not a list"),
        ('{"op": "in", "args": [{"property": "floors"}, []]}', "the second argument of 'in' is not a list"),
        ('{"op": "s_within", "args": [{"property": "geom"}, {"bbox": [1, 2, 3]}]}', "at JSON pointer '/args/1/bbox': a bbox has 4 or 6 numbers"),
        ('{"op": "s_within", "args": [{"property": "geom"}, {"type": "Circle"}]}', "at JSON pointer '/args/1/type': a kind of geometry"),
        ('{"op": "s_within", "args": [{"property": "geom"}, {"type": "Point", "coordinates": [1, "2"]}]}',
         "at JSON pointer '/args/1/coordinates': a number should stand here"),
        ('{"op": "s_within", "args": [{"property": "geom"}, {"type": "Polygon", "coordinates": [[]]}]}',
         "at JSON pointer '/args/1/coordinates/0': a list with something in it is missing"),
        ('{"op": "s_within", "args": [{"property": "geom"}, {"type": "Point"}]}', "a position has 2 or 3 numbers"),
    ],
)  # fmt: skip
def test_bad_json_is_refused_where_it_is_bad(document: str, says: str) -> None:
    assert says in str(refused(document, "cql2-json"))


SOON_S = 15
"""Each takes less than a second on an idle machine; anything quadratic would take minutes."""

ENDLESS = {
    "brackets": "(" * 10_000 + "TRUE" + ")" * 10_000,
    "open brackets": "(" * 300_000,
    "not": "NOT " * 90_000 + "TRUE",
    "sums": "floors = " + "1+" * 100_000 + "1",
    "minus": "floors = " + "-" * 100_000 + "1",
    "functions": "CASEI(" * 10_000 + "name" + ")" * 10_000,
    "arrays": "A_EQUALS(tags, " + "(" * 10_000 + ")" * 10_000 + ")",
    "and": "TRUE" + " AND TRUE" * 30_000,
    "in": "floors IN (" + "1," * 100_000 + "1)",
    "between": "floors BETWEEN " * 10_000,
    "long": "name = '" + "x" * 1_000_000 + "'",
    "long name": "x" * 390_000 + " = 1",
    "quotes": "name = " + "'" * 390_001,
    "point": "S_INTERSECTS(geom, MULTIPOINT(" + "1 1," * 80_000 + "1 1))",
    "points": "S_INTERSECTS(geom, MULTIPOINT(" + "(1 1)," * 60_000 + "(1 1)))",
    "boxes": "S_INTERSECTS(geom, BBOX(" + "1," * 100_000 + "1))",
    "spaces": " " * 390_000,
    "operators": "=" * 390_000,
    "words": "a " * 190_000,
    "likes": "name LIKE " * 30_000,
}
ENDLESS_JSON = {
    "lists": "[" * 10_000 + "]" * 10_000,
    "open lists": "[" * 390_000,
    "objects": '{"a":' * 70_000,
    "not": '{"op":"not","args":[' * 10_000 + "true" + "]}" * 10_000,
    "strings": '"' + '\\"' * 190_000,
    "quotes": '"' * 390_000,
    "digits": "1" * 390_000,
    "members": "{" + ",".join(f'"{i}":1' for i in range(40_000)) + "}",
    "points": '{"type":"MultiPoint","coordinates":[' + ",".join(["[1,1]"] * 60_000) + "]}",
    "elements": "[" + "1," * 190_000 + "1]",
    "and": '{"op":"and","args":[' + ",".join(["true"] * 70_000) + "]}",
}


@pytest.mark.parametrize("name", ENDLESS)
def test_endless_text_is_refused_soon(name: str) -> None:
    begun = time.monotonic()
    refused(ENDLESS[name])
    assert time.monotonic() - begun < SOON_S


@pytest.mark.parametrize("name", ENDLESS_JSON)
def test_endless_json_is_refused_soon(name: str) -> None:
    begun = time.monotonic()
    refused(ENDLESS_JSON[name], "cql2-json")
    assert time.monotonic() - begun < SOON_S


def test_limits_hold_on_both_sides() -> None:
    def compiled(text: str) -> str:
        return compile_filter(parse(text, "cql2-text"), QUERYABLES).sql

    deep = "NOT (" * (DEPTH_MAX - 2) + "floors = 1" + ")" * (DEPTH_MAX - 2)
    assert compiled(deep)
    refused(f"NOT ({deep})")
    refused("TRUE" + " AND TRUE" * (NODES_MAX - 1))
    assert compiled("TRUE" + " AND TRUE" * (NODES_MAX - 2))
    ring = ",".join(f"{i / 1000} 0" for i in range(VERTICES_MAX))
    assert compiled(f"S_INTERSECTS(geom, LINESTRING({ring}))")
    refused(f"S_INTERSECTS(geom, LINESTRING({ring},1 1))")
    refused(json.dumps({"type": "MultiPoint", "coordinates": [[1, 1]] * (VERTICES_MAX + 1)}), "cql2-json")
    assert compiled("name = '" + "x" * (LENGTH_MAX - 9) + "'")
    refused("name = '" + "x" * (LENGTH_MAX - 8) + "'")


def test_a_refusal_speaks_chinese_too() -> None:
    (fault,) = refused("状态 = '可用' AND 面积 > 3").faults
    assert fault.detail.zh == "第 1 行第 15 个字符：没有可查询的属性“面积”"
    assert fault.expected is not None
    assert fault.expected.zh.startswith("可用：")


def test_an_unknown_name_is_answered_with_the_nearest_ones() -> None:
    queryables = {n: Queryable(n, ValueType.STRING, "x.a") for n in ("land_use_code", "status", "town_code")}
    with pytest.raises(BadInput) as caught:
        compile_filter(parse("land_use = 'x'", "cql2-text"), queryables)
    expected = caught.value.faults[0].expected
    assert expected is not None
    assert expected.en == "there is: land_use_code"


@pytest.mark.parametrize(
    ("literal", "srid", "north_first", "says"),
    [
        ("POINT(29.5 121.5)", 4326, False, "coordinates beyond"),
        ("POINT(121.5 29.5)", 4490, True, "coordinates beyond"),
        ("POINT(1e8 1e8)", 3857, False, "outside the area EPSG:3857"),
        ("POINT(1e300 1e300)", 3857, False, "outside the area EPSG:3857"),
        ("POINT(-9e9 3e6)", 4529, False, "outside the area EPSG:4529"),
        ("POINT(1 1)", 999999, False, "EPSG:999999 is not a known CRS"),
        ("BBOX(2,1,1,2)", 999999, False, "EPSG:999999 is not a known CRS"),
        ("BBOX(2,1,1,2)", 3857, False, "a BBOX with its left bound right of the right one"),
    ],
)
def test_a_literal_outside_its_crs_is_refused(literal: str, srid: int, north_first: bool, says: str) -> None:
    error = refused(f"S_INTERSECTS(geom, {literal})", geometry_srid=srid, is_north_first=north_first)
    assert says in str(error)
