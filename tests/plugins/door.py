"""The service behind a real HTTP door on this machine, for programs that are no ASGI client; and the browser that opens it."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, sync_playwright

from api.app import create_api
from api.settings import ApiSettings, MapSettings
from geo.settings import GeoSettings
from map_frontend.routes import add_pages

START_WITHIN_S = 20
STOP_WITHIN_S = 10
QUIET = [
    "--headless", "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]  # fmt: skip


def whole_service(app_url: str, map_settings: MapSettings | None = None) -> FastAPI:
    """The service with its pages over a database, with limits out of the way."""
    app = create_api(
        GeoSettings(DATABASE_URL=app_url),  # type: ignore[call-arg]
        ApiSettings(items_per_minute=100_000, logins_per_minute=1000),
        map_settings or MapSettings(),
    )
    add_pages(app)
    return app


@contextmanager
def open_door(app: Any) -> Iterator[str]:
    """Serve an ASGI application by uvicorn on a free port of 127.0.0.1; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + START_WITHIN_S
    while not server.started:
        assert thread.is_alive(), "the service did not start"
        assert time.monotonic() < deadline, f"the service did not start in {START_WITHIN_S} s"
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(STOP_WITHIN_S)


@contextmanager
def open_chromium(*more: str) -> Iterator[Browser]:
    """Debian's Chromium without a window, which finds no host but this one; `more` are options of its command line."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not program:
        pytest.exit("no Chromium: run the tests with `make test`, or set CHROMIUM", returncode=2)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*QUIET, *more])
        yield browser
        browser.close()
