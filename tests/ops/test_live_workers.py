"""Two workers behind one door: both hear of an edit, and an open stream does not keep the service from ending."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import psycopg

from ops.bench.processes import free_port
from tests.ops.deployment import plain_environment
from tests.plugins.service import World, world  # noqa: F401

TILE = "/ogc/collections/parcels/tiles/WebMercatorQuad/14/6780/13738?county=330225"
WITHIN_S = 180


@contextmanager
def two_workers(app_url: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    port = free_port()
    env = plain_environment() | {
        "DATABASE_URL": app_url, "HOST": "127.0.0.1", "PORT": str(port), "WORKERS": "2", "WORKER_INSIDE": "false",
        "API_ITEMS_PER_MINUTE": "100000",
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "ops.application"], env=os.environ | env, stdout=subprocess.DEVNULL
    )
    try:
        yield f"http://127.0.0.1:{port}", process
    finally:
        process.kill()
        process.wait()


def tags(url: str, count: int) -> set[str]:
    """ETags of the tile over so many connections, which the workers take in no order."""
    return {httpx.get(url + TILE, timeout=10).headers.get("etag", "") for _ in range(count)}


def test_both_workers_hear_of_an_edit_and_streams_end_with_the_service(world: World) -> None:  # noqa: F811
    with two_workers(world.app_url) as (url, process):
        deadline = time.monotonic() + WITHIN_S
        while True:
            try:
                if all(
                    httpx.get(f"{url}/health/ready", timeout=5).json()["parts"].get("changes") == "ready"
                    for _ in range(10)
                ):
                    break
            except httpx.HTTPError:
                pass
            assert time.monotonic() < deadline
            time.sleep(0.1)
        before = tags(url, 20)
        assert len(before) == 1
        with psycopg.connect(world.owner_url, autocommit=True) as connection:
            connection.execute("update register.parcel set name = '改' where code = 'PUB'")
        while tags(url, 20) & before:
            assert time.monotonic() < deadline
        assert len(tags(url, 20)) == 1

        opened, ends = threading.Event(), list[str]()

        def follow() -> None:
            try:
                with httpx.stream("GET", f"{url}/v1/events?county=330225", timeout=30) as answer:
                    for _ in answer.iter_raw():
                        opened.set()
                ends.append("ended")
            except httpx.HTTPError:
                ends.append("cut off")

        following = threading.Thread(target=follow, daemon=True)
        following.start()
        assert opened.wait(20)
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        following.join(10)
        assert ends == ["ended"]  # not cut off when the server had waited long enough
