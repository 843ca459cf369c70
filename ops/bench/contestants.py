"""The two kinds of contestants: a server asked over HTTP, and statements without any server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ops.bench.client import drive
from ops.bench.processes import Server
from ops.bench.raw import replay
from ops.bench.rounds import Contestant
from ops.bench.run import Run
from ops.bench.statements import Transaction


def over_http(
    asked: Run, name: str, server: Server, paths: Sequence[str], *, headers: Mapping[str, str] | None = None,
    own: Mapping[str, Mapping[str, str]] | None = None, expected: int = 200,
) -> Contestant:  # fmt: skip
    """A server, asked for these paths; `headers`, `own` and `expected` (status) as `drive` takes them."""
    return Contestant(
        name,
        lambda seconds: drive(
            server.url, paths, seconds=seconds, connections=asked.connections, headers=headers, own=own,
            expected=frozenset({expected}),
        ),
    )  # fmt: skip


def raw(asked: Run, name: str, statements: Sequence[Transaction]) -> Contestant:
    """Statements as the service's own login, over as many connections."""
    url = asked.database.app_url
    return Contestant(name, lambda seconds: replay(url, statements, seconds=seconds, connections=asked.connections))
