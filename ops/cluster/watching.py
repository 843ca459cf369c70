"""Starts the private database again when it is killed from outside while the service runs."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from ops.cluster.server import Cluster, ClusterError

LOOK_EVERY_S = 0.5


@contextmanager
def kept_running(cluster: Cluster) -> Iterator[None]:
    """For the length of a block, a database this process started and somebody else ended is started again."""
    over = threading.Event()

    def look() -> None:
        while not over.wait(LOOK_EVERY_S):
            if cluster.process is not None and cluster.process.poll() is not None and not over.is_set():
                print("  the private database was ended; starting it again ...", file=sys.stderr, flush=True)
                try:
                    cluster.start()
                except ClusterError as failure:
                    print(f"yizhangtu: {failure}", file=sys.stderr, flush=True)

    thread = threading.Thread(target=look, daemon=True, name="database-watch")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(60)
