"""Compiled SQL and an evaluator written apart from it take the same rows, for random filters over odd rows."""

from __future__ import annotations

import itertools
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from geo.errors import BadInput
from geo.filters import Node, compile_filter, parse, to_json, to_text
from geo.filters.tree import ARRAYS, SPATIAL, TEMPORAL
from tests.filters.evaluating import Evaluator
from tests.filters.rows import QUERYABLES, ROWS, fill
from tests.filters.trees import ASKABLE, WRITABLE


@pytest.fixture(scope="module")
def things(connection: Connection) -> Connection:
    fill(connection, "thing")
    return connection


def agree(things: Connection, tree: Node, zone: str) -> None:
    """The same answer, true, false or unknown, for every row."""
    compiled = compile_filter(tree, QUERYABLES, time_zone=zone)
    evaluator = Evaluator(zone)
    statement = text(f"select id, ({compiled.sql}) from thing x order by id")
    found = {row[0]: row[1] for row in things.execute(statement, compiled.values)}
    expected = {i: evaluator.truth(tree, row) for i, row in enumerate(ROWS)}
    assert found == expected, to_text(tree)


@settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck))
@given(tree=ASKABLE, zone=st.sampled_from(["UTC", "Asia/Shanghai", "America/New_York"]))
def test_the_database_and_the_evaluator_take_the_same_rows(things: Connection, tree: Node, zone: str) -> None:
    agree(things, tree, zone)


DAYS = ("built", "valid", "INTERVAL(built, sold)", "INTERVAL('..', sold)", "INTERVAL('2024-02-29', '2024-03-01')",
        "INTERVAL('2020-01-01', '..')", "INTERVAL('2024-02-29T10:00:00Z', '2024-06-01')", "DATE('2024-03-01')")  # fmt: skip
INSTANTS = ("seen", "INTERVAL(seen, gone)", "INTERVAL(seen, '..')", "INTERVAL('2024-02-29', '2024-03-01')",
            "INTERVAL('2024-02-28T16:00:00Z', '2024-03-01T12:00:00Z')", "TIMESTAMP('2024-03-01T12:00:00Z')", "'2024-02-29'")  # fmt: skip
SHAPES = ("geom", "site", "POINT(1 1)", "LINESTRING(0 0,4 4)", "POLYGON((0 0,2 0,2 2,0 2,0 0))", "BBOX(1,1,3,3)", "MULTIPOINT(0 0,1 1)",
          "POLYGON((0 0,4 0,4 4,0 4,0 0),(1 1,3 1,3 3,1 3,1 1))",
          "GEOMETRYCOLLECTION(POLYGON((0 0,2 0,2 2,0 2,0 0)),POLYGON((1 1,3 1,3 3,1 3,1 1)))")  # fmt: skip
SETS = ("tags", "uses", "()", "('a')", "('a', 'b')", "('a', 'b', 'c')", "('a', name)")
NUMBERS = ("floors", "rooms", "price", "height", "2.5", "-3", "0")
SIGNS = ("=", "<>", "<", ">", "<=", ">=")


@pytest.mark.parametrize(
    ("operators", "arguments"),
    [(TEMPORAL, DAYS), (TEMPORAL, INSTANTS), (SPATIAL, SHAPES), (ARRAYS, SETS)],
    ids=["days", "instants", "shapes", "arrays"],
)
def test_every_function_means_what_it_says(
    things: Connection, operators: tuple[str, ...], arguments: tuple[str, ...]
) -> None:
    """Each function with each pair of arguments; those refused for their types are left out."""
    refused = 0
    for op, left, right in itertools.product(operators, arguments, arguments):
        tree = parse(f"{op}({left}, {right})", "cql2-text")
        try:
            compile_filter(tree, QUERYABLES)
        except BadInput:
            refused += 1
            continue
        agree(things, tree, "Asia/Shanghai")
    assert refused < len(operators) * len(arguments) ** 2 / 2


@pytest.mark.parametrize("right", ["DATE('2024-02-29')", "TIMESTAMP('2024-02-28T16:00:00Z')", "'2024-03-01'"])
@pytest.mark.parametrize("left", ["built", "seen", "DATE('2024-02-29')"])
def test_every_comparison_of_days_and_instants(things: Connection, left: str, right: str) -> None:
    for sign in SIGNS:
        agree(things, parse(f"{left} {sign} {right}", "cql2-text"), "Asia/Shanghai")
        agree(things, parse(f"{right} {sign} {left}", "cql2-text"), "Asia/Shanghai")


def test_every_operation_on_numbers(things: Connection) -> None:
    for sign, left, right in itertools.product(("+", "-", "*", "/", "%", "div"), NUMBERS, NUMBERS):
        agree(things, parse(f"{left} {sign} {right} BETWEEN -2 AND 2.5", "cql2-text"), "UTC")
    for sign, left, right in itertools.product(SIGNS, NUMBERS, NUMBERS):
        agree(things, parse(f"{left} {sign} {right}", "cql2-text"), "UTC")


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(tree=st.one_of(WRITABLE, ASKABLE))
def test_a_tree_written_and_read_is_the_same_tree(tree: Node) -> None:
    assert parse(to_text(tree), "cql2-text") == tree
    assert parse(json.dumps(to_json(tree)), "cql2-json") == tree
