"""Pauses of a parcel's land clock: read and told by staff."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.body import body_of, day_of, number_of
from api.deps import Reader, ReaderDep, Transaction, etag, known_parameters, version_of
from api.ogc.parameters import OF_A_MOMENT, moment_of
from api.routes.account import local_path
from geo.clock import today
from geo.errors import BadInput, Problem, StaleVersion
from geo.landuse.pauses.commands import Recorded, Told, record_pause, retract_pause
from geo.landuse.pauses.queries import Pause, causes, every_pause_of, pauses_of
from geo.registry.moments import settle
from geo.registry.queries import item

router = APIRouter(prefix="/v1", tags=["pauses"])


@router.get("/pause-causes")
async def read_causes(reader: ReaderDep, connection: Transaction) -> list[dict[str, Any]]:
    """Causes a pause may have, with the article by which it stops the clock; staff only."""
    reader.must_be_staff()
    return [
        {"code": c.code, "kind": c.kind, "stops_clock": c.stops_clock, "name": c.name.zh, "name_en": c.name.en, "law": c.law, "article": c.article}
        for c in await causes(connection)
    ]  # fmt: skip


@router.get("/parcels/{code}/pauses")
async def read_pauses(
    code: str, request: Request, reader: ReaderDep, connection: Transaction, every: str | None = None
) -> list[dict[str, Any]]:
    """Pauses of a parcel that stand, by their first day; at a moment with `as_of`, `known_at`. Staff only.

    `every=1`: the whole ledger, the newest first, with what was corrected or taken back, when and by whom.
    """
    reader.must_be_staff()
    known_parameters(request, "every", *OF_A_MOMENT)
    moment = moment_of(request, reader)
    thing = await item(connection, reader.actor, "parcels", reader.county.code, code)
    if every not in (None, "0", "1"):
        raise BadInput.at("every", Problem(zh="every 应为 0 或 1", en="every is 0 or 1"))
    if every == "1":
        if moment is not None:
            raise BadInput.at(
                "every", Problem(zh="every 不与 as_of、known_at 同用", en="every does not go with as_of or known_at")
            )
        return await every_pause_of(connection, thing.id)
    if moment is None:
        found = await pauses_of(connection, thing.id, as_of=today(reader.county.time_zone))
    else:
        if moment.known_at is not None:
            await settle(connection, reader.actor, moment.known_at)
        found = await pauses_of(connection, thing.id, as_of=moment.as_of, known_at=moment.known_at)
    return [_shown(pause) for pause in found]


@router.post("/parcels/{code}/pauses", status_code=201)
async def tell_pause(code: str, request: Request, reader: ReaderDep, connection: Transaction) -> Response:
    """Record a pause: JSON or form with `from_on`, `cause`, optional `to_on` (none: the clock still stands), `document_no`, `note`.

    With `retracts` (the number of a pause) it ends or corrects that one, and what is not given stays; with `retracts` alone it takes
    the pause back. Needs If-Match (or the form field `if_match`). A form is answered with 303 to `next` or the parcel's page.
    """
    reader.must_be_staff()
    given, is_form = await body_of(request)
    version = version_of(request.headers.get("if-match") or given.get("if_match"))
    try:
        done = await _record(connection, reader, code, given, version)
    except StaleVersion as stale:
        stale.extra["current_etag"] = etag(code, stale.extra.pop("current_version"))
        raise
    headers = {"ETag": etag(code, done.version)}
    if is_form:
        return RedirectResponse(
            local_path(given.get("next") or f"/parcels/{code}?county={reader.county.code}"), 303, headers
        )
    body = orjson.dumps({"pause_id": done.pause_id, "version": done.version})
    return Response(body, 201, headers, "application/json")


async def _record(
    connection: Transaction, reader: Reader, code: str, given: Mapping[str, str], version: int
) -> Recorded:
    civil_today = today(reader.county.time_zone)
    retracts = number_of(
        "retracts", given, Problem(zh="retracts 应为停表的编号", en="retracts is the number of a pause")
    )
    told = Told(
        day_of("from_on", given), day_of("to_on", given), given.get("cause") or None, given.get("document_no") or None,
        given.get("note") or None,
    )  # fmt: skip
    if retracts is not None and (told.from_on, told.to_on, told.cause, told.document_no) == (None, None, None, None):
        return await retract_pause(
            connection, reader.actor, reader.county.code, code, retracts, version=version, today=civil_today, note=told.note
        )  # fmt: skip
    return await record_pause(
        connection, reader.actor, reader.county.code, code, told, version=version, today=civil_today, retracts=retracts
    )


def _shown(pause: Pause) -> dict[str, Any]:
    return {
        "id": pause.id, "from_on": pause.from_on, "to_on": pause.to_on, "days": pause.days(), "cause": pause.cause, "kind": pause.kind,
        "cause_zh": pause.cause_name.zh, "cause_en": pause.cause_name.en, "stops_clock": pause.stops_clock, "law": pause.law,
        "article": pause.article, "document_no": pause.document_no, "note": pause.note, "recorded_at": pause.recorded_at,
        "recorded_by": pause.recorded_by,
    }  # fmt: skip
