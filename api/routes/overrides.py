"""What staff said of a lead: "this flag is wrong because ...". The lead stays beside it."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.body import body_of
from api.case_shapes import override_shown
from api.deps import ReaderDep, Transaction, etag, known_parameters, version_of
from api.routes.account import local_path
from geo.clock import today
from geo.errors import BadInput, NotFound, Problem, StaleVersion
from geo.landuse.cases.overriding import override, take_override_back
from geo.landuse.cases.queries import overrides_of
from geo.registry.queries import item

router = APIRouter(prefix="/v1", tags=["cases"])


@router.get("/parcels/{code}/findings/{rule_id}/override")
async def read_override(
    code: str, rule_id: str, request: Request, reader: ReaderDep, connection: Transaction
) -> dict[str, Any]:
    """What was said of one lead of a parcel, and whether it still speaks of what the rule answers. Staff only; raises NotFound."""
    reader.must_be_staff()
    known_parameters(request)
    thing = await item(connection, reader.actor, "parcels", reader.county.code, code)
    said = (await overrides_of(connection, [thing.id])).get((thing.id, rule_id))
    if said is None:
        raise NotFound(Problem(zh="没有人说过这条线索不对", en="nobody has said that this lead is wrong"))
    return override_shown(said)


@router.post("/parcels/{code}/findings/{rule_id}/override", status_code=201)
async def tell_override(
    code: str, rule_id: str, request: Request, reader: ReaderDep, connection: Transaction
) -> Response:
    """Say that a lead is wrong: JSON or form with `reason`, optional `document_no`; or take that back with `retract=1`, optional `note`.

    Needs If-Match (or the form field `if_match`): the ETag of the parcel. A form is answered with 303 to `next` or the parcel's page.
    """
    reader.must_be_staff()
    given, is_form = await body_of(request)
    version = version_of(request.headers.get("if-match") or given.get("if_match"))
    if given.get("retract", "") not in ("", "0", "1"):
        raise BadInput.at("retract", Problem(zh="retract 应为 0 或 1", en="retract is 0 or 1"))
    county = reader.county.code
    try:
        if given.get("retract") == "1":
            now = await take_override_back(
                connection, reader.actor, county, code, rule_id, given.get("note") or None, version=version
            )
        else:
            now = await override(
                connection, reader.actor, county, code, rule_id, given.get("reason"), given.get("document_no") or None,
                version=version, today=today(reader.county.time_zone),
            )  # fmt: skip
    except StaleVersion as stale:
        stale.extra["current_etag"] = etag(code, stale.extra.pop("current_version"))
        raise
    headers = {"ETag": etag(code, now)}
    if is_form:
        return RedirectResponse(local_path(given.get("next") or f"/parcels/{code}?county={county}"), 303, headers)
    return Response(orjson.dumps({"rule_id": rule_id, "version": now}), 201, headers, "application/json")
