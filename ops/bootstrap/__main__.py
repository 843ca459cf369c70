"""`python3 -m ops.bootstrap run|test|check|bench|soak`: prepare this machine, then hand over to the environment's Python."""

from __future__ import annotations

import os
import sys

from ops.bootstrap import browser, gis, paper, postgis, proxy, venv
from ops.bootstrap.steps import LOCAL, PYTHON, ROOT, SetupFailed, run, step

TARGETS = {
    "run": ["-m", "ops.serve"],
    "test": ["-m", "ops.testing"],
    "check": ["-m", "ops.checking"],
    "bench": ["-m", "ops.bench"],
    "soak": ["-m", "ops.soak"],
    "python": [],
}


def _assets(*more: str) -> None:
    with step("front-end libraries"):
        run([PYTHON, "-m", "map_frontend.assets.build", *more], cwd=ROOT)


def main() -> int:
    """Prepare, then replace this process; 1 with one readable message when something is missing."""
    target = sys.argv[1] if len(sys.argv) > 1 else "run"
    env = dict(os.environ)
    try:
        LOCAL.mkdir(exist_ok=True)
        venv.make()
        if target in ("run", "test", "bench", "soak"):
            _assets(*(["--dev"] if target == "test" else []))
            if target in ("bench", "soak") or not (
                os.environ.get("TEST_DATABASE_URL" if target == "test" else "DATABASE_URL")
            ):
                env["YZT_PG_BINDIR"] = str(postgis.bring().bin)
        if target in ("run", "test"):
            env |= paper.bring()
        if target in ("test", "bench"):
            env |= browser.bring()
        if target == "test":
            env |= proxy.bring() | gis.bring()
    except SetupFailed as failure:
        print(f"\nyizhangtu: {failure}", file=sys.stderr)
        return 4
    command = [str(PYTHON), *TARGETS[target], *sys.argv[2:]]
    sys.stdout.flush()
    os.chdir(ROOT)
    os.execve(command[0], command, env)


if __name__ == "__main__":
    sys.exit(main())
