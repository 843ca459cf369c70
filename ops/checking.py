"""`make check`: style, types, SQL and the direction of imports."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CHECKS = (
    ["ruff", "check", "."],
    ["ruff", "format", "--check", "."],
    ["mypy"],
    ["sqlfluff", "lint", "-q", "geo", "map_frontend/sql", "migrations/sql", "ops/bench/sql"],
    ["lint-imports"],
)


def main() -> int:
    """Run all checks; 1 when any of them found something."""
    failed = []
    for check in CHECKS:
        print(f"== {' '.join(check)}", flush=True)
        if subprocess.run([BIN / check[0], *check[1:]], cwd=ROOT, check=False).returncode:
            failed.append(check[0])
    print("all checks passed" if not failed else f"failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
