"""Facts of a thing: read by everyone who sees it, told by staff of its unit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import text

from api.body import body_of, day_of, number_of
from api.deps import Reader, ReaderDep, Transaction, etag, version_of
from api.routes.account import local_path
from geo.clock import today
from geo.errors import NotFound, Problem, StaleVersion
from geo.landuse.commands import recompute
from geo.registry.commands import Told, record_fact, retract_fact
from geo.registry.queries import facts_of, item

router = APIRouter(prefix="/v1", tags=["facts"])
WITH_FACTS = {"parcels": "parcel", "buildings": "building", "projects": "project", "enterprises": "enterprise"}


def subject_kind_of(collection_id: str) -> str:
    """The ledger's subject kind of a collection; raises NotFound for one without facts."""
    if collection_id not in WITH_FACTS:
        raise NotFound.at("collection", Problem(zh="这个集合没有事实", en="this collection has no facts"))
    return WITH_FACTS[collection_id]


@router.get("/{collection_id}/{code}/facts")
async def read_facts(collection_id: str, code: str, reader: ReaderDep, connection: Transaction) -> list[dict[str, Any]]:
    """The facts of a thing, newest effective first."""
    kind = subject_kind_of(collection_id)
    thing = await item(connection, reader.actor, collection_id, reader.county.code, code)
    return await facts_of(connection, reader.actor, kind, thing.id)


@router.post("/{collection_id}/{code}/facts", status_code=201)
async def tell_fact(
    collection_id: str, code: str, request: Request, reader: ReaderDep, connection: Transaction
) -> Response:
    """Record a dated fact: JSON or form with `kind`, `value`, `effective_on`, optional `document_no`, `note`.

    With `retracts` (the number of a fact) in place of kind and value it takes that one back; `note` says why. Needs If-Match (or the
    form field `if_match`). A form is answered with 303 to `next` or the thing's page.
    """
    reader.must_be_staff()
    subject_kind = subject_kind_of(collection_id)
    given, is_form = await body_of(request)
    version = version_of(request.headers.get("if-match") or given.get("if_match"))
    civil_today = today(reader.county.time_zone)
    try:
        told = await _record(connection, reader, collection_id, code, given, version, civil_today)
    except StaleVersion as stale:
        stale.extra["current_etag"] = etag(code, stale.extra.pop("current_version"))
        raise
    if subject_kind == "parcel":
        parcel_id = (
            await connection.execute(
                text("select id from register.parcel where county_code = :c and code = :code"),
                {"c": reader.county.code, "code": code},
            )
        ).scalar_one()
        await recompute(connection, reader.county.code, civil_today, [parcel_id])
    headers = {"ETag": etag(code, told.version)}
    if is_form:
        return RedirectResponse(
            local_path(given.get("next") or f"/{collection_id}/{code}?county={reader.county.code}"), 303, headers
        )
    return Response(orjson.dumps({"fact_id": told.fact_id, "version": told.version}), 201, headers, "application/json")


async def _record(
    connection: Transaction, reader: Reader, collection_id: str, code: str, given: Mapping[str, str], version: int, civil_today: date
) -> Told:  # fmt: skip
    subject_kind, county, note = subject_kind_of(collection_id), reader.county.code, given.get("note") or None
    fact_id = number_of("retracts", given, Problem(zh="retracts 应为事实的编号", en="retracts is the number of a fact"))
    if fact_id is not None:
        return await retract_fact(
            connection, reader.actor, collection_id, subject_kind, county, code, fact_id, version=version, today=civil_today, note=note
        )  # fmt: skip
    return await record_fact(
        connection, reader.actor, collection_id, subject_kind, county, code, kind=given.get("kind", ""), value=given.get("value", ""),
        effective_on=day_of("effective_on", given) or civil_today, version=version, today=civil_today,
        document_no=given.get("document_no") or None, note=note,
    )  # fmt: skip
