"""What the service says of itself: one canonical line per request, and every statement that took too long."""

from __future__ import annotations

import time
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine

STATEMENT_SHOWN_CHARS = 160
log = structlog.get_logger()


@dataclass(slots=True)
class Tally:
    """What one request asked of the database so far."""

    sql_ms: float = 0.0
    statements: int = 0
    rows: int = 0


TALLY: ContextVar[Tally | None] = ContextVar("yizhangtu_tally", default=None)


def watch(engine: AsyncEngine, slow_statement_ms: int) -> None:
    """Count every statement of an engine into the request that runs it, and name the slow ones (never their values)."""

    @event.listens_for(engine.sync_engine, "before_cursor_execute")
    def begun(connection: Connection, cursor: Any, statement: str, *_: Any) -> None:
        connection.info["yizhangtu_begun"] = time.perf_counter()

    @event.listens_for(engine.sync_engine, "after_cursor_execute")
    def done(connection: Connection, cursor: Any, statement: str, *_: Any) -> None:
        took_ms = (time.perf_counter() - connection.info.pop("yizhangtu_begun")) * 1000
        tally = TALLY.get()
        if tally is not None:
            tally.sql_ms += took_ms
            tally.statements += 1
            tally.rows += max(cursor.rowcount, 0)
        if took_ms >= slow_statement_ms:
            shown = " ".join(statement.split())[:STATEMENT_SHOWN_CHARS]
            log.warning("slow_statement", duration_ms=round(took_ms, 1), statement=shown)


def request_done(method: str, route: str, status: int, duration_ms: float, tally: Tally, account: str) -> None:
    """The one canonical line of a request; request id and address are bound already."""
    log.info(
        "request", method=method, route=route, status=status, duration_ms=round(duration_ms, 1),
        sql_ms=round(tally.sql_ms, 1), statements=tally.statements, rows=tally.rows, account=account,
    )  # fmt: skip
