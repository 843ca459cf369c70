"""Imports over HTTP: a file is sent, a job is queued, its progress and report are read, a batch is taken back."""

from __future__ import annotations

import asyncio
import hashlib
import json
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse
from sqlalchemy import text
from starlette.datastructures import UploadFile

from api.deps import Reader, ReaderDep, Transaction
from geo.db import sync_engine
from geo.errors import BadInput, Forbidden, NotFound, Problem, TooLarge
from geo.exchange.stored import CHUNK_BYTES
from geo.exchange.targets import LEDGERS, target
from geo.exchange.undoing import undo
from geo.landuse.commands import recompute_after_batch

router = APIRouter(prefix="/v1/imports", tags=["imports"])
FORM_ROOM_BYTES = 65_536
FIELDS = "id, county_code, collection, file_name, state, progress, report, guesses, undoes_batch_id, rejects_file_id, created_at, created_by, finished_at"


def writer(reader: Reader) -> Reader:
    """A reader who may write somewhere; raises NotLoggedIn or Forbidden."""
    reader.must_be_staff()
    if not reader.actor.units:
        raise Forbidden(Problem(zh="您的账号只能查看，不能导入", en="this account reads only and cannot import"))
    return reader


@router.post("", status_code=202)
async def send(request: Request, reader: ReaderDep, connection: Transaction) -> Response:
    """multipart: `file`, `collection`; optional `publish`, `strict`, `dry_run`, `map` (JSON), `source_epsg`, `layer`, `source`. Answers 202 (a form: 303)."""
    writer(reader)
    limit = request.app.state.api.upload_max_bytes
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > limit + FORM_ROOM_BYTES:
        raise TooLarge(Problem(zh="文件超过 200 MiB", en="the file is larger than 200 MiB"))
    form = await request.form()
    file, collection = form.get("file"), form.get("collection")
    if not isinstance(file, UploadFile) or not file.filename:
        raise BadInput.at("file", Problem(zh="没有选择文件", en="there is no file"))
    if not isinstance(collection, str):
        raise BadInput.at("collection", Problem(zh="没有选择导入到哪里", en="it is not said where the file goes"))
    if collection not in LEDGERS:
        target(collection)
    options = _options(form) | {
        "actor": {
            "audience": reader.actor.audience.value,
            "account": reader.actor.account,
            "units": reader.actor.units,
            "tier": reader.actor.tier,
        }
    }
    file_id = await _store(connection, reader, file, limit)
    name = file.filename.replace("\\", "/").rpartition("/")[2][:200]
    batch = (
        await connection.execute(
            text(
                "insert into register.import_batch (county_code, collection, file_name, file_sha256, stored_file_id, state, options, created_by) "
                "select :county, :collection, :name, sha256, id, 'queued', cast(:options as jsonb), :by from register.stored_file where id = :file returning id"
            ),
            {"county": reader.county.code, "collection": collection, "name": name, "options": json.dumps(options), "by": reader.actor.account, "file": file_id},
        )
    ).scalar_one()  # fmt: skip
    where = f"/v1/imports/{batch}?county={reader.county.code}"
    if "text/html" in request.headers.get("accept", ""):
        return RedirectResponse(f"/desk/import/{batch}?county={reader.county.code}", 303)
    return Response(orjson.dumps({"id": batch, "state": "queued"}), 202, {"Location": where}, "application/json")


def _options(form: Any) -> dict[str, Any]:
    out: dict[str, Any] = {name: form.get(name) in ("true", "on", "1") for name in ("publish", "strict", "dry_run")}
    if form.get("map"):
        try:
            out["map"] = {str(k): str(v) for k, v in json.loads(str(form["map"])).items()}
        except (ValueError, AttributeError):
            raise BadInput.at("map", Problem(zh="map 应为 JSON 对象", en="map must be a JSON object")) from None
    for name in ("layer", "source"):
        if form.get(name):
            out[name] = str(form[name])[:64]
    epsg = str(form.get("source_epsg") or "")
    if epsg:
        if not epsg.isdigit() or len(epsg) > 6:
            raise BadInput.at(
                "source_epsg", Problem(zh="source_epsg 应为 EPSG 代码", en="source_epsg must be an EPSG code")
            )
        out["source_epsg"] = int(epsg)
    return out


async def _store(connection: Any, reader: Reader, file: UploadFile, limit: int) -> int:
    digest, size = hashlib.sha256(), 0
    file_id = (
        await connection.execute(
            text(
                "insert into register.stored_file (county_code, sha256, byte_size, media_type, file_name, role, created_by) "
                "values (:county, :sha, 0, :media, :name, 'upload', :by) returning id"
            ),
            {"county": reader.county.code, "sha": bytes(32), "media": (file.content_type or "application/octet-stream")[:100], "name": str(file.filename)[:200], "by": reader.actor.account},
        )
    ).scalar_one()  # fmt: skip
    number = 0
    while chunk := await file.read(CHUNK_BYTES):
        size += len(chunk)
        if size > limit:
            raise TooLarge(Problem(zh="文件超过 200 MiB", en="the file is larger than 200 MiB"))
        digest.update(chunk)
        await connection.execute(
            text(
                "insert into register.stored_file_chunk (stored_file_id, chunk_no, content) values (:id, :no, :content)"
            ),
            {"id": file_id, "no": number, "content": chunk},
        )
        number += 1
    if size == 0:
        raise BadInput.at("file", Problem(zh="文件是空的（0 字节）", en="the file is empty (0 bytes)"))
    await connection.execute(
        text("update register.stored_file set sha256 = :sha, byte_size = :size where id = :id"),
        {"sha": digest.digest(), "size": size, "id": file_id},
    )
    return int(file_id)


@router.get("")
async def recent(reader: ReaderDep, connection: Transaction) -> list[dict[str, Any]]:
    """The last hundred batches of the county, newest first."""
    reader.must_be_staff()
    rows = await connection.execute(
        text(f"select {FIELDS} from register.import_batch where county_code = :c order by id desc limit 100"),
        {"c": reader.county.code},
    )
    return [dict(row) for row in rows.mappings()]


async def _batch(connection: Any, reader: Reader, batch_id: int) -> dict[str, Any]:
    reader.must_be_staff()
    if not 0 < batch_id < 2**62:
        batch_id = 0
    row = (
        (
            await connection.execute(
                text(f"select {FIELDS} from register.import_batch where id = :id and county_code = :c"),
                {"id": batch_id, "c": reader.county.code},
            )
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise NotFound.at("id", Problem(zh=f"没有批次 {batch_id}", en=f"there is no batch {batch_id}"))
    return dict(row)


@router.get("/{batch_id}")
async def one(batch_id: int, reader: ReaderDep, connection: Transaction) -> dict[str, Any]:
    """One batch: state, progress, guesses, report, and the rows that were not taken (at most 1,000)."""
    batch = await _batch(connection, reader, batch_id)
    rows = await connection.execute(
        text(
            "select row_no, code, action, field, reason_code, reason from register.import_row where import_batch_id = :id and action in ('rejected', 'kept') order by row_no limit 1000"
        ),
        {"id": batch_id},
    )
    return batch | {"not_taken": [dict(row) for row in rows.mappings()]}


@router.get("/{batch_id}/rejects")
async def rejects(batch_id: int, reader: ReaderDep, connection: Transaction) -> Response:
    """The rows that were not taken, as a file with their reasons."""
    batch = await _batch(connection, reader, batch_id)
    found = (
        await connection.execute(
            text("select file_name from register.stored_file where id = :id"), {"id": batch["rejects_file_id"]}
        )
    ).scalar_one_or_none()
    if found is None:
        raise NotFound.at("id", Problem(zh="这个批次没有未采用的行", en="no rows of this batch were refused"))
    chunks = (
        (
            await connection.execute(
                text("select content from register.stored_file_chunk where stored_file_id = :id order by chunk_no"),
                {"id": batch["rejects_file_id"]},
            )
        )
        .scalars()
        .all()
    )
    kind = found.rpartition(".")[2]
    headers = {"Content-Disposition": f'attachment; filename="batch-{batch_id}-rejects.{kind}"'}
    return StreamingResponse(iter([bytes(c) for c in chunks]), 200, headers, "application/octet-stream")


@router.post("/{batch_id}/undo")
async def take_back(batch_id: int, request: Request, reader: ReaderDep, connection: Transaction) -> Response:
    """Take a batch back exactly; rows edited since are kept and named."""
    await _batch(connection, writer(reader), batch_id)
    url = request.app.state.geo.database_url.get_secret_value()

    def work() -> dict[str, Any]:
        engine = sync_engine(url)
        try:
            report = undo(engine, reader.actor, batch_id)
            recompute_after_batch(engine, reader.actor, report.county_code, report.batch_id)
            return report.summary()
        finally:
            engine.dispose()

    summary = await asyncio.to_thread(work)
    if "form" in request.headers.get("content-type", ""):
        return RedirectResponse(f"/desk/import/{summary['batch_id']}?county={reader.county.code}", 303)
    return Response(orjson.dumps(summary), 200, media_type="application/json")
