"""`make soak`: two processes of the product and a worker under mixed load for MINUTES; what grew, was stale or failed.

Environment, or options: MINUTES (30), ROWS (20,000; at most 200,000). Ctrl-C ends the run early and judges what there is.
Exit codes: 0 nothing found, 1 something is not fine or did not start, 2 usage.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import psycopg
import structlog

from geo.db import sync_engine
from geo.people.commands import create_account
from geo.registry.search.commands import bring_up_to_date
from ops.bench import land, plots_file
from ops.bench.attributes import COUNTY
from ops.bench.client import Failed
from ops.bench.edits import await_ears
from ops.bench.loading import ADMIN
from ops.bench.processes import our_service, our_worker
from ops.bench.scratch import Scratch, beside, scratch
from ops.bootstrap.steps import SetupFailed
from ops.cluster import ClusterError
from ops.soak.book import Book, Page
from ops.soak.loads import LOADS, Setting, keep_going
from ops.soak.places import places
from ops.soak.watching import Sample, State, Verdict, grown, look

MINUTES, ROWS, ROWS_MAX = 30.0, 20_000, 200_000
IMPORT_ROWS = 200
SAMPLE_S, SAMPLES_OF_SHORT = 5.0, 30
WARM_SHARE = 0.1
"""Of the run; what is held then is not compared: caches and pools fill."""

MINUTE_S = 60.0
END_WITHIN_S = 90.0
AS_SHIPPED = {"API_TILE_TIMEOUT_MS": "5000", "API_ITEM_TIMEOUT_MS": "10000", "API_EVENTS_HEARTBEAT_S": "2"}
SMALL_CACHES = {"API_TILE_CACHE_BYTES": str(16 * 1024 * 1024), "API_ITEM_CACHE_BYTES": str(16 * 1024 * 1024)}
"""Full early, so that their filling is not taken for growth, nor growth for their filling."""

SHOWN = ("pan", "search", "edit", "fresh", "import", "undo", "export", "event")


def say(text: str) -> None:
    """One line of progress."""
    print(text, flush=True)


def _arguments(given: Sequence[str]) -> argparse.Namespace:
    env = os.environ
    parser = argparse.ArgumentParser(
        prog="make soak", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--minutes", default=env.get("MINUTES") or str(MINUTES), type=_positive)
    parser.add_argument("--rows", default=env.get("ROWS") or str(ROWS), type=_rows)
    return parser.parse_args(given)


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number <= 24 * 60:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and {24 * 60}")
    return number


def _rows(text: str) -> int:
    number = int(text)
    if not land.PER_BLOCK <= number <= ROWS_MAX:
        raise argparse.ArgumentTypeError(f"{text} is not between {land.PER_BLOCK} and {ROWS_MAX}")
    return number


def main(given: Sequence[str]) -> int:
    """Prepare, load, watch, judge."""
    asked = _arguments(given)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with ExitStack() as stack:
            kept = stack.enter_context(scratch(asked.rows, partial(print, " ", file=sys.stderr)))
            database = stack.enter_context(beside(kept, "soak", copied=True))
            verdicts = _soak(stack, database, asked.minutes * MINUTE_S)
    except KeyboardInterrupt:
        print("soak: ended before it began", file=sys.stderr)
        return 1
    except (Failed, SetupFailed, ClusterError, psycopg.Error) as failure:
        print(f"soak: {failure}", file=sys.stderr)
        return 1
    return 1 if any(v.state is State.BAD for v in verdicts) else 0


def _soak(stack: ExitStack, database: Scratch, seconds: float) -> list[Verdict]:
    tokens = _accounts(database)
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="yzt-soak-")))
    block = -(-database.row_count // land.PER_BLOCK)
    plots_file.write(folder / "plots.gpkg", IMPORT_ROWS, block)
    servers = [
        stack.enter_context(our_service(database.app_url, f"soak-{n}", **(AS_SHIPPED | SMALL_CACHES))) for n in (1, 2)
    ]
    worker = stack.enter_context(our_worker(database.app_url))
    await_ears(servers)
    setting = Setting(
        (servers[0].url, servers[1].url), tokens, places(database.owner_url), folder / "plots.gpkg", f"{COUNTY}-{block:04d}-001",
        IMPORT_ROWS, Book(), threading.Event(),
    )  # fmt: skip
    processes = {"process 1": servers[0].pid, "process 2": servers[1].pid, "worker": worker}
    say(
        f"{database.row_count} plots, {seconds / MINUTE_S:g} minutes, {len(LOADS)} loads on two processes and a worker; Ctrl-C ends it"
    )
    owner = stack.enter_context(psycopg.connect(database.owner_url, autocommit=True))
    with _loads(setting):
        samples, is_whole = _watch(owner, processes, setting.book, seconds)
    warm = int(len(samples) * WARM_SHARE)
    verdicts = [*grown(samples[warm:]), *_answers(setting.book)]
    _show(verdicts, setting.book, None if is_whole else samples)
    return verdicts


def _accounts(database: Scratch) -> dict[str, str]:
    """Tokens of a clerk of the whole county and an administrator; and the names to search by, written before it begins."""
    engine = sync_engine(database.owner_url)
    with engine.begin() as connection:
        tokens = {
            role: create_account(connection, f"soak-{role}", os.urandom(12).hex(), role, role, "*" if role == "admin" else COUNTY, ())
            for role in ("bureau", "admin")
        }  # fmt: skip
    bring_up_to_date(engine, ADMIN)
    engine.dispose()
    return tokens


@contextmanager
def _loads(setting: Setting) -> Iterator[None]:
    """All loads, for as long as the block runs."""
    threads = [
        threading.Thread(target=keep_going, args=(setting, load, seed), name=f"{load.what}-{seed}", daemon=True)
        for seed, load in enumerate(LOADS)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        setting.stop.set()
        deadline = time.monotonic() + END_WITHIN_S
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))


def _watch(
    owner: psycopg.Connection[tuple[object, ...]], processes: dict[str, int], book: Book, seconds: float
) -> tuple[list[Sample], bool]:
    """A sample every few seconds and a line every minute; False with the samples when it was ended by hand."""
    samples: list[Sample] = []
    begun = last_line = time.monotonic()
    every = min(SAMPLE_S, seconds / SAMPLES_OF_SHORT)
    try:
        while (now := time.monotonic()) < begun + seconds:
            samples.append(look(owner, processes))
            if now >= last_line + MINUTE_S:
                say(_line((now - begun) / MINUTE_S, book.turn_page(), samples[-1], sum(book.faults.values())))
                last_line = now
            time.sleep(max(0.0, min(every, begun + seconds - time.monotonic())))
        say(_line((time.monotonic() - begun) / MINUTE_S, book.turn_page(), samples[-1], sum(book.faults.values())))
    except KeyboardInterrupt:
        return samples, False
    return samples, True


def _line(minute: float, page: Page, sample: Sample, faults: int) -> str:
    done = ", ".join(
        f"{page.done[what]} {what}" + (f" {p95:.0f} ms" if (p95 := page.p95_ms(what)) and what != "event" else "")
        for what in SHOWN
        if page.done[what]
    )
    memory = "/".join("?" if mb is None else f"{mb:.0f}" for mb in sample.memory_mb.values())
    files = "/".join("?" if n is None else str(n) for n in sample.files.values())
    backends = "?" if sample.backends_mb is None else f"{sample.backends_mb:.0f}"
    return (
        f"minute {minute:.1f}: {done or 'nothing done'} (p95); {memory} MB, {files} files; database {sample.connections} connections, "
        f"{backends} MB; {faults} faults"
    )


def _answers(book: Book) -> list[Verdict]:
    """What is to be said of the answers: none failed, none was stale, and every load did something."""
    out = []
    for what, kinds in (("no answer 5xx", ("5xx",)), ("no stale answer", ("stale answer",)),
                        ("no wrong answer, no connection lost", ("wrong answer", "connection lost"))):  # fmt: skip
        found = sum(book.faults[kind] for kind in kinds)
        out.append(Verdict(what, State.BAD if found else State.FINE, f"{found}"))
    idle = [what for what in SHOWN if not book.whole.done[what]]
    done = ", ".join(f"{book.whole.done[what]} {what}" for what in SHOWN)
    out.append(Verdict("every kind of load was done", State.UNKNOWN if idle else State.FINE, done))
    return out


def _show(verdicts: Sequence[Verdict], book: Book, cut_short: list[Sample] | None) -> None:
    if cut_short is not None:
        say(f"ended by hand after {len(cut_short)} samples; of what there is:")
    width = max(len(v.what) for v in verdicts)
    for verdict in verdicts:
        say(f"  {verdict.what:<{width}}  {verdict.state.value:<10}  {verdict.said}")
    if p95 := book.whole.p95_ms("fresh"):
        say(f"  an edit was seen on both processes, item and tile, within {p95:.0f} ms (p95)")
    for example in book.examples:
        say(f"  ! {example}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
