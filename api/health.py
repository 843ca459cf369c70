"""Is it alive, is it ready: /health/live, /health/ready."""

from __future__ import annotations

import asyncio

import orjson
from fastapi import APIRouter, Request, Response
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError, SQLAlchemyError

from api.problems import RETRY_AFTER_S
from geo.db import PUBLIC, acting

router = APIRouter(prefix="/health", tags=["operations"])
READY_TIMEOUT_S = 3.0
READY, AWAY, MISSING, NONE_YET, UNHEARD, DEGRADED = "ready", "away", "missing", "none yet", "unheard", "degraded"
"""`unheard`: nobody tells of changes at present; the service answers, and keeps no tiles. `degraded`: tiles are served without
the store that all processes share, which cannot be read or written."""


@router.get("/live")
async def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "live"}


@router.get("/ready")
async def ready(request: Request) -> Response:
    """Every part the service needs answers; 503 names in `failing` the ones that do not."""
    parts = await _parts(request)
    failing = [name for name, state in parts.items() if state not in (READY, NONE_YET, UNHEARD, DEGRADED)]
    body = {"status": "failing" if failing else "ready", "parts": parts, "failing": failing}
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": str(RETRY_AFTER_S)} if failing else {})
    return Response(orjson.dumps(body), 503 if failing else 200, headers, "application/json")


async def _parts(request: Request) -> dict[str, str]:
    parts = {"database": AWAY}
    try:
        async with (
            asyncio.timeout(READY_TIMEOUT_S),
            acting(request.app.state.engine, PUBLIC, int(READY_TIMEOUT_S * 1000)) as connection,
        ):
            parts["database"] = READY
            found = (await connection.execute(text("select 1 from open_data.counties limit 1"))).first()
            parts |= {"schema": READY, "county": READY if found else NONE_YET}
    except ProgrammingError:  # it answers, and has no register
        parts |= {"database": READY, "schema": MISSING}
    except (SQLAlchemyError, OSError, TimeoutError):
        parts["database"] = AWAY
    parts["changes"] = READY if request.app.state.changes.is_heard else UNHEARD
    parts["tile_store"] = request.app.state.tile_store.health
    if request.app.state.publication.refusal is not None:
        parts["publication"] = "refused"
    return parts
