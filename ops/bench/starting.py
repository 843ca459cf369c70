"""Part `starting`: a database cluster from nothing, as the first start on a machine makes it, to the first answer."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import psycopg

from ops.bench.report import Part
from ops.bench.rounds import Spread
from ops.bench.run import Run
from ops.bench.targets import judge
from ops.cluster import Cluster


def run(asked: Run) -> list[Part]:
    """Once a round, in a folder that is removed again; the server is installed already, nothing is migrated."""
    took = [_once() for _ in range(asked.rounds)]
    return [Part("starting", verdicts=judge("starting", {"database_ready": Spread.of(took)}))]


def _once() -> float:
    """Seconds from an empty folder to an answer."""
    with tempfile.TemporaryDirectory(prefix="yzt-bench-") as folder:
        Path(folder).chmod(0o755)  # the account the server runs as must pass through
        begun = time.perf_counter()
        with (
            Cluster("starting", local=Path(folder)).running() as cluster,
            psycopg.connect(cluster.superuser_url()) as connection,
        ):
            connection.execute("select 1")
            return time.perf_counter() - begun
