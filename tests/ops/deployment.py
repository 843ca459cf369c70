"""docker-compose.yml as plain processes: its commands and environments over a private cluster, Debian's nginx in front."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg
import yaml
from sqlalchemy import create_engine

from geo.db import driver_url
from geo.people.commands import create_account
from ops.cluster import Cluster

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
COUNTY, PASSWORD = "330225", "deployment-tests-1"
START_WITHIN_S = 40
OUTLINE = '{"type":"Polygon","coordinates":[[[121.5,29],[122.5,29],[122.5,30],[121.5,30],[121.5,29]]]}'


def free_port() -> int:
    """A loopback port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def filled(text: str, given: dict[str, str]) -> str:
    """`${NAME}`, `${NAME:-default}` and `${NAME:?message}` as compose reads them."""

    def value(match: re.Match[str]) -> str:
        name, operator, rest = match.groups()
        if given.get(name):
            return given[name]
        assert operator != "?", f"{name}: {rest}"
        return rest or ""

    return re.sub(r"\$\{(\w+)(?::([-?])([^}]*))?\}", value, text)


@dataclass
class Deployment:
    """What runs, and how to reach it."""

    cluster: Cluster
    folder: Path
    variables: dict[str, str]
    ports: dict[str, int]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def door(self) -> str:
        """Address of nginx."""
        return f"http://127.0.0.1:{self.ports['nginx']}"

    def environment(self, service: str) -> dict[str, str]:
        """The service's environment in compose, with addresses of this machine instead of the network's names."""
        out = {k: filled(str(v), self.variables) for k, v in COMPOSE["services"][service]["environment"].items()}
        database = f"@127.0.0.1:{self.cluster.address()['port']}/"
        out = {k: v.replace("@db:5432/", database) for k, v in out.items()}
        here = {"HOST": "127.0.0.1", "PORT": str(self.ports.get(service, 0)), "API_TRUSTED_PROXIES": "127.0.0.1/32"}
        return out | {k: v for k, v in here.items() if k in out}

    def command(self, service: str) -> list[str]:
        """The service's command, with this environment's Python."""
        said = COMPOSE["services"][service]
        parts = [*said.get("entrypoint", []), *said["command"]]
        return [sys.executable if part == "python" else part for part in parts]

    def start(self, service: str, **more: str) -> None:
        """Start one service; its output goes to a file of its name."""
        with (self.folder / f"{service}.log").open("ab") as log:
            self.processes[service] = subprocess.Popen(
                self.command(service), env=plain_environment() | self.environment(service) | more, cwd=self.folder,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip

    def start_nginx(self) -> None:
        """Debian's nginx with the template of the official image."""
        values = {
            "YZT_LISTEN": f"127.0.0.1:{self.ports['nginx']}", "YZT_RUN": str(self.folder),
            "YZT_APP_1": f"127.0.0.1:{self.ports['app-1']}", "YZT_APP_2": f"127.0.0.1:{self.ports['app-2']}",
        }  # fmt: skip
        assert set(values) == set(COMPOSE["services"]["nginx"]["environment"])
        server = filled((ROOT / "deploy" / "nginx.conf.template").read_text(encoding="utf-8"), values)
        paths = "".join(f"{kind}_temp_path {self.folder}/{kind};" for kind in ("proxy", "fastcgi", "uwsgi", "scgi"))
        config = self.folder / "nginx.conf"
        config.write_text(
            f"daemon off; pid {self.folder}/nginx.pid; error_log {self.folder}/nginx.log; {_nginx_user()} "
            f"events {{}} http {{ {paths} {server} }}"
        )
        library = {"LD_LIBRARY_PATH": os.environ["NGINX_LIBRARIES"]} if "NGINX_LIBRARIES" in os.environ else {}
        self.processes["nginx"] = subprocess.Popen(
            [os.environ.get("NGINX", "/usr/sbin/nginx"), "-e", "stderr", "-c", str(config)],
            env=plain_environment() | library,
        )

    def wait(self, url: str) -> None:
        """Until an address answers 200."""
        deadline = time.monotonic() + START_WITHIN_S
        while True:
            for name, process in self.processes.items():
                assert process.poll() is None, f"{name} ended: {(self.folder / f'{name}.log').read_text()[-2000:]}"
            try:
                if httpx.get(url, timeout=2).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            assert time.monotonic() < deadline, f"{url} does not answer"
            time.sleep(0.1)

    def stop(self, name: str, *, hard: bool = False) -> int:
        """End one process we started; returns its exit status."""
        process = self.processes.pop(name)
        process.kill() if hard else process.terminate()
        return process.wait(timeout=30)


def _nginx_user() -> str:
    return "user root;" if os.geteuid() == 0 else ""


def plain_environment() -> dict[str, str]:
    """What a process needs of this machine, and nothing that could change what it does."""
    return {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LD_LIBRARY_PATH", "TZ")} | {
        "LC_ALL": "C.UTF-8"
    }


@contextmanager
def deployed(folder: Path) -> Iterator[Deployment]:
    """All services of the default profile, with one empty county and the accounts `clerk` and `bureau`."""
    cluster = Cluster("deployment", for_tests=True, local=folder)
    with ExitStack() as stack:
        stack.callback(_remove, cluster.home)
        stack.enter_context(cluster.running())
        address = cluster.address()
        variables = {"POSTGRES_PASSWORD": address["superuser_password"], "GEO_APP_PASSWORD": address["app_password"]}
        ports = {name: free_port() for name in ("app-1", "app-2", "nginx")}
        it = Deployment(cluster, folder, variables, ports)
        with psycopg.connect(cluster.superuser_url(), autocommit=True) as connection:
            connection.execute("create database yizhangtu")
        _fill(it)
        try:
            for name in ("app-1", "app-2", "worker"):
                it.start(name, API_ITEMS_PER_MINUTE="1000000")
            it.start_nginx()
            for name in ("app-1", "app-2", "nginx"):
                it.wait(f"http://127.0.0.1:{it.ports[name]}/health/ready")
            yield it
        finally:
            for name in list(it.processes):
                it.stop(name)


def _remove(home: Path) -> None:
    """The cluster's folder, which may lie outside the test's own (`home_for`)."""
    elsewhere = home.parent if home.parent.name.startswith("yizhangtu-") else home
    shutil.rmtree(elsewhere, ignore_errors=True)


def _fill(it: Deployment) -> None:
    environment = plain_environment() | it.environment("migrate")
    subprocess.run(it.command("migrate"), env=environment, cwd=it.folder, check=True, capture_output=True)
    outline = it.folder / "outline.geojson"
    outline.write_text(OUTLINE)
    add = ["county", "add", COUNTY, "--name", "象山县", "--name-en", "Xiangshan", "--survey-epsg", "4529", "--time-zone",
           "Asia/Shanghai", "--rule-set", "cn", "--outline", str(outline)]  # fmt: skip
    subprocess.run([*it.command("migrate")[:-1], *add], env=environment, cwd=it.folder, check=True, capture_output=True)
    engine = create_engine(driver_url(it.cluster.superuser_url("yizhangtu")))
    with engine.begin() as connection:
        for name in ("clerk", "bureau"):
            create_account(connection, name, PASSWORD, name, "bureau", COUNTY, ())
    engine.dispose()


def service(name: str) -> dict[str, Any]:
    """One service as compose describes it."""
    found: dict[str, Any] = COMPOSE["services"][name]
    return found
