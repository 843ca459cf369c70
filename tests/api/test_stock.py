"""The stock over HTTP: totals, parcels page by page, gaps, the workbook; staff only; what cannot be asked is named."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import httpx
import openpyxl
import psycopg
import pytest

from geo.landuse.classes import land_classes
from tests.plugins.service import World

pytestmark = pytest.mark.anyio
PATHS = ("/v1/stock", "/v1/stock/parcels", "/v1/stock/gaps", "/v1/stock.xlsx")
Staff = dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def waiting(world: World) -> World:
    """PUB is suspected idle since 2023, INT cannot be judged; TWO has a name that looks like a formula."""
    with psycopg.connect(world.owner_url, autocommit=True) as c:
        c.execute("update register.parcel set name = '=1+1', registered_area_m2 = 20000 where code = 'PUB'")
        c.execute("update register.parcel set registered_area_m2 = 10000 where code = 'INT'")
        for code, kind, value in (("PUB", "contract_on", "2021-03-01"), ("PUB", "agreed_start_on", "2022-03-15"), ("INT", "contract_on", "2021-03-01")):  # fmt: skip
            c.execute(
                "insert into register.fact (county_code, subject_kind, subject_id, kind, value_date, effective_on) "
                "select county_code, 'parcel', id, %s, %s, '2021-03-01' from register.parcel where code = %s",
                [kind, value, code],
            )
    return world


@pytest.fixture
async def judged(service: httpx.AsyncClient, waiting: World, bearer: Staff) -> httpx.AsyncClient:
    """The service after a fact of each parcel brought its leads up to date."""
    for code in ("PUB", "INT"):
        tag = (await service.get(f"/ogc/collections/parcels/items/{code}", headers=bearer["clerk"])).headers["etag"]
        fact = {"kind": "approved_on", "value": "2020-01-01", "effective_on": "2020-01-01"}
        done = await service.post(f"/v1/parcels/{code}/facts", json=fact, headers=bearer["clerk"] | {"If-Match": tag})
        assert done.status_code == 201, done.text
    return service


async def get(client: httpx.AsyncClient, who: Staff, path: str, **query: str) -> Any:
    response = await client.get(path, params=query, headers=who["leader"])
    assert response.status_code == 200, response.text
    return response.json()


async def test_a_horizon_further_than_is_kept_is_named(judged: httpx.AsyncClient, bearer: Staff) -> None:
    for path in PATHS:
        near = await judged.get(path, params={"within_days": "90"}, headers=bearer["leader"])
        far = await judged.get(path, params={"within_days": "367"}, headers=bearer["leader"])
        assert (near.status_code, far.status_code) == (200, 400), path
        assert far.json()["errors"][0]["parameter"] == "within_days"


async def test_totals_and_what_is_behind_them(judged: httpx.AsyncClient, bearer: Staff) -> None:
    found = await get(judged, bearer, "/v1/stock", by="unit")
    assert [c["code"] for c in found["classes"]] == [c.code for c in land_classes()]
    (u1,) = found["rows"]
    assert (u1["key"], u1["name"]["zh"]) == ("U1", "西周镇")
    assert (u1["cells"]["supplied"]["parcels"], u1["cells"]["supplied"]["area_mu"], u1["undecided"]["area_m2"]) == (
        1,
        30,
        10000,
    )
    assert found["totals"]["total"]["suspected_idle"]["parcels"] == 1
    assert "UNDER-06" in found["counting_rule"]["en"]
    listed = await get(judged, bearer, "/v1/stock/parcels", **{"class": "supplied", "unit": "U1"})
    assert [(p["code"], p["level"], p["is_suspected_idle"]) for p in listed["parcels"]] == [("PUB", "RED", True)]
    first = await get(judged, bearer, "/v1/stock/parcels", sort="area", limit="1")
    second = await get(judged, bearer, "/v1/stock/parcels", sort="area", limit="1", cursor=first["next_cursor"])
    assert [p["code"] for p in first["parcels"] + second["parcels"]] == ["PUB", "INT"]
    assert second["next_cursor"] is None
    gap = next(g for g in (await get(judged, bearer, "/v1/stock/gaps"))["gaps"] if g["fact"] == "agreed_start_on")
    assert (gap["parcels"], gap["area_m2"], gap["name"]["zh"]) == (1, 10000, "约定动工开发日期")
    behind = await get(judged, bearer, "/v1/stock/parcels", missing="agreed_start_on")
    assert [p["code"] for p in behind["parcels"]] == ["INT"]


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_the_workbook_holds_numbers_and_no_formula(judged: httpx.AsyncClient, bearer: Staff, lang: str) -> None:
    response = await judged.get("/v1/stock.xlsx", params={"lang": lang, "by": "town"}, headers=bearer["leader"])
    assert response.status_code == 200, response.text
    assert "attachment" in response.headers["content-disposition"]
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    assert book.sheetnames == (["矩阵", "地块", "缺失事实"] if lang == "zh" else ["Matrix", "Parcels", "Missing facts"])
    for sheet in book.worksheets:
        assert isinstance(sheet["B2"].value, date)
        assert "UNDER-06" in sheet["B4"].value
        assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
    matrix, parcels, gaps = book.worksheets
    last = [cell.value for cell in matrix[matrix.max_row]]
    assert last[3:5] == [30, 1]
    assert (matrix.cell(matrix.max_row, 4).number_format, matrix.cell(matrix.max_row, 5).number_format) == (
        "#,##0.00",
        "#,##0",
    )
    rows = {row[1].value: [cell.value for cell in row] for row in parcels.iter_rows(min_row=7)}
    assert set(rows) == {"PUB", "INT"}
    assert (rows["PUB"][2], rows["PUB"][3]) == ("=1+1", 30)
    assert gaps.max_row > 6


async def test_the_public_sees_nothing(service: httpx.AsyncClient) -> None:
    for path in PATHS:
        assert (await service.get(path)).status_code == 401


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ({"class": "x"}, "class"), ({"by": "owner"}, "by"), ({"unit": "a\x00b"}, "unit"), ({"age": "1 or 1=1"}, "age"), ({"what": "1"}, "what"),
        ({"sort": "name"}, "sort"), ({"cursor": "zzz"}, "cursor"), ({"limit": "0"}, "limit"), ({"rule": "IDLE-01"}, "rule"), ({"idle": "0"}, "idle"),
    ],
)  # fmt: skip
async def test_what_cannot_be_asked_is_named(
    service: httpx.AsyncClient, bearer: Staff, path: str, query: dict[str, str], fault: str
) -> None:
    response = await service.get(path, params=query, headers=bearer["leader"])
    assert response.status_code == 400, response.text
    assert response.headers["content-type"].startswith("application/problem+json")
    assert response.json()["errors"][0]["parameter"] == fault


async def test_a_cursor_of_another_query_is_refused(judged: httpx.AsyncClient, bearer: Staff) -> None:
    first = await get(judged, bearer, "/v1/stock/parcels", sort="area", limit="1")
    other = {"sort": "age", "limit": "1", "cursor": first["next_cursor"]}
    assert (await judged.get("/v1/stock/parcels", params=other, headers=bearer["leader"])).status_code == 400
