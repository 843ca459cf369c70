"""The service does not start when the public would see finer coordinates than allowed (design.md 4 and 5)."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy import create_engine

from api.app import StartRefused, create_api
from api.settings import ApiSettings, MapSettings
from geo.db import ALL_UNITS, Actor, Audience, driver_url
from geo.registry.republish import republish
from geo.settings import GeoSettings
from tests.plugins.service import COUNTY, World, serving

pytestmark = pytest.mark.anyio
ADMIN = Actor(Audience.ADMIN, account="test", units=(ALL_UNITS,), tier="P3")
PUBLIC_MAP = MapSettings(public=True, review_number="GS(2026)0001")


async def test_an_unreviewed_map_is_not_shown_to_the_public(world: World) -> None:
    with pytest.raises(StartRefused, match="MAP_REVIEW_NUMBER"):
        create_api(GeoSettings(DATABASE_URL=world.app_url), ApiSettings(), MapSettings(public=True))


@pytest.mark.parametrize("public", [True, False])
async def test_a_public_map_stands_on_no_shifted_base(world: World, public: bool) -> None:
    bases = "[{id: amap, name: 高德, name_en: Amap, urls: ['https://tiles.invalid/{z}/{x}/{y}'], attribution: x, crs: gcj02}]"
    map_ = MapSettings(public=public, review_number="GS(2026)0001", base_maps=bases)
    if public:
        with pytest.raises(StartRefused, match="GCJ-02 \\(amap in MAP_BASE_MAPS\\)"):
            create_api(GeoSettings(DATABASE_URL=world.app_url), ApiSettings(), map_)
    else:
        create_api(GeoSettings(DATABASE_URL=world.app_url), ApiSettings(), map_)


async def test_a_public_map_starts_only_on_the_lawful_grid(world: World) -> None:
    with pytest.raises(StartRefused, match=f"yizhangtu county republish {COUNTY} 4"):
        async with serving(world, PUBLIC_MAP):
            pass
    engine = create_engine(driver_url(world.owner_url))
    republish(engine, ADMIN, COUNTY, 4)
    async with serving(world, PUBLIC_MAP) as client:
        assert (await client.get("/ogc/collections/parcels/items")).status_code == 200
    republish(engine, ADMIN, COUNTY, 6)
    engine.dispose()


async def test_what_is_stored_counts_not_what_the_county_says(world: World) -> None:
    shape = "st_multi(st_makeenvelope(121.912345, 29.6, 121.913456, 29.601, 4490))"
    with psycopg.connect(world.owner_url) as connection:
        connection.execute(
            "insert into register.parcel (county_code, code, name, geom, unit_code, publication_state) "
            f"values (%s, 'FINE', '地块', {shape}, 'U1', 'published')",
            [COUNTY],
        )
        connection.execute("update register.county set public_decimals = 4")
    with pytest.raises(StartRefused, match="stored finer than 4 decimals \\(seen in parcels\\)"):
        async with serving(world, PUBLIC_MAP):
            pass
