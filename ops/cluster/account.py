"""Which operating-system account runs the database, and where that account can reach."""

from __future__ import annotations

import hashlib
import os
import pwd
import subprocess
from pathlib import Path
from typing import Any


def database_account() -> pwd.struct_passwd | None:
    """None = ourselves. PostgreSQL refuses root, so root hands over to `postgres`, or to `nobody`."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("root may not run PostgreSQL and there is neither an account postgres nor nobody")


def as_account(account: pwd.struct_passwd | None) -> dict[str, Any]:
    """Arguments for subprocess that drop to the account."""
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def home_for(local: Path, name: str, account: pwd.struct_passwd | None) -> Path:
    """The cluster's folder: below `.local`, or, where the account cannot enter that, below /var/tmp."""
    wanted = local / name
    wanted.mkdir(parents=True, exist_ok=True)
    if account is None:
        wanted.chmod(0o700)
        return wanted
    os.chown(wanted, account.pw_uid, account.pw_gid)
    reached = subprocess.run(["test", "-w", str(wanted)], check=False, **as_account(account))
    if reached.returncode == 0:
        return wanted
    fingerprint = hashlib.sha256(str(local.resolve()).encode()).hexdigest()[:12]
    elsewhere = Path("/var/tmp") / f"yizhangtu-{fingerprint}" / name
    elsewhere.mkdir(parents=True, exist_ok=True)
    for folder in (elsewhere.parent, elsewhere):
        os.chown(folder, account.pw_uid, account.pw_gid)
        folder.chmod(0o700)
    return elsewhere
