"""Pages of features: whole, from what is kept, or in parts; and how many match."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.db import Actor, Audience
from geo.registry.feature_cache import FeatureCache
from geo.registry.features import FeatureQuery, Key, OutputCrs, feature_json, order_of, source_of, statement, where_of

MATCHED_EXACT_UP_TO = 100_000
ROWS_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Page:
    """One page of features as JSON (UTF-8), and where the next one begins."""

    features: list[bytes]
    next_after: Key | None
    number_matched: int | None = None
    """How many match in all, where that came with the page."""


async def page(
    connection: AsyncConnection,
    actor: Actor,
    query: FeatureQuery,
    limit: int,
    after: Key | None = None,
    kept: FeatureCache | None = None,
) -> Page:
    """At most `limit` features; those of which `kept` has this very version are not made again.

    Within an area everything that matches is looked at anyway before it is sorted, so the first page counts it on the way.
    """
    counts = after is None and query.area is not None
    if kept is not None and is_kept(query, actor):
        found = await _kept_page(kept, connection, actor, query, limit, after, counts=counts)
    else:
        sql, values = statement(query, actor, limit + 1, after, counts=counts)
        rows = (await connection.execute(sql, values)).all()
        end = _key(query, rows[limit - 1]) if len(rows) > limit else None
        found = Page([row.feature.encode() for row in rows[:limit]], end, rows[0].matched if counts and rows else None)
    if found.number_matched is not None and found.number_matched > MATCHED_EXACT_UP_TO and not query.is_plain:
        return replace(found, number_matched=None)
    return found


def _key(query: FeatureQuery, row: Row[Any]) -> Key:
    return tuple(row[-1 - len(query.sort) :])


def is_kept(query: FeatureQuery, actor: Actor) -> bool:
    """Whether a version of a row settles what is said of it: as the public sees it now, in full, in CRS84."""
    plain = query.moment is None and not query.properties and not query.is_json_fg and query.crs == OutputCrs()
    return plain and actor.audience is Audience.PUBLIC and query.collection.is_settled_by_version


async def _kept_page(
    kept: FeatureCache,
    connection: AsyncConnection,
    actor: Actor,
    query: FeatureQuery,
    limit: int,
    after: Key | None,
    *,
    counts: bool,
) -> Page:
    """The page from what is kept: the database says in one row which rows match, in which version, and where the page ends."""
    mark = f"x.id::text || '.' || x.version as mark, row_number() over (order by {order_of(query.sort)}) as place"
    sql, values = statement(query, actor, limit + 1, after, counts=counts, picks=mark)
    ends = ", ".join(f"(array_agg({name}) filter (where place = :limit - 1))[1]" for name in (*(f"key{i}" for i in range(len(query.sort))), "code"))  # fmt: skip
    row = (
        await connection.execute(
            text(
                f"with page as materialized ({sql.text}) select string_agg(mark, ' ' order by place) filter (where place < :limit), "
                f"count(*), {'max(matched)' if counts else 'null'}, {ends} from page"
            ),
            values,
        )
    ).one()
    marks, number, matched = row[:3]
    said = await _said(kept, connection, actor, query, marks.split(" ") if marks else [])
    return Page(said, tuple(row[3:]) if number > limit else None, (matched or 0) if counts else None)


async def _said(
    kept: FeatureCache, connection: AsyncConnection, actor: Actor, query: FeatureQuery, marks: list[str]
) -> list[bytes]:
    """What is said of rows by their marks (`id.version`): kept, or made now; one withdrawn meanwhile is left out."""
    found = [kept.get(query.collection.id, mark) for mark in marks]
    missing = {int(mark.partition(".")[0]): place for place, mark in enumerate(marks) if found[place] is None}
    if missing:
        made = await connection.execute(
            text(
                f"select x.id, x.version, {feature_json(query, actor)} from {actor.read_schema}.{query.collection.id} x "
                "where x.county_code = :county and x.id = any(:ids)"
            ),
            {"county": query.county_code, "ids": list(missing)},
        )
        for row_id, version, feature in made:
            said = feature.encode()
            kept.put(query.collection.id, f"{row_id}.{version}", said)
            found[missing[row_id]] = said
    return [feature for feature in found if feature is not None]


async def stream(connection: AsyncConnection, actor: Actor, query: FeatureQuery, limit: int, after: Key | None = None) -> AsyncIterator[Page]:  # fmt: skip
    """The same page in parts of at most `ROWS_AT_ONCE` features; the last part is empty and knows what follows."""
    sql, values = statement(query, actor, limit + 1, after)
    result = await connection.stream(sql, values)
    seen, end = 0, None
    async for part in result.partitions(ROWS_AT_ONCE):
        kept = part[: max(limit - seen, 0)]
        seen += len(part)
        if kept:
            end = _key(query, kept[-1])
            yield Page([row[0].encode() for row in kept], None)
    yield Page([], end if seen > limit else None)


async def count(connection: AsyncConnection, actor: Actor, query: FeatureQuery) -> int | None:
    """How many match: exact up to 100,000, above that exact when only a place is asked for, else None (design.md 9)."""
    source, values = source_of(query, actor)
    where, more = where_of(query)
    if query.is_plain:
        return int((await connection.execute(text(f"select count(*) from {source} x where {where}"), values | more)).scalar_one())  # fmt: skip
    counted = await connection.execute(
        text(f"select count(*) from (select 1 from {source} x where {where} limit :most) q"),
        values | more | {"most": MATCHED_EXACT_UP_TO + 1},
    )
    number = int(counted.scalar_one())
    return number if number <= MATCHED_EXACT_UP_TO else None
