"""`make test`: a private database for the tests, then pytest."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

from ops.cluster import Cluster

ROOT = Path(__file__).resolve().parent.parent
PROCESSES_MAX = 4
"""Of a whole run; each has a browser and databases of its own."""


def main() -> int:
    """Run the tests, the whole of them in as many processes as there are cores; real data are looked for at SHARED_DATA
    (default ../shared/data)."""
    env = dict(os.environ)
    shared = Path(env.setdefault("SHARED_DATA", str(ROOT.parent / "shared" / "data")))
    arguments = ["-q", *(sys.argv[1:] or ["-n", str(min(os.cpu_count() or 1, PROCESSES_MAX))])]
    if not (shared / "SHA256SUMS").exists():
        if env.get("DEMAND_SHARED_DATA"):
            print(f"the real data are demanded (DEMAND_SHARED_DATA) and not at {shared}", file=sys.stderr)
            return 1
        print("no SHARED_DATA: the tests that read real data are deselected")
        arguments += ["-m", "not shared_data"]
    given = "TEST_DATABASE_URL" in env
    cluster = None if given else Cluster("test-cluster", for_tests=True)
    with cluster.running() if cluster else nullcontext():
        if cluster:
            env["TEST_DATABASE_URL"] = cluster.superuser_url()
            env["YZT_TEST_APP_PASSWORD"] = cluster.address()["app_password"]
        return subprocess.run([sys.executable, "-m", "pytest", *arguments], env=env, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
