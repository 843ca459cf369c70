"""Make the tiles of a county before anybody asks for them, and keep those that are not made in a moment."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from geo.db import ALL_UNITS, PUBLIC, Actor, Audience, acting
from geo.registry.collections import Collection
from geo.tiles.measuring import measurable
from geo.tiles.queries import tile
from geo.tiles.store import KEEPER, TILE_BYTES_MAX, Address, is_kept, keep, pack, put, state_of

FROM_ZOOM, TO_ZOOM = 4, 14
TO_ZOOM_MAX = 16
STAFF = Actor(Audience.STAFF, account="tiles", units=(ALL_UNITS,), tier="P3")
TIMEOUT_MS = 60_000

Step = Callable[[str, int, int], None]
"""Told of progress: what is made, how many tiles of it are done, of how many."""

_REACHED = """
select distinct tx, ty
from {view} x
cross join lateral (
    select floor((st_xmin(x.tile_geom) + 20037508.342789244) / 40075016.685578488 * :side)::int as x0,
           floor((st_xmax(x.tile_geom) + 20037508.342789244) / 40075016.685578488 * :side)::int as x1,
           floor((20037508.342789244 - st_ymax(x.tile_geom)) / 40075016.685578488 * :side)::int as y0,
           floor((20037508.342789244 - st_ymin(x.tile_geom)) / 40075016.685578488 * :side)::int as y1
) b
cross join lateral generate_series(b.x0, b.x1) as tx
cross join lateral generate_series(b.y0, b.y1) as ty
where x.county_code = :county and x.tile_geom is not null and not st_isempty(x.tile_geom)"""


@dataclass(slots=True)
class Seeded:
    """How many tiles were kept already, were made and kept now, and are made too fast to be kept."""

    there: int = 0
    made: int = 0
    cheap: int = 0


async def seed(
    engine: AsyncEngine, county_code: str, step: Step, *, bytes_max: int, from_ms: float, to_zoom: int = TO_ZOOM
) -> Seeded:
    """Every tile of a county that things reach, up to a zoom, for the public and for staff. What is there stays: a second run, or one
    beside the service, makes nothing twice. Stops when half the room is used, so that what people look at has the other."""
    seeded, written = Seeded(), 0
    for c, audience in measurable():
        if not is_kept(c):
            continue
        actor = PUBLIC if audience is Audience.PUBLIC else STAFF
        addresses = await _addresses(engine, actor, c, county_code, to_zoom)
        for number, at in enumerate(addresses):
            step(f"{c.id}, {'public' if actor is PUBLIC else 'staff'}", number, len(addresses))
            if written * 2 > bytes_max:
                break
            written += await _one(engine, actor, at, from_ms, seeded)
    async with acting(engine, KEEPER, TIMEOUT_MS) as connection:
        await keep(connection, bytes_max)
    return seeded


async def _addresses(engine: AsyncEngine, actor: Actor, c: Collection, county_code: str, to_zoom: int) -> list[Address]:
    """From the widest tiles to the closest ones."""
    async with acting(engine, actor, TIMEOUT_MS) as connection:
        found = await connection.execute(
            text(_REACHED.format(view=f"{actor.read_schema}.{c.id}")), {"side": 2**to_zoom, "county": county_code}
        )
        reached = {(row.tx, row.ty) for row in found}
    return [
        Address(county_code, c, z, row, col)
        for z in range(FROM_ZOOM, to_zoom + 1)
        for col, row in sorted({(x >> (to_zoom - z), y >> (to_zoom - z)) for x, y in reached})
    ]


async def _one(engine: AsyncEngine, actor: Actor, at: Address, from_ms: float, seeded: Seeded) -> int:
    """Make one tile if it is not kept; returns the bytes written."""
    async with acting(engine, actor, TIMEOUT_MS) as connection:
        state = await state_of(connection, actor, at)
        if state.kept is not None:
            seeded.there += 1
            return 0
        begun = time.perf_counter()
        made = await tile(connection, actor, at.collection, at.county_code, at.z, at.row, at.col)
        body, etag = pack(made)
        took_ms = (time.perf_counter() - begun) * 1000
    if took_ms < from_ms or len(body) > TILE_BYTES_MAX:
        seeded.cheap += 1
        return 0
    async with acting(engine, KEEPER, TIMEOUT_MS) as connection:
        await put(connection, actor.audience, at, state, body, etag)
    seeded.made += 1
    return len(body)
