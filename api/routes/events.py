"""/v1/events: what changes in a county while one looks at it, as a stream of server-sent events."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack
from typing import Annotated

import orjson
from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import StreamingResponse
from sqlalchemy.exc import DBAPIError
from starlette.types import Message, Receive, Scope, Send

from api.client import client_address
from api.deps import Reader, ReaderDep, engine_of, known_parameters
from api.live.feed import Feed, Stream
from geo.history.events import Position
from geo.people.queries import is_session_open

router = APIRouter(prefix="/v1", tags=["events"])
MEDIA = "text/event-stream"
BACK_AFTER_MS = 2000
WRITE_WITHIN_S = 20.0
"""A reader that takes nothing for so long is let go."""

LIFE_S = 600.0
"""Then a stream ends and its reader comes back: rights are looked at again as for any request."""

TOKEN_LIFE_S = 60.0
POSITION = Query(
    max_length=20_000, description="Where to begin: the id of the last event seen; Last-Event-ID says the same"
)
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class _StreamResponse(StreamingResponse):
    """Gives its place back however it ends, and does not wait for ever for a reader that takes nothing."""

    def __init__(self, body: AsyncIterator[bytes], place: ExitStack) -> None:
        super().__init__(body, 200, HEADERS, MEDIA)
        self._place = place

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def in_time(message: Message) -> None:
            async with asyncio.timeout(WRITE_WITHIN_S):
                await send(message)

        with self._place:
            try:
                await super().__call__(scope, receive, in_time)
            except* TimeoutError:
                pass


@router.get("/events", response_class=Response, responses={200: {"content": {MEDIA: {}, "application/json": {}}}})
async def follow_changes(
    request: Request, reader: ReaderDep, since: Annotated[str | None, POSITION] = None,
    last_event_id: Annotated[str | None, Header(max_length=20_000)] = None,
) -> Response:  # fmt: skip
    """Follow the changes of a county. `change`: `{collection, code, version, fields}`, or `gone: true` for what can be seen no
    longer; `reset`: more happened than is told one by one, read anew. The id of an event resumes after it. With `f=json`: what happened since, at once."""
    known_parameters(request, "since")
    feed: Feed = request.app.state.feed
    given = last_event_id or since
    start = Position.read(given) if given else None
    if request.query_params.get("f") == "json":
        said = await feed.since(engine_of(request), reader.actor, reader.county.code, start) if given else []
        at = said[-1].at if said else feed.position
        body = {
            "position": str(at),
            "events": [{"event": one.kind, "id": str(one.at), "data": one.data} for one in said],
        }
        return Response(orjson.dumps(body), 200, HEADERS, "application/json")
    place = ExitStack()
    stream = place.enter_context(
        feed.stream(reader.actor, reader.county.code, client_address(request, request.app.state.api), start)
    )
    return _StreamResponse(_texts(request, reader, stream, given, start), place)


async def _texts(
    request: Request, reader: Reader, stream: Stream, given: str | None, start: Position | None
) -> AsyncIterator[bytes]:
    feed: Feed = request.app.state.feed
    heartbeat_s: float = request.app.state.api.events_heartbeat_s
    begun = checked = time.monotonic()
    life_s = LIFE_S if reader.person is None or reader.person.session_id is not None else TOKEN_LIFE_S
    yield f"retry: {BACK_AFTER_MS}\n\n".encode()
    if given:
        try:
            missed = await feed.since(engine_of(request), stream.actor, stream.county_code, start)
        except (DBAPIError, OSError, TimeoutError):
            return  # it comes back with the same id
        for said in missed:
            yield said.text()
    else:
        yield f"id: {feed.position}\n\n".encode()
    async for text in stream.texts(heartbeat_s):
        now = time.monotonic()
        if now - begun > life_s:
            return
        if now - checked >= heartbeat_s:
            checked = now
            if not await _may_stay(request, reader):
                return
        yield text or b": still here\n\n"


async def _may_stay(request: Request, reader: Reader) -> bool:
    """Whether the session that opened the stream is still open; looking does not keep it awake."""
    if reader.person is None or reader.person.session_id is None:
        return True
    try:
        async with engine_of(request).begin() as connection:
            return await is_session_open(connection, reader.person.session_id)
    except (DBAPIError, OSError, TimeoutError):
        return False
