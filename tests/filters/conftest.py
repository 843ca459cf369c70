"""Doors into a private PostGIS for compiled filters."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from geo.db import sync_engine


@pytest.fixture(scope="module")
def connection(database_url: str) -> Iterator[Connection]:
    """The module's own database as its owner; nothing is committed."""
    engine = sync_engine(database_url)
    with engine.connect() as opened:
        yield opened
    engine.dispose()
