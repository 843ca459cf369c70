"""Part `memory`: a fresh service is asked for every parcel, page after page by the cursor; its resident memory stays flat."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import httpx
import orjson
import psycopg

from ops.bench.client import Failed
from ops.bench.processes import our_service
from ops.bench.report import Part
from ops.bench.rounds import Spread
from ops.bench.run import Run
from ops.bench.targets import judge
from ops.bench.watching import resident_mb

PAGE = 10_000
PAGES_MIN = 8
LOOK_EVERY_S = 0.02
PATIENCE_S = 300.0


def run(asked: Run) -> list[Part]:
    """Page through everything; compare the peaks of the first and the last quarter of the pages."""
    with psycopg.connect(asked.database.owner_url) as connection:
        row = connection.execute("select count(*) from open_data.parcels").fetchone()
    assert row is not None
    visible = int(row[0])
    limit = min(PAGE, max(1, visible // PAGES_MIN))
    peaks_mb: list[float] = []
    count, size = 0, 0
    with our_service(asked.database.app_url) as server, httpx.Client(base_url=server.url, timeout=PATIENCE_S) as client:
        before_mb, begun = resident_mb(server.pid), time.perf_counter()
        path: str | None = f"/ogc/collections/parcels/items?limit={limit}"
        while path:
            with _peak(server.pid, peaks_mb):
                body = client.get(path, headers={"Accept-Encoding": "identity"}).raise_for_status().content
            page = orjson.loads(body)
            count, size = count + len(page["features"]), size + len(body)
            following = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)
            path = None if following is None else following.removeprefix(f"http://{urlsplit(server.url).netloc}")
            if len(peaks_mb) % 10 == 0:
                asked.say(f"memory: {count} of {visible}, {peaks_mb[-1]:.0f} MB")
        seconds = time.perf_counter() - begun
    if count != visible:
        raise Failed(f"paging gave {count} parcels, the public sees {visible}")
    quarter = max(1, len(peaks_mb) // 4)
    first, last = max(peaks_mb[:quarter]), max(peaks_mb[-quarter:])
    notes = [
        f"{count} parcels in {len(peaks_mb)} pages of {limit}, {size / 1e6:.0f} MB of GeoJSON, {seconds:.0f} s ({count / seconds:.0f} features a second)",
        f"resident: {before_mb:.0f} MB before, peak {first:.0f} MB in the first quarter, {last:.0f} MB in the last, {max(peaks_mb):.0f} MB over all",
    ]
    figures = {"memory_flat": Spread.of([last / first])} if len(peaks_mb) >= PAGES_MIN else {}
    return [Part("memory", notes=notes, verdicts=judge("memory", figures))]


@contextmanager
def _peak(pid: int, into: list[float]) -> Iterator[None]:
    """Adds the highest resident memory seen during the block, MB."""
    over, highest = threading.Event(), [resident_mb(pid)]

    def look() -> None:
        while not over.wait(LOOK_EVERY_S):
            highest.append(resident_mb(pid))

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        into.append(max(highest))
