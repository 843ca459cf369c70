"""The loads: each a thread that does one kind of thing over and over, now at this process and now at the other."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, cycle
from pathlib import Path

import httpx

from ops.bench.attributes import COUNTY, STATUS
from ops.bench.mvt import texts
from ops.soak.book import CUT, SERVER_ERROR, STALE, WRONG, Book, Fault
from ops.soak.places import Place

PATIENCE_S = 60.0
FRESH_WITHIN_S = 5.0
"""After a write was answered: later than this on either process, its answer is stale."""

STAYS = 3
ZOOM_OF_EDITS = 16
PAGES, PAGE = 5, 500
STREAM_PAUSE_S = 0.5
ITEMS = "/ogc/collections/parcels/items"
NAMES = ("示例1镇", "sl", "shilizhen", "街坊", "330225-0001", "Sample plot 012", "示例3镇街坊0005号", "zzzz")


@dataclass(frozen=True, slots=True)
class Setting:
    """What every load is given."""

    urls: tuple[str, str]
    tokens: dict[str, str]
    places: list[Place]
    import_file: Path
    import_code: str
    import_rows: int
    book: Book
    stop: threading.Event


def clients(setting: Setting, account: str | None = None) -> list[httpx.Client]:
    """One for each process, as an account or as the public."""
    headers = {} if account is None else {"Authorization": f"Bearer {setting.tokens[account]}"}
    return [httpx.Client(base_url=url, headers=headers, timeout=PATIENCE_S) for url in setting.urls]


def ask(client: httpx.Client, method: str, path: str, *expected: int, **given: object) -> httpx.Response:
    """An answer whose status is expected (200 where not said). Raises Fault."""
    try:
        answer = client.request(method, path, **given)  # type: ignore[arg-type]
    except httpx.HTTPError as error:
        raise Fault(CUT, f"{method} {path}: {error!r}") from None
    if answer.status_code >= 500:
        raise Fault(SERVER_ERROR, f"{method} {path}: {answer.status_code} {answer.text[:200]}")
    if answer.status_code not in (expected or (200,)):
        raise Fault(WRONG, f"{method} {path}: {answer.status_code} {answer.text[:200]}")
    return answer


def pan(setting: Setting, seed: int) -> Iterator[None]:
    """Tiles of a window at a random zoom, the list and the numbers beside it; known tiles are asked for with their ETag."""
    rng, known = random.Random(seed), dict[tuple[int, str], str]()
    at = clients(setting)
    for n in cycle((0, 1)):
        place, zoom = rng.choice(setting.places), rng.randint(9, 16)
        with setting.book.timed("pan"):
            for path in place.tiles(zoom):
                headers = {"If-None-Match": known[n, path]} if (n, path) in known else {}
                answer = ask(at[n], "GET", path, 200, 204, 304, headers=headers)
                if "etag" in answer.headers and len(known) < 2000:
                    known[n, path] = answer.headers["etag"]
            box = place.box(zoom)
            ask(at[n], "GET", f"/map/list?bbox={box}")
            ask(at[n], "GET", f"/map/summary?rings=0&bbox={box}")
        yield


def search(setting: Setting, seed: int) -> Iterator[None]:
    """Names in characters, pinyin, initials, codes, and one that is nowhere."""
    rng, at = random.Random(seed), clients(setting)
    for n in cycle((0, 1)):
        with setting.book.timed("search"):
            ask(at[n], "GET", "/v1/search", params={"q": rng.choice(NAMES), "county": COUNTY})
        yield


def edit(setting: Setting, seed: int) -> Iterator[None]:
    """A status is told at one process; item and tile are asked of both until they show it, and must go on showing it."""
    rng = random.Random(seed)
    staff, public = clients(setting, "bureau"), clients(setting)
    for n in cycle((0, 1)):
        place = rng.choice(setting.places)
        item = f"{ITEMS}/{place.code}?county={COUNTY}"
        before = ask(staff[n], "GET", item).json()["properties"]
        status, tile = rng.choice([s for s in STATUS if s != before["status"]]), place.tile(ZOOM_OF_EDITS)
        for client in public:  # so that both have an old answer to forget
            ask(client, "GET", item)
            ask(client, "GET", tile, 200, 204)
        with setting.book.timed("edit"):
            ask(
                staff[n], "POST", f"/v1/parcels/{place.code}/facts?county={COUNTY}", 201,
                json={"kind": "status", "value": status}, headers={"If-Match": f'"{place.code}-{before["version"]}"'},
            )  # fmt: skip
        begun = time.perf_counter()
        waiting = {(which, what) for which in (0, 1) for what in ("item", "tile")}
        while waiting:
            for which, what in sorted(waiting):
                if _shows(public[which], what, item, tile, place.code, status):
                    waiting.discard((which, what))
            if waiting and time.perf_counter() - begun > FRESH_WITHIN_S:
                raise Fault(STALE, f"{place.code} is {status}, not shown after {FRESH_WITHIN_S:g} s: {sorted(waiting)}")
        setting.book.note("fresh", time.perf_counter() - begun)
        for _ in range(STAYS):
            for which in (0, 1):
                for what in ("item", "tile"):
                    if not _shows(public[which], what, item, tile, place.code, status):
                        raise Fault(
                            STALE, f"{place.code} was {status} on both, and {what} of process {which + 1} is old again"
                        )
        yield


def _shows(client: httpx.Client, what: str, item: str, tile: str, code: str, status: str) -> bool:
    if what == "item":
        return bool(ask(client, "GET", item).json()["properties"]["status"] == status)
    answer = ask(client, "GET", tile, 200, 204)
    return any(told.get("code") == code and told.get("status") == status for told in texts(answer.content))


def bring(setting: Setting, seed: int) -> Iterator[None]:
    """A file of plots is imported by the worker, seen on both processes, taken back, and seen nowhere."""
    staff, public = clients(setting, "admin"), clients(setting)
    item = f"{ITEMS}/{setting.import_code}?county={COUNTY}"
    for n in cycle((0, 1)):
        with setting.book.timed("import"):
            files = {"file": (setting.import_file.name, setting.import_file.read_bytes())}
            form = {"collection": "parcels", "publish": "true"}
            batch = ask(staff[n], "POST", f"/v1/imports?county={COUNTY}", 202, files=files, data=form).json()["id"]
            report = _ended(setting, staff[n], batch)
        if report is None:
            return
        if report["actions"].get("inserted") != setting.import_rows:
            raise Fault(WRONG, f"batch {batch}: {report}")
        for client in public:
            if ask(client, "GET", item, 200, 404).status_code == 404:
                raise Fault(STALE, f"batch {batch} is applied, and {setting.import_code} is not there")
        with setting.book.timed("undo"):
            ask(staff[n], "POST", f"/v1/imports/{batch}/undo?county={COUNTY}")
        for client in public:
            if ask(client, "GET", item, 200, 404).status_code == 200:
                raise Fault(STALE, f"batch {batch} is taken back, and {setting.import_code} is there")
        yield


def _ended(setting: Setting, client: httpx.Client, batch: int) -> dict[str, dict[str, int]] | None:
    """The report of a batch when its worker is done; None when the run ended before. Raises Fault for one that failed."""
    while True:
        told = ask(client, "GET", f"/v1/imports/{batch}?county={COUNTY}").json()
        if told["state"].startswith("applied"):
            report: dict[str, dict[str, int]] = told["report"]
            return report
        if told["state"] not in ("queued", "running"):
            raise Fault(WRONG, f"batch {batch}: {told['state']} {told['report']}")
        if setting.stop.wait(0.2):
            return None


def export(setting: Setting, seed: int) -> Iterator[None]:
    """FlatGeobuf of a window, CSV of all of one status, and pages by the cursor."""
    rng, at = random.Random(seed), clients(setting)
    for number in count():
        client, place = at[number % 2], rng.choice(setting.places)
        with setting.book.timed("export"):
            if number % 3 == 0:
                _whole(client, f"{ITEMS}?county={COUNTY}&f=fgb&bbox={place.box(13)}")
            elif number % 3 == 1:
                _whole(client, f"{ITEMS}?county={COUNTY}&f=csv&status={rng.choice(list(STATUS))}")
            else:
                _pages(client, f"{ITEMS}?county={COUNTY}&limit={PAGE}")
        yield


def _whole(client: httpx.Client, path: str) -> None:
    if not ask(client, "GET", path, 200).content:
        raise Fault(WRONG, f"{path}: empty")


def _pages(client: httpx.Client, path: str) -> None:
    seen: set[str] = set()
    for _ in range(PAGES):
        page = ask(client, "GET", path).json()
        codes = {feature["properties"]["code"] for feature in page["features"]}
        if codes & seen:
            raise Fault(WRONG, f"{path}: {sorted(codes & seen)[:3]} stood on an earlier page")
        seen |= codes
        following = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)
        if following is None:
            return
        path = following


def listen(setting: Setting, seed: int) -> Iterator[None]:
    """An open page: the stream of changes, taken up again where it ended."""
    n, account = seed % 2, "bureau" if seed % 4 > 1 else None
    client, last = clients(setting, account)[n], ""
    while True:
        headers = {"Last-Event-ID": last} if last else {}
        try:
            with client.stream("GET", f"/v1/events?county={COUNTY}", headers=headers) as answer:
                if answer.status_code != 200:
                    raise Fault(
                        SERVER_ERROR if answer.status_code >= 500 else WRONG, f"/v1/events: {answer.status_code}"
                    )
                for line in answer.iter_lines():
                    if line.startswith("id:"):
                        last = line.removeprefix("id:").strip()
                    if line.startswith("event: change"):
                        setting.book.note("event", 0.0)
                    if setting.stop.is_set():
                        return
        except httpx.HTTPError as error:
            raise Fault(CUT, f"/v1/events: {error!r}") from None
        yield


@dataclass(frozen=True, slots=True)
class Load:
    """What is done over and over, and how long is thought between (seconds)."""

    what: str
    turn: Callable[[Setting, int], Iterator[None]]
    think_s: float


LOADS = (
    Load("pan", pan, 0.3), Load("pan", pan, 0.3), Load("search", search, 0.5), Load("edit", edit, 1.0), Load("import", bring, 5.0),
    Load("export", export, 1.0), *(Load("listen", listen, STREAM_PAUSE_S) for _ in range(4)),
)  # fmt: skip
PAUSE_AFTER_FAULT_S = 1.0


def keep_going(setting: Setting, load: Load, seed: int) -> None:
    """A load until the run ends; after a fault it begins anew. What is cut off because the run ends is no fault."""
    while not setting.stop.is_set():
        try:
            for _ in load.turn(setting, seed):
                if setting.stop.wait(load.think_s):
                    return
        except Fault as fault:
            if setting.stop.is_set():
                return
            setting.book.fault(load.what, fault)
            setting.stop.wait(PAUSE_AFTER_FAULT_S)
