"""`/desk/import`: send a file, watch the job, read what became of every row. All of it works without script."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response

from api.deps import Reader, ReaderDep, Transaction
from geo.errors import NotFound, Problem
from geo.registry.queries import code_words
from map_frontend import reading
from map_frontend.site import Page, page_for

router = APIRouter(include_in_schema=False)

INTO = ("parcels", "buildings", "parks", "featured_towns", "projects", "enterprises", "policies", "transport", "admin_areas",
        "controls", "ground_uses", "clock_pauses")  # fmt: skip
"""Collections a file can go into, in the order of the list on the page."""

RUNNING = frozenset({"queued", "running"})
ROWS_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is: `done` of `total` rows; a total of 0 is not known yet."""

    step: str
    done: int
    total: int


def _progress(batch: dict[str, Any]) -> Progress:
    told = batch["progress"] or {}
    return Progress(str(told.get("step") or ""), int(told.get("done") or 0), int(told.get("total") or 0))


async def _page(request: Request, reader: Reader, connection: Transaction) -> Page:
    page = page_for(request, reader, await code_words(connection), room="import")
    return page_for(request, reader, page.words.codes, room="import", title=page.words("import.title"))


@router.get("/desk/import")
async def import_page(request: Request, reader: ReaderDep, connection: Transaction) -> Response:
    """The form, and the latest batches of the county."""
    reader.must_be_staff()
    page = await _page(request, reader, connection)
    batches = await reading.import_batches(connection, reader.county.code)
    return page.answer(
        "import.html",
        into=INTO,
        batches=batches,
        chosen=request.query_params.get("into"),
        action=page.link("/v1/imports"),
    )


@router.get("/desk/import/{batch_id}")
async def batch_page(batch_id: int, request: Request, reader: ReaderDep, connection: Transaction) -> Response:
    """One batch: its progress while it runs (htmx asks again every second), then its report."""
    reader.must_be_staff()
    page = await _page(request, reader, connection)
    batch = await reading.import_batch(connection, reader.county.code, batch_id)
    if batch is None:
        raise NotFound.at("batch", Problem(zh=f"没有批次 {batch_id}", en=f"there is no batch {batch_id}"))
    rejected = await reading.rejected_rows(connection, batch_id, ROWS_SHOWN)
    is_fragment = request.headers.get("hx-request") == "true"
    response = page.answer(
        "import_state.html" if is_fragment else "import_batch.html",
        batch=batch,
        is_running=batch["state"] in RUNNING,
        progress=_progress(batch),
        actions=(batch["report"] or {}).get("actions") or {},
        rejected=rejected,
        can_undo=batch["state"].startswith("applied") and batch["undoes_batch_id"] is None and bool(reader.actor.units),
        undo=page.link(f"/v1/imports/{batch_id}/undo"),
        self_url=page.link(f"/desk/import/{batch_id}"),
        on_map=page.link("/", k=batch["collection"]),
    )
    response.headers["Vary"] = "Cookie, Accept-Language, HX-Request"
    return response
