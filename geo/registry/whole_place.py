"""What is asked of everything of a large collection, as the first screen of a county does, without a look at every outline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.db import Actor
from geo.registry.features import FeatureQuery, SortKey

LARGE = ("parcels", "buildings")
"""Collections whose things without a place are found by an index (migration 0028)."""

OFFER_ORDER = (SortKey("offer_rank"), SortKey("realm"), SortKey("area_m2", is_descending=True))
"""The list's own order: what can be had first, land before sea, the large before the small (ix_parcel_brief_offer)."""

Box = tuple[float, float, float, float]

_IS_MEASURED = """exists (select from {schema}.tile_details d
        where d.county_code = :county and d.collection = '{collection}' and d.shapes_from_zoom > 0)"""

_HOLDS_ALL = """
select (select min(e.west) >= :west and min(e.south) >= :south and max(e.east) <= :east and max(e.north) <= :north
        from {schema}.tile_extents e where e.county_code = :county and e.collection = '{collection}') is true
   and not exists (select from {schema}.{collection} x where x.county_code = :county and x.geom is null)"""


_NUMBER_OF_ALL = """
select case when {is_measured}
            then (select coalesce(sum(c.n), 0) from {schema}.tile_cells c
                  where c.county_code = :county and c.collection = '{collection}' and c.z = 0)
                 + (select count(*) from {schema}.{collection} x where x.county_code = :county and x.geom is null)
            else (select count(*) from {schema}.{collection} x where x.county_code = :county) end::bigint as n"""


def number_of_all(query: FeatureQuery, actor: Actor) -> tuple[str, dict[str, Any]] | None:
    """The SQL of how many features a query has (`n`) and its bound values, where it asks for all of a large collection: what its cells
    add up to, which are kept true by trigger, and what has no place. None for any other query."""
    if not _is_of_all(query):
        return None
    schema, name = actor.read_schema, query.collection.id
    is_measured = _IS_MEASURED.format(schema=schema, collection=name)
    return _NUMBER_OF_ALL.format(schema=schema, collection=name, is_measured=is_measured), {"county": query.county_code}


def briefs_of(query: FeatureQuery, actor: Actor) -> tuple[str, str] | None:
    """Where a page of all parcels in `OFFER_ORDER` finds its rows (columns `id`, `code`, those of the order): the view of brief lines
    of large counties, and SQL of whether the county (:county) has none, so that its parcels themselves are asked. None for any other
    query."""
    if query.collection.id != "parcels" or query.sort != OFFER_ORDER or not _is_of_all(query):
        return None
    is_measured = _IS_MEASURED.format(schema=actor.read_schema, collection="parcels")
    return f"{actor.read_schema}.parcel_briefs", f"not {is_measured}"


def _is_of_all(query: FeatureQuery) -> bool:
    return query.collection.id in LARGE and query.area is None and query.moment is None and query.is_plain


async def without_needless_box(
    connection: AsyncConnection, actor: Actor, bounds: Box, queries: Sequence[FeatureQuery]
) -> list[FeatureQuery]:
    """The queries, those without a box whose collection lies in it as a whole (`tile_extent`); one look for each large collection.

    `bounds` of the county, as the boxes in degrees (EPSG:4490): a box that is not half as wide and high is not looked at, so that
    nobody who asks for a place pays for this. A thing that comes to lie outside of the box between this look and the answer is in
    the answer; whoever listens hears of it at once.
    """
    held: dict[tuple[str, Box], bool] = {}
    found = []
    for query in queries:
        key = (query.collection.id, query.box) if query.box is not None and _may_hold_all(query, bounds) else None
        if key is not None and key not in held:
            held[key] = await _holds_all(connection, actor, query.county_code, *key)
        found.append(replace(query, area=None, box=None) if key is not None and held[key] else query)
    return found


def _may_hold_all(query: FeatureQuery, bounds: Box) -> bool:
    if query.box is None or query.moment is not None or query.collection.id not in LARGE:
        return False
    (west, south, east, north), (w, s, e, n) = query.box, bounds
    return east - west >= (e - w) / 2 and north - south >= (n - s) / 2


async def _holds_all(connection: AsyncConnection, actor: Actor, county_code: str, collection_id: str, box: Box) -> bool:
    sql = _HOLDS_ALL.format(schema=actor.read_schema, collection=collection_id)
    values = dict(zip(("west", "south", "east", "north"), box, strict=True), county=county_code)
    return bool((await connection.execute(text(sql), values)).scalar_one())
