"""/v1/{collection}/{code}/surroundings: right distances, validity and rights, through the real service and database."""

from __future__ import annotations

from typing import Any

import httpx
import psycopg
import pytest
from pyproj import Transformer

from tests.plugins.service import COUNTY, World

pytestmark = pytest.mark.anyio

EDGE = (121.881, 29.6005)
"""The middle of the east edge of the parcel PUB, whose square ends there."""


def _point(lon: float, lat: float) -> str:
    return f"SRID=4490;POINT({lon} {lat})"


def _box(west: float, south: float, east: float, north: float) -> str:
    return f"SRID=4490;MULTIPOLYGON((({west} {south},{east} {south},{east} {north},{west} {north},{west} {south})))"


@pytest.fixture(scope="module")
def around(world: World) -> World:
    """Stations, firms, clauses, a park with works and a building around the parcel PUB."""
    here, far = _box(121.87, 29.59, 121.885, 29.61), _box(121.5, 29.1, 121.51, 29.11)
    with psycopg.connect(world.owner_url, autocommit=True) as c:

        def add(table: str, **values: Any) -> None:
            names, places = ", ".join(values), ", ".join("%s" for _ in values)
            c.execute(
                f"insert into register.{table} (county_code, {names}) values (%s, {places})", [COUNTY, *values.values()]
            )

        def thing(table: str, code: str, geom: str | None, state: str = "published", **values: Any) -> None:
            add(table, code=code, name=code, geom=geom, publication_state=state, **values)

        add("data_source", code="SRC", name="测绘", name_en="Survey", data_date="2026-01-31")
        source = c.execute("select id from register.data_source where code = 'SRC'").fetchone()[0]  # type: ignore[index]
        for code in ("C1", "C2"):
            add("chain", code=code, name=code)
        thing("park", "PK", here, kind="industrial_park", contact_desk="招商窗口")
        c.execute("update register.parcel set park_code = 'PK' where code = 'PUB'")
        add("parcel_chain", parcel_code="PUB", chain_code="C1")
        thing("transport_feature", "NEAR", _point(121.9, 29.6005), kind="station", data_source_id=source)
        thing("transport_feature", "NEARER-IN-DEGREES", _point(121.881, 29.6178), kind="station")
        thing(
            "transport_feature",
            "SOON",
            _point(121.885, 29.6),
            kind="station",
            status="planned",
            expected_on="2030-01-01",
        )
        thing("transport_feature", "SECRET", _point(121.8815, 29.6005), "internal", kind="station")
        thing(
            "transport_feature", "N1", "SRID=4490;LINESTRING(121.8 29.65,122 29.65)", kind="road", road_class="national"
        )
        thing(
            "transport_feature",
            "STREET",
            "SRID=4490;LINESTRING(121.8 29.602,122 29.602)",
            kind="road",
            road_class="street",
        )
        for code, during, result in (
            ("NOW", "[2020-01-01,2090-01-01)", "passed"),
            ("OVER", "[2020-01-01,2021-01-01)", "passed"),
            ("RAW", "[2020-01-01,2090-01-01)", "unreviewed"),
        ):
            add("policy", code=code, name=code, valid_during=during, fair_review_result=result)
            thing("policy_clause", f"{code}-1", here, policy_code=code, clause_no="1")
        for code, geom, chain in (
            ("COUNTY", None, None),
            ("ELSEWHERE", far, None),
            ("C1-ONLY", here, "C1"),
            ("C2-ONLY", here, "C2"),
        ):
            thing("policy_clause", code, geom, policy_code="NOW", clause_no=code, chain_code=chain)
        for number, (lon, state) in enumerate(
            ((121.8805, "published"), (121.90, "published"), (121.95, "published"), (121.88, "internal"))
        ):
            thing(
                "enterprise",
                f"E{number}",
                _point(lon, 29.6005),
                state,
                chain_code="C1" if number else None,
                credit_code=None,
            )
        thing("building", "B1", None, kind="factory", parcel_code="PUB", park_code="PK")
        thing("building", "B2", None, "internal", kind="factory", parcel_code="PUB")
        for code, start, end, started, finished in (
            ("W1", "2020-01-01", "2021-01-01", "2020-01-01", "2020-12-01"), ("W2", "2020-01-01", "2021-01-01", "2020-01-01", None),
            ("W3", "2020-01-01", "2090-01-01", "2020-01-01", None), ("W4", "2090-01-01", "2091-01-01", None, None),
        ):  # fmt: skip
            add("park_work", code=code, park_code="PK", name=code, kind="road", planned_start_on=start, planned_end_on=end,
                started_on=started, finished_on=finished)  # fmt: skip
        thing("parcel", "BARE", None)
    return world


async def told(service: httpx.AsyncClient, path: str, **more: Any) -> dict[str, Any]:
    answer = await service.get(f"/v1/{path}/surroundings", **more)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_distances_are_metres_of_the_survey_crs_from_the_edge(around: World, service: httpx.AsyncClient) -> None:
    transport = (await told(service, "parcels/PUB"))["transport"]
    assert (transport["method"], transport["survey_srid"]) == ("straight_line", 4529)
    stations = {d["status"]: d for d in transport["destinations"] if d["kind"] == "station"}
    metres = Transformer.from_crs(4490, 4529, always_xy=True)
    (x1, y1), (x2, y2) = metres.transform(*EDGE), metres.transform(121.9, 29.6005)
    assert stations["built"]["code"] == "NEAR", "a degree of longitude is shorter than one of latitude"
    assert stations["built"]["distance_m"] == pytest.approx(((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5, abs=1)
    assert (stations["planned"]["code"], stations["planned"]["expected_on"]) == ("SOON", "2030-01-01")
    assert [d["code"] for d in transport["destinations"] if d["kind"] == "road"] == ["N1"]
    assert {"name": "测绘", "name_en": "Survey", "data_date": "2026-01-31", "is_sample": False} in transport["sources"]


async def test_clauses_hold_by_place_chain_and_date(
    around: World, service: httpx.AsyncClient, bearer: dict[str, dict[str, str]]
) -> None:
    public = {c["code"]: c for c in (await told(service, "parcels/PUB"))["policies"]["clauses"]}
    assert set(public) == {"NOW-1", "COUNTY", "C1-ONLY"}
    assert (public["NOW-1"]["valid_to"], public["NOW-1"]["scope"]) == ("2089-12-31", "area")
    assert public["COUNTY"]["scope"] == "county"
    staff = {
        c["code"]: c for c in (await told(service, "parcels/PUB", headers=bearer["bureau"]))["policies"]["clauses"]
    }
    assert set(staff) == {*public, "OVER-1", "RAW-1"}
    assert [c for c in staff if not staff[c]["is_in_force"]] == ["OVER-1"]


async def test_firms_are_counted_by_chain_and_only_public_ones(
    around: World, service: httpx.AsyncClient, bearer: dict[str, dict[str, str]]
) -> None:
    firms = (await told(service, "parcels/PUB"))["enterprises"]
    assert firms["firm_count"] == 2
    assert firms["by_chain"] == [{"chain_code": "C1", "firm_count": 1}, {"chain_code": None, "firm_count": 1}]
    assert [(f["code"], f["distance_m"] > 0) for f in firms["nearest"]] == [("E0", False), ("E1", True)]
    assert set(firms["nearest"][0]) == {
        "code",
        "name",
        "name_en",
        "chain_code",
        "size_class",
        "is_sample",
        "distance_m",
    }
    assert (await told(service, "parcels/PUB", headers=bearer["bureau"]))["enterprises"]["firm_count"] == 3


async def test_a_park_tells_its_works_firms_and_desk(around: World, service: httpx.AsyncClient) -> None:
    park = await told(service, "parks/PK")
    assert [(w["code"], w["state"]) for w in park["works"]] == [
        ("W1", "built"),
        ("W2", "late"),
        ("W3", "building"),
        ("W4", "planned"),
    ]
    assert (park["enterprises"]["radius_m"], park["enterprises"]["firm_count"]) == (0, 1)
    assert park["contacts"] == [
        {"of": "park", "name": "PK", "name_en": None, "contact_desk": "招商窗口", "phone": None}
    ]
    parcel = await told(service, "parcels/PUB")
    assert [p["code"] for p in parcel["lies_in"]] == ["PK"]
    assert [r["code"] for r in parcel["related"]] == ["B1"], "an internal building is not told to the public"
    assert {c["of"] for c in parcel["contacts"]} == {"park", "unit"}


async def test_a_thing_without_a_place_is_no_error(
    around: World, service: httpx.AsyncClient, bearer: dict[str, dict[str, str]]
) -> None:
    bare = await told(service, "parcels/BARE")
    assert bare["is_located"] is False
    assert bare["transport"]["destinations"] == []
    assert [c["code"] for c in bare["policies"]["clauses"]] == ["COUNTY"]
    assert bare["enterprises"]["firm_count"] == 0


@pytest.mark.parametrize("path", ["parcels/INT", "parcels/NOPE", "enterprises/E0", "controls/L1", "nonsense/X"])
async def test_what_is_hidden_or_has_none_is_not_found(around: World, service: httpx.AsyncClient, path: str) -> None:
    answer = await service.get(f"/v1/{path}/surroundings")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("application/problem+json")


async def test_it_is_described(service: httpx.AsyncClient) -> None:
    document = (await service.get("/openapi.json")).json()
    operation = document["paths"]["/v1/{collection_id}/{code}/surroundings"]["get"]
    assert operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].endswith("/Surroundings")
    assert "featured_towns" in operation["parameters"][0]["schema"]["enum"]
