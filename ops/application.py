"""Composition: the API and the pages as one application."""

from __future__ import annotations

from fastapi import FastAPI

from api.app import create_api
from api.settings import ApiSettings, MapSettings
from geo.settings import GeoSettings
from ops.logging import configure_logging


def create_app() -> FastAPI:
    """The whole service, from the environment. Raises StartRefused for a configuration it must not run with."""
    configure_logging()
    app = create_api(GeoSettings(), ApiSettings(), MapSettings())
    try:
        from map_frontend.routes import add_pages
    except ModuleNotFoundError:
        return app
    add_pages(app)
    return app
