"""The screen's questions to the register: how many of each kind, the rows of the list, a filtered tile. Always through the views."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import BindParameter, CursorResult, TextualSelect, bindparam, column, text, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from api.deps import Reader
from api.ogc import cursor
from api.ogc.crs import area_of_bbox, crs_of
from geo.db import Audience
from geo.registry import feature_pages
from geo.registry.collections import COLLECTIONS
from geo.registry.features import FeatureQuery, source_of, where_of
from geo.registry.whole_place import number_of_all, without_needless_box
from map_frontend.layers import ALL
from map_frontend.screen.address import Screen, write
from map_frontend.screen.conditions import compiled, cql_of_kind
from map_frontend.screen.kinds import KINDS, Kind

ROWS = 60
CARDS = {layer.collection: layer.card for layer in ALL}


@dataclass(frozen=True, slots=True)
class Rows:
    """A part of the list: features as JSON with commas between them, how many match in all, and the cursor of what follows."""

    text: bytes
    matched: int
    next: str | None


def _query(screen: Screen, kind: Kind, reader: Reader, area_unit: str, bbox: str | None) -> FeatureQuery:
    c = COLLECTIONS[kind.collection]
    area, box = area_of_bbox(bbox, crs_of("bbox-crs", None, reader.county.survey_srid)) if bbox else (None, None)
    condition = compiled(cql_of_kind(screen, kind, area_unit), c.id, reader)
    return FeatureQuery(c, reader.county.code, area=area, box=box, condition=condition)


def _number_of(query: FeatureQuery, reader: Reader) -> tuple[str, dict[str, Any]]:
    source, values = source_of(query, reader.actor)
    where, more = where_of(query)
    return f"select count(*) as n from {source} x where {where}", values | more


def _counting(query: FeatureQuery, reader: Reader, place: int = 0) -> TextualSelect:
    """One row: `place`, and how many rows the query takes; its names of values are its own, so that several can be one statement."""
    sql, bound_values = number_of_all(query, reader.actor) or _number_of(query, reader)
    bound: list[BindParameter[Any]] = [bindparam(name, value, unique=True) for name, value in bound_values.items()]
    counting = text(f"select {place} as place, q.n from ({sql}) q")
    return counting.bindparams(*bound).columns(column("place"), column("n"))


async def _count(connection: AsyncConnection, reader: Reader, query: FeatureQuery) -> int:
    return int((await connection.execute(_counting(query, reader))).one().n)


async def counts(
    connection: AsyncConnection, reader: Reader, screen: Screen, area_unit: str, bbox: str | None
) -> dict[str, int]:
    """How many things of each kind pass the filters, inside `bbox` (west,south,east,north in degrees) if there is one; exact."""
    queries = [_query(screen, kind, reader, area_unit, bbox) for kind in KINDS]
    queries = await without_needless_box(connection, reader.actor, reader.county.bounds, queries)
    each = [_counting(query, reader, i) for i, query in enumerate(queries)]
    found: CursorResult[Any] = await connection.execute(union_all(*each))
    return {KINDS[row.place].key: row.n for row in found}


async def class_counts(connection: AsyncConnection, reader: Reader, bbox: str | None) -> dict[str, int]:
    """How many parcels of each class of land that waits there are, by the key of its box in the layer panel; for staff."""
    layer = next(layer for layer in ALL if layer.collection == "waiting_land")
    c = COLLECTIONS[layer.collection]
    area, box = area_of_bbox(bbox, crs_of("bbox-crs", None, reader.county.survey_srid)) if bbox else (None, None)
    query = FeatureQuery(c, reader.county.code, area=area, box=box)
    source, values = source_of(query, reader.actor)
    where, more = where_of(query)
    found = await connection.execute(
        text(f"select x.land_class, count(*) as n from {source} x where {where} group by 1"), values | more
    )
    by_class = {row.land_class: row.n for row in found}
    return {switch.key: by_class.get(switch.value, 0) for switch in layer.switches}


async def count(connection: AsyncConnection, reader: Reader, screen: Screen, area_unit: str) -> int:
    """How many things of the list's kind pass the filters, wherever they are."""
    return await _count(connection, reader, _query(screen, screen.kind, reader, area_unit, None))


def _said(screen: Screen) -> tuple[str, ...]:
    """The properties a row of the list needs."""
    c = COLLECTIONS[screen.kind.collection]
    fields = {name for entry in CARDS[c.id] for name in (entry.name, entry.other) if name}
    status = {"status", "stage", "price_negotiable"}
    public = [name for name in c.askable(Audience.PUBLIC) if name in fields | status or name in screen.order.shown]
    return ("code", "name", "name_en", "town_code", "is_sample", *public)


async def rows(
    connection: AsyncConnection,
    reader: Reader,
    screen: Screen,
    area_unit: str,
    *,
    bbox: str | None = None,
    after: str | None = None,
    limit: int = ROWS,
) -> Rows:
    """The list from a cursor on. Raises BadInput for a bbox or a cursor that is none."""
    asked = _query(screen, screen.kind, reader, area_unit, bbox)
    (asked,) = await without_needless_box(connection, reader.actor, reader.county.bounds, [asked])
    query = replace(asked, sort=screen.order.keys, properties=_said(screen))
    signature = f"{write(screen)}|{bbox}|{reader.county.code}"
    kinds = [query.collection.word(key.name).type for key in screen.order.keys]
    place = cursor.read(after, signature, kinds) if after else None
    page = await feature_pages.page(connection, reader.actor, query, limit, place.after if place else None)
    matched = place.number_matched if place else page.number_matched
    if matched is None:
        matched = await _count(connection, reader, query)
    following = cursor.Place(page.next_after, None, matched) if page.next_after is not None else None
    return Rows(page.text, matched, cursor.write(following, signature) if following else None)
