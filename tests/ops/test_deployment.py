"""The production shape through its own door: nginx, two applications, a worker, a standby; and the database going away."""

from __future__ import annotations

import json
import re
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from ops.cluster.account import as_account, home_for
from tests.ops.deployment import COMPOSE, COUNTY, PASSWORD, ROOT, Deployment, deployed, free_port, plain_environment

ITEMS = "/ogc/collections/parcels/items"
RECOVERS_WITHIN_S = 20


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with deployed(tmp_path_factory.mktemp("deployment")) as it:
        yield it


def log_in(client: httpx.Client, name: str = "clerk") -> dict[str, str]:
    client.post("/login", data={"username": name, "password": PASSWORD})
    return {"X-CSRF-Token": client.get("/v1/me").json()["csrf_token"]}


def plots(*codes: str) -> bytes:
    """A GeoJSON file with a plot of 100 m or so for every code."""
    features = []
    for number, code in enumerate(codes):
        w, s = 121.9 + number * 0.002, 29.5
        ring = [[w, s], [w + 0.001, s], [w + 0.001, s + 0.001], [w, s + 0.001], [w, s]]
        properties = {"code": code, "name": f"地块 {code}"}
        features.append(
            {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        )
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def imported(client: httpx.Client, headers: dict[str, str], content: bytes) -> dict[str, object]:
    """Send a file and wait for its end."""
    sent = client.post(
        "/v1/imports", files={"file": ("plots.geojson", content)}, data={"collection": "parcels", "publish": "true"}, headers=headers
    )  # fmt: skip
    assert sent.status_code == 202, sent.text
    deadline = time.monotonic() + 40
    while True:
        batch: dict[str, object] = client.get(sent.headers["location"]).json()
        if batch["state"] not in ("queued", "running"):
            return batch
        assert time.monotonic() < deadline, batch
        time.sleep(0.2)


def test_compose_pins_images_and_opens_one_door() -> None:
    services = COMPOSE["services"]
    assert {"nginx", "app-1", "app-2", "worker", "migrate", "db", "replica"} == set(services)
    for name, it in services.items():
        assert re.fullmatch(r"[a-z/]+:[\w.-]*\d[\w.-]*", it["image"]), (name, it["image"])
        assert ("ports" in it) is (name == "nginx")
        assert it["networks"] == ["inside"]
    assert services["replica"]["profiles"] == ["replica"]
    for line in (ROOT / "deploy" / "Dockerfile").read_text().splitlines():
        if line.startswith("FROM"):
            assert re.search(r":\d+\.\d+\.\d+", line), line


def test_a_file_sent_to_one_application_is_done_by_the_worker_and_seen_by_all(deployment: Deployment) -> None:
    with httpx.Client(base_url=deployment.door, timeout=20) as client:
        batch = imported(client, log_in(client), plots("A-1", "A-2"))
        assert batch["state"] == "applied", batch
        session = dict(client.cookies)
    for name in ("app-1", "app-2"):
        at = f"http://127.0.0.1:{deployment.ports[name]}"
        assert httpx.get(f"{at}{ITEMS}").json()["numberMatched"] == 2
        assert httpx.get(f"{at}/v1/me", cookies=session).json()["username"] == "clerk"
    page = httpx.get(f"{deployment.door}/?lang=zh")
    assert page.status_code == 200
    assert "象山县" in page.text


def test_the_door_compresses_and_keeps_metrics_inside(deployment: Deployment) -> None:
    with httpx.Client(base_url=deployment.door) as client:
        assert client.get("/openapi.json").headers["content-encoding"] == "gzip"
        assert client.get("/metrics").status_code == 404
        assert "server" not in {k: v for k, v in client.get("/").headers.items() if re.search(r"\d", v)}


def test_the_door_keeps_the_publics_tiles_of_a_version_and_nothing_else(deployment: Deployment) -> None:
    tile = f"/ogc/collections/parcels/tiles/WebMercatorQuad/12/1696/3434?county={COUNTY}"
    with httpx.Client(base_url=deployment.door) as client, httpx.Client(base_url=deployment.door) as staff:
        headers = log_in(staff)

        def version() -> str:
            return str(client.get(f"/map/versions?county={COUNTY}").json()["versions"]["parcels"])

        before = version()
        assert imported(staff, headers, plots("K-1"))["state"] == "applied"
        present = version()
        assert present != before
        deadline = time.monotonic() + 20
        while (answer := client.get(f"{tile}&v={present}")).headers["x-cache"] != "HIT":
            assert time.monotonic() < deadline, answer.headers
            time.sleep(0.1)
            present = version()  # leads may still be worked out
        assert answer.headers["cache-control"].endswith("immutable")
        assert answer.status_code == 200
        assert client.get(f"{tile}&v={present}", headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
        private = staff.get(f"{tile}&v={present}")
        assert (private.headers["x-cache"], private.headers["cache-control"]) == ("BYPASS", "private, no-cache")
        assert client.get(f"{tile}&v={present}").content == answer.content
        for path in (tile, f"{tile}&v={'0' * 16}"):
            assert {client.get(path).headers["x-cache"] for _ in range(3)} == {"MISS"}
        assert imported(staff, headers, plots("K-1", "K-2"))["state"] == "applied"
        fresh = client.get(f"{tile}&v={version()}")
        assert fresh.content != answer.content
        assert fresh.headers["x-cache"] == "MISS"


def test_a_client_cannot_say_it_is_somebody_else(deployment: Deployment) -> None:
    with httpx.Client(base_url=deployment.door) as client:
        client.get("/ogc", headers={"X-Forwarded-For": "203.0.113.77", "X-Request-ID": "who-is-it"})
    deadline = time.monotonic() + 10
    while not (lines := _logged(deployment, "who-is-it")) and time.monotonic() < deadline:
        time.sleep(0.1)  # the line is written after the answer has left
    assert [line["address"] for line in lines] == ["127.0.0.1"]


def _logged(deployment: Deployment, word: str) -> list[dict[str, Any]]:
    """Lines of the applications' logs that hold a word."""
    return [
        json.loads(line)
        for name in ("app-1", "app-2")
        for line in (deployment.folder / f"{name}.log").read_text().splitlines()
        if word in line and line.endswith("}")
    ]


def test_one_application_may_die(deployment: Deployment) -> None:
    deployment.stop("app-1", hard=True)
    with httpx.Client(base_url=deployment.door) as client:
        assert {client.get(ITEMS).status_code for _ in range(30)} == {200}
    deployment.start("app-1", API_ITEMS_PER_MINUTE="1000000")
    deployment.wait(f"http://127.0.0.1:{deployment.ports['app-1']}/health/ready")


class Load:
    """A few clients that never stop asking; remembers every answer."""

    PATHS = (
        ITEMS,
        "/ogc/collections/parcels/tiles/WebMercatorQuad/14/6790/13738",
        "/",
        "/parcels/A-1",
        "/v1/counts",
        "/health/live",
    )

    def __init__(self, door: str) -> None:
        self.answers: list[tuple[float, str, httpx.Response]] = []
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self._ask, args=(door, n), daemon=True) for n in range(4)]
        for thread in self.threads:
            thread.start()

    def _ask(self, door: str, number: int) -> None:
        with httpx.Client(base_url=door, timeout=30) as client:
            while not self.over.is_set():
                for path in self.PATHS[number % 2 :]:
                    answer = client.get(path)
                    self.answers.append((time.monotonic(), path, answer))
                time.sleep(0.02)

    def statuses(self, since: float, until: float, path: str | None = None) -> Counter[int]:
        """How often each status arrived in a time."""
        return Counter(a.status_code for at, p, a in self.answers if since <= at < until and path in (None, p))


def test_the_database_goes_away_under_load_and_comes_back(deployment: Deployment) -> None:
    before = {name: process.pid for name, process in deployment.processes.items()}
    load = Load(deployment.door)
    try:
        time.sleep(1.5)
        gone = time.monotonic()
        deployment.cluster.stop()
        time.sleep(1)
        away = time.monotonic()
        time.sleep(2.5)
        ready = httpx.get(f"{deployment.door}/health/ready")
        assert (ready.status_code, ready.json()["failing"]) == (503, ["database"])
        back = time.monotonic()
        assert deployment.cluster.start()
        deployment.wait(f"{deployment.door}/health/ready")
        time.sleep(1.5)
    finally:
        load.over.set()
        for thread in load.threads:
            thread.join(40)
    end = time.monotonic()
    assert set(load.statuses(0, gone)) <= {200, 204}
    assert set(load.statuses(0, end)) <= {200, 204, 503}
    assert set(load.statuses(away, back, ITEMS)) == {503}
    assert set(load.statuses(0, end, "/health/live")) == {200}
    for _, path, answer in load.answers:
        if answer.status_code == 503:
            assert int(answer.headers["retry-after"]) >= 1, path
            assert answer.headers["content-type"].startswith("application/problem+json"), path
            assert answer.json()["request_id"], path
    assert set(load.statuses(end - 1, end)) <= {200, 204}
    assert back < end - 1 < back + RECOVERS_WITHIN_S
    assert {name: process.pid for name, process in deployment.processes.items()} == before
    with httpx.Client(base_url=deployment.door, timeout=20) as client:  # the worker came back too
        assert imported(client, log_in(client), plots("B-1"))["state"] == "applied"


def test_a_standby_follows(deployment: Deployment) -> None:
    cluster = deployment.cluster
    folder = home_for(deployment.folder, "replica", cluster.account)
    port = free_port()
    given = deployment.environment("replica")
    said = COMPOSE["services"]["replica"]
    assert said["entrypoint"] == ["bash", "/deploy/replica.sh"]
    environment = plain_environment() | given | cluster.server.env | {
        "PATH": f"{cluster.server.bin}:/usr/bin:/bin", "PGHOST": "127.0.0.1", "PGPORT": cluster.address()["port"],
        "PGDATA": str(folder / "pgdata"), "REPLICA_PORT": str(port), "REPLICA_SOCKETS": "",
    }  # fmt: skip
    script = folder / "replica.sh"
    script.write_bytes((ROOT / "deploy" / "replica.sh").read_bytes())
    script.chmod(0o755)
    with (deployment.folder / "replica.log").open("wb") as log:
        process = subprocess.Popen(
            ["bash", script], env=environment, cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log, **as_account(cluster.account)
        )  # fmt: skip
    deployment.processes["replica"] = process
    address = cluster.superuser_url("yizhangtu").replace(f":{cluster.address()['port']}/", f":{port}/")
    deadline = time.monotonic() + 40
    with psycopg.connect(cluster.superuser_url("yizhangtu"), autocommit=True) as primary:
        primary.execute("update register.parcel set name = '改名' where code = 'A-1'")
    while True:
        assert process.poll() is None, (deployment.folder / "replica.log").read_text()[-2000:]
        try:
            with psycopg.connect(address, connect_timeout=2) as standby:
                row = standby.execute(
                    "select pg_is_in_recovery(), name from register.parcel where code = 'A-1' and county_code = %s",
                    [COUNTY],
                ).fetchone()
                if row == (True, "改名"):
                    break
        except psycopg.OperationalError:
            pass
        assert time.monotonic() < deadline, (deployment.folder / "replica.log").read_text()[-2000:]
        time.sleep(0.2)
    assert Path(folder / "pgdata" / "standby.signal").exists()


def test_every_process_stops_when_told(deployment: Deployment) -> None:
    for name in ("worker", "app-2", "app-1", "nginx"):
        begun = time.monotonic()
        status = deployment.stop(name)
        assert time.monotonic() - begun < 12, name
        assert status in (0, -15), (name, status)
