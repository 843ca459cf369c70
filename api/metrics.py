"""What the service did, for Prometheus: /metrics, for this machine or with the token."""

from __future__ import annotations

import hmac
import os

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from geo.errors import NotFound, Problem

router = APIRouter(include_in_schema=False)
REQUESTS = Counter("yizhangtu_requests_total", "Requests by route template and status", ["route", "status"])
DURATION = Histogram("yizhangtu_request_duration_seconds", "Duration of requests", ["route"])
SQL = Histogram("yizhangtu_request_sql_seconds", "Time of a request spent in the database", ["route"])
LOOPBACK = {"127.0.0.1", "::1", "local"}
FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip")


def observe(route: str, status: int, duration_ms: float, sql_ms: float) -> None:
    """Count one request by its route template, never by its address."""
    REQUESTS.labels(route, str(status)).inc()
    DURATION.labels(route).observe(duration_ms / 1000)
    SQL.labels(route).observe(sql_ms / 1000)


def _registry() -> CollectorRegistry:
    """All workers' figures when they share a folder (PROMETHEUS_MULTIPROC_DIR), else this process's own."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    return together


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Prometheus text; 404 for everybody who is neither on this machine nor has the token."""
    token = request.app.state.api.metrics_token
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    peer = request.client.host if request.client else "local"
    local = peer in LOOPBACK and not any(name in request.headers for name in FORWARDED)
    known = token is not None and hmac.compare_digest(given.encode(), token.get_secret_value().encode())
    if not local and not known:
        raise NotFound(Problem(zh="没有找到", en="nothing found"))
    return Response(generate_latest(_registry()), media_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})
