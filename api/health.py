"""Is it alive, is it ready, and what did it do: /health/live, /health/ready, /metrics."""

from __future__ import annotations

import asyncio
import hmac

import orjson
from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest
from sqlalchemy import text

from geo.errors import NotFound, Problem

router = APIRouter(tags=["operations"])
READY_TIMEOUT_S = 3.0
REQUESTS = Counter("yizhangtu_requests_total", "Requests by route template and status", ["route", "status"])
DURATION = Histogram("yizhangtu_request_duration_seconds", "Duration of requests", ["route"])
LOOPBACK = {"127.0.0.1", "::1", "local", "testclient"}


def observe(route: str, status: int, duration_ms: float) -> None:
    """Count one request."""
    REQUESTS.labels(route, str(status)).inc()
    DURATION.labels(route).observe(duration_ms / 1000)


@router.get("/health/live")
async def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "live"}


@router.get("/health/ready")
async def ready(request: Request) -> Response:
    """Every part the service needs answers; 503 names the ones that do not."""
    parts: dict[str, str] = {}
    try:
        async with asyncio.timeout(READY_TIMEOUT_S), request.app.state.engine.connect() as connection:
            version = (await connection.execute(text("select 1 from open_data.counties limit 1"))).first()
            parts["database"] = "ready"
            parts["county"] = "ready" if version else "none yet"
    except Exception:  # any failure of the database means: not ready
        parts["database"] = "away"
    failing = [name for name, state in parts.items() if state == "away"]
    body = {"status": "failing" if failing else "ready", "parts": parts, "failing": failing}
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": "5"} if failing else {})
    return Response(orjson.dumps(body), 503 if failing else 200, headers, "application/json")


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request) -> Response:
    """Prometheus text, for this machine or with the token."""
    token = request.app.state.api.metrics_token
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    local = request.client is not None and request.client.host in LOOPBACK and "x-forwarded-for" not in request.headers
    if not local and not (token and hmac.compare_digest(given, token.get_secret_value())):
        raise NotFound(Problem(zh="没有找到", en="nothing found"))
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
