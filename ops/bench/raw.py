"""The same statements without a service: psycopg, prepared, one transaction a request, as many connections as the HTTP client."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from itertools import cycle

import psycopg
import uvloop

from ops.bench.client import Lap
from ops.bench.statements import Transaction


def replay(app_url: str, transactions: Sequence[Transaction], *, seconds: float, connections: int) -> Lap:
    """Run every transaction, lap after lap for at least `seconds`; all rows are fetched. Sizes are not counted."""

    async def run() -> Lap:
        lap, given = Lap(), 0
        opened = [await psycopg.AsyncConnection.connect(app_url) for _ in range(min(connections, len(transactions)))]
        order = cycle(transactions)
        begun = time.perf_counter()

        async def work(connection: psycopg.AsyncConnection[tuple[object, ...]]) -> None:
            nonlocal given
            while given % len(transactions) or not given or time.perf_counter() - begun < seconds:
                given += 1
                transaction, asked_at = next(order), time.perf_counter()
                for statement in transaction:
                    cursor = await connection.execute(statement.text.encode(), statement.parameters, prepare=True)
                    if cursor.description:
                        await cursor.fetchall()
                await connection.commit()
                now = time.perf_counter()
                lap.latencies_ms.append((now - asked_at) * 1000)
                lap.seconds = now - begun

        try:
            await asyncio.gather(*(work(connection) for connection in opened))
        finally:
            for connection in opened:
                await connection.close()
        return lap

    return uvloop.run(run())
