"""Part `edits`: from an edit to its tile on every process, and how long the cells of low zooms take to be made anew.

Two services with pools and caches of their own stand for two machines. After each edit both are asked for its tile over and over; the
edit is fresh when both have answered with the new one, and must stay fresh.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import httpx
import psycopg

from ops.bench.attributes import COUNTY
from ops.bench.client import Failed
from ops.bench.hearing import open_screen
from ops.bench.named_sql import statement
from ops.bench.processes import Server, our_service
from ops.bench.report import Part
from ops.bench.rounds import Spread
from ops.bench.run import Run
from ops.bench.targets import judge
from ops.bench.tiles import busiest, shapes_from, with_parcels

EDITS, ZOOM, TILES = 40, 15, 8
"""ZOOM: or the first one that shows parcels, in which an edit can be seen."""

PATIENCE_S = 30.0
STAYS = 5
"""Requests to each process after an edit was fresh on both: an old answer among them is stale."""

_PLOT = """
select id from open_data.parcels
where tile_geom && st_tileenvelope(%s, %s, %s) and tile_geom @ st_tileenvelope(%s, %s, %s) order by id limit 1"""


@dataclass(frozen=True, slots=True)
class Fresh:
    """One edit: seconds to its commit, and from there to the new tile on every process; stale answers after that."""

    committed: float
    """When, as `time.perf_counter` says."""

    write_s: float
    fresh_s: float
    stale: int


def run(asked: Run) -> Iterator[Part]:
    """Measure both; judge."""
    with ExitStack() as stack:
        servers = [stack.enter_context(our_service(asked.database.app_url, name=f"service-{n}")) for n in (1, 2)]
        cold = stack.enter_context(
            our_service(asked.database.app_url, "service-cold", API_TILE_CACHE_BYTES="0", API_TILE_STORE_BYTES="0")
        )
        owner = stack.enter_context(psycopg.connect(asked.database.owner_url, autocommit=True))
        clients = [stack.enter_context(httpx.Client(base_url=s.url, timeout=PATIENCE_S)) for s in servers]
        cold_client = stack.enter_context(httpx.Client(base_url=cold.url, timeout=PATIENCE_S))
        await_ears(servers)
        busy = places(cold, asked.database.owner_url, owner)
        ear = stack.enter_context(open_screen(servers[1]))
        done, built, told = [], [], []
        for path, plot in itertools.islice(itertools.cycle(busy), EDITS):
            begun = time.perf_counter()
            cold_client.get(path).raise_for_status()
            built.append(time.perf_counter() - begun)
            done.append(edit(owner, clients, path, plot))
            told.append(ear.first_after(done[-1].committed) - done[-1].committed)
        yield _edits_part(done, built, told)
        yield _cells_part(asked, owner)


def await_ears(servers: list[Server]) -> None:
    """Return when every server is told of changes. Raises Failed."""
    deadline = time.monotonic() + PATIENCE_S
    for server in servers:
        while httpx.get(f"{server.url}/health/ready").json()["parts"]["changes"] != "ready":
            if time.monotonic() > deadline:
                raise Failed(f"{server.name} is not told of changes")
            time.sleep(0.05)


def places(server: Server, owner_url: str, owner: psycopg.Connection[tuple[object, ...]]) -> list[tuple[str, int]]:
    """Busy tiles that show their plots, and a plot that lies in each."""
    zoom, out = max(ZOOM, shapes_from(owner_url)), []
    for tile in with_parcels(server, owner_url, zoom, TILES):
        at = (tile.z, tile.col, tile.row)
        row = owner.execute(_PLOT, [*at, *at]).fetchone()
        if row is not None:
            out.append((tile.ours, int(str(row[0]))))
    if not out:
        raise Failed(f"no busy tile of zoom {zoom} holds a whole plot")
    return out


def edit(owner: psycopg.Connection[tuple[object, ...]], clients: list[httpx.Client], path: str, plot: int) -> Fresh:
    """Change a plot, wait until every client shows its tile anew. Raises Failed when one does not within PATIENCE_S."""
    before = [client.get(path).headers["etag"] for client in clients]
    begun = time.perf_counter()
    owner.execute("update register.parcel set is_sample = not is_sample where id = %s", [plot])
    committed = time.perf_counter()
    waiting = dict(enumerate(clients))
    while waiting:
        for n, client in list(waiting.items()):
            if client.get(path).headers["etag"] != before[n]:
                del waiting[n]
        if time.perf_counter() - committed > PATIENCE_S:
            raise Failed(f"{path}: an edit was not seen within {PATIENCE_S:.0f} s")
    fresh = time.perf_counter()
    stale = sum(client.get(path).headers["etag"] == before[n] for n, client in enumerate(clients) for _ in range(STAYS))
    return Fresh(committed, committed - begun, fresh - committed, stale)


def _edits_part(done: list[Fresh], built: list[float], told: list[float]) -> Part:
    fresh, write, cold = sorted(e.fresh_s for e in done), sorted(e.write_s for e in done), sorted(built)
    p95, median = fresh[int(len(fresh) * 0.95)], cold[len(cold) // 2]
    notes = [
        f"{len(done)} edits, 2 processes: committed after {write[len(write) // 2] * 1000:.0f} ms, new tile on both "
        f"{fresh[len(fresh) // 2] * 1000:.0f} ms later (p95 {p95 * 1000:.0f} ms); a cold tile takes {median * 1000:.0f} ms"
    ]
    told_p95 = sorted(told)[int(len(told) * 0.95)]
    figures = {
        "edit_fresh": Spread.of([p95 / median]),
        "edit_told": Spread.of([told_p95]),
        "edit_stale": Spread.of([float(sum(e.stale for e in done))]),
    }
    return Part("tiles edits", notes=notes, verdicts=judge("tiles edits", figures))


def _cells_part(asked: Run, owner: psycopg.Connection[tuple[object, ...]]) -> Part:
    """All cells of the public's parcels made anew, beside the busiest naive tile of zoom 10."""
    row = owner.execute(
        "select shapes_from_zoom, thing_count from register.tile_detail where collection = 'parcels' and audience = 'public' and county_code = %s",
        [COUNTY],
    ).fetchone()
    if row is None:
        raise Failed("nobody measured from which zoom parcels show")
    busy = busiest(asked.database.owner_url, 10, 1)[0]
    naive = statement("naive_tile").partition("select")
    begun = time.perf_counter()
    values = {"z": busy.z, "x": busy.col, "y": busy.row, "county": COUNTY}
    text = (
        (naive[1] + naive[2])
        .replace(":z", "%(z)s")
        .replace(":x", "%(x)s")
        .replace(":y", "%(y)s")
        .replace(":county", "%(county)s")
    )
    owner.execute(text, values).fetchone()
    naive_s = time.perf_counter() - begun
    zoom = max(int(str(row[0])), 1)
    begun = time.perf_counter()
    owner.execute("select register.set_tile_detail(%s, 'parcels', 'public', %s, %s)", [COUNTY, zoom, row[1]])
    cells_s = time.perf_counter() - begun
    if zoom != row[0]:
        owner.execute("select register.set_tile_detail(%s, 'parcels', 'public', %s, %s)", [COUNTY, row[0], row[1]])
    notes = [
        f"parcels show from zoom {row[0]}; cells of z0-z{zoom - 1} in {cells_s:.1f} s, one naive z10 tile {naive_s:.1f} s"
    ]
    return Part("tiles cells", notes=notes, verdicts=judge("tiles cells", {"seed": Spread.of([cells_s / naive_s])}))
