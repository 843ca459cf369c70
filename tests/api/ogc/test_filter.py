"""CQL2 through the door: Chinese names, what a filter must not tell, and what it must refuse."""

from __future__ import annotations

import json

import httpx
import psycopg
import pytest

from tests.plugins.service import COUNTY, World

pytestmark = pytest.mark.anyio
ITEMS = "/ogc/collections/parcels/items"


@pytest.fixture(scope="module")
def hidden(world: World) -> World:
    """Rows that nobody but staff may see, made to raise whatever can be raised."""
    with psycopg.connect(world.owner_url, autocommit=True) as c:
        c.execute(
            "update register.parcel set far_min = 1, far_max = 2, power_kva = 100, utilities = '{road,water}' where code = 'PUB'"
        )
        for i, values in enumerate(
            ("0, 0, 0", "null, null, null", "999.999, 999.999, 2147483647", "0.001, 0.002, -2147483648")
        ):
            c.execute(
                f"insert into register.parcel (county_code, code, name, publication_state, far_min, far_max, power_kva, geom) values "
                f"(%s, %s, %s, 'internal', {values}, st_multi(st_makeenvelope(121.88, 29.6, 121.8800001, 29.6000001, 4490)))",
                [COUNTY, f"HID{i}", "%_\\'\";--" * (i + 1)],
            )
    return world


FILTERS = (
    "far_max / far_min > 1", "power_kva / far_min >= 0", "power_kva % power_kva = 0", "power_kva * power_kva * power_kva > 5",
    "power_kva ^ 9 > 0", "far_max - far_min > 0 AND NOT (power_kva div far_min < 3)", "name LIKE '%\\%'", "CASEI(name) LIKE CASEI('地%')",
    "S_INTERSECTS(geom, BBOX(121,29,122,30))", "S_DISJOINT(geom, POINT(0 0))", "S_WITHIN(geom, POLYGON((121 29,123 29,123 30,121 30,121 29)))",
    "A_CONTAINS(utilities, ('road'))", "T_AFTER(updated_at, TIMESTAMP('2000-01-01T00:00:00Z'))", "far_min IS NULL", "地块 = 1 OR far_min = 1",
)  # fmt: skip


@pytest.mark.parametrize("text", FILTERS)
async def test_a_filter_tells_nothing_of_hidden_rows(service: httpx.AsyncClient, hidden: World, text: str) -> None:
    async def told() -> tuple[int, object]:
        answers = []
        for sort in ("", "-far_min", "name"):
            response = await service.get(
                ITEMS, params={"filter": text, "limit": 100} | ({"sortby": sort} if sort else {})
            )
            body = response.json()
            body.pop("timeStamp", None)
            body.pop("request_id", None)
            answers.append((response.status_code, json.dumps(body, sort_keys=True)))
        return answers[0][0], answers

    with_hidden = await told()
    assert with_hidden[0] in (200, 400)
    with psycopg.connect(hidden.owner_url, autocommit=True) as c:
        kept = c.execute(
            "select code, geom::text, far_min, far_max, power_kva, name from register.parcel where code like 'HID%'"
        ).fetchall()
        c.execute("delete from register.parcel where code like 'HID%'")
        without = await told()
        for code, geom, far_min, far_max, power, name in kept:
            c.execute(
                "insert into register.parcel (county_code, code, name, publication_state, far_min, far_max, power_kva, geom) "
                "values (%s, %s, %s, 'internal', %s, %s, %s, %s)",
                [COUNTY, code, name, far_min, far_max, power, geom],
            )
    assert with_hidden == without


async def test_chinese_names_and_other_parameters_go_together(
    service: httpx.AsyncClient, bearer: dict[str, dict[str, str]], hidden: World
) -> None:
    async def found(**params: str) -> list[str]:
        response = await service.get(ITEMS, params=params, headers=bearer["leader"])
        assert response.status_code == 200, response.text
        return [f["id"] for f in response.json()["features"]]

    assert await found(filter="容积率下限 = 1 AND 规划用途 = '100102'") == ["PUB"]
    assert await found(filter="land_use_code = '100102'", bbox="121.885,29,122,30") == ["INT", "TWO"]
    assert await found(filter="land_use_code = '100102'", bbox="121.885,29,122,30", unit_code="U2") == ["TWO"]
    as_json = json.dumps({"op": "=", "args": [{"property": "容积率下限"}, 1]})
    assert await found(**{"filter": as_json, "filter-lang": "cql2-json"}) == ["PUB"]
    lat_first = "S_INTERSECTS(geom, POINT(29.6005 121.8805))"
    epsg4490 = "http://www.opengis.net/def/crs/EPSG/0/4490"
    assert await found(**{"filter": lat_first, "filter-crs": epsg4490}) == ["PUB"]
    assert await found(filter="S_INTERSECTS(geom, POINT(121.8805 29.6005))") == ["PUB"]


async def test_pages_of_a_filter_hold_together(service: httpx.AsyncClient, bearer: dict[str, dict[str, str]], hidden: World) -> None:  # fmt: skip
    at, found = f"{ITEMS}?limit=1&filter=land_use_code='100102'", []
    while at:
        page = (await service.get(at, headers=bearer["leader"])).json()
        assert page["numberMatched"] == 3
        found += [f["id"] for f in page["features"]]
        at = next((link["href"] for link in page["links"] if link["rel"] == "next"), "")
    assert found == ["INT", "PUB", "TWO"]


@pytest.mark.parametrize(
    ("params", "parameter"),
    [
        ({"filter": "contract_on IS NULL"}, "filter"), ({"filter": "nothing = 1"}, "filter"), ({"filter": "name = 'open"}, "filter"),
        ({"filter": "(" * 10_000}, "filter"), ({"filter": "NOT " * 10_000 + "name = 'a'"}, "filter"), ({"filter": "'" * 20_000}, "filter"),
        ({"filter": "name = 'a'; drop table register.parcel"}, "filter"), ({"filter": "name = 1"}, "filter"), ({"filter": ""}, "filter"),
        ({"filter": "pg_sleep(9) = 1"}, "filter"), ({"filter": "S_INTERSECTS(geom, POLYGON((0 0,1 1,1 0,0 1,0 0)))"}, "filter"),
        ({"filter": "{}", "filter-lang": "cql2-json"}, "filter"), ({"filter": "name='a'", "filter-lang": "sql"}, "filter-lang"),
        ({"filter-lang": "cql2-text"}, "filter-lang"), ({"filter-crs": "EPSG:4490"}, "filter-crs"),
        ({"filter": "name='a'", "filter-crs": "EPSG:1"}, "filter-crs"),
    ],
)  # fmt: skip
async def test_what_cannot_be_is_refused_with_its_place(service: httpx.AsyncClient, params: dict[str, str], parameter: str) -> None:  # fmt: skip
    response = await service.get(ITEMS, params=params)
    assert response.status_code == 400, response.text
    assert response.json()["errors"][0]["parameter"] == parameter
    assert len(response.content) < 4_000
