"""`/base/{id}/{z}/{x}/{y}`: tiles of configured base maps, fetched by the service so that browsers ask nobody else.

Only configured hosts are asked, redirects are not followed, and what comes back must be a picture of bounded size within
bounded time. What came is kept for a while in bounded memory; a provider that fails is left alone for a moment.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

import httpx
import structlog
from cachetools import TTLCache
from fastapi import APIRouter, Path, Query, Request, Response

from api.base_maps import BaseMap
from geo.errors import NotFound, Problem, Unavailable

router = APIRouter(include_in_schema=False)
log = structlog.get_logger()

TIMEOUT_S = 6.0
"""From asking to the last byte."""

TILE_MAX_BYTES = 1024 * 1024
CACHE_BYTES = 64 * 1024 * 1024
CACHE_SECONDS = 24 * 3600
AT_ONCE = 16
"""Requests to providers at the same time, per process; more wait their turn within the same time limit."""

REST_AFTER, REST_S = 8, 15.0
"""After so many failures in a row a provider is not asked for some seconds."""

PICTURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp"}
"""How a picture begins -> what it is. What a provider says of itself is not enough."""

Key = tuple[str, int, int, int, int]


class ProviderFailed(Exception):
    """The provider gave no picture; the text says why, without address or token."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A tile as it came."""

    body: bytes
    media_type: str


class Provider:
    """Asks for the tiles of the configured base maps."""

    def __init__(self, bases: Sequence[BaseMap], timeout_s: float = TIMEOUT_S) -> None:
        self.bases = {base.id: base for base in bases}
        self._timeout_s = timeout_s
        self._kept: TTLCache[Key, Picture] = TTLCache(CACHE_BYTES, CACHE_SECONDS, getsizeof=lambda tile: len(tile.body))
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._failures: dict[str, tuple[int, float]] = {}
        self._client: httpx.AsyncClient | None = None

    async def tile(self, base: BaseMap, part: int, z: int, x: int, y: int) -> Picture:
        """One tile, kept or fetched. Raises ProviderFailed."""
        key = (base.id, part, z, x, y)
        kept = self._kept.get(key)
        if kept is not None:
            return kept
        count, last = self._failures.get(base.id, (0, 0.0))
        if count >= REST_AFTER and time.monotonic() - last < REST_S:
            raise ProviderFailed("resting after failures")
        try:
            async with asyncio.timeout(self._timeout_s), self._turns:
                picture = await self._fetch(base.address(part, z, x, y))
        except (TimeoutError, httpx.HTTPError, ProviderFailed) as error:
            self._failures[base.id] = (count + 1, time.monotonic())
            reason = str(error) if isinstance(error, ProviderFailed) else type(error).__name__
            raise ProviderFailed(reason) from None  # httpx names the address, and with it the token
        self._failures.pop(base.id, None)
        self._kept[key] = picture
        return picture

    async def _fetch(self, address: str) -> Picture:
        if self._client is None:
            self._client = httpx.AsyncClient(
                follow_redirects=False, timeout=self._timeout_s, trust_env=True, headers={"User-Agent": "yizhangtu"}
            )
        async with self._client.stream("GET", address) as answer:
            if answer.status_code != httpx.codes.OK:
                raise ProviderFailed(f"status {answer.status_code}")
            body = bytearray()
            async for chunk in answer.aiter_bytes():
                body += chunk
                if len(body) > TILE_MAX_BYTES:
                    raise ProviderFailed("too large")
        for start, media_type in PICTURES.items():
            if body.startswith(start):
                return Picture(bytes(body), media_type)
        raise ProviderFailed("not a picture")


@router.get("/base/{base_id}/{z}/{x}/{y}")
async def base_tile(
    request: Request,
    base_id: str,
    z: int = Path(ge=0, le=22),
    x: int = Path(ge=0),
    y: int = Path(ge=0),
    part: int = Query(0, ge=0, le=2),
) -> Response:
    """One tile of a configured base map. 404 outside the matrix or for an unknown base map, 503 when the provider fails."""
    provider: Provider = request.app.state.base_provider
    base = provider.bases.get(base_id)
    if base is None or part >= len(base.urls) or z > base.max_zoom or x >= 2**z or y >= 2**z:
        raise NotFound(Problem(zh="没有这张底图瓦片", en="there is no such tile of a base map"))
    try:
        picture = await provider.tile(base, part, z, x, y)
    except ProviderFailed as failed:
        log.warning("base_map_failed", base=base.id, z=z, reason=str(failed))
        raise Unavailable(Problem(zh="底图服务没有给出图片", en="the base map's provider gave no picture")) from None
    return Response(
        picture.body,
        media_type=picture.media_type,
        headers={"Cache-Control": "public, max-age=86400", "X-Content-Type-Options": "nosniff"},
    )
