"""Vector tiles of a collection for one audience: real shapes, or cells where there would be too many of them.

A shape whose box lies inside the buffered tile is only moved and rounded; only those across the edge are clipped (the cost
of a polygon tile is ST_AsMVTGeom). Where a tile would hold more than `SHAPES_MAX` things it holds squares with counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.db import Actor
from geo.errors import NotFound, Problem
from geo.registry.collections import Collection

MAX_ZOOM = 22
EXTENT = 4096
BUFFER = 64
SHAPES_MAX = 6_000
CELLS_PER_SIDE = 64
SIMPLIFY_BELOW_ZOOM = 15

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
    crowd = await connection.execute(
        text(
            f"{_BOX} select count(*) from (select 1 from {view} x, b where x.county_code = :county and x.tile_geom && b.q limit :most) n"
        ),
        values | {"most": SHAPES_MAX + 1},
    )
    number = crowd.scalar_one()
    if number == 0:
        return b""
    statement = _shapes(c, actor, view, z) if number <= SHAPES_MAX else _cells(c, view)
    body = (await connection.execute(text(statement), values)).scalar_one()
    return bytes(body or b"")


def _shapes(c: Collection, actor: Actor, view: str, z: int) -> str:
    names = ", ".join(f'x."{name}"' for name in c.tile_properties(actor.audience))
    shape = "x.tile_geom"
    if z < SIMPLIFY_BELOW_ZOOM:
        shape = f"case when st_npoints({shape}) > 30 then st_simplifypreservetopology({shape}, 0.5 / b.k * 4) else {shape} end"
    return f"""{_BOX}
select st_asmvt(t, '{c.id}', {EXTENT}, 'm', 'id') from (
    select x.id, {names},
        case when x.tile_geom @ b.q
            then st_snaptogrid(st_transscale({shape}, -st_xmin(b.e), -st_ymax(b.e), b.k, -b.k), 1)
            else st_asmvtgeom({shape}, b.e, {EXTENT}, {BUFFER}, true) end as m
    from {view} x, b where x.county_code = :county and x.tile_geom && b.q order by x.id
) t where m is not null and not st_isempty(m)"""


def _cells(c: Collection, view: str) -> str:
    side = EXTENT // CELLS_PER_SIDE
    return f"""{_BOX}
select st_asmvt(t, '{c.id}_cells', {EXTENT}, 'm') from (
    select n, area_m2, st_makeenvelope(cx * {side}, cy * {side}, cx * {side} + {side}, cy * {side} + {side}) as m from (
        select floor((st_xmin(x.tile_geom) - st_xmin(b.e)) * b.k / {side}) as cx,
               floor((st_ymax(b.e) - st_ymax(x.tile_geom)) * b.k / {side}) as cy,
               count(*)::int as n, sum(x.area_m2)::float8 as area_m2
        from {view} x, b where x.county_code = :county and x.tile_geom && b.e group by 1, 2
    ) g where cx between 0 and {CELLS_PER_SIDE - 1} and cy between 0 and {CELLS_PER_SIDE - 1}
) t"""
