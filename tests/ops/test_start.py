"""`make run` as people use it: two checkouts side by side, a second start, Ctrl-C, and kill -9 of anything."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from ops.cluster.account import database_account, home_for
from tests.ops.deployment import plain_environment

ROOT = Path(__file__).resolve().parents[2]
FIRST_START_S, LATER_START_S = 120, 30
PARTS = ("api", "geo", "map_frontend", "ops", "migrations", "data", "pyproject.toml")


class Checkout:
    """A copy of the product with a `.local` of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None
        for part in PARTS:
            copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy2
            copy(
                ROOT / part,
                folder / part,
                **(
                    {"ignore": shutil.ignore_patterns("node_modules", "__pycache__")} if copy is shutil.copytree else {}
                ),
            )  # type: ignore[operator]
        (folder / ".local").mkdir()
        self.home = home_for(folder / ".local", "cluster", database_account())

    def start(self, **env: str) -> None:
        """What `make run` hands over to once the environment stands."""
        given = plain_environment() | {"PYTHONPATH": str(self.folder)} | env
        unpacked = ROOT / ".local" / "pg"
        if unpacked.exists() and not (self.folder / ".local" / "pg").exists():
            (self.folder / ".local" / "pg").symlink_to(unpacked)
        (self.folder / ".local" / "url").unlink(missing_ok=True)
        with (self.folder / "out.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "ops.serve"], env=given, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )  # fmt: skip

    @property
    def pid(self) -> int:
        """The process that `make run` becomes."""
        assert self.process is not None
        return self.process.pid

    def ready(self, within_s: float) -> str:
        """The address, once it answers."""
        assert self.process is not None
        deadline = time.monotonic() + within_s
        while True:
            assert self.process.poll() is None, self.log()
            file = self.folder / ".local" / "url"
            try:
                url = file.read_text().strip()
                if httpx.get(f"{url}/health/ready", timeout=2).status_code == 200:
                    return url
            except (OSError, httpx.HTTPError):
                pass
            assert time.monotonic() < deadline, self.log()
            time.sleep(0.1)

    def log(self) -> str:
        """What it said last."""
        return (self.folder / "out.log").read_text(errors="replace")[-3000:]

    def stop(self, number: int = signal.SIGINT) -> int:
        """Send a signal and wait for the end."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(30)

    def alive(self) -> list[str]:
        """Command lines of everything that belongs to this checkout."""
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit() or int(entry.name) == os.getpid():
                continue
            try:
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                where = os.readlink(entry / "cwd")
                state = (entry / "stat").read_text().rsplit(")", 1)[1].split()[0]
            except OSError:
                continue
            mine = where.startswith((str(self.folder), str(self.home))) or str(self.home) in command
            if mine and state != "Z":
                found.append(f"{entry.name} {command}")
        return found

    def none_left(self) -> None:
        """Nothing of this checkout runs any more."""
        until(lambda: not self.alive(), 20, lambda: "\n".join(self.alive()))

    def account(self, name: str) -> dict[str, str]:
        """A demo account."""
        rows = json.loads((self.folder / ".local" / "demo-accounts.json").read_text())
        return next(row for row in rows if row["username"] == name)

    def database(self) -> dict[str, str]:
        """Address of the private cluster."""
        found: dict[str, str] = json.loads((self.folder / ".local" / "cluster.json").read_text())
        return found


def until(condition: Callable[[], bool], within_s: float, why: Callable[[], str] = lambda: "") -> None:
    """Wait for something to become true."""
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, why()
        time.sleep(0.1)


@pytest.fixture(scope="module")
def checkouts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Checkout, Checkout]]:
    """Two of them, started at once."""
    pair = []
    for name in ("one", "two"):
        folder = tmp_path_factory.mktemp(name)
        pair.append(Checkout(folder))
    try:
        for checkout in pair:
            checkout.start()
        for checkout in pair:
            checkout.ready(FIRST_START_S)
        yield pair[0], pair[1]
    finally:
        for checkout in pair:
            if checkout.process is not None and checkout.process.poll() is None:
                checkout.stop()
            if checkout.home.parent.name.startswith("yizhangtu-"):
                shutil.rmtree(checkout.home.parent, ignore_errors=True)


def test_two_checkouts_do_not_clash(checkouts: tuple[Checkout, Checkout]) -> None:
    one, two = checkouts
    addresses = [c.ready(5) for c in checkouts]
    assert len(set(addresses)) == 2
    ports = [c.database()["port"] for c in checkouts]
    assert len(set(ports)) == 2
    assert "5432" not in ports
    for checkout, url in zip(checkouts, addresses, strict=True):
        assert httpx.get(f"{url}/v1/counts").json()["parcels"] > 400
        for secret in ("cluster.json", "demo-accounts.json"):
            mode = (checkout.folder / ".local" / secret).stat().st_mode
            assert stat.S_IMODE(mode) == 0o600, secret
    assert one.account("clerk")["password"] != two.account("clerk")["password"]


def test_ctrl_c_leaves_no_process_and_the_second_start_keeps_everything(checkouts: tuple[Checkout, Checkout]) -> None:
    one, _ = checkouts
    url = one.ready(5)
    header = {"Authorization": f"Bearer {one.account('bureau')['token']}"}
    code = httpx.get(f"{url}/ogc/collections/parcels/items?limit=1").json()["features"][0]["id"]
    tag = httpx.get(f"{url}/ogc/collections/parcels/items/{code}", headers=header).headers["etag"]
    told = httpx.post(
        f"{url}/v1/parcels/{code}/facts", headers=header | {"If-Match": tag}, json={"kind": "status", "value": "RESERVE"}
    )  # fmt: skip
    assert told.status_code == 201, told.text
    assert one.stop(signal.SIGINT) == 0, one.log()
    one.none_left()
    one.start()
    url = one.ready(LATER_START_S)
    facts = httpx.get(f"{url}/v1/parcels/{code}/facts", headers=header).json()
    assert told.json()["fact_id"] in [fact["id"] for fact in facts]


def test_a_killed_service_takes_its_database_along_and_the_next_start_recovers(
    checkouts: tuple[Checkout, Checkout],
) -> None:
    one, _ = checkouts
    one.ready(5)
    assert one.stop(signal.SIGKILL) == -signal.SIGKILL
    one.none_left()
    one.start()
    assert httpx.get(f"{one.ready(LATER_START_S)}/v1/counts").json()["parcels"] > 400


def test_a_killed_database_is_started_again(checkouts: tuple[Checkout, Checkout]) -> None:
    one, _ = checkouts
    url = one.ready(5)
    postmaster = int((one.home / "data" / "postmaster.pid").read_text().splitlines()[0])
    os.kill(postmaster, signal.SIGKILL)
    until(lambda: httpx.get(f"{url}/health/ready", timeout=5).status_code == 503, 10)
    until(lambda: httpx.get(f"{url}/health/ready", timeout=5).status_code == 200, 30, one.log)
    assert httpx.get(f"{url}/v1/counts").json()["parcels"] > 400


def test_a_killed_worker_is_started_again(checkouts: tuple[Checkout, Checkout]) -> None:
    one, _ = checkouts
    one.ready(5)

    def workers() -> list[int]:
        return [int(line.split()[0]) for line in one.alive() if "ops.worker" in line]

    (worker,) = workers()
    os.kill(worker, signal.SIGKILL)
    until(lambda: bool(workers()) and workers() != [worker], 15)


def test_several_workers_share_the_port_and_their_figures_and_die_together(
    checkouts: tuple[Checkout, Checkout],
) -> None:
    _, two = checkouts
    two.ready(5)
    assert two.stop(signal.SIGTERM) == 0
    two.none_left()
    two.start(WORKERS="2")
    url = two.ready(LATER_START_S)
    for _ in range(40):
        assert httpx.get(f"{url}/v1/counts").status_code == 200
    figures = httpx.get(f"{url}/metrics").text
    (line,) = [text for text in figures.splitlines() if text.startswith('yizhangtu_requests_total{route="/v1/counts"')]
    assert float(line.rpartition(" ")[2]) == 40

    def processes() -> set[str]:
        return {line.split()[0] for line in two.alive() if "multiprocessing.spawn" in line}

    before = processes()
    assert len(before) == 2
    os.kill(int(min(before)), signal.SIGKILL)
    until(lambda: len(processes() - {min(before)}) == 2, 20, two.log)
    assert two.ready(LATER_START_S) == url
    two.stop(signal.SIGKILL)
    two.none_left()
    two.start()
    two.ready(LATER_START_S)


def test_a_port_that_is_taken_is_said_so(checkouts: tuple[Checkout, Checkout]) -> None:
    one, two = checkouts
    port = one.ready(5).rpartition(":")[2]
    two.ready(5)
    two.stop()
    two.none_left()
    two.start(PORT=port)
    assert two.process is not None
    assert two.process.wait(30) == 1
    assert f"port {port} on 127.0.0.1 is taken" in two.log()
    two.none_left()
