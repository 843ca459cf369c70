"""Items as a file: FlatGeobuf, GeoPackage or CSV of everything that matches, written by geo.exchange and sent from a temporary file."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from sqlalchemy.exc import DBAPIError

from api.deps import Reader, engine_of
from api.ogc.crs import CRS84, EPSG
from api.ogc.filtering import refusal_of
from api.ogc.links import VARY
from api.ogc.media import Format
from api.ogc.parameters import Asked
from geo.crs import STORAGE_SRID
from geo.db import acting, sync_engine
from geo.errors import BadInput, Forbidden, Problem
from geo.exchange.outgoing import OutColumn, OutType
from geo.exchange.writing import OutKind, write_file
from geo.registry import features
from geo.registry.moments import settle

AT_ONCE = 2
"""Files one process writes at a time; others wait their turn."""

CHUNK_BYTES = 1 << 18
_turn = asyncio.Semaphore(AT_ONCE)


async def answer(request: Request, reader: Reader, asked: Asked, chosen: Format) -> Response:
    """The file. Without `limit` it holds everything that matches; coordinates are EPSG:4490, longitude first.

    Raises Forbidden where the map is public and offers no downloads, BadInput for a CRS of its own or a cursor.
    """
    if request.app.state.map.public and not request.app.state.map.downloads and not reader.is_staff:
        raise Forbidden(Problem(zh="本图不提供批量下载", en="this map offers no bulk download"))
    if asked.crs.uri not in (CRS84, EPSG.format(STORAGE_SRID)) or asked.place is not None:
        name = "cursor" if asked.place is not None else "crs"
        raise BadInput.at(
            name,
            Problem(zh=f"文件格式不支持 {name}", en=f"a file takes no {name}"),
            Problem(
                zh="文件总是 EPSG:4490，含全部结果", en="files are always EPSG:4490 and hold everything that matches"
            ),
        )
    query = asked.query
    names = query.properties or query.collection.properties(reader.actor.audience)
    limit = asked.limit if "limit" in request.query_params else None
    statement, values = features.rows_for_file(query, reader.actor, names, limit)
    columns = [OutColumn(name, cast(OutType, query.collection.word(name).type)) for name in names]
    if query.moment is not None and query.moment.known_at is not None:
        async with acting(engine_of(request), reader.actor, request.app.state.api.item_timeout_ms) as connection:
            await settle(connection, reader.actor, query.moment.known_at)
    folder = Path(tempfile.mkdtemp(prefix="yzt-items-"))
    path = folder / f"{query.collection.id}.{chosen.name}"
    url = request.app.state.geo.database_url.get_secret_value()

    def work() -> None:
        engine = sync_engine(url)
        try:
            kind = cast(OutKind, chosen.name)
            write_file(engine, reader.actor, statement, values, columns, kind, query.collection.id, path,
                       timeout_ms=request.app.state.api.export_timeout_ms)  # fmt: skip
        finally:
            engine.dispose()

    try:
        async with _turn:
            await asyncio.to_thread(work)
    except BaseException as error:
        shutil.rmtree(folder, ignore_errors=True)
        refused = refusal_of(error, query) if isinstance(error, DBAPIError) else None
        raise refused or error from None
    headers = {
        "Content-Disposition": f'attachment; filename="{query.collection.id}-{query.county_code}.{chosen.name}"',
        "Content-Length": str(path.stat().st_size),
        "Vary": VARY,
    }
    if chosen.name != "csv":
        headers["Content-Crs"] = f"<{EPSG.format(STORAGE_SRID)}>"
    media = f"{chosen.media}; charset=utf-8" if chosen.name == "csv" else chosen.media
    return StreamingResponse(_sent(path, folder), 200, headers, media)


async def _sent(path: Path, folder: Path) -> AsyncIterator[bytes]:
    try:
        with path.open("rb") as file:
            while chunk := await asyncio.to_thread(file.read, CHUNK_BYTES):
                yield chunk
    finally:
        shutil.rmtree(folder, ignore_errors=True)
