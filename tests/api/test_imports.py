"""An import through the API: queued, carried out by a worker with the sender's rights, reported, taken back."""

from __future__ import annotations

import io
import json
from pathlib import Path

import geopandas as gpd
import httpx
import pytest
import shapely
from sqlalchemy import text

from geo.db import acting_sync, sync_engine
from geo.exchange.jobs import WORKER, take
from ops.worker import drain
from tests.plugins.service import World

pytestmark = pytest.mark.anyio


def plots(*codes: str, unit: str = "U1") -> bytes:
    frame = gpd.GeoDataFrame(
        {"code": list(codes), "unit_code": unit},
        geometry=[shapely.box(121.6 + i / 100, 29.4, 121.605 + i / 100, 29.405) for i in range(len(codes))],
        crs=4326,
    )
    return frame.to_json().encode()


async def send(
    service: httpx.AsyncClient, headers: dict[str, str], content: bytes, name: str = "plots.geojson", **data: str
) -> httpx.Response:
    return await service.post(
        "/v1/imports",
        headers=headers,
        files={"file": (name, io.BytesIO(content))},
        data={"collection": "parcels"} | data,
    )


async def test_a_file_becomes_parcels_with_the_senders_rights(
    service: httpx.AsyncClient, world: World, bearer: dict[str, dict[str, str]], tmp_path: Path
) -> None:
    queued = await send(service, bearer["clerk"], plots("N1", "N2", "N2"), publish="true")
    assert queued.status_code == 202, queued.text
    foreign = await send(service, bearer["clerk"], plots("N9", unit="U2"))
    broken = await send(service, bearer["clerk"], b"{")
    engine = sync_engine(world.owner_url)
    assert drain(engine) == 3
    report = (await service.get(queued.headers["location"], headers=bearer["clerk"])).json()
    assert report["state"] == "applied_with_rejects"
    assert report["report"]["actions"] == {"inserted": 2, "rejected": 1}
    assert report["not_taken"][0]["reason_code"] == "duplicate_code"
    rejects = await service.get(f"/v1/imports/{report['id']}/rejects", headers=bearer["clerk"])
    (tmp_path / "r.gpkg").write_bytes(rejects.content)
    assert list(gpd.read_file(tmp_path / "r.gpkg")["row_no"]) == [3]
    assert (await service.get("/ogc/collections/parcels/items/N1")).status_code == 200
    assert (await service.get(foreign.headers["location"], headers=bearer["clerk"])).json()["not_taken"][0][
        "reason_code"
    ] == "no_rights"
    failed = (await service.get(broken.headers["location"], headers=bearer["clerk"])).json()
    assert failed["state"] == "failed"
    assert failed["report"]["detail"]["zh"]
    undone = await service.post(f"/v1/imports/{report['id']}/undo", headers=bearer["clerk"])
    assert undone.json()["actions"] == {"removed": 2}
    assert (await service.get("/ogc/collections/parcels/items/N1")).status_code == 404
    engine.dispose()


async def test_who_may_not_import(service: httpx.AsyncClient, bearer: dict[str, dict[str, str]]) -> None:
    assert (await send(service, {}, plots("X"))).status_code == 401
    assert (await send(service, bearer["leader"], plots("X"))).status_code == 403
    assert (await service.get("/v1/imports")).status_code == 401


@pytest.mark.parametrize(
    ("content", "data", "field"),
    [
        (b"", {}, "file"),
        (b"{}", {"collection": "nothing"}, "into"),
        (b"{}", {"map": "[1"}, "map"),
        (b"{}", {"source_epsg": "x"}, "source_epsg"),
    ],
)
async def test_bad_requests_name_the_field(
    service: httpx.AsyncClient, bearer: dict[str, dict[str, str]], content: bytes, data: dict[str, str], field: str
) -> None:
    response = await send(service, bearer["clerk"], content, **data)
    assert response.status_code == 400, response.text
    assert response.json()["errors"][0]["parameter"] == field


async def test_a_job_whose_worker_is_gone_is_taken_up_again(
    service: httpx.AsyncClient, world: World, bearer: dict[str, dict[str, str]]
) -> None:
    queued = await send(service, bearer["bureau"], plots("R1"))
    engine = sync_engine(world.owner_url)
    assert take(engine) is not None  # and this worker dies here
    assert take(engine) is None
    with acting_sync(engine, WORKER) as c:
        c.execute(
            text("update register.import_batch set heartbeat_at = clock_timestamp() - interval '31 s' where id = :id"),
            {"id": queued.json()["id"]},
        )
    assert drain(engine) == 1
    assert (await service.get(queued.headers["location"], headers=bearer["bureau"])).json()["state"] == "applied"
    engine.dispose()


async def test_too_large_is_refused_before_it_is_read(
    service: httpx.AsyncClient, bearer: dict[str, dict[str, str]]
) -> None:
    response = await service.post(
        "/v1/imports",
        headers=bearer["clerk"]
        | {"Content-Length": str(300 * 1024 * 1024), "Content-Type": "multipart/form-data; boundary=x"},
        content=b"--x--",
    )
    assert response.status_code == 413
    assert json.loads(response.content)["type"] == "/problems/too-large"
