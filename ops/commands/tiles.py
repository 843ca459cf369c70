"""`yizhangtu tiles seed`: the tiles of a county, made before anybody asks."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer
from sqlalchemy import text

from api.settings import ApiSettings
from geo.db import acting_sync, async_engine
from geo.settings import GeoSettings
from geo.tiles.seeding import TO_ZOOM, TO_ZOOM_MAX, Seeded, Step, seed
from ops.commands.door import ADMIN, REFUSED, USAGE, engine, guarded, show, stop
from ops.commands.importing import bar

app = typer.Typer(help="Tiles that are kept for all processes.", no_args_is_help=True)


@app.callback()
def _tiles() -> None:
    """Keep `seed` a command of its own, though it is the only one."""


@app.command("seed")
@guarded
def seed_county(
    code: str,
    to_zoom: Annotated[int, typer.Option(help="closest zoom (z of the tile matrix) to make")] = TO_ZOOM,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Make the tiles of county CODE that take their time, for the public and for staff, and keep them; safe to run again."""
    if not 0 <= to_zoom <= TO_ZOOM_MAX:
        stop(USAGE, f"--to-zoom is 0 to {TO_ZOOM_MAX}")
    settings = ApiSettings()
    if settings.tile_store_bytes <= 0:
        stop(REFUSED, "API_TILE_STORE_BYTES is 0: no tiles are kept")
    with engine() as e, bar() as step:
        with acting_sync(e, ADMIN) as connection:
            known = connection.execute(text("select 1 from register.county where code = :code"), {"code": code}).first()
        if known is None:
            stop(REFUSED, f"there is no county {code}")
        done = asyncio.run(_seed(e.url.render_as_string(hide_password=False), code, to_zoom, settings, step))
    show(
        {"kept_already": done.there, "made": done.made, "too_cheap_to_keep": done.cheap},
        as_json=as_json,
        text=f"{done.made} tiles made and kept, {done.there} were kept already, {done.cheap} take less than {settings.tile_store_from_ms:g} ms",
    )


async def _seed(url: str, code: str, to_zoom: int, settings: ApiSettings, step: Step) -> Seeded:
    made = async_engine(GeoSettings(DATABASE_URL=url))
    try:
        return await seed(
            made, code, step, bytes_max=settings.tile_store_bytes, from_ms=settings.tile_store_from_ms, to_zoom=to_zoom
        )
    finally:
        await made.dispose()
