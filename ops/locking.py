"""`python -m ops.locking`: write requirements.lock from pyproject.toml, versions and hashes only, no addresses.

`python -m ops.locking peers` writes the lists of what `make bench` compares the product with (ops/bench/peers-*.txt).
"""

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


PEERS_HEAD = "# {peer} as `make bench` installs it beside the product, in an environment of its own (python -m ops.locking peers).\n"
PEERS = {
    "tipg": ["tipg==1.6.1", "uvicorn", "uvloop", "httptools"],
    "pygeoapi": ["pygeoapi==0.21.0", "psycopg2-binary", "geoalchemy2", "starlette", "uvicorn", "uvloop", "httptools"],
}


def main() -> int:
    """Write the lock file, or with `peers` the peers' lists."""
    if sys.argv[1:] == ["peers"]:
        for peer, wanted in PEERS.items():
            lock(wanted, ROOT / "ops" / "bench" / f"peers-{peer}.txt", PEERS_HEAD.format(peer=peer))
        return 0
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = [r for extra in project["optional-dependencies"].values() for r in extra]
    lock(project["dependencies"] + extras, ROOT / "requirements.lock", HEAD)
    return 0


def lock(wanted: list[str], into: Path, head: str) -> None:
    """Ask pip what it would install, wheels only."""
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
    into.write_text(head + "".join(lines))
    print(f"{into.name}: {len(lines)} packages")


if __name__ == "__main__":
    sys.exit(main())
