"""Which features of a collection, in which order, said how: one query, compiled to bound SQL over the reader's view."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.crs import STORAGE_SRID
from geo.db import Actor, Audience
from geo.registry.collections import Collection
from geo.registry.feature_cache import FeatureCache

MATCHED_EXACT_UP_TO = 100_000
ROWS_AT_ONCE = 1_000
UPDATED_AT = r"""to_char(x.updated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24\:MI\:SS.US"Z"')"""
INSIDE = (
    "st_xmin(x.geom) >= :west and st_ymin(x.geom) >= :south and st_xmax(x.geom) <= :east and st_ymax(x.geom) <= :north"
)
"""Exact, unlike the operator `@`, which compares boxes rounded to single precision; five times as fast as st_intersects."""

Key = tuple[Any, ...]
"""Where a page ends: a value per sort key, then the code."""


@dataclass(frozen=True, slots=True)
class SortKey:
    """A property to sort by; rows without a value come last either way."""

    name: str
    is_descending: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """The civil date things are true on and the instant up to which they were known (design.md 4); None = now."""

    as_of: date
    known_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OutputCrs:
    """How coordinates are written: EPSG code, whether the first axis points north, decimals."""

    srid: int = STORAGE_SRID
    is_north_first: bool = False
    decimals: int = 7


@dataclass(frozen=True, slots=True)
class FeatureQuery:
    """Features of one collection of one county.

    `area` is WKB of polygons in EPSG:4490, longitude first, that features must touch; `box` the same area where it is one upright
    rectangle (west, south, east, north): what lies wholly inside needs no further look. `changed` is a half-open or open interval of
    `updated_at`; `condition` SQL over alias `x` with its bound values, total by construction (geo.filters).
    """

    collection: Collection
    county_code: str
    area: bytes | None = None
    box: tuple[float, float, float, float] | None = None
    changed: tuple[datetime | None, datetime | None] | None = None
    equal: Mapping[str, Any] = field(default_factory=dict)
    condition: tuple[str, Mapping[str, Any]] | None = None
    sort: tuple[SortKey, ...] = ()
    properties: tuple[str, ...] = ()
    moment: Moment | None = None
    crs: OutputCrs = OutputCrs()
    is_json_fg: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether nothing but the place is asked for: then its number is always exact (design.md 9)."""
        return not (self.changed or self.equal or self.condition)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of features as JSON (UTF-8), and where the next one begins."""

    features: list[bytes]
    next_after: Key | None
    number_matched: int | None = None
    """How many match in all, where that came with the page."""


def _source(query: FeatureQuery, actor: Actor) -> tuple[str, dict[str, Any]]:
    name = f"{actor.read_schema}.{query.collection.id}"
    if query.moment is None:
        return name, {}
    values = {"as_of": query.moment.as_of, "known_at": query.moment.known_at}
    return f"{name}_at(:county, cast(:as_of as date), cast(:known_at as timestamptz))", values


def _where(query: FeatureQuery, after: Key | None = None) -> tuple[str, dict[str, Any]]:
    parts: list[str] = ["x.county_code = :county"]
    values: dict[str, Any] = {"county": query.county_code}
    if query.area is not None:
        shape = f"st_geomfromwkb(:area, {STORAGE_SRID})"
        touches = f"st_intersects(x.geom, {shape})"
        if query.box is not None:
            touches = f"x.geom && {shape} and ({INSIDE} or {touches})"
            values |= dict(zip(("west", "south", "east", "north"), query.box, strict=True))
        parts.append(touches)
        values["area"] = query.area
    if query.changed is not None:
        for operator, name, bound in ((">=", "changed_from", query.changed[0]), ("<=", "changed_to", query.changed[1])):
            if bound is not None:
                parts.append(f"x.updated_at {operator} :{name}")
                values[name] = bound
    for i, (name, value) in enumerate(query.equal.items()):
        parts.append(f'x."{name}" = :eq{i}')
        values[f"eq{i}"] = value
    if query.condition is not None:
        parts.append(f"({query.condition[0]})")
        values |= query.condition[1]
    if after is not None:
        condition, more = _beyond(query.sort, after)
        parts.append(condition)
        values |= more
    return " and ".join(parts), values


def _beyond(sort: Sequence[SortKey], after: Key) -> tuple[str, dict[str, Any]]:
    """Rows that come after a key: empty values last, the code settles ties."""
    values: dict[str, Any] = {"after_code": after[-1]}
    condition = "x.code > :after_code"
    for i, (key, value) in reversed(list(enumerate(zip(sort, after, strict=False)))):
        column, bound = f'x."{key.name}"', f":after{i}"
        if value is None:
            condition = f"({column} is null and {condition})"
            continue
        values[f"after{i}"] = value
        later = f"{column} {'<' if key.is_descending else '>'} {bound} or {column} is null"
        condition = f"({later} or ({column} = {bound} and {condition}))"
    return condition, values


def _order(sort: Sequence[SortKey]) -> str:
    keys = (f'x."{key.name}" {"desc" if key.is_descending else "asc"} nulls last' for key in sort)
    return ", ".join((*keys, "x.code"))


def geometry_json(crs: OutputCrs) -> str:
    """SQL of a row's geometry as GeoJSON text in a CRS, rings wound as RFC 7946 wants them."""
    shape = "x.geom" if crs.srid == STORAGE_SRID else f"st_transform(x.geom, {crs.srid})"
    shape = f"st_forcepolygonccw({shape})"
    if crs.is_north_first:
        shape = f"st_flipcoordinates({shape})"
    return f"st_asgeojson({shape}, {crs.decimals}, 0)"


def feature_json(query: FeatureQuery, actor: Actor) -> str:
    """SQL of one row's feature as text: GeoJSON, or JSON-FG with `place` in a CRS that is not that of GeoJSON."""
    names = ", ".join(f'x."{name}"' for name in query.properties or query.collection.properties(actor.audience))
    geometry, more = geometry_json(query.crs), ""
    if query.is_json_fg:
        geometry = geometry_json(OutputCrs())
        place = "'null'" if query.crs == OutputCrs() else f"coalesce({geometry_json(query.crs)}, 'null')"
        more = f',"featureType":"{query.collection.id}","time":{{"timestamp":"\' || {UPDATED_AT} || \'"}},"place":\' || {place} || \''
    return (
        f'\'{{"type":"Feature","id":\' || to_json(x.code)::text || \'{more},"geometry":\' '
        f"|| coalesce({geometry}, 'null') || ',\"properties\":' "
        f"|| (select row_to_json(p) from (select {names}) p)::text || '}}'"
    )


def statement(
    query: FeatureQuery,
    actor: Actor,
    limit: int,
    after: Key | None = None,
    *,
    counts: bool = False,
    picks: str | None = None,
) -> tuple[TextClause, dict[str, Any]]:
    """The SQL of features in order, and its bound values.

    Columns: `feature` (JSON text) or `picks`, with `counts` `matched` (how many in all), one per sort key, `code`.
    """
    source, values = _source(query, actor)
    where, more = _where(query, after)
    keys = "".join(f', x."{key.name}" as key{i}' for i, key in enumerate(query.sort))
    first = (picks or f"{feature_json(query, actor)} as feature") + (", count(*) over () as matched" if counts else "")
    sql = f"select {first}{keys}, x.code from {source} x where {where} order by {_order(query.sort)} limit :limit"
    return text(sql), values | more | {"limit": limit}


def rows_for_file(query: FeatureQuery, actor: Actor, columns: Sequence[str], limit: int | None) -> tuple[str, dict[str, Any]]:  # fmt: skip
    """The SQL of plain rows, `columns` then `geom` as WKB (EPSG:4490), and its bound values."""
    source, values = _source(query, actor)
    where, more = _where(query)
    names = ", ".join(f'x."{name}"' for name in columns)
    end = "" if limit is None else f" limit {limit:d}"
    sql = (
        f"select {names}, st_asbinary(x.geom) as geom from {source} x where {where} order by {_order(query.sort)}{end}"
    )
    return sql, values | more


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
        sql, values = statement(query, actor, limit + 1, after, counts=counts, picks="x.id, x.version")
        rows = (await connection.execute(sql, values)).all()
        said = await _said(kept, connection, actor, query, [(row.id, row.version) for row in rows[:limit]])
    else:
        sql, values = statement(query, actor, limit + 1, after, counts=counts)
        rows = (await connection.execute(sql, values)).all()
        said = [row.feature.encode() for row in rows[:limit]]
    end = rows[limit - 1] if len(rows) > limit else None
    number = int(rows[0].matched) if counts and rows else None
    if number is not None and number > MATCHED_EXACT_UP_TO and not query.is_plain:
        number = None
    return Page(said, None if end is None else _key(query, end), number)


def _key(query: FeatureQuery, row: Row[Any]) -> Key:
    return tuple(row[-1 - len(query.sort) :])


def is_kept(query: FeatureQuery, actor: Actor) -> bool:
    """Whether a version of a row settles what is said of it: as the public sees it now, in full, in CRS84."""
    plain = query.moment is None and not query.properties and not query.is_json_fg and query.crs == OutputCrs()
    return plain and actor.audience is Audience.PUBLIC and query.collection.is_settled_by_version


async def _said(
    kept: FeatureCache, connection: AsyncConnection, actor: Actor, query: FeatureQuery, rows: Sequence[tuple[int, int]]
) -> list[bytes]:
    """What is said of rows (id, version): kept, or made now; one withdrawn meanwhile is left out."""
    found = {row_id: kept.get(query.collection.id, row_id, version) for row_id, version in rows}
    missing = [row_id for row_id, feature in found.items() if feature is None]
    if missing:
        made = await connection.execute(
            text(
                f"select x.id, x.version, {feature_json(query, actor)} from {actor.read_schema}.{query.collection.id} x "
                "where x.county_code = :county and x.id = any(:ids)"
            ),
            {"county": query.county_code, "ids": missing},
        )
        for row_id, version, feature in made:
            said = feature.encode()
            kept.put(query.collection.id, row_id, version, said)
            found[row_id] = said
    return [feature for feature in found.values() if feature is not None]


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
    source, values = _source(query, actor)
    where, more = _where(query)
    if query.is_plain:
        return int((await connection.execute(text(f"select count(*) from {source} x where {where}"), values | more)).scalar_one())  # fmt: skip
    counted = await connection.execute(
        text(f"select count(*) from (select 1 from {source} x where {where} limit :most) q"),
        values | more | {"most": MATCHED_EXACT_UP_TO + 1},
    )
    number = int(counted.scalar_one())
    return number if number <= MATCHED_EXACT_UP_TO else None
