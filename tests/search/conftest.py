"""The sample county with its names written, as the public and as staff find it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from api.app import create_api
from api.settings import ApiSettings, MapSettings
from geo.db import driver_url, sync_engine
from geo.people.commands import create_account
from geo.settings import GeoSettings
from ops.database import APP_ROLE
from ops.sample.build import build
from ops.sample.load import load
from tests.plugins.postgis import APP_PASSWORD, fresh


@pytest.fixture(scope="package")
def sample_url(postgis_server: str, template_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Owner's address of a database with the sample county."""
    folder: Path = tmp_path_factory.mktemp("sample")
    build(folder)
    for url in fresh(postgis_server, template_database):
        engine = sync_engine(url)
        load(engine, lambda _: None, folder)
        engine.dispose()
        yield url


@pytest.fixture(scope="package")
def bureau(sample_url: str) -> dict[str, str]:
    """Authorization of an account that reads everything of the county."""
    with create_engine(driver_url(sample_url)).begin() as connection:
        token = create_account(connection, "bureau", "bureau-password-1", "bureau", "bureau", "330225", ())
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
async def service(sample_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """The service over the sample county."""
    app_url = make_url(sample_url).set(username=APP_ROLE, password=APP_PASSWORD).render_as_string(hide_password=False)
    app = create_api(GeoSettings(DATABASE_URL=app_url), ApiSettings(items_per_minute=100_000), MapSettings())
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://yzt.test") as client,
    ):
        yield client
