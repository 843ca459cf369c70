"""What staff do with pictures over HTTP: add, change, withdraw, restore and replace them; the database decides who may."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import UploadFile

from api.deps import Reader, ReaderDep, Transaction, engine_of, etag, version_of
from api.routes.account import local_path
from api.routes.pictures import as_answer, as_json
from geo.clock import today
from geo.db import acting
from geo.errors import BadInput, FieldFault, GeoError, Problem, StaleVersion, TooLarge
from geo.pictures import commands, queries
from geo.pictures.apart import render_apart
from geo.pictures.changes import FIELDS, read_changes
from geo.pictures.commands import Sent, Subject
from geo.pictures.intake import intake
from geo.pictures.queries import PictureRow
from geo.registry.collections import collection
from geo.registry.queries import item

router = APIRouter(tags=["pictures"])

NAME_MAX = 200
WITH_FILE = tuple(name for name in FIELDS if name not in ("kind", "position"))
"""What may be said of a picture while it is sent."""


@router.post("/v1/{collection_id}/{code}/pictures", status_code=201)
async def send(collection_id: str, code: str, request: Request, reader: ReaderDep) -> Response:
    """multipart: one or several `file`, optional `caption`, `author`, `taken_on`, `place`, `licence`, `audience`.

    All files of a request stand or fall together; `errors` names each that cannot be taken. 201, or 200 when all were here.
    """
    reader.must_write()
    engine, timeout_ms = engine_of(request), request.app.state.api.item_timeout_ms
    kind = collection(collection_id, reader.actor.audience).subject_kind
    async with acting(engine, reader.actor, timeout_ms) as connection:
        thing = await item(connection, reader.actor, collection_id, reader.county.code, code)
        subject = Subject(reader.county.code, kind, thing.id)
        await commands.must_write(connection, subject)
    form = await request.form()
    words = read_changes({k: v for k, v in form.items() if k in WITH_FILE and v}, today(reader.county.time_zone))
    files = await _files(form)
    async with acting(engine, reader.actor, timeout_ms) as connection:
        added = [
            await connection.run_sync(commands.add, reader.actor.account, subject, Sent(*file, words.columns))
            for file in files
        ]
        found = [await queries.picture(connection, reader.actor, reader.county.code, a.code) for a in added]
    if "text/html" in request.headers.get("accept", ""):
        return _back(form, f"/{collection_id}/{quote(code)}?county={reader.county.code}#pictures")
    body = [
        {"file": name, "is_duplicate": a.is_duplicate, "picture": as_json(picture, reader)}
        for (name, *_), a, picture in zip(files, added, found, strict=True)
    ]
    return as_answer({"files": body}, 200 if all(a.is_duplicate for a in added) else 201)


def _back(form: Any, fallback: str) -> Response:
    given = form.get("next")
    return RedirectResponse(local_path(given if isinstance(given, str) and given else fallback), 303)


async def _files(form: Any) -> list[tuple[str, bytes, Any]]:
    """Name, bytes and what became of each file sent; raises BadInput that names every file which cannot be taken."""
    rules = intake()
    sent = [file for file in form.getlist("file") if isinstance(file, UploadFile) and file.filename]
    if not sent:
        raise BadInput.at("file", Problem(zh="没有选择图片", en="there is no picture"))
    if len(sent) > rules.files_max:
        raise BadInput.at(
            "file", Problem(zh=f"一次最多 {rules.files_max} 张", en=f"at most {rules.files_max} pictures at a time")
        )
    taken, faults = [], []
    for file in sent:
        name = _name(str(file.filename))
        try:
            taken.append((name, *await _render(file)))
        except GeoError as error:
            faults += [_named(name, error)]
    if faults:
        raise BadInput(
            Problem(zh="有图片不能接收，全部未保存", en="some pictures cannot be taken; none was kept"), faults
        )
    return taken


def _name(given: str) -> str:
    """The file's own name: no folders, nothing that cannot be shown."""
    last = given.replace("\\", "/").rpartition("/")[2]
    return "".join(ch for ch in last if ch.isprintable())[:NAME_MAX] or "picture"


def _named(name: str, error: GeoError) -> FieldFault:
    detail, expected = error.message, error.faults[0].expected if error.faults else None
    return FieldFault("file", Problem(zh=f"{name}：{detail.zh}", en=f"{name}: {detail.en}"), expected)


async def _render(file: UploadFile) -> tuple[bytes, Any]:
    most = intake().file_max_bytes
    data = await file.read(most + 1)
    if len(data) > most:
        mib = most / 1024 / 1024
        raise TooLarge(Problem(zh=f"超过每张 {mib:g} MiB 的上限", en=f"larger than the limit of {mib:g} MiB a picture"))

    def work() -> Any:
        with tempfile.TemporaryDirectory(prefix="yzt-upload-") as folder:
            path = Path(folder) / "picture"
            path.write_bytes(data)
            return render_apart(path)

    return data, await asyncio.to_thread(work)


@router.patch("/v1/pictures/{picture_code}")
@router.post("/v1/pictures/{picture_code}")
async def change(picture_code: str, request: Request, reader: ReaderDep, connection: Transaction) -> Response:
    """Set caption, caption_en, author, place, licence, taken_on, kind, audience or position (from 1). Needs If-Match."""
    given, form = await _body(request)
    version = _version(request, reader, given)
    changes = read_changes(given, today(reader.county.time_zone))
    with _telling_etag(picture_code):
        found = await commands.change(
            connection, reader.actor, reader.county.code, picture_code, version, changes
        )  # fmt: skip
    return _changed(found, reader, form)


@router.delete("/v1/pictures/{picture_code}")
@router.post("/v1/pictures/{picture_code}/withdraw")
async def withdraw(picture_code: str, request: Request, reader: ReaderDep, connection: Transaction) -> Response:
    """Take a picture away; it is kept, and /restore puts it back. Needs If-Match."""
    given, form = await _body(request)
    version = _version(request, reader, given)
    with _telling_etag(picture_code):
        found = await commands.withdraw(connection, reader.actor, reader.county.code, picture_code, version)
    return _changed(found, reader, form)


@router.post("/v1/pictures/{picture_code}/restore")
async def restore(picture_code: str, request: Request, reader: ReaderDep, connection: Transaction) -> Response:
    """Put a withdrawn picture back; what replaced it is withdrawn. Needs If-Match."""
    given, form = await _body(request)
    version = _version(request, reader, given)
    with _telling_etag(picture_code):
        found = await commands.restore(connection, reader.actor, reader.county.code, picture_code, version)
    return _changed(found, reader, form)


@router.post("/v1/pictures/{picture_code}/replacement", status_code=201)
async def replace(picture_code: str, request: Request, reader: ReaderDep) -> Response:
    """multipart: one `file` that takes a picture's place; words, audience and order go over. Needs If-Match."""
    reader.must_write()
    form = await request.form()
    version = _version(request, reader, {"if_match": form.get("if_match")})
    files = await _files(form)
    if len(files) != 1:
        raise BadInput.at("file", Problem(zh="只能用一张替换", en="one picture takes the place of one"))
    async with acting(engine_of(request), reader.actor, request.app.state.api.item_timeout_ms) as connection:
        with _telling_etag(picture_code):
            added = await commands.replace(
                connection, reader.actor, reader.county.code, picture_code, version, Sent(*files[0], {})
            )
        found = await queries.picture(connection, reader.actor, reader.county.code, added.code)
    if "text/html" in request.headers.get("accept", ""):
        return _back(form, "/")
    return as_answer(as_json(found, reader), 201, {"ETag": etag(found.code, found.version)})


@contextmanager
def _telling_etag(code: str) -> Iterator[None]:
    """Gives a stale write the ETag that would be right."""
    try:
        yield
    except StaleVersion as error:
        error.extra["current_etag"] = etag(code, error.extra.pop("current_version"))
        raise


def _version(request: Request, reader: Reader, given: dict[str, Any]) -> int:
    reader.must_write()
    in_form = given.pop("if_match", None)
    return version_of(request.headers.get("if-match") or (in_form if isinstance(in_form, str) else None))


async def _body(request: Request) -> tuple[dict[str, Any], Any]:
    """What was said, without the form's own fields; and the form, None for JSON."""
    if "form" in request.headers.get("content-type", ""):
        form = await request.form()
        return {k: v for k, v in form.items() if k not in ("csrf", "next") and isinstance(v, str)}, form
    try:
        body = orjson.loads(await request.body() or b"{}")
    except orjson.JSONDecodeError:
        body = None
    if not isinstance(body, dict):
        raise BadInput.at("/", Problem(zh="正文应为 JSON 对象", en="the body must be a JSON object"))
    return body, None


def _changed(found: PictureRow, reader: Reader, form: Any) -> Response:
    if form is not None:
        return _back(form, "/")
    return as_answer(as_json(found, reader), 200, {"ETag": etag(found.code, found.version)})
