"""What the service must not start with: an unreviewed public map, or public geometry finer than allowed (design.md 5)."""

from __future__ import annotations

import asyncio

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from api.base_maps import base_maps_of
from api.settings import MapSettings
from geo.db import async_engine
from geo.errors import Problem, Unavailable
from geo.registry.publication import TooFine, finer_than, lawful_decimals
from geo.settings import GeoSettings

log = structlog.get_logger()


class StartRefused(Exception):
    """The configuration is one the service must not run with; the text says why and what to do."""


def check_settings(map_: MapSettings) -> None:
    """Raise StartRefused for settings that contradict the law of maps."""
    if map_.public and not map_.review_number.strip():
        raise StartRefused(
            "MAP_PUBLIC=true needs MAP_REVIEW_NUMBER (审图号): a map shown to the public is reviewed first (MAPR 15)"
        )
    shifted = [base.id for base in base_maps_of(map_.base_maps) if base.crs == "gcj02"]
    if map_.public and shifted:
        raise StartRefused(
            f"MAP_PUBLIC=true with a base map in GCJ-02 ({', '.join(shifted)} in MAP_BASE_MAPS): a public map stands on a reviewed "
            "base in CGCS2000; take the entry out"
        )


class Publication:
    """Looked at once when the database answers; a database that is away at the start is looked at before its first data leave."""

    def __init__(self, map_: MapSettings, decimals: int) -> None:
        self._map, self._decimals = map_, decimals
        self._lock = asyncio.Lock()
        self._settled = False
        self.refusal: str | None = None

    async def at_start(self, engine: AsyncEngine) -> None:
        """Raise StartRefused; a database that is away is waited for, not refused."""
        try:
            await self._look(engine)
        except (DBAPIError, OSError) as error:
            log.warning("database_away_at_start", error=str(getattr(error, "orig", error)))
            return
        if self.refusal is not None:
            raise StartRefused(self.refusal)

    async def before_data(self, engine: AsyncEngine) -> None:
        """Raise Unavailable while what is stored may not be shown; costs nothing once it was looked at."""
        if not self._settled:
            async with self._lock:
                if not self._settled:
                    await self._look(engine)
        if self.refusal is not None:
            raise Unavailable(
                Problem(
                    zh="已存的公开坐标比允许的精细，需要先重新发布", en="stored public geometry is finer than allowed; it must be republished first"
                )
            )  # fmt: skip

    async def _look(self, engine: AsyncEngine) -> None:
        async with engine.begin() as connection:
            allowed = self._decimals
            if self._map.public:
                lawful = await lawful_decimals(connection)
                allowed = allowed if lawful is None else min(allowed, lawful)
            found = await finer_than(connection, allowed)
        self.refusal = None if found is None else _words(found, allowed)
        self._settled = True


async def check_start(geo: GeoSettings, map_: MapSettings) -> None:
    """Everything that can be said before the service starts. Raises StartRefused."""
    check_settings(map_)
    engine = async_engine(geo)
    try:
        await Publication(map_, geo.public_decimals).at_start(engine)
    finally:
        await engine.dispose()


def _words(found: TooFine, allowed: int) -> str:
    where = f" (seen in {found.collection})" if found.collection else ""
    return (
        f"public geometry of county {found.county_code} is stored finer than {allowed} decimals{where}; "
        f"run: yizhangtu county republish {found.county_code} {allowed}"
    )
