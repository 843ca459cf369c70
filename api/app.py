"""The service: settings in, application out. Pages are added by the composition root."""

from __future__ import annotations

import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog
from fastapi import FastAPI, Request, Response

from api import health, problems
from api.limits import Limiter
from api.ogc import routes as ogc
from api.routes import account, facts, imports, registry
from api.settings import ApiSettings, MapSettings
from geo.db import async_engine
from geo.settings import GeoSettings

log = structlog.get_logger()
SAFE_ID = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


class StartRefused(Exception):
    """The configuration is one the service must not run with; the text says why."""


def create_api(geo: GeoSettings, api: ApiSettings, map_: MapSettings) -> FastAPI:
    """The HTTP service without pages. Raises StartRefused (design.md 5)."""
    if map_.public and not map_.review_number:
        raise StartRefused(
            "MAP_PUBLIC=true needs MAP_REVIEW_NUMBER (审图号): a map shown to the public is reviewed first (MAPR 15)"
        )

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.engine = async_engine(geo)
        yield
        await app.state.engine.dispose()

    app = FastAPI(title="一张图 Yizhangtu", version="0.1.0", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.api, app.state.map, app.state.geo = api, map_, geo
    app.state.limits = {"items": Limiter(api.items_per_minute), "login": Limiter(api.logins_per_minute)}
    problems.install(app)

    @app.middleware("http")
    async def canonical(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        given = request.headers.get("x-request-id", "")
        request.state.request_id = given if 0 < len(given) <= 64 and set(given) <= SAFE_ID else uuid.uuid4().hex
        begun = time.perf_counter()
        response = await call_next(request)
        response.headers["X-Request-ID"] = request.state.request_id
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
        route = request.scope.get("route")
        duration_ms = round((time.perf_counter() - begun) * 1000, 1)
        template = getattr(route, "path", "-")
        health.observe(template, response.status_code, duration_ms)
        log.info("request", method=request.method, route=template, status=response.status_code, duration_ms=duration_ms,
                 request_id=request.state.request_id, account=getattr(request.state, "account", ""))  # fmt: skip
        return response

    for router in (health.router, ogc.router, registry.router, imports.router, facts.router, account.router):
        app.include_router(router)
    return app
