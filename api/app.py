"""The service: settings in, application out. Pages are added by the composition root."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from api import docs, health, logging, metrics, ogc, problems
from api.compressing import Compressing
from api.county_of import Counties
from api.envelope import Envelope
from api.limits import Limits
from api.live.changes import Changes, stop
from api.live.ending import ends_with_process
from api.live.feed import Feed
from api.live.hot_tiles import HotTiles
from api.live.tile_cache import TileCache
from api.live.tile_store import TileStore
from api.openapi import describe
from api.publication import Publication, StartRefused, check_settings
from api.routes import (
    account,
    case_papers,
    cases,
    catalogue,
    events,
    evidence,
    facts,
    findings,
    forecast,
    imports,
    overrides,
    pauses,
    picture_changes,
    pictures,
    registry,
    rules,
    scorecard,
    search,
    stock,
    surroundings,
    tokens,
)
from api.settings import ApiSettings, MapSettings
from geo.db import async_engine
from geo.landuse.explaining.wordbook import wordbook
from geo.landuse.rules.catalogue import catalogue as land_rules
from geo.registry.feature_cache import FeatureCache
from geo.settings import GeoSettings

__all__ = ["StartRefused", "create_api"]


def create_api(geo: GeoSettings, api: ApiSettings, map_: MapSettings) -> FastAPI:
    """The HTTP service without pages. Raises StartRefused (design.md 5), here or when it starts, RulesRefused for a faulty rule."""
    check_settings(map_)
    land_rules()
    wordbook()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        engine = async_engine(geo)
        logging.watch(engine, api.slow_statement_ms)
        app.state.engine = engine
        try:
            await app.state.publication.at_start(engine)
            runs = (app.state.changes.run(), app.state.feed.run(engine), app.state.tile_store.run(engine))
            tasks = [asyncio.create_task(run) for run in runs]
            try:
                with ends_with_process(app.state.feed.close):
                    yield
            finally:
                for task in tasks:
                    await stop(task)
        finally:
            await engine.dispose()

    app = FastAPI(
        title="一张图 Yizhangtu", version="0.1.0", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None
    )
    app.state.api, app.state.map, app.state.geo = api, map_, geo
    app.state.features = FeatureCache(api.item_cache_bytes)
    app.state.counties, app.state.publication = Counties(), Publication(map_, geo.public_decimals)
    changes = Changes(geo.database_url.get_secret_value(), api.changes_heartbeat_s)
    tiles = TileCache(api.tile_cache_bytes, lambda: changes.is_heard)
    feed = Feed(api.streams_max, api.streams_per_address)
    changes.subscribe(tiles.forget, tiles.clear)
    changes.subscribe(feed.wake, feed.wake)
    app.state.changes, app.state.tiles, app.state.feed = changes, tiles, feed
    app.state.tile_store = TileStore(api.tile_store_bytes, api.tile_store_from_ms)
    problems.install(app)
    app.add_middleware(Compressing)
    app.add_middleware(HotTiles, cache=tiles)
    app.add_middleware(Envelope, settings=api, limits=Limits(api))
    for module in (
        health,
        metrics,
        docs,
        ogc,
        registry,
        catalogue,
        rules,
        search,
        imports,
        pictures,
        picture_changes,
        surroundings,
        cases,
        case_papers,
        overrides,
        pauses,
        evidence,
        findings,
        forecast,
        stock,
        scorecard,
        facts,
        account,
        tokens,
        events,
    ):
        app.include_router(module.router)
    describe(app)
    return app
