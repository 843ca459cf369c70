"""Papers of the steps of a case over HTTP: sent and read by staff."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import UploadFile

from api.body import BIGGEST_ID
from api.deps import ReaderDep, engine_of
from api.routes.account import local_path
from geo.db import acting
from geo.errors import NotFound, Problem
from geo.landuse.cases.papers import add, paper_file, taken
from geo.registry.queries import item

router = APIRouter(prefix="/v1", tags=["cases"])
NAME_MAX = 200


@router.post("/parcels/{code}/case/events/{event_id}/papers", status_code=201)
async def send_papers(code: str, event_id: str, request: Request, reader: ReaderDep) -> Response:
    """multipart: one or several `file` (PDF, JPEG, PNG, TIFF) as papers of a step. All stand or fall together.

    201 with the papers' numbers; a form that wants a page is answered with 303 to `next` or the case's page.
    """
    reader.must_be_staff()
    form = await request.form()
    sent = [file for file in form.getlist("file") if isinstance(file, UploadFile) and file.filename]
    most = taken().file_max_bytes
    files = [(_name(str(file.filename)), await file.read(most + 1)) for file in sent[: taken().files_max + 1]]
    async with acting(engine_of(request), reader.actor, request.app.state.api.item_timeout_ms) as connection:
        thing = await item(connection, reader.actor, "parcels", reader.county.code, code)
        kept = await connection.run_sync(
            add, reader.actor.account, reader.county.code, thing.id, _number(event_id), files
        )
    if "text/html" in request.headers.get("accept", ""):
        given = form.get("next")
        default = f"/desk/cases/{quote(code)}?county={reader.county.code}"
        return RedirectResponse(local_path(given if isinstance(given, str) and given else default), 303)
    body: dict[str, Any] = {"papers": [{"id": paper, "href": f"/v1/case-papers/{paper}"} for paper in kept]}
    return Response(orjson.dumps(body), 201, media_type="application/json")


@router.get("/case-papers/{paper_id}", response_class=Response)
async def read_paper(paper_id: str, request: Request, reader: ReaderDep) -> Response:
    """A paper as it was sent, always as a file to save. Staff only."""
    reader.must_be_staff()
    async with acting(engine_of(request), reader.actor, request.app.state.api.item_timeout_ms) as connection:
        found = await paper_file(connection, reader.county.code, _number(paper_id))
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.file_name, safe='')}",
        "ETag": f'"{found.sha256.hex()[:32]}"',
        "Cache-Control": "private, no-cache",
    }
    return Response(found.data, 200, headers, found.media_type)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or int(text[:20]) > BIGGEST_ID:
        raise NotFound(Problem(zh="没有这份文件或这一步", en="there is no such paper or step"))
    return int(text)


def _name(given: str) -> str:
    """The file's own name: no folders, nothing that cannot be shown."""
    last = given.replace("\\", "/").rpartition("/")[2]
    return "".join(ch for ch in last if ch.isprintable())[:NAME_MAX] or "paper"
