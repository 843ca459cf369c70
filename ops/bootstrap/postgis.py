"""PostGIS server programs: found, installed (root), or unpacked into `.local` (no root)."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from ops.bootstrap import debian
from ops.bootstrap.steps import LOCAL, SetupFailed

PACKAGES = ["postgresql-15-postgis-3", "postgresql-15-pgrouting"]

THREE_WAYS = """PostgreSQL with PostGIS is not on this machine. Three ways:
    1. install it (macOS: brew install postgresql postgis; others: your package manager), then run this again
    2. docker compose up
    3. DATABASE_URL=postgresql://user:password@host:port/database make run"""


@dataclass(frozen=True)
class Server:
    """Where the server's programs are, and the environment they need."""

    bin: Path
    env: dict[str, str] = field(default_factory=dict)


def _has_postgis(bin_dir: Path) -> bool:
    if not (bin_dir / "postgres").exists() or not (bin_dir / "initdb").exists():
        return False
    config = bin_dir / "pg_config"
    shares = [Path(str(bin_dir).replace("/lib/postgresql/", "/share/postgresql/")).parent, bin_dir.parent / "share"]
    if config.exists():
        asked = subprocess.run([config, "--sharedir"], capture_output=True, text=True, check=False)
        shares.append(Path(asked.stdout.strip() or "/nonexistent"))
    return any((share / "extension" / "postgis.control").exists() for share in shares)


def find() -> Server | None:
    """Look at PG_BINDIR, pg_config, PATH, Debian's folders and our own unpacked root, in this order."""
    candidates: list[Path] = []
    if os.environ.get("PG_BINDIR"):
        candidates.append(Path(os.environ["PG_BINDIR"]))
    if shutil.which("pg_config"):
        asked = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=False)
        candidates.append(Path(asked.stdout.strip()))
    if shutil.which("postgres"):
        candidates.append(Path(str(shutil.which("postgres"))).parent)
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for candidate in candidates:
        if _has_postgis(candidate):
            return Server(candidate)
    root = LOCAL / "pg" / "root"
    for candidate in root.glob("usr/lib/postgresql/*/bin"):
        if (root.parent / "done").exists():
            env = {"LD_LIBRARY_PATH": debian.library_path(root), "PROJ_DATA": str(root / "usr/share/proj")}
            return Server(candidate, env)
    return None


def bring() -> Server:
    """The server's programs, brought to this machine if they are missing."""
    found = find()
    if found:
        return found
    if not debian.has_apt():
        raise SetupFailed(THREE_WAYS)
    debian.bring(PACKAGES, "pg")
    found = find()
    if not found:
        raise SetupFailed(THREE_WAYS)
    return found
