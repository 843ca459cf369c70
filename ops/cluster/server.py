"""Start, find and stop the private cluster; survives kill -9 of anything and dies with the process that started it."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from ops.bootstrap import postgis
from ops.bootstrap.steps import LOCAL, step
from ops.cluster.account import as_account, database_account, home_for
from ops.parent import end_with_parent

SETTINGS = {
    "jit": "off",
    "random_page_cost": "1.1",
    "work_mem": "16MB",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "max_connections": "100",
    "listen_addresses": "127.0.0.1",
    "timezone": "UTC",
    "log_min_messages": "warning",
}
TEST_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}
START_TIMEOUT_S = 60


class ClusterError(Exception):
    """The private database could not be started; the text says why."""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _die_with_parent(parent_pid: int) -> None:
    end_with_parent(parent_pid, signal.SIGINT)
    os.setsid()


class Cluster:
    """One private cluster of this checkout. `name` tells apart the service's and the tests'."""

    def __init__(self, name: str = "cluster", *, for_tests: bool = False, local: Path = LOCAL) -> None:
        self.account = database_account()
        self.home = home_for(local, name, self.account)
        self.address_file = local / f"{name}.json"
        self.lock_file = local / f"{name}.lock"
        self.settings = SETTINGS | (TEST_SETTINGS if for_tests else {})
        self.server = postgis.bring()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        """PostgreSQL's data folder."""
        return self.home / "data"

    def address(self) -> dict[str, str]:
        """What the address file says: port, socket folder, passwords; empty before the first start."""
        return json.loads(self.address_file.read_text()) if self.address_file.exists() else {}

    def superuser_url(self, database: str = "postgres") -> str:
        """The cluster's superuser over loopback TCP."""
        a = self.address()
        return f"postgresql://postgres:{a['superuser_password']}@127.0.0.1:{a['port']}/{database}"

    def app_url(self, database: str = "yizhangtu") -> str:
        """The service's login over loopback TCP."""
        a = self.address()
        return f"postgresql://yzt_app:{a['app_password']}@127.0.0.1:{a['port']}/{database}"

    def is_ready(self) -> bool:
        """Whether the server answers at the address of the file."""
        a = self.address()
        if not a:
            return False
        command = [str(self.server.bin / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", a["port"]]
        return subprocess.run(command, env=self._env(), check=False).returncode == 0 and self._live_pid() is not None

    def start(self) -> bool:
        """Start it, or find it running. True when this call started it (and must stop it)."""
        self.lock_file.parent.mkdir(parents=True, exist_ok=True)
        with self.lock_file.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if self.is_ready():
                return False
            if not (self.data / "PG_VERSION").exists():
                self._initdb()
            self._clear_stale_pid()
            for port in (self.address().get("port"), *[None] * 4):
                if self._try_start(int(port) if port else _free_port()):
                    return True
        log = (self.home / "log").read_text(errors="replace").strip().splitlines()[-5:]
        raise ClusterError("the private database did not start:\n    " + "\n    ".join(log))

    def stop(self) -> None:
        """Fast shutdown, of a server of this folder whoever started it."""
        pid = self._live_pid()
        if pid is not None:
            os.kill(pid, signal.SIGINT)
            deadline = time.monotonic() + 20
            while self._live_pid() is not None and time.monotonic() < deadline:
                if self.process is not None:
                    self.process.poll()
                time.sleep(0.05)
        if self.process is not None:
            self.process.wait(timeout=20)
        socket_folder = self.address().get("socket")
        if socket_folder:
            shutil.rmtree(socket_folder, ignore_errors=True)

    @contextmanager
    def running(self) -> Iterator[Cluster]:
        """Started for the length of a block; left running if it ran before."""
        mine = self.start()
        try:
            yield self
        finally:
            if mine:
                self.stop()

    def _env(self) -> dict[str, str]:
        return {**os.environ, **self.server.env, "LC_ALL": "C.UTF-8"}

    def _initdb(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)
        passwords = {"superuser_password": secrets.token_urlsafe(24), "app_password": secrets.token_urlsafe(24)}
        with tempfile.NamedTemporaryFile("w", dir="/tmp", prefix="yzt-") as file:
            file.write(passwords["superuser_password"])
            file.flush()
            if self.account is not None:
                os.chown(file.name, self.account.pw_uid, self.account.pw_gid)
            with step("make a private database cluster"):
                done = subprocess.run(
                    [self.server.bin / "initdb", "-D", self.data, "-U", "postgres", "--encoding=UTF8", "--locale=C.UTF-8",
                     "-A", "scram-sha-256", f"--pwfile={file.name}"],
                    env=self._env(), cwd="/", capture_output=True, text=True, check=False, **as_account(self.account),
                )  # fmt: skip
        if done.returncode != 0:
            raise ClusterError(f"initdb failed:\n{done.stderr.strip()}")
        self._write_address(passwords)

    def _write_address(self, address: dict[str, str]) -> None:
        with open(os.open(self.address_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(address, file)

    def _try_start(self, port: int) -> bool:
        old = self.address().get("socket")
        if old:
            shutil.rmtree(old, ignore_errors=True)
        sockets = Path(tempfile.mkdtemp(prefix="yzt-", dir="/tmp"))
        if self.account is not None:
            os.chown(sockets, self.account.pw_uid, self.account.pw_gid)
        options = [f"-c{key}={value}" for key, value in self.settings.items()]
        with (self.home / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [self.server.bin / "postgres", "-D", self.data, "-p", str(port), "-k", sockets, *options],
                env=self._env(), cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=partial(_die_with_parent, os.getpid()),
                **as_account(self.account),
            )  # fmt: skip
        self._write_address(self.address() | {"port": str(port), "socket": str(sockets)})
        deadline = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                time.sleep(0.5)  # orphaned backends of a killed server may still be leaving
                return False
            if self.is_ready():
                return True
            time.sleep(0.03)
        return False

    def _live_pid(self) -> int | None:
        """The postmaster of this folder, unless its pid file is a leftover (dead, a zombie, or somebody else's number)."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().splitlines()[0])
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (OSError, ValueError, IndexError):
            return None
        return pid if state != "Z" and str(self.data).encode() in command else None

    def _clear_stale_pid(self) -> None:
        if self._live_pid() is None:
            (self.data / "postmaster.pid").unlink(missing_ok=True)
