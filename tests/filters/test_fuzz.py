"""Whatever is sent: a tree or BadInput, never anything else; and what compiles, the database can answer."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from geo.errors import BadInput
from geo.filters import Language, compile_filter, parse, to_json, to_text
from tests.filters.rows import QUERYABLES, fill
from tests.filters.trees import ASKABLE, WRITABLE

WORDS = ["AND", "OR", "NOT", "(", ")", ",", "'", "''", '"', "name", "floors", "geom", "built", "valid", "tags", "=", "<>", "<", "-", "+", "*",
         "/", "^", "%", "div", "LIKE", "IN", "BETWEEN", "IS", "NULL", "TRUE", "1", "1e9", ".5", "1e999", "CASEI(", "ACCENTI(", "DATE(", "'2024-01-01'",
         "TIMESTAMP(", "INTERVAL(", "'..'", "BBOX(", "POINT(", "POLYGON((", "POINT", "Z", "EMPTY", "S_INTERSECTS(", "T_AFTER(", "A_EQUALS(", "Foo(",
         "0000-00-00", "\0", "\ud800", "\\", "状态", "（", ";", "--", "/*", "$$", ":f_0", "%s", "::text"]  # fmt: skip
SETTINGS = settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
KEYS = st.sampled_from(
    ["op", "args", "property", "date", "timestamp", "interval", "bbox", "type", "coordinates", "geometries", "x"]
)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8),
              st.sampled_from(["=", "and", "not", "like", "in", "s_within", "t_after", "casei", "name", "geom", "Point", "Polygon", "..", "2024-01-01"])),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=3),
                            st.fixed_dictionaries({"op": st.sampled_from(["=", "and", "not", "in", "s_within"]), "args": st.lists(inner, max_size=3)})),
    max_leaves=15,
)  # fmt: skip


@pytest.fixture(scope="module")
def things(connection: Connection) -> Connection:
    fill(connection, "thing")
    return connection


def ask(connection: Connection, filter_text: str, language: Language) -> None:
    """Read, compile, ask; BadInput is an answer, any other exception is not."""
    refusal: BadInput | None = None
    try:
        compiled = compile_filter(parse(filter_text, language), QUERYABLES)
    except BadInput as caught:
        refusal = caught
    if refusal is None:
        connection.execute(text(f"select count(*) from thing x where {compiled.sql}"), compiled.values).all()
    else:
        assert [fault.where for fault in refusal.faults] == ["filter"]
        str(refusal).encode()
        refusal.message.zh.encode()


def mutate(source: str, edits: list[tuple[int, int, str]]) -> str:
    for at, length, inserted in edits:
        at %= len(source) + 1
        source = source[:at] + inserted + source[at + length :]
    return source


EDITS = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 6), st.one_of(st.just(""), st.sampled_from(WORDS), st.text(max_size=2))),
                 min_size=1, max_size=4)  # fmt: skip


@SETTINGS
@given(source=st.text())
def test_any_text(things: Connection, source: str) -> None:
    ask(things, source, "cql2-text")
    ask(things, source, "cql2-json")


@SETTINGS
@given(words=st.lists(st.sampled_from(WORDS), max_size=20))
def test_words_of_the_grammar_in_any_order(things: Connection, words: list[str]) -> None:
    ask(things, " ".join(words), "cql2-text")
    ask(things, "".join(words), "cql2-text")


@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@SETTINGS
@given(tree=st.one_of(ASKABLE, WRITABLE), edits=EDITS)
def test_valid_text_and_json_with_faults_put_in(
    things: Connection, tree: Any, edits: list[tuple[int, int, str]]
) -> None:
    ask(things, to_text(tree), "cql2-text")
    ask(things, mutate(to_text(tree), edits), "cql2-text")
    ask(things, mutate(json.dumps(to_json(tree), ensure_ascii=False), edits), "cql2-json")


@SETTINGS
@given(document=JSON)
def test_any_json(things: Connection, document: Any) -> None:
    ask(things, json.dumps(document), "cql2-json")
