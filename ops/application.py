"""Composition: the API and the pages as one application."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI

from api.app import create_api
from api.settings import ApiSettings, MapSettings
from geo.settings import GeoSettings
from map_frontend.routes import add_pages
from ops.logging import configure_logging
from ops.worker import worker_inside


def create_app() -> FastAPI:
    """The whole service, from the environment. Raises StartRefused for a configuration it must not run with."""
    configure_logging()
    geo = GeoSettings()
    app = create_api(geo, ApiSettings(), MapSettings())
    add_pages(app)
    if os.environ.get("WORKER_INSIDE", "true").lower() != "false":
        _with_worker(app, geo.database_url.get_secret_value())
    return app


def _with_worker(app: FastAPI, database_url: str) -> None:
    inner = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[Any]:
        async with inner(app) as state, worker_inside(database_url):
            yield state

    app.router.lifespan_context = lifespan
