"""nginx for the deployment test: found, or unpacked into `.local` (never installed: Debian's package starts a server on port 80)."""

from __future__ import annotations

import shutil
from pathlib import Path

from ops.bootstrap import debian
from ops.bootstrap.steps import LOCAL, SetupFailed

PACKAGES = ["nginx"]
USUAL = "/usr/sbin/nginx"


def bring() -> dict[str, str]:
    """Environment that names nginx: NGINX, and NGINX_LIBRARIES for one that was unpacked."""
    found = shutil.which("nginx") or (USUAL if Path(USUAL).exists() else None)
    if found:
        return {"NGINX": found}
    if not debian.has_apt():
        raise SetupFailed("nginx is missing; the deployment test runs it. Install it with your package manager.")
    root = debian.unpack(PACKAGES, "nginx")
    return {"NGINX": str(LOCAL / "nginx" / "root" / USUAL.lstrip("/")), "NGINX_LIBRARIES": debian.library_path(root)}
