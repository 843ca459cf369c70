"""Pages of features: whole, from what is kept, or in parts; and how many match."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.db import Actor, Audience
from geo.registry.feature_cache import FeatureCache
from geo.registry.features import FeatureQuery, Key, Page, source_of, statement, where_of
from geo.registry.kept_pages import KeptPage, place_of, reach_of
from geo.registry.page_statements import BETWEEN, made_statement, marks_statement, whole_statement
from geo.registry.whole_place import number_of_all

MATCHED_EXACT_UP_TO = 100_000
ROWS_AT_ONCE = 1_000


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
    form = form_of(query, actor)
    if kept is not None and kept.bytes_max and form is not None:
        found = await _kept_page(kept, form, connection, actor, query, limit, after, counts=counts)
    else:
        sql, values = whole_statement(query, actor, limit, after, counts=counts)
        said, number, *end = (await connection.execute(sql, values)).one()
        told = tuple(end) if number > limit else None
        found = Page(said or b"", min(number, limit), told, number if counts else None)
    if found.number_matched is not None and found.number_matched > MATCHED_EXACT_UP_TO and not query.is_plain:
        return replace(found, number_matched=None)
    return found


def _key(query: FeatureQuery, row: Row[Any]) -> Key:
    return tuple(row[-1 - len(query.sort) :])


def form_of(query: FeatureQuery, actor: Actor) -> str | None:
    """What, besides a row's version, settles what is said of it: as the public sees it now; None for what must be made anew."""
    if query.moment is not None or actor.audience is not Audience.PUBLIC or not query.collection.is_settled_by_version:
        return None
    crs = f"{query.crs.srid}/{query.crs.is_north_first:d}/{query.crs.decimals}"
    return f"{query.collection.id}|{crs}|{query.is_json_fg:d}|{','.join(query.properties)}"


async def _kept_page(
    kept: FeatureCache,
    form: str,
    connection: AsyncConnection,
    actor: Actor,
    query: FeatureQuery,
    limit: int,
    after: Key | None,
    *,
    counts: bool,
) -> Page:
    """The page as it was last time, where nothing changed in its box since; else made of what is kept of its rows.

    For the latter the database says in one row which rows match, in which version, and where the page ends.
    """
    pages, reach, place = kept.pages, reach_of(query), None
    asked = (form, query.county_code, query.box, query.sort, limit, after, counts)
    if reach is not None and pages.bytes_max and pages.is_asked_again(asked):
        held = pages.get(asked)
        # the place is looked at before the rows are: what is committed between counts as a change
        place = await place_of(connection, actor, query, reach, held)
        if held is not None and place.is_touched is False and place.epoch == held.epoch:
            return held.page
    sql, values = marks_statement(query, actor, limit, after, counts=counts)
    marks, number, *end = (await connection.execute(sql, values)).one()
    named = marks.split(" ") if marks else []
    said = await _said(kept, form, connection, actor, query, named)
    found = Page(b",".join(said), len(said), tuple(end) if number > limit else None, number if counts else None)
    if place is not None and len(said) == len(named):
        pages.put(asked, KeptPage(found, place.seen, place.epoch))
    return found


async def _said(
    kept: FeatureCache, form: str, connection: AsyncConnection, actor: Actor, query: FeatureQuery, marks: list[str]
) -> list[bytes]:
    """What is said of rows by their marks (`id.version`): kept, or made now; one withdrawn meanwhile is left out."""
    found = kept.get(form, marks)
    missing = {int(marks[at].partition(".")[0]): at for at, said in enumerate(found) if said is None}
    if missing:
        sql, values = made_statement(query, actor, missing)
        told: bytes = (await connection.execute(sql, values)).scalar_one() or b""
        parts = (one.partition(b" ") for one in told.split(BETWEEN.encode()) if one)
        made = {mark.decode(): said for mark, _, said in parts}
        kept.put(form, made)
        for mark, said in made.items():  # in the version it has by now
            found[missing[int(mark.partition(".")[0])]] = said
    return [said for said in found if said is not None]


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
            yield Page(",".join(row[0] for row in kept).encode(), len(kept), None)
    yield Page(b"", 0, end if seen > limit else None)


async def count(connection: AsyncConnection, actor: Actor, query: FeatureQuery) -> int | None:
    """How many match: exact up to 100,000, above that exact when only a place is asked for, else None (design.md 9)."""
    if (of_all := number_of_all(query, actor)) is not None:
        return int((await connection.execute(text(of_all[0]), of_all[1])).scalar_one())
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
