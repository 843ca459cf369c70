"""What was measured, through the doors: API, drawing, page, tiles and collections; for staff, and absent for the public."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import mapbox_vector_tile
import pytest
import shapely
from pyproj import Transformer
from sqlalchemy import Engine, text

from geo.clock import today
from geo.db import acting_sync, sync_engine
from geo.landuse.commands import recompute_sync
from geo.landuse.evidence.commands import measure_due
from geo.people.commands import create_account
from tests.landuse.evidence import plots
from tests.landuse.evidence.plots import ADMIN
from tests.plugins.door import whole_service

pytestmark = pytest.mark.anyio
EVIDENCE, DRAWING = "/v1/parcels/{}/evidence", "/parcels/{}/evidence.svg"
TILE = "/ogc/collections/{}/tiles/WebMercatorQuad/15/{}/{}"
Headers = dict[str, str]


@pytest.fixture(scope="module")
def engine(database_url: str) -> Iterator[Engine]:
    """Two plots: S is surveyed and half empty, N was never surveyed. Both were supplied and not begun, by their dates."""
    made = sync_engine(database_url)
    plots.county(made)
    with acting_sync(made, ADMIN) as c:
        ids = [plots.parcel(c, code, shapely.box(east, 0, east + 100, 100)) for code, east in (("S", 0), ("N", 150))]
        plots.building(c, "S-1", shapely.box(10, 10, 60, 60))
        plots.ground(c, "S-G1", "STORAGE", shapely.box(62, 62, 90, 90))
        plots.ground(c, "S-G2", "ROAD", shapely.box(0, 94, 100, 100))
        plots.fact(c, ids[0], "ground_surveyed_on", "2026-05-01")
        for id_ in ids:
            plots.fact(c, id_, "contract_on", "2023-01-05")
            plots.fact(c, id_, "agreed_start_on", "2023-06-30")
    measure_due(made, ADMIN)
    with acting_sync(made, ADMIN) as c:
        recompute_sync(c, plots.COUNTY, today("Asia/Shanghai"))
    yield made
    made.dispose()


@pytest.fixture(scope="module")
def clerk(engine: Engine) -> Headers:
    with engine.begin() as connection:
        token = create_account(connection, "clerk", "clerk-password-1", "clerk", "clerk", plots.COUNTY, ())
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
async def door(clerk: Headers, app_url: str) -> AsyncIterator[httpx.AsyncClient]:
    app = whole_service(app_url)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://yzt.test", params={"county": plots.COUNTY}) as client,
    ):
        yield client


async def test_figures_have_units_and_shapes_are_where_the_land_is(door: httpx.AsyncClient, clerk: Headers) -> None:
    answer = await door.get(EVIDENCE.format("S"), headers=clerk)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["is_known"], told["surveyed_on"], told["missing"]) == (True, "2026-05-01", [])
    assert told["survey_crs"].endswith("/4529")
    figures = told["figures"]
    assert figures["footprint_area"] == {"value": pytest.approx(2500, abs=0.1), "unit": "m2"}
    assert figures["coverage"] == {"value": pytest.approx(0.25), "unit": "ratio"}
    # STORAGE counts into the coefficient, ROAD does not: register.ground_use_kind says so
    assert figures["building_coefficient"]["value"] == pytest.approx((2500 + 28 * 28) / 10_000, abs=1e-4)
    assert figures["setback"] == {"value": 5.0, "unit": "m"}
    to_metres = Transformer.from_crs("OGC:CRS84", 4529, always_xy=True)
    left = shapely.transform(
        shapely.from_geojson(answer.text.split('"remainder":')[1].split(',"rectangle"')[0]),
        lambda p: shapely.get_coordinates(shapely.points(*to_metres.transform(p[:, 0], p[:, 1]))),
    )
    assert left.area == pytest.approx(figures["remainder_area"]["value"], abs=1)
    assert left.geom_type == "MultiPolygon"
    assert all(part.exterior.is_ccw for part in left.geoms)
    assert told["made_from"]["buildings"] == {"S-1": 1}
    assert all(sentence["zh"] and sentence["en"] for sentence in told["method"])
    assert "4529" in told["method"][0]["zh"]


async def test_a_plot_nobody_surveyed_says_so_and_never_zero(door: httpx.AsyncClient, clerk: Headers) -> None:
    told = (await door.get(EVIDENCE.format("N"), headers=clerk)).json()
    assert (told["is_known"], told["remainder"], told["figures"]) == (False, None, {})
    assert [m["fact"] for m in told["missing"]] == ["ground_surveyed_on"]
    svg = (await door.get(DRAWING.format("N"), headers=clerk)).text
    assert "未开发面积未知" in svg
    assert "plot-left" not in svg


async def test_what_was_known_at_an_instant_is_still_told(door: httpx.AsyncClient, clerk: Headers) -> None:
    now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    assert (await door.get(EVIDENCE.format("S"), params={"known_at": now}, headers=clerk)).json()["is_known"]
    then = await door.get(EVIDENCE.format("S"), params={"known_at": "2020-01-01T00:00:00Z"}, headers=clerk)
    assert (then.status_code, then.json()["is_known"]) == (200, False)


@pytest.mark.parametrize(
    ("query", "status"),
    [({"known_at": "2999-01-01T00:00:00Z"}, 400), ({"known_at": "gestern"}, 400), ({"as_of": "2026-01-01"}, 400), ({"x": "1"}, 400)],
)  # fmt: skip
async def test_what_cannot_be_asked_is_refused(door: httpx.AsyncClient, clerk: Headers, query: dict[str, str], status: int) -> None:  # fmt: skip
    assert (await door.get(EVIDENCE.format("S"), params=query, headers=clerk)).status_code == status


async def test_the_public_gets_nothing_of_it(door: httpx.AsyncClient, clerk: Headers) -> None:
    assert (await door.get(EVIDENCE.format("S"))).status_code == 401
    assert (await door.get(DRAWING.format("S"), follow_redirects=False)).status_code in (303, 307, 401)
    for missing in ("%00", "Ü", "NO"):
        assert (await door.get(EVIDENCE.format(missing), headers=clerk)).status_code in (400, 404)
    for collection in ("waiting_land", "spare_land"):
        row, col = address_of()
        assert (await door.get(TILE.format(collection, row, col))).status_code == 404
        assert (await door.get(f"/ogc/collections/{collection}")).status_code == 404
        assert (await door.get(f"/ogc/collections/{collection}/items")).status_code == 404
        assert (await door.get(f"/map/things/{collection}/S")).status_code == 404
        assert collection not in (await door.get("/ogc/collections?f=json")).text
        assert collection not in (await door.get("/?lang=zh")).text
        assert collection in (await door.get("/ogc/collections?f=json", headers=clerk)).text


async def test_the_drawing_is_for_staff_in_both_languages_and_themes(door: httpx.AsyncClient, clerk: Headers) -> None:
    light = await door.get(DRAWING.format("S"), headers=clerk)
    assert light.headers["content-type"].startswith("image/svg+xml")
    assert "private" in light.headers["cache-control"]
    assert light.text.count('class="plot-building"') == 1
    assert "plot-rectangle" in light.text
    assert "露天堆场" in light.text
    dark = await door.get(DRAWING.format("S"), params={"theme": "dark", "lang": "en"}, headers=clerk)
    assert "Undeveloped" in dark.text
    assert dark.text != light.text
    again = await door.get(DRAWING.format("S"), headers=clerk | {"If-None-Match": light.headers["etag"]})
    assert again.status_code == 304
    assert (await door.get(DRAWING.format("S"), params={"theme": "pink"}, headers=clerk)).status_code in (400, 422)
    page = (await door.get("/parcels/S", headers=clerk)).text
    assert "plot-rectangle" in page


def address_of() -> tuple[int, int]:
    """Row and column at zoom 15 of the tile the plots lie in."""
    x, y = Transformer.from_crs(4529, 3857, always_xy=True).transform(plots.EAST + 50, plots.NORTH + 50)
    half, side = 20037508.342789244, 2 * 20037508.342789244 / 2**15
    return int((half - y) // side), int((x + half) // side)


async def tile(door: httpx.AsyncClient, who: Headers, collection: str) -> list[dict[str, Any]]:
    row, col = address_of()
    answer = await door.get(TILE.format(collection, row, col), headers=who)
    assert answer.status_code in (200, 204), answer.text
    if answer.status_code == 204:
        return []
    features: list[dict[str, Any]] = mapbox_vector_tile.decode(answer.content)[collection]["features"]
    return features


async def test_tiles_hold_the_spare_land_and_its_rectangle(door: httpx.AsyncClient, clerk: Headers) -> None:
    found = {f["properties"]["code"]: f for f in await tile(door, clerk, "spare_land")}
    assert {code: f["properties"]["kind"] for code, f in found.items()} == {"S.R": "REMAINDER", "S.Q": "RECTANGLE"}
    told = (await door.get(EVIDENCE.format("S"), headers=clerk)).json()["figures"]
    assert float(found["S.R"]["properties"]["area_m2"]) == pytest.approx(told["remainder_area"]["value"])
    item = (await door.get("/ogc/collections/spare_land/items/S.Q", headers=clerk)).json()
    assert item["properties"]["width_m"] == pytest.approx(told["rectangle_width"]["value"])
    drawer = (await door.get("/map/things/spare_land/S.R", headers=clerk)).text
    assert 'data-thing="parcels:S"' in drawer
    assert "可用最大矩形" in drawer


async def test_tiles_hold_each_waiting_parcel_once_by_its_class(door: httpx.AsyncClient, clerk: Headers) -> None:
    found = {f["properties"]["code"]: f["properties"]["land_class"] for f in await tile(door, clerk, "waiting_land")}
    assert found == {"S": "supplied", "N": "supplied"}
    numbers = (await door.get("/map/summary", params={"classes": "1"}, headers=clerk)).json()["counts"]
    assert (numbers["waiting_land.supplied"], numbers["waiting_land.low"]) == (2, 0)
    assert not any(
        "waiting" in key for key in (await door.get("/map/summary", params={"classes": "1"})).json()["counts"]
    )


async def test_a_tile_follows_when_a_parcel_leaves_its_class(door: httpx.AsyncClient, clerk: Headers, engine: Engine) -> None:  # fmt: skip
    assert len(await tile(door, clerk, "waiting_land")) == 2
    with acting_sync(engine, ADMIN) as c:
        id_ = c.execute(text("select id from register.parcel where code = 'N'")).scalar_one()
        begun = plots.fact(c, id_, "started_on", "2024-01-05")
        recompute_sync(c, plots.COUNTY, today("Asia/Shanghai"), [id_])
    for _ in range(50):
        codes = [f["properties"]["code"] for f in await tile(door, clerk, "waiting_land")]
        if codes == ["S"]:
            break
    with acting_sync(engine, ADMIN) as c:
        plots.fact(c, id_, "started_on", "2024-01-05", retracts=begun)
        recompute_sync(c, plots.COUNTY, today("Asia/Shanghai"), [id_])
    assert codes == ["S"]


async def test_the_drawing_of_an_instant_shows_what_stood_then(door: httpx.AsyncClient, clerk: Headers, engine: Engine) -> None:  # fmt: skip
    before = (await door.get(DRAWING.format("S"), headers=clerk)).text
    then = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    with acting_sync(engine, ADMIN) as c:
        moved = "update register.{} set geom = st_translate(geom, 0.00002, 0) where code like 'S-%'"
        c.execute(text(moved.format("building")))
        c.execute(text(moved.format("ground_use")))
    measure_due(engine, ADMIN)
    after = (await door.get(DRAWING.format("S"), headers=clerk)).text
    assert after != before
    stood = await door.get(DRAWING.format("S"), params={"known_at": then}, headers=clerk)
    assert (stood.status_code, stood.text) == (200, before)
    clock = await door.get("/parcels/S/clock", params={"known_at": then}, headers=clerk | {"Accept": "text/html"})
    assert clock.status_code == 200
    assert (
        await door.get(DRAWING.format("S"), params={"known_at": "2999-01-01T00:00:00Z"}, headers=clerk)
    ).status_code == 400
