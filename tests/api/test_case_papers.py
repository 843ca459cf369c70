# ruff: noqa: F811 - a fixture is asked for by the name it is imported under
"""Papers of the steps of a case: kept with the step, given back byte by byte, to staff only; refused whole where one cannot be taken."""

from __future__ import annotations

import httpx
import psycopg
import pytest

from tests.api.test_cases import CASE, CLERK, idle, step, worked_to  # noqa: F401
from tests.plugins.service import World

pytestmark = pytest.mark.anyio
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 1500
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
PAPERS = "/v1/parcels/{}/case/events/{}/papers"
Files = list[tuple[str, tuple[str, bytes]]]


def files(**named: bytes) -> Files:
    return [("file", (name.replace("_", "."), data)) for name, data in named.items()]


@pytest.fixture
async def event(service: httpx.AsyncClient, bearer: CLERK, idle: str) -> int:
    """The number of the step that served the notice."""
    assert (await step(service, bearer["clerk"], idle, "OPEN", "2024-03-04")).status_code == 201
    await worked_to(service, bearer["clerk"], idle, "NOTICE_SERVED")
    return int((await service.get(CASE.format(idle), headers=bearer["clerk"])).json()["events"][-1]["id"])


async def test_a_notice_is_kept_with_its_step_and_given_back(
    world: World,
    service: httpx.AsyncClient,
    bearer: CLERK,
    idle: str,
    event: int,
) -> None:
    clerk, path = bearer["clerk"], PAPERS.format(idle, event)
    sent = await service.post(
        path, files=[("file", ("../a/通知书.pdf", PDF)), ("file", ("现场.png", PNG))], headers=clerk
    )
    assert sent.status_code == 201, sent.text
    again = await service.post(path, files=files(other_pdf=PDF), headers=clerk)
    assert again.json()["papers"] == sent.json()["papers"][:1]
    told = (await service.get(CASE.format(idle), headers=clerk)).json()["events"][-1]["papers"]
    assert [(p["file_name"], p["media_type"], p["byte_size"]) for p in told] == [
        ("通知书.pdf", "application/pdf", len(PDF)),
        ("现场.png", "image/png", len(PNG)),
    ]
    got = await service.get(told[0]["href"], headers=clerk)
    assert got.content == PDF
    assert got.headers["content-disposition"].startswith("attachment;")
    assert (await service.get(told[0]["href"])).status_code == 401
    page = await service.get(f"/desk/cases/{idle}", headers=clerk | {"Accept": "text/html"})
    assert page.status_code in (200, 404)  # pages are served by map_frontend, not by this client
    with psycopg.connect(world.owner_url) as c, pytest.raises(psycopg.Error, match="does not change"):
        c.execute("update register.stored_file set file_name = 'x' where role = 'scan'")
    with psycopg.connect(world.owner_url) as c, pytest.raises(psycopg.Error, match="never changed or removed"):
        c.execute("delete from register.case_paper")


@pytest.mark.parametrize(
    ("named", "status"),
    [
        ({}, 400),
        ({"leer_pdf": b""}, 400),
        ({"a_pdf": b"<html><script>alert(1)</script>"}, 400),
        ({"good_pdf": PDF, "bad_svg": b"<svg onload='alert(1)'/>"}, 400),
        ({f"n{n}_pdf": PDF + bytes([n]) for n in range(11)}, 400),
        ({"huge_pdf": b"%PDF-" + b"0" * (40 * 1024 * 1024)}, 413),
    ],
)
async def test_what_cannot_be_a_paper_is_refused_whole(
    service: httpx.AsyncClient,
    bearer: CLERK,
    idle: str,
    event: int,
    named: dict[str, bytes],
    status: int,
) -> None:
    clerk = bearer["clerk"]
    answer = await service.post(PAPERS.format(idle, event), files=files(**named) or None, headers=clerk)
    assert answer.status_code == status, answer.text
    assert (await service.get(CASE.format(idle), headers=clerk)).json()["events"][-1]["papers"] == []


async def test_papers_follow_the_rights_of_the_parcel(
    service: httpx.AsyncClient,
    bearer: CLERK,
    idle: str,
    event: int,
) -> None:
    sent = files(a_pdf=PDF)
    assert (await service.post(PAPERS.format(idle, event), files=sent)).status_code == 401
    assert (await service.post(PAPERS.format(idle, event), files=sent, headers=bearer["leader"])).status_code == 403
    for code, number in (("TWO", event), (idle, 0), (idle, "x"), (idle, 2**70), ("NO", event)):
        answer = await service.post(PAPERS.format(code, number), files=sent, headers=bearer["clerk"])
        assert answer.status_code == 404, (code, number, answer.text)
    for number in ("0", "-1", "x", "9" * 40):
        assert (await service.get(f"/v1/case-papers/{number}", headers=bearer["clerk"])).status_code == 404
    back = await service.get(CASE.format(idle), headers=bearer["clerk"])
    version = (await service.get(f"/ogc/collections/parcels/items/{idle}", headers=bearer["clerk"])).headers["etag"]
    taken = await service.post(
        CASE.format(idle), json={"retracts": back.json()["events"][-1]["id"], "note": "误记"},
        headers=bearer["clerk"] | {"If-Match": version},
    )  # fmt: skip
    assert taken.status_code == 201, taken.text
    late = await service.post(PAPERS.format(idle, event), files=sent, headers=bearer["clerk"])
    assert late.status_code == 409
