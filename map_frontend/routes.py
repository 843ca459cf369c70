"""All pages of the site, added to the service by the composition root."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI

from api.base_maps import base_maps_of
from map_frontend import (
    account_page,
    base_tiles,
    catalogue_pages,
    compare_page,
    evidence_pages,
    files,
    forecast_page,
    import_pages,
    map_data,
    map_page,
    problem_page,
    rules_pages,
    search_page,
    share_pictures,
    take_away,
)
from map_frontend.assets.manifest import load
from map_frontend.cases import pages as case_pages
from map_frontend.clock import page as clock_page
from map_frontend.clock import telling as clock_telling
from map_frontend.drawing.rendering import Renderer
from map_frontend.ogc_pages import ogc_face
from map_frontend.site import Site
from map_frontend.stock import pages as stock_pages
from map_frontend.stock import scorecard_page
from map_frontend.things import pages as thing_pages


def pages_router() -> APIRouter:
    """A router with every page."""
    router = APIRouter()
    for part in (
        files.router,
        map_page.router,
        map_data.router,
        share_pictures.router,
        take_away.router,
        compare_page.router,
        clock_page.router,
        clock_telling.router,
        evidence_pages.router,
        thing_pages.router,
        base_tiles.router,
        import_pages.router,
        stock_pages.router,
        scorecard_page.router,
        catalogue_pages.router,
        rules_pages.router,
        forecast_page.router,
        case_pages.router,
        search_page.router,
        account_page.router,
        problem_page.router,
    ):
        router.include_router(part)
    return router


def add_pages(app: FastAPI) -> None:
    """Give the service its pages. Raises AssetsMissing when the front-end files are not built."""
    app.state.site = Site(load())
    app.state.renderer = Renderer(app.state.map.paper_root)
    app.state.problem_page = problem_page.problem_page
    app.state.base_maps = base_maps_of(app.state.map.base_maps)
    app.state.base_provider = base_tiles.Provider(app.state.base_maps)
    app.state.ogc_face = ogc_face
    app.mount("/static/vendor", files.vendor_files(), name="vendor")
    app.include_router(pages_router())
