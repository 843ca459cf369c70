"""OGC API: Features Parts 1 to 3, Tiles, JSON-FG, over the same views as everything else. See README.md."""

from __future__ import annotations

from fastapi import APIRouter

from api.ogc import collections, definition, items, landing, records, tiles

router = APIRouter()
for part in (landing, definition, collections, items, tiles, records):
    router.include_router(part.router)
