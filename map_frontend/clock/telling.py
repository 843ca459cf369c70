"""POST /parcels/{code}/clock: look at the effect of a pause, save it, undo what was saved; a conflict keeps what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.body import body_of
from api.deps import Reader, ReaderDep, Transaction, version_of
from geo.clock import today
from geo.errors import BadInput, Conflict, Forbidden, GeoError, NotFound, Problem, StaleVersion
from geo.landuse.clock.parcel_clock import parcel_clock
from geo.landuse.pauses.commands import Recorded, check_told, record_pause, retract_pause, undo_pause
from geo.landuse.pauses.queries import Pause
from geo.registry.queries import item
from map_frontend.clock.page import answer_page, staff_only
from map_frontend.clock.pause_form import FIELDS, Asked, act_of, number_of, target_of, whole
from map_frontend.things.status_form import may_write
from map_frontend.words import Words

router = APIRouter(include_in_schema=False)
STEPS = ("preview", "save", "undo")
STATUS: dict[type[GeoError], int] = {StaleVersion: 412, Conflict: 409, NotFound: 404, BadInput: 400}


@router.post("/parcels/{code}/clock")
async def tell(code: str, request: Request, reader: ReaderDep, connection: Transaction) -> Response:
    """One step of the form: `do` = preview, save or undo. What cannot be saved comes back as it was typed, with the reason."""
    staff_only(reader)
    given, _ = await body_of(request)
    step = given.get("do", "")
    if step not in STEPS:
        listed = ", ".join(STEPS)
        raise BadInput.at("do", Problem(zh="没有这一步", en="there is no such step"), Problem(zh=listed, en=listed))
    found = await item(connection, reader.actor, "parcels", reader.county.code, code)
    if not may_write(reader, found):
        raise Forbidden(
            Problem(zh="您的账号不能登记这宗地的停表", en="this account may not tell of pauses of this parcel")
        )
    if step == "undo":
        done = await _undo(code, reader, connection, given)
        return _back(request, reader, code, undone=done.pause_id)
    asked = Asked(
        act_of(given.get("act", "")), number_of("id", given.get("id")), {f: given[f] for f in FIELDS if f in given}
    )
    try:
        clock = await parcel_clock(
            connection, reader.actor, reader.county.code, found.id, today(reader.county.time_zone)
        )
        target = target_of(clock, asked)
        await _check(reader, connection, asked, target, is_saved=step == "save")
        if step == "preview":
            shown = replace(asked, wants_effect=True)
            return await answer_page(code, request, reader, connection, asked=shown)
        saved = await _save(code, reader, connection, given, asked, target)
    except (StaleVersion, Conflict, NotFound, BadInput) as refused:
        return await _as_typed(code, request, reader, connection, asked, refused)
    return _back(request, reader, code, saved=saved.pause_id)


async def _check(
    reader: Reader, connection: Transaction, asked: Asked, target: Pause | None, *, is_saved: bool
) -> None:
    if asked.act != "take_back":
        return await check_told(connection, whole(asked, target), today(reader.county.time_zone))
    if is_saved and not (asked.given or {}).get("note", "").strip():
        raise BadInput.at("note", Problem(zh="请写明撤回的理由", en="say why it is taken back"))
    return None


async def _save(
    code: str, reader: Reader, connection: Transaction, given: Mapping[str, str], asked: Asked, target: Pause | None
) -> Recorded:
    version, day = version_of(given.get("if_match")), today(reader.county.time_zone)
    if asked.act == "take_back" and target is not None:
        return await retract_pause(
            connection,
            reader.actor,
            reader.county.code,
            code,
            target.id,
            version=version,
            today=day,
            note=given.get("note"),
        )
    return await record_pause(
        connection, reader.actor, reader.county.code, code, whole(asked, target), version=version, today=day,
        retracts=None if target is None else target.id, is_whole=True,
    )  # fmt: skip


async def _undo(code: str, reader: Reader, connection: Transaction, given: Mapping[str, str]) -> Recorded:
    row = number_of("id", given.get("id"))
    if row is None:
        raise BadInput.at("id", Problem(zh="缺少编号", en="the number is missing"))
    version, day = version_of(given.get("if_match")), today(reader.county.time_zone)
    return await undo_pause(connection, reader.actor, reader.county.code, code, row, version=version, today=day)


async def _as_typed(
    code: str, request: Request, reader: Reader, connection: Transaction, asked: Asked, refused: GeoError
) -> Response:
    """The page with the form as it was sent. A pause that is gone meanwhile leaves what was typed as a new one."""
    words = Words(reader.lang, {}, reader.county.time_zone)
    said = words("clock.pause.stale") if isinstance(refused, StaleVersion) else words("clock.pause.not_taken")
    is_gone = isinstance(refused, NotFound | Conflict)
    shown = replace(asked, faults=tuple(refused.faults), message=said)
    if is_gone:
        shown = replace(shown, act="new", pause_id=None)
    return await answer_page(code, request, reader, connection, status=STATUS[type(refused)], asked=shown)


def _back(request: Request, reader: Reader, code: str, **done: int) -> Response:
    query = {"county": reader.county.code} | {k: v for k, v in request.query_params.items() if k == "lang"} | done
    return RedirectResponse(f"/parcels/{quote(code, safe='')}/clock?{urlencode(query)}#pauses", 303)
