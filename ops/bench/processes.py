"""Servers of a benchmark as child processes on free loopback ports: ours and the peers'. None outlives its block."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx

from ops.bench.client import Failed
from ops.bench.statements import LIMITS
from ops.bootstrap.steps import LOCAL, ROOT
from ops.parent import end_with_parent

FOLDER = LOCAL / "bench"
READY_WITHIN_S = 180.0
STOP_WITHIN_S = 15.0


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    name: str
    url: str
    pid: int


@contextmanager
def serving(
    name: str, command: Sequence[str | Path], env: Mapping[str, str], ready_path: str, port: int | None = None
) -> Iterator[Server]:
    """A server, answering `ready_path` with 200; `{port}` in the command is the port. Raises Failed with its last lines.

    In a session of its own: Ctrl-C is for whoever measures, and ends the server when the block is left.
    """
    port = port or free_port()
    FOLDER.mkdir(parents=True, exist_ok=True)
    log_file = FOLDER / f"{name}.log"
    with log_file.open("wb") as log:
        process = subprocess.Popen(
            [str(part).format(port=port) for part in command], env={**os.environ, **env}, cwd=ROOT, stdin=subprocess.DEVNULL,
            stdout=log, stderr=log, preexec_fn=partial(end_with_parent, os.getpid()), start_new_session=True,
        )  # fmt: skip
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(process, url + ready_path, log_file)
        yield Server(name, url, process.pid)
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def our_worker(app_url: str) -> Iterator[int]:
    """The worker that carries out imports and chores, its log to a file; yields its process id."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "worker.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "ops.worker"], env={**os.environ, "DATABASE_URL": app_url}, cwd=ROOT, stdin=subprocess.DEVNULL,
            stdout=log, stderr=log, preexec_fn=partial(end_with_parent, os.getpid()), start_new_session=True,
        )  # fmt: skip
    try:
        yield process.pid
    finally:
        _end(process)


def free_port() -> int:
    """A loopback port nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], url: str, log_file: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    said = ""
    while time.monotonic() < deadline and process.poll() is None:
        try:
            answer = httpx.get(url, timeout=READY_WITHIN_S)
            if answer.status_code == 200:
                return
            said = f"{answer.status_code} {answer.text[:200]}"
        except httpx.HTTPError as error:
            said = str(error)
        time.sleep(0.1)
    raise Failed(f"{url} did not answer ({said}):\n{log_file.read_text(errors='replace')[-1500:]}")


@contextmanager
def our_service(app_url: str, name: str = "service", **settings: str) -> Iterator[Server]:
    """The product as a container runs it: one process, no worker inside, its log to a file, limits out of the way.

    `settings` are environment variables; `name` is its log's.
    """
    port = free_port()
    env = {"DATABASE_URL": app_url, "WORKER_INSIDE": "false", "HOST": "127.0.0.1", "PORT": str(port), "WORKERS": "1",
           "MAP_PUBLIC": "false"}  # fmt: skip
    env |= {f"API_{limit}".upper(): str(value) for limit, value in LIMITS.items()} | settings
    with serving(name, [sys.executable, "-m", "ops.application"], env, "/health/ready", port) as server:
        yield server
