"""Compiled SQL and an evaluator written apart from it take the same rows, for random filters over odd rows."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from geo.filters import Node, compile_filter, parse, to_json, to_text
from tests.filters.evaluating import Evaluator
from tests.filters.rows import QUERYABLES, ROWS, fill
from tests.filters.trees import ASKABLE, WRITABLE


@pytest.fixture(scope="module")
def things(connection: Connection) -> Connection:
    fill(connection, "thing")
    return connection


@settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck))
@given(tree=ASKABLE, zone=st.sampled_from(["UTC", "Asia/Shanghai", "America/New_York"]))
def test_the_database_and_the_evaluator_take_the_same_rows(things: Connection, tree: Node, zone: str) -> None:
    compiled = compile_filter(tree, QUERYABLES, time_zone=zone)
    evaluator = Evaluator(zone)
    statement = text(f"select id, ({compiled.sql}) from thing x order by id")
    found = {row[0]: row[1] for row in things.execute(statement, compiled.values)}
    expected = {i: evaluator.truth(tree, row) for i, row in enumerate(ROWS)}
    assert found == expected, to_text(tree)


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(tree=st.one_of(WRITABLE, ASKABLE))
def test_a_tree_written_and_read_is_the_same_tree(tree: Node) -> None:
    assert parse(to_text(tree), "cql2-text") == tree
    assert parse(json.dumps(to_json(tree)), "cql2-json") == tree
