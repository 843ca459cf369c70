"""`python -m ops.locking`: write requirements.lock from pyproject.toml, versions and hashes only, no addresses."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEAD = (
    "# Versions and hashes of every Python package of the product, its sample and its tests (python -m ops.locking).\n"
)


def main() -> int:
    """Ask pip what it would install, wheels only."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = project["dependencies"] + [r for extra in project["optional-dependencies"].values() for r in extra]
    with tempfile.NamedTemporaryFile() as report:
        subprocess.run(
            [sys.executable, "-m", "pip", "install", "-q", "--dry-run", "--ignore-installed", "--only-binary", ":all:",
             "--report", report.name, *wanted],
            check=True,
        )  # fmt: skip
        found = json.loads(Path(report.name).read_text())["install"]
    rows = sorted(
        (i["metadata"]["name"].lower().replace("_", "-"), i["metadata"]["version"], i["download_info"]["archive_info"])
        for i in found
    )
    lines = [f"{name}=={version} \\\n    --hash=sha256:{info['hashes']['sha256']}\n" for name, version, info in rows]
    (ROOT / "requirements.lock").write_text(HEAD + "".join(lines))
    print(f"{len(lines)} packages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
