"""The SQL of one page of features: which rows it has, and what is said of them, each as one row, whatever the page's length.

A row per feature would cost the service more time to take in than the database to make; a character that JSON never has as it
stands keeps apart what is told apart.
"""

from __future__ import annotations

from collections.abc import Collection as Several
from typing import Any

from sqlalchemy import TextClause, text

from geo.db import AS_BYTES, Actor
from geo.registry.features import FeatureQuery, Key, feature_json, order_of, source_of, where_of
from geo.registry.whole_place import briefs_of

BETWEEN = "\x1e"
"""Record separator (U+001E): between features told with their marks."""


def marks_statement(query: FeatureQuery, actor: Actor, limit: int, after: Key | None = None, *, counts: bool = False) -> tuple[TextClause, dict[str, Any]]:  # fmt: skip
    """The SQL of one row that says which features a page has, and its bound values.

    Columns: the marks (`id.version`) of the first `limit` rows in order with a blank between them, how many rows there are (with
    `counts` all that match, else at most one more than `limit`), and the key of the last of those on the page (as `Key`).
    """
    placed, number, values = _placed(query, actor, limit, after, "x.id, x.version, x.code", counts=counts)
    marks = "string_agg(q.id::text || '.' || q.version, ' ' order by q.place) filter (where q.place <= :limit)"
    return text(f"with {placed} select {marks}, {number}, {_end(query)} from q"), values


def made_statement(query: FeatureQuery, actor: Actor, ids: Several[int]) -> tuple[TextClause, dict[str, Any]]:
    """The SQL of one text (as `AS_BYTES`) of rows by their ids, and its bound values: mark, blank, feature, with `BETWEEN` between them,
    in no order."""
    told = f"x.id::text || '.' || x.version || ' ' || {feature_json(query, actor)}"
    found = "x.county_code = :county and x.id = any(string_to_array(:ids, ' ')::bigint[])"
    sql = f"select string_agg({told}, :between)::{AS_BYTES} from {actor.read_schema}.{query.collection.id} x where {found}"
    return text(sql), {"county": query.county_code, "ids": " ".join(map(str, ids)), "between": BETWEEN}


def whole_statement(query: FeatureQuery, actor: Actor, limit: int, after: Key | None = None, *, counts: bool = False) -> tuple[TextClause, dict[str, Any]]:  # fmt: skip
    """The SQL of one row that holds a page, and its bound values: its features with commas between them (as `AS_BYTES`), then as
    `marks_statement`.

    Where rows can be read again by their ids, narrow ones settle the order and those of the page alone are read whole.
    """
    feature = feature_json(query, actor)
    if query.moment is None and query.collection.is_recorded:
        briefs = briefs_of(query, actor)
        placed, number, values = _placed(query, actor, limit, after, "x.id, x.code", counts=counts, briefs=briefs)
        source, _ = source_of(query, actor)
        one = f"select {feature} as said from {source} x where x.id = q.id and x.county_code = :county offset 0"
        said = f"select string_agg(f.said, ',' order by q.place) from q cross join lateral ({one}) f where q.place <= :limit"
    else:
        placed, number, values = _placed(query, actor, limit, after, "x.*", counts=counts)
        said = f"select string_agg({feature}, ',' order by x.place) from q x where x.place <= :limit"
    return text(f"with {placed} select ({said})::{AS_BYTES}, {number}, {_end(query)} from q"), values


def _placed(
    query: FeatureQuery, actor: Actor, limit: int, after: Key | None, columns: str, *, counts: bool, briefs: tuple[str, str] | None = None
) -> tuple[str, str, dict[str, Any]]:  # fmt: skip
    """SQL that names `q`: the rows of a page and one more in order, with their `place` (1 is the first), the sort keys and `columns`;
    SQL of how many rows there are, over q; and the bound values. `briefs` as of `briefs_of`: rows are looked for there first.

    The order is settled before places are given: a sort that knows its limit keeps no more rows than that.
    """
    source, values = source_of(query, actor)
    where, more = where_of(query, after)
    keys = "".join(f', x."{key.name}" as {name}' for key, name in zip(query.sort, _names(query), strict=True))
    found = f"select {columns}{keys} from {source} x where {where}"
    order = "".join(
        f"{name} {'desc' if key.is_descending else 'asc'} nulls last, "
        for key, name in zip(query.sort, _names(query), strict=True)
    )
    if counts:
        first, number = f"a as materialized ({found}), ", "(select count(*) from a)"
        page = f"select * from a order by {order}code limit :limit + 1"
    else:
        first, number = "", "count(*)"
        end = f"order by {order_of(query.sort)} limit :limit + 1"
        page = f"{found} {end}"
        if briefs is not None:
            page = f"(select {columns}{keys} from {briefs[0]} x where {where} {end}) union all ({found} and {briefs[1]} {end})"
    placed = f"q as materialized (select n.*, row_number() over (order by {order}code) as place from ({page}) n)"
    return first + placed, number, values | more | {"limit": limit}


def _names(query: FeatureQuery) -> list[str]:
    return [f"key{i}" for i in range(len(query.sort))]


def _end(query: FeatureQuery) -> str:
    return ", ".join(f"(array_agg(q.{name}) filter (where q.place = :limit))[1]" for name in (*_names(query), "code"))
