"""Which features of a collection, in which order, said how: one query, compiled to bound SQL over the reader's view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import TextClause, text

from geo.crs import STORAGE_SRID
from geo.db import Actor
from geo.registry.collections import Collection

UPDATED_AT = r"""to_char(x.updated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24\:MI\:SS.US"Z"')"""
ROUNDING_DEG = 2.0**-15
"""`@` compares boxes rounded outwards to single precision: by less than half of this, up to 180 degrees."""

PLACED = frozenset({"parcels", "buildings"})
"""Collections whose past is found by place (migration 0024)."""

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
    """One page: its features as JSON (UTF-8) with commas between them, how many, and where the next one begins."""

    text: bytes
    number_returned: int
    next_after: Key | None
    number_matched: int | None = None
    """How many match in all, where that came with the page."""


def source_of(query: FeatureQuery, actor: Actor) -> tuple[str, dict[str, Any]]:
    """The view, or the function that reads it at a moment, and its bound values."""
    name = f"{actor.read_schema}.{query.collection.id}"
    if query.moment is None:
        return name, {}
    values: dict[str, Any] = {"as_of": query.moment.as_of, "known_at": query.moment.known_at}
    place = ""
    if query.area is not None and query.collection.id in PLACED:
        place, values["area"] = f", st_geomfromwkb(:area, {STORAGE_SRID})", query.area
    return f"{name}_at(:county, cast(:as_of as date), cast(:known_at as timestamptz){place})", values


def where_of(query: FeatureQuery, after: Key | None = None) -> tuple[str, dict[str, Any]]:
    """The condition of a query over alias `x`, from beyond a key on, and its bound values."""
    parts: list[str] = ["x.county_code = :county"]
    values: dict[str, Any] = {"county": query.county_code}
    if query.area is not None:
        shape = f"st_geomfromwkb(:area, {STORAGE_SRID})"
        touches = f"st_intersects(x.geom, {shape})"
        if query.box is not None:
            touches = f"x.geom && {shape} and {_touches_box(query.box, touches, values)}"
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


def _touches_box(box: tuple[float, float, float, float], touches: str, values: dict[str, Any]) -> str:
    """The exact test, spared where a shape's box lies inside by more than the rounding of `@`, which looks at no vertex.

    A `case` and not an `or`, so that the planner neither reads the index twice nor takes the test for one made of every row; a
    subquery, so that a prepared statement makes the inner box once and not once a row.
    """
    west, south = (edge + ROUNDING_DEG for edge in box[:2])
    east, north = (edge - ROUNDING_DEG for edge in box[2:])
    if west >= east or south >= north:
        return touches
    values |= {"west": west, "south": south, "east": east, "north": north}
    inner = f"(select st_makeenvelope(:west, :south, :east, :north, {STORAGE_SRID}))"
    return f"case when x.geom @ {inner} then true else {touches} end"


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


def order_of(sort: Sequence[SortKey]) -> str:
    """The order of a query; the code settles ties."""
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
    query: FeatureQuery, actor: Actor, limit: int, after: Key | None = None
) -> tuple[TextClause, dict[str, Any]]:
    """The SQL of features in order, and its bound values. Columns: `feature` (JSON text), one per sort key, `code`."""
    source, values = source_of(query, actor)
    where, more = where_of(query, after)
    keys = "".join(f', x."{key.name}" as key{i}' for i, key in enumerate(query.sort))
    first = f"{feature_json(query, actor)} as feature"
    found = f"from {source} x where {where} order by {order_of(query.sort)} limit :limit"
    if query.sort and query.moment is None and query.collection.is_recorded:
        sql = _whole_rows(query, f"select x.id{keys}, x.code {found}", first, source)
    else:
        sql = f"select {first}{keys}, x.code {found}"
    return text(sql), values | more | {"limit": limit}


def _whole_rows(query: FeatureQuery, narrow: str, first: str, source: str) -> str:
    """A page out of many rows: `narrow` says which, from columns that an index has; those alone are then read whole, outlines and all."""
    directions = ["desc" if key.is_descending else "asc" for key in query.sort]
    keys = "".join(f", q.key{i}" for i in range(len(query.sort)))
    order = "".join(f"q.key{i} {direction} nulls last, " for i, direction in enumerate(directions))
    return (
        f"with q as materialized ({narrow}) select {first}{keys}, x.code "
        f"from q join {source} x on x.id = q.id and x.county_code = :county order by {order}q.code"
    )


def rows_for_file(query: FeatureQuery, actor: Actor, columns: Sequence[str], limit: int | None) -> tuple[str, dict[str, Any]]:  # fmt: skip
    """The SQL of plain rows, `columns` then `geom` as WKB (EPSG:4490), and its bound values."""
    source, values = source_of(query, actor)
    where, more = where_of(query)
    names = ", ".join(f'x."{name}"' for name in columns)
    end = "" if limit is None else f" limit {limit:d}"
    sql = f"select {names}, st_asbinary(x.geom) as geom from {source} x where {where} order by {order_of(query.sort)}{end}"
    return sql, values | more
