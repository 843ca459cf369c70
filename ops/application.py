"""Composition: the API and the pages as one application. `python -m ops.application` serves it (in compose, one per container)."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import socket
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI
from pydantic import ValidationError
from uvicorn.supervisors import Multiprocess

from api.app import create_api
from api.publication import StartRefused, check_start
from api.settings import ApiSettings, MapSettings
from geo.settings import GeoSettings
from map_frontend.routes import add_pages
from ops.logging import configure_logging
from ops.parent import end_with_parent
from ops.worker import worker_inside

PORT_DEFAULT = 8000
BACKLOG = 2048
KEPT_ALIVE_S = 75
"""A connection at rest stays open longer than those who ask keep theirs (nginx 60 s): else a request meets its end now and then."""

STOP_WITHIN_S = 10
"""Requests that are still open when the service is told to stop may take this long."""


def create_app() -> FastAPI:
    """The whole service, from the environment. Raises StartRefused for a configuration it must not run with."""
    configure_logging()
    parent = multiprocessing.parent_process()
    if parent is not None and parent.pid is not None:  # one of several workers
        end_with_parent(parent.pid)
    geo = GeoSettings()
    app = create_api(geo, ApiSettings(), MapSettings())
    add_pages(app)
    if os.environ.get("WORKER_INSIDE", "true").lower() != "false":
        _with_worker(app, geo.database_url.get_secret_value())
    return app


def _with_worker(app: FastAPI, database_url: str) -> None:
    inner = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[Any]:
        async with inner(app) as state, worker_inside(database_url):
            yield state

    app.router.lifespan_context = lifespan


def listen(host: str, port: int) -> socket.socket:
    """A listening socket: the port is ours from here on, not only when the service is ready. Raises OSError when it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=BACKLOG)


def serve(door: socket.socket, workers: int) -> None:
    """Serve on a listening socket until told to stop. Raises StartRefused when the service must not or cannot start."""
    asyncio.run(check_start(GeoSettings(), MapSettings()))
    config = uvicorn.Config(
        "ops.application:create_app", factory=True, workers=workers, log_level="warning", access_log=False,
        server_header=False, proxy_headers=False, timeout_keep_alive=KEPT_ALIVE_S,
        timeout_graceful_shutdown=STOP_WITHIN_S,
    )  # fmt: skip
    if workers == 1:
        server = uvicorn.Server(config)
        server.run(sockets=[door])
        if not server.started:
            raise StartRefused("the service did not start; the lines above say why")
        return
    with ExitStack() as stack:
        if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="yzt-metrics-"))
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        Multiprocess(config, sockets=[door]).run()


def main() -> int:
    """Serve at HOST and PORT with WORKERS processes over DATABASE_URL; 1 when the service must not start."""
    given = os.environ
    try:
        door = listen(given.get("HOST", "127.0.0.1"), int(given.get("PORT", PORT_DEFAULT)))
        serve(door, int(given.get("WORKERS", "1")))
    except (StartRefused, OSError) as refused:
        print(f"yizhangtu: {refused}", file=sys.stderr)
        return 1
    except ValidationError as wrong:
        for fault in wrong.errors():
            print(f"yizhangtu: setting {'.'.join(map(str, fault['loc']))}: {fault['msg']}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
