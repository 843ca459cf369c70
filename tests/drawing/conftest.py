"""The county of tests/browser, with what a public picture must never show, and names that want to be something else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date

import httpx
import psycopg
import pytest

from tests.browser.county import COUNTY, Builder, _box, _point, fill
from tests.plugins.door import whole_service

HOSTILE = (
    "</text><script>alert(1)</script>&amp;<svg onload='x'>\u202eevil\u2066",
    "مرحبا بالعالم والأرض",
    "🏭🏗️ 厂房 👩‍🔧",
    "长" * 5000,
    "a\u0301" * 300,
)
SECRET = "机密收购项目"


@pytest.fixture(scope="module")
def county_url(database_url: str) -> str:
    """Owner's address of the filled database."""
    fill(database_url)
    with psycopg.connect(database_url, autocommit=True) as connection:
        b = Builder(connection)
        for number, name in enumerate(HOSTILE):
            b.thing("parcel", f"H{number}", name, name, _box(-0.011 + number * 0.005, 0.009, 0.0045, 0.004), town_code="T1", park_code="PK",
                    area_m2=None, description=name)  # fmt: skip
        secret = b.thing(
            "project",
            "SECRET",
            SECRET,
            "Secret takeover",
            _point(-0.0085, -0.003),
            publication_state="internal",
            unit_code="U2",
        )
        b.fact("project", secret, "stage", "value_text", "NEGOTIATING", date(2025, 3, 1))
        b.thing(
            "parcel",
            "HID",
            "未确认地块",
            "Unconfirmed",
            _box(-0.0055, -0.0005, 0.0008, 0.0005),
            publication_state="internal",
            town_code="T1",
        )
        connection.execute(
            "update register.unit set phone = '0574-0000000' where county_code = %s and code = 'U1'", [COUNTY]
        )
    return database_url


@pytest.fixture
async def pages(county_url: str, app_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the service with its pages."""
    app = whole_service(app_url)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://yzt.test") as client,
    ):
        yield client
