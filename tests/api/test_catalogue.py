"""The catalogue says whose data are, under which licence, how fresh, and what each property means; the public hears its part."""

from __future__ import annotations

from typing import Any

import httpx
import psycopg
import pytest

from geo.registry.collections import COLLECTIONS
from tests.plugins.service import COUNTY, World

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def sourced(world: World) -> World:
    with psycopg.connect(world.owner_url, autocommit=True) as c:
        c.execute(
            "insert into register.data_source (county_code, code, name, publisher, licence, attribution) "
            "values (%s, 'osm', 'OpenStreetMap', 'OSM', 'ODbL 1.0', '© OpenStreetMap contributors')",
            [COUNTY],
        )
        c.execute(
            "update register.parcel set data_source_id = (select id from register.data_source where code = 'osm'), "
            "data_date = '2026-01-31' where code in ('PUB', 'INT')"
        )
        for publish, at in (("true", "2026-02-01"), ("false", "2026-03-01")):
            c.execute(
                "insert into register.import_batch (county_code, collection, file_name, state, options, finished_at) "
                "values (%s, 'parcels', 'secret.shp', 'applied', jsonb_build_object('publish', %s::boolean), %s::timestamptz)",
                [COUNTY, publish, at],
            )
    return world


async def test_staff_and_public_hear_what_they_may(
    service: httpx.AsyncClient, bearer: dict[str, dict[str, str]], sourced: World
) -> None:
    public = {e["id"]: e for e in (await service.get("/v1/catalogue")).json()}
    staff = {e["id"]: e for e in (await service.get("/v1/catalogue", headers=bearer["leader"])).json()}
    assert set(public) == {c.id for c in COLLECTIONS.values() if not c.staff_only}
    assert set(staff) == set(COLLECTIONS)
    assert (public["parcels"]["row_count"], staff["parcels"]["row_count"]) == (2, 3)
    assert public["parcels"]["sources"][0]["n"] == 1
    assert staff["parcels"]["sources"][0]["n"] == 2
    assert public["parcels"]["licences"] == ["ODbL 1.0"]
    assert public["parcels"]["last_import_at"].startswith("2026-02-01")
    assert "last_import" not in public["parcels"]
    assert staff["parcels"]["last_import_at"].startswith("2026-03-01")
    assert staff["parcels"]["last_import"].startswith("/v1/imports/")
    assert "secret" not in str(public)
    assert public["parcels"]["data_date_to"] == "2026-01-31"
    assert public["buildings"]["age_days"] is None
    assert [(o["code"], o["n"]) for o in staff["parcels"]["owners"]] == [("U1", 2), ("U2", 1)]


async def test_every_property_is_defined(service: httpx.AsyncClient, bearer: dict[str, dict[str, str]]) -> None:
    for c in COLLECTIONS.values():
        found = (await service.get(f"/v1/catalogue/{c.id}", headers=bearer["leader"])).json()
        for p in found["properties"]:
            assert all((p["title"]["zh"], p["title"]["en"], p["source"], p["type"])), (c.id, p)
    assert (await service.get("/v1/catalogue/findings")).status_code == 404


async def test_records_are_features_that_lead_to_their_data(service: httpx.AsyncClient, sourced: World) -> None:
    found: dict[str, Any] = (await service.get("/ogc/catalogue?lang=en")).json()
    parcels = next(f for f in found["features"] if f["id"] == "parcels")
    assert parcels["properties"]["type"] == "dataset"
    assert parcels["properties"]["license"] == "ODbL 1.0"
    assert parcels["time"] == {"interval": ["2026-01-31", "2026-01-31"]}
    assert {"organization": "OSM", "roles": ["publisher"]} in parcels["properties"]["contacts"]
    for link in parcels["links"]:
        assert (await service.get(link["href"])).status_code == 200
    one = (await service.get("/ogc/catalogue/parcels?lang=en")).json()
    assert one["properties"] == parcels["properties"]
