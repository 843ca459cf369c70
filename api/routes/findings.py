"""Leads (线索/预警) on a parcel, each explained: as JSON and as a table. Staff only."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse

from api.deps import Reader, ReaderDep, Transaction, known_parameters
from api.ogc.parameters import OF_A_MOMENT, moment_of
from geo.errors import BadInput, Problem
from geo.landuse.explaining.explanation import Explanation
from geo.landuse.explaining.export import as_csv, row_of
from geo.landuse.explaining.queries import explained, findings_explained
from geo.landuse.queries import leads
from geo.landuse.rules.answer import Answer
from geo.registry.moments import settle
from geo.registry.queries import Item, item

router = APIRouter(prefix="/v1", tags=["findings"])
FORMS = ("json", "csv")
Told = list[tuple[dict[str, Any], Explanation]]


@router.get("/parcels/{code}/findings", response_class=Response)
async def read_findings(code: str, request: Request, reader: ReaderDep, connection: Transaction) -> Response:
    """Leads (线索/预警) on a parcel, as kept today; with `as_of`, `known_at` as judged at that moment, and the same whenever asked.

    Each with its `explanation`: a sentence, articles, facts and parameters used, what is missing, the next two legal dates, what would
    clear it; words as {zh, en}. `f=csv`: one row each, in the reader's language. Staff only. Never a determination.
    """
    reader.must_be_staff()
    known_parameters(request, *OF_A_MOMENT)
    form = form_of(request)
    thing = await item(connection, reader.actor, "parcels", reader.county.code, code)
    found = await _told(request, reader, connection, thing)
    if form == "csv":
        rows = [row_of(code, explanation, reader.lang) for _, explanation in found]
        return csv_answer(as_csv(rows), f"findings-{reader.county.code}.csv")
    return JSONResponse(jsonable_encoder([row | {"explanation": each.as_json()} for row, each in found]))


def form_of(request: Request) -> str:
    """json or csv, by `f`; raises BadInput."""
    form = request.query_params.get("f", "json")
    if form not in FORMS:
        raise BadInput.at("f", Problem(zh="f 应为 json 或 csv", en="f is json or csv"))
    return form


def csv_answer(table: bytes, name: str) -> Response:
    """A table to save."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(table, 200, headers, "text/csv; charset=utf-8")


async def _told(request: Request, reader: Reader, connection: Transaction, thing: Item) -> Told:
    moment = moment_of(request, reader)
    if moment is None:
        return await findings_explained(connection, reader.actor, reader.county.code, thing.id)
    if moment.known_at is not None:
        await settle(connection, reader.actor, moment.known_at)
    found = await leads(connection, reader.county.code, [thing.id], moment.as_of, moment.known_at)
    answers = found.get(thing.id, [])
    told = await explained(connection, reader.county.code, {thing.id: answers}, known_at=moment.known_at)
    return [(_as_kept(thing.code, answer), each) for answer, each in zip(answers, told[thing.id], strict=True)]


def _as_kept(code: str, told: Answer) -> dict[str, Any]:
    """An answer in the form of a kept finding, numbers as JSON has them."""
    inputs = {
        name: (int(value) if value == int(value) else float(value)) if isinstance(value, Decimal) else value
        for name, value in told.inputs.items()
    }
    return {"code": f"{code}.{told.rule_id}", **asdict(told), "inputs": inputs}
