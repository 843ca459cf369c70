"""Reading at a moment: whether everything recorded up to an instant is visible yet (design.md 4, `known_at`)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.db import Actor, Audience
from geo.errors import Conflict, Problem

NOT_SETTLED = "YZ409"


async def known_until(connection: AsyncConnection) -> datetime:
    """The youngest instant that can be asked for without waiting."""
    found: datetime = (await connection.execute(text("select register.known_until()"))).scalar_one()
    return found


async def settle(connection: AsyncConnection, actor: Actor, known_at: datetime) -> None:
    """Return when every write recorded up to `known_at` can be seen; staff may wait for open writes (2 s), the public does not.

    Raises Conflict, whose `extra["answerable_at"]` is an instant that can be answered.
    """
    until = await known_until(connection)
    if until >= known_at:
        return
    if actor.audience is Audience.PUBLIC:
        raise _open(until.isoformat())
    try:
        async with connection.begin_nested():
            await connection.execute(text("select register.await_known(:at)"), {"at": known_at})
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != NOT_SETTLED:
            raise
        raise _open(
            str(getattr(getattr(error.orig, "diag", None), "message_detail", "") or until.isoformat())
        ) from None


def _open(answerable_at: str) -> Conflict:
    return Conflict(
        Problem(
            zh=f"有一次写入还没有完成；现在可以查询到 {answerable_at}",
            en=f"a write is still open; what was known at {answerable_at} can be asked for now",
        ),
        extra={"answerable_at": answerable_at},
    )
