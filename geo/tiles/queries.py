"""Vector tiles of a collection for one audience: real shapes, or cells where there would be too many of them.

From which zoom shapes show is measured per county, collection and audience (geo/tiles/measuring.py) and read here. Below it a tile
is read from stored cells; where nothing was measured, or a tile outgrew its limit since, cells are counted for the request.
A shape whose box lies inside the buffered tile is only moved and rounded; only those across the edge, and those that rounding
would break, are clipped and repaired (the cost of a polygon tile is ST_AsMVTGeom).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.db import Actor, Audience
from geo.errors import NotFound, Problem
from geo.registry.collections import Collection

MAX_ZOOM = 22
EXTENT = 4096
BUFFER = 64
SHAPES_MAX = 6_000
"""More things than this are not made into shapes where nothing was measured."""

TILE_MAX_BYTES = 350_000
"""Of an uncompressed tile at any zoom (design.md 7); a larger one is answered with cells."""

CELLS_PER_SIDE = 64
SIMPLIFY_BELOW_ZOOM = 15
CHECK_BELOW_ZOOM = 14
"""Below this zoom a unit of the tile is over a metre: rounding may fold a small shape, so each is looked at."""

NAMES = frozenset({"name", "name_en"})

UNIT_SCOPED = frozenset({"projects"})
"""Collections whose staff view depends on the reader's units and tier: their tiles belong to one such scope."""

DATED = frozenset({"policies", "park_works"})
"""Collections whose view depends on today's date: their tiles belong to one day."""

LIVE_ONLY = UNIT_SCOPED | DATED | {"findings", "waiting_land", "spare_land"}
"""Collections without stored cells."""

FOLLOWERS = {"findings": ("waiting_land", "spare_land")}
"""Collections whose tiles change with those of another, beside what is told of themselves."""

_BOX = """
with b as materialized (
    select e, st_expand(e, (st_xmax(e) - st_xmin(e)) / :extent * :buffer) as q, :extent / (st_xmax(e) - st_xmin(e)) as k
    from (select st_tileenvelope(:z, :x, :y) as e) t
)"""


def check_address(z: int, row: int, col: int) -> None:
    """Raise NotFound for a tile outside the matrix (design.md 9)."""
    if not (0 <= z <= MAX_ZOOM and 0 <= row < 2**z and 0 <= col < 2**z):
        raise NotFound.at(
            "tile",
            Problem(zh=f"瓦片 {z}/{row}/{col} 不在 WebMercatorQuad 范围内（级别 0 至 {MAX_ZOOM}）",
                    en=f"tile {z}/{row}/{col} is outside WebMercatorQuad (zoom 0 to {MAX_ZOOM})"),
        )  # fmt: skip


def kind_of(c: Collection) -> str:
    """The property a collection's cells are counted by (`register.cell_kind` says the same)."""
    return {"parcels": "status", "buildings": "status", "enterprises": "size_class", "projects": "stage", "findings": "level", "waiting_land": "land_class", "park_works": "status"}.get(c.id, "kind")  # fmt: skip


async def tile(
    connection: AsyncConnection,
    actor: Actor,
    c: Collection,
    county_code: str,
    z: int,
    row: int,
    col: int,
    condition: tuple[str, Mapping[str, Any]] | None = None,
) -> bytes:
    """The tile as MVT bytes, empty when nothing is there. EPSG:3857 within, row counts from the north.

    `condition`: SQL over alias `x` with its values (geo.filters): the tile, its cells and its crowd are of what it takes.
    """
    check_address(z, row, col)
    view = f"{actor.read_schema}.{c.id}"
    values: dict[str, Any] = {
        "z": z, "x": col, "y": row, "county": county_code, "extent": float(EXTENT), "buffer": float(BUFFER),
    }  # fmt: skip
    if condition is not None:
        view = f"(select x.* from {view} x where {condition[0]})"
        values |= condition[1]
    detail = None if condition is not None else await _detail(connection, actor, c, county_code)
    if detail is not None and z < detail[0]:
        found = await connection.execute(text(_stored_cells(c, actor)), values | {"collection": c.id})
        return bytes(found.scalar_one() or b"")
    if detail is None and not await _are_few(connection, view, values):
        return await _counted(connection, c, view, values)
    statement = shapes(c, actor.audience, z, view, is_named=detail is None or z >= detail[1])
    body = bytes((await connection.execute(text(statement), values)).scalar_one() or b"")
    return body if len(body) <= TILE_MAX_BYTES else await _counted(connection, c, view, values)


async def _detail(connection: AsyncConnection, actor: Actor, c: Collection, county_code: str) -> tuple[int, int] | None:
    """From which zoom shapes show, and their names; None where nothing was measured."""
    if c.id in LIVE_ONLY:
        return None
    found = await connection.execute(
        text(
            f"select shapes_from_zoom, names_from_zoom from {actor.read_schema}.tile_details where county_code = :county and collection = :id"
        ),
        {"county": county_code, "id": c.id},
    )
    row = found.one_or_none()
    return None if row is None else (int(row[0]), int(row[1]))


async def _are_few(connection: AsyncConnection, view: str, values: dict[str, Any]) -> bool:
    crowd = await connection.execute(
        text(
            f"{_BOX} select count(*) from (select 1 from {view} x, b where x.county_code = :county and x.tile_geom && b.q limit :most) n"
        ),
        values | {"most": SHAPES_MAX + 1},
    )
    return int(crowd.scalar_one()) <= SHAPES_MAX


async def _counted(connection: AsyncConnection, c: Collection, view: str, values: dict[str, Any]) -> bytes:
    return bytes((await connection.execute(text(_live_cells(c, view)), values)).scalar_one() or b"")


def shapes(c: Collection, audience: Audience, z: int, view: str, *, is_named: bool) -> str:
    """SQL of a tile of real shapes: one row, one column. Parameters: z, x, y, county, extent, buffer. Names are half the bytes of a
    crowded tile, where no label has room: without `is_named` they are left out."""
    names = ", ".join(f'x."{name}"' for name in c.tile_properties(audience) if is_named or name not in NAMES)
    shape = "x.tile_geom"
    if z < SIMPLIFY_BELOW_ZOOM:
        shape = f"case when st_npoints({shape}) > 30 then st_simplifypreservetopology({shape}, 0.5 / b.k * 4) else {shape} end"
    moved = f"st_snaptogrid(st_transscale({shape}, -st_xmin(b.e), -st_ymax(b.e), b.k, -b.k), 1)"
    clipped = f"st_asmvtgeom({shape}, b.e, {EXTENT}, {BUFFER}, true)"
    if z < CHECK_BELOW_ZOOM:
        moved = f"(select case when st_isvalid(s.g) then s.g else {clipped} end from (select {moved} as g) s)"
    return f"""{_BOX}
select st_asmvt(t, '{c.id}', {EXTENT}, 'm', 'id') from (
    select x.id, {names}, case when x.tile_geom @ b.q then {moved} else {clipped} end as m
    from {view} x, b where x.county_code = :county and x.tile_geom && b.q order by x.id
) t where m is not null and not st_isempty(m)"""


def _cells(c: Collection, rows: str) -> str:
    """MVT of cells from SQL that gives cx, cy, kind, n, area_m2: n, area_m2 and n_<kind> of each square."""
    side = EXTENT // CELLS_PER_SIDE
    return f"""
select st_asmvt(t, '{c.id}_cells', {EXTENT}, 'm') from (
    select sum(n)::int as n, round(sum(area_m2))::bigint as area_m2, jsonb_object_agg('n_' || kind, n) filter (where kind <> '') as by_kind,
           st_makeenvelope(cx * {side}, cy * {side}, cx * {side} + {side}, cy * {side} + {side}) as m
    from (select cx, cy, kind, sum(n)::int as n, sum(area_m2) as area_m2 from ({rows}) r group by cx, cy, kind having sum(n) > 0) k
    group by cx, cy order by cy, cx
) t"""


def _stored_cells(c: Collection, actor: Actor) -> str:
    return _cells(
        c,
        f"select cx, cy, kind, n, area_m2 from {actor.read_schema}.tile_cells "
        "where county_code = :county and collection = :collection and z = :z and tx = :x and ty = :y",
    )


def _live_cells(c: Collection, view: str) -> str:
    side, last = EXTENT // CELLS_PER_SIDE, CELLS_PER_SIDE - 1
    middle_x = "((st_xmin(x.tile_geom) + st_xmax(x.tile_geom)) / 2 - st_xmin(b.e))"
    middle_y = "(st_ymax(b.e) - (st_ymin(x.tile_geom) + st_ymax(x.tile_geom)) / 2)"
    rows = f"""
        select * from (
            select floor({middle_x} * b.k / {side})::int as cx, floor({middle_y} * b.k / {side})::int as cy,
                   coalesce(x."{kind_of(c)}"::text, '') as kind, 1 as n, coalesce(x.area_m2, 0) as area_m2
            from {view} x, b where x.county_code = :county and x.tile_geom && b.e
        ) g where cx between 0 and {last} and cy between 0 and {last}"""
    return _BOX + _cells(c, rows)
